"""Background jobs of scoring."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx

from services.scoring.execution.duckdb import QueryEngine, open_query_runner
from services.scoring.execution.engines import open_engine
from services.scoring.registry_client import RegistryClient
from services.scoring.runs import worker as runs_worker
from services.scoring.runs.service import RunSources
from services.scoring.settings import MonthlyRuns, Settings
from services.scoring.tables import SCHEMA, Answer
from shared.database.jobs import JobHandler, WorkerConfig, open_worker_sessions
from shared.database.sessions import Sessions
from shared.http.service_client import build_service_client
from shared.retention import CLEAN_JOB, NIGHTLY_CRON, build_cleaning_handler

RUN_MONTHS = "run_months"


def build_worker_config(
    sessions: Sessions,
    registry: httpx.AsyncClient,
    monthly: MonthlyRuns | None,
    engine: QueryEngine = open_query_runner,
) -> WorkerConfig:
    """The worker: months run at their time, and once at the start in case that was missed."""
    handlers: dict[str, JobHandler] = {CLEAN_JOB: build_cleaning_handler(sessions, SCHEMA, Answer)}
    schedules = {CLEAN_JOB: NIGHTLY_CRON}
    if monthly is None:
        return WorkerConfig(sessions, SCHEMA, handlers, schedules)
    sources = RunSources(sessions.begin, RegistryClient(registry), engine)
    handlers[RUN_MONTHS] = partial(runs_worker.run_months, sessions, sources, monthly)
    schedules[RUN_MONTHS] = monthly.cron
    return WorkerConfig(sessions, SCHEMA, handlers, schedules, at_start=(RUN_MONTHS,))


@asynccontextmanager
async def open_worker_config() -> AsyncIterator[WorkerConfig]:
    settings = Settings.model_validate({})  # from the environment
    registry_client = build_service_client(
        settings.registry_url, settings.registry_token, settings.registry_timeout
    )
    async with open_worker_sessions(settings.database_url) as sessions, registry_client as registry:
        with open_engine(settings.engine, settings.spark_master) as engine:
            yield build_worker_config(sessions, registry, settings.months, engine)
