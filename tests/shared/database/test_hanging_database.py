"""A database that is there and does not answer: whoever asks is told so, and not kept waiting."""

import os
import shutil
import signal
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.embedded_postgres import run_embedded_server
from shared.database.sessions import (
    Patience,
    ReadConnection,
    Sessions,
    create_sessions,
    get_driver_connection,
    is_database_away,
)
from shared.problems import NotReady
from tests.conftest import THROW_AWAY

pytestmark = pytest.mark.database
SHORT = Patience(statement=0.3, connecting=0.3, queueing=0.3)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="bairi-hanging-"))
    yield made
    shutil.rmtree(made)


async def read(sessions: Sessions) -> None:
    await ReadConnection(sessions).fetch("SELECT 1")


async def write(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await (await session.connection()).execute(text("SELECT 1"))


async def use_driver(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await (await get_driver_connection(session)).fetch("SELECT 1")


WAYS: list[Callable[[Sessions], Awaitable[None]]] = [read, write, use_driver]


def processes_of(folder: Path) -> list[int]:
    """The server and its children."""
    server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    return [server, *map(int, Path(f"/proc/{server}/task/{server}/children").read_text().split())]


@contextmanager
def stopped(folder: Path) -> Iterator[None]:
    processes = processes_of(folder)
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


async def error_of(asked: Awaitable[None]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        await asked
    return caught.value


async def test_a_database_that_hangs_is_away_and_comes_back(folder: Path) -> None:
    """Over connections that are open, and over ones that would have to be made."""
    with run_embedded_server(folder, THROW_AWAY) as url:
        open_ones, none = create_sessions(url, patience=SHORT), create_sessions(url, patience=SHORT)
        for way in WAYS:
            await way(open_ones)
        with stopped(folder):
            errors = [await error_of(way(each)) for each in (open_ones, none) for way in WAYS]
        for way in WAYS:
            await way(open_ones)
        for each in (open_ones, none):
            await each.kw["bind"].dispose()
    assert [repr(error) for error in errors if not is_away(error)] == []


def is_away(error: Exception) -> bool:
    return isinstance(error, NotReady) or is_database_away(error)


async def sleep_long(session: AsyncSession) -> None:
    await (await session.connection()).execute(text("SELECT pg_sleep(60)"))


async def test_a_statement_that_takes_too_long_is_ended(server: str) -> None:
    sessions = create_sessions(server, connections=1, patience=SHORT)
    reading = ReadConnection(sessions)
    error = await error_of(reading.fetch("SELECT pg_sleep(60)"))
    assert is_database_away(error)
    await reading.fetch("SELECT 1")
    async with sessions() as session:
        assert is_database_away(await error_of(sleep_long(session)))
    await sessions.kw["bind"].dispose()
