"""Background jobs of the registry."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from services.registry.ledger import worker as ledger_worker
from services.registry.ledger.service import APPLY
from services.registry.settings import Settings
from services.registry.tables import SCHEMA, Answer
from shared.database.jobs import JobHandler, WorkerConfig, open_worker_sessions
from shared.database.sessions import Sessions
from shared.retention import CLEAN_JOB, NIGHTLY_CRON, build_cleaning_handler


def build_worker_config(sessions: Sessions) -> WorkerConfig:
    handlers: dict[str, JobHandler] = {
        APPLY: partial(ledger_worker.run_apply_job, sessions),
        CLEAN_JOB: build_cleaning_handler(sessions, SCHEMA, Answer),
    }
    return WorkerConfig(sessions, SCHEMA, handlers, schedules={CLEAN_JOB: NIGHTLY_CRON})


@asynccontextmanager
async def open_worker_config() -> AsyncIterator[WorkerConfig]:
    settings = Settings.model_validate({})  # from the environment
    async with open_worker_sessions(settings.database_url) as sessions:
        yield build_worker_config(sessions)
