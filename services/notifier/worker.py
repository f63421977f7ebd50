"""Background jobs of the notifier."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx

from services.notifier.letters import worker as letters_worker
from services.notifier.letters.service import PRINT_JOB
from services.notifier.registry_client import RegistryClient
from services.notifier.scoring_client import ScoringClient
from services.notifier.settings import IssuingOffice, Settings
from services.notifier.sweeps import worker as sweeps_worker
from services.notifier.sweeps.service import SweepSources
from services.notifier.tables import SCHEMA, Answer
from shared.database.jobs import JobHandler, WorkerConfig, open_worker_sessions
from shared.database.sessions import Sessions
from shared.http.service_client import build_service_client
from shared.retention import CLEAN_JOB, NIGHTLY_CRON, build_cleaning_handler

SWEEP = "sweep"
REPRINT_CRON = "*/5 * * * *"  # for prints whose jobs failed too often, or lost their worker


def build_worker_config(
    sessions: Sessions,
    registry: httpx.AsyncClient,
    scoring: httpx.AsyncClient,
    office: IssuingOffice,
) -> WorkerConfig:
    """The worker: prints what has its number, and sweeps at the offices' time.

    Both once at the start, too, in case that was missed.
    """
    sources = SweepSources(RegistryClient(registry), ScoringClient(scoring), office)
    handlers: dict[str, JobHandler] = {
        CLEAN_JOB: build_cleaning_handler(sessions, SCHEMA, Answer),
        PRINT_JOB: partial(letters_worker.run_print_job, sessions),
    }
    schedules = {CLEAN_JOB: NIGHTLY_CRON, PRINT_JOB: REPRINT_CRON}
    at_start: tuple[str, ...] = (PRINT_JOB,)
    if not office.any_day:
        handlers[SWEEP] = partial(sweeps_worker.run_sweep_job, sessions, sources)
        schedules[SWEEP] = office.sweep_cron
        at_start = (PRINT_JOB, SWEEP)
    return WorkerConfig(sessions, SCHEMA, handlers, schedules, at_start=at_start)


@asynccontextmanager
async def open_worker_config() -> AsyncIterator[WorkerConfig]:
    settings = Settings.model_validate({})  # from the environment
    async with (
        open_worker_sessions(settings.database_url) as sessions,
        build_service_client(
            settings.registry_url, settings.registry_token, settings.timeout
        ) as registry,
        build_service_client(
            settings.scoring_url, settings.scoring_token, settings.timeout
        ) as scoring,
    ):
        yield build_worker_config(sessions, registry, scoring, settings.office)
