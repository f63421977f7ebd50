"""A process for each service, and one for their workers, with settings from the environment."""

import asyncio
import importlib
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.cli.console.terminal import OUT
from services.cli.server.server import StopEvent, run_http_server
from shared.database.jobs import run_worker
from shared.database.migrations import migrate_schema
from shared.problems import Problem


class WrongSettings(Problem):
    """设置不全或有误

    Settings are missing or wrong.
    """


@contextmanager
def translate_settings_errors(service: str) -> Iterator[None]:
    """Turn validation errors into WrongSettings, which names the environment variables."""
    try:
        yield
    except ValidationError as error:
        prefix = f"{service}_".upper()
        wrong = {prefix + describe_wrong_setting(item) for item in error.errors()}
        raise WrongSettings("、".join(sorted(wrong))) from None


def describe_wrong_setting(error: ErrorDetails) -> str:
    """The name of a setting, and what is wrong where a rule of ours says it."""
    name = str(error["loc"][0]).upper()
    if error["type"] != "value_error":
        return name
    return f"{name}（{error['msg'].removeprefix('Value error, ')}）"


async def serve_one_service(service: str, host: str, port: int, stopped: StopEvent) -> None:
    """Serve until stopped; the schema is brought up to date first. Raises WrongSettings."""
    main = importlib.import_module(f"services.{service}.main")
    with translate_settings_errors(service):
        settings = main.Settings.model_validate({})
        await migrate_schema(settings.database_url, service, settings.owner_url)
        app = main.create_app()
    async with (
        app.router.lifespan_context(app),
        run_http_server(app, host, port, stopped) as address,
    ):
        OUT.print(f"{service}：{address}/docs")
        await stopped.wait()


async def run_service_workers(
    services: Sequence[str], heartbeat: timedelta, stopped: StopEvent
) -> None:
    """Run the workers of some services until stopped. Raises WrongSettings.

    A worker waits for tables that are not there yet.
    """
    async with AsyncExitStack() as stack:
        workers = []
        for service in services:
            module = importlib.import_module(f"services.{service}.worker")
            with translate_settings_errors(service):
                workers.append(await stack.enter_async_context(module.open_worker_config()))
        OUT.print(f"后台工作：{'、'.join(services)}")
        await asyncio.gather(
            *(run_worker(worker, stopped, heartbeat=heartbeat) for worker in workers)
        )
