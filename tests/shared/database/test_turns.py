"""Turns of writing of several offices, taken in one statement."""

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.registry.tables import SCHEMA
from shared.database.outbox import begin_write, begin_writes
from shared.database.sessions import Sessions
from tests.databases import database
from tests.polling import until
from tests.scoring.service.registry import connected

OFFICES = ("990101", "990102", "990103")
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
TAKE = text("SELECT FROM registry.turns WHERE office = :office FOR UPDATE NOWAIT")


async def test_turns_of_several_offices_are_taken_in_order(server: str) -> None:
    """One that waits for the second holds the first and not the third, in whatever order asked."""
    async with database(server, "turns_in_order", "registry") as url, connected(url) as sessions:
        first = [await moment_of(sessions, office) for office in OFFICES]
        async with sessions.begin() as holding:
            held = await begin_write(holding, SCHEMA, OFFICES[1])
            all_of_them = asyncio.create_task(moments_of(sessions, [*reversed(OFFICES)]))

            async def is_waiting() -> bool:
                async with sessions.begin() as session:
                    return bool(await (await session.connection()).scalar(WAITING))

            await until(is_waiting)
            with pytest.raises(DBAPIError, match="could not obtain lock"):
                await take(sessions, OFFICES[0])
            await take(sessions, OFFICES[2])
        later = await all_of_them
        assert len(later) == len(OFFICES)
        assert min(later) > max(first)
        assert max(later) > held


async def moment_of(sessions: Sessions, office: str) -> datetime:
    async with sessions.begin() as session:
        return await begin_write(session, SCHEMA, office)


async def moments_of(sessions: Sessions, offices: list[str]) -> list[datetime]:
    async with sessions.begin() as session:
        return [*await begin_writes(session, SCHEMA, offices)]


async def take(sessions: Sessions, office: str) -> None:
    async with sessions.begin() as session:
        await (await session.connection()).execute(TAKE, {"office": office})
