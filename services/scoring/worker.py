"""What scoring's workers do in the background."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.scoring.settings import Settings
from services.scoring.tables import SCHEMA, Answer
from shared.cleaning import CLEAN, NIGHTLY, cleaning
from shared.db import Sessions
from shared.jobs import Work, connected


def work(sessions: Sessions) -> Work:
    return Work(
        sessions, SCHEMA, {CLEAN: cleaning(sessions, SCHEMA, Answer)}, schedules={CLEAN: NIGHTLY}
    )


@asynccontextmanager
async def from_settings() -> AsyncIterator[Work]:
    settings = Settings.model_validate({})  # from the environment
    async with connected(settings.database_url) as sessions:
        yield work(sessions)
