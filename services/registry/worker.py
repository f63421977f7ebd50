"""What the registry's workers do in the background."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from services.registry.ledger import worker as ledger
from services.registry.ledger.service import APPLY
from services.registry.settings import Settings
from services.registry.tables import SCHEMA, Answer
from shared.database.jobs import Handler, Work, connected
from shared.database.sessions import Sessions
from shared.retention import CLEAN, NIGHTLY, cleaning


def work(sessions: Sessions) -> Work:
    handlers: dict[str, Handler] = {
        APPLY: partial(ledger.apply, sessions),
        CLEAN: cleaning(sessions, SCHEMA, Answer),
    }
    return Work(sessions, SCHEMA, handlers, schedules={CLEAN: NIGHTLY})


@asynccontextmanager
async def from_settings() -> AsyncIterator[Work]:
    settings = Settings.model_validate({})  # from the environment
    async with connected(settings.database_url) as sessions:
        yield work(sessions)
