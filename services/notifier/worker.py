"""What the notifier's workers do in the background."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx

from services.notifier.registry_client import RegistryClient
from services.notifier.scoring_client import ScoringClient
from services.notifier.settings import Office, Settings
from services.notifier.sweeps import worker as sweeps
from services.notifier.sweeps.service import Sources
from services.notifier.tables import SCHEMA, Answer
from shared.database.jobs import Handler, Work, connected
from shared.database.sessions import Sessions
from shared.http.service_client import to_ask
from shared.retention import CLEAN, NIGHTLY, cleaning

SWEEP = "sweep"


def work(
    sessions: Sessions, registry: httpx.AsyncClient, scoring: httpx.AsyncClient, office: Office
) -> Work:
    """Sweeps at the office's time, and once at the start, in case that time was missed."""
    sources = Sources(RegistryClient(registry), ScoringClient(scoring), office)
    handlers: dict[str, Handler] = {CLEAN: cleaning(sessions, SCHEMA, Answer)}
    schedules = {CLEAN: NIGHTLY}
    if office.any_day:
        return Work(sessions, SCHEMA, handlers, schedules)
    handlers[SWEEP] = partial(sweeps.sweep, sessions, sources)
    schedules[SWEEP] = office.sweep_cron
    return Work(sessions, SCHEMA, handlers, schedules, at_start=(SWEEP,))


@asynccontextmanager
async def from_settings() -> AsyncIterator[Work]:
    settings = Settings.model_validate({})  # from the environment
    async with (
        connected(settings.database_url) as sessions,
        to_ask(settings.registry_url, settings.registry_token, settings.timeout) as registry,
        to_ask(settings.scoring_url, settings.scoring_token, settings.timeout) as scoring,
    ):
        yield work(sessions, registry, scoring, settings.office)
