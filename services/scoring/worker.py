"""What scoring's workers do in the background."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx

from services.scoring.execution.duckdb import Engine, queries_over
from services.scoring.execution.engines import engine_named
from services.scoring.registry_client import RegistryClient
from services.scoring.runs import worker as runs
from services.scoring.runs.service import Sources
from services.scoring.settings import Monthly, Settings
from services.scoring.tables import SCHEMA, Answer
from shared.database.jobs import Handler, Work, connected
from shared.database.sessions import Sessions
from shared.http.service_client import to_ask
from shared.retention import CLEAN, NIGHTLY, cleaning

RUN_MONTHS = "run_months"


def work(
    sessions: Sessions,
    registry: httpx.AsyncClient,
    monthly: Monthly | None,
    engine: Engine = queries_over,
) -> Work:
    """Months are run at their time, and once at the start, in case that time was missed."""
    handlers: dict[str, Handler] = {CLEAN: cleaning(sessions, SCHEMA, Answer)}
    schedules = {CLEAN: NIGHTLY}
    if monthly is None:
        return Work(sessions, SCHEMA, handlers, schedules)
    sources = Sources(sessions.begin, RegistryClient(registry), engine)
    handlers[RUN_MONTHS] = partial(runs.run_months, sessions, sources, monthly)
    schedules[RUN_MONTHS] = monthly.cron
    return Work(sessions, SCHEMA, handlers, schedules, at_start=(RUN_MONTHS,))


@asynccontextmanager
async def from_settings() -> AsyncIterator[Work]:
    settings = Settings.model_validate({})  # from the environment
    asking = to_ask(settings.registry_url, settings.registry_token, settings.registry_timeout)
    async with connected(settings.database_url) as sessions, asking as registry:
        with engine_named(settings.engine, settings.spark_master) as engine:
            yield work(sessions, registry, settings.months, engine)
