"""One process for each service, and for their workers: what they must be told is in settings."""

import asyncio
import importlib
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta

from pydantic import ValidationError

from services.cli.console.terminal import OUT
from services.cli.server.server import StopEvent, run_http_server
from shared.database import jobs
from shared.database.migrations import migrate_schema
from shared.problems import Problem


class WrongSettings(Problem):
    """设置不全或有误

    Settings are missing or wrong.
    """


@contextmanager
def translate_settings_errors(service: str) -> Iterator[None]:
    """What is wrong with the settings is said by their names."""
    try:
        yield
    except ValidationError as error:
        prefix = f"{service}_".upper()
        wrong = {prefix + "_".join(map(str, each["loc"])).upper() for each in error.errors()}
        raise WrongSettings("、".join(sorted(wrong))) from None


async def serve_one_service(service: str, host: str, port: int, stopped: StopEvent) -> None:
    """A service, its schema brought up to date first."""
    main = importlib.import_module(f"services.{service}.main")
    with translate_settings_errors(service):
        settings = main.Settings.model_validate({})
        await migrate_schema(settings.database_url, service)
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
    """The workers of some services. One waits for tables that are not there yet."""
    async with AsyncExitStack() as opened:
        works = []
        for service in services:
            worker = importlib.import_module(f"services.{service}.worker")
            with translate_settings_errors(service):
                works.append(await opened.enter_async_context(worker.from_settings()))
        OUT.print(f"后台工作：{'、'.join(services)}")
        await asyncio.gather(
            *(jobs.run_worker(work, stopped, heartbeat=heartbeat) for work in works)
        )
