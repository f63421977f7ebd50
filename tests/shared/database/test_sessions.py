"""Connections: those that nobody should use any more are replaced before anybody notices.

And whether an error means that the database is away, or that we were wrong.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.database.sessions import (
    ReadConnection,
    Sessions,
    create_sessions,
    get_driver_connection,
    is_database_away,
)
from shared.problems import NotReady

SOON = 30  # seconds
PID = "SELECT pg_backend_pid() AS pid"


async def test_a_connection_that_the_server_closed_is_not_used_again(server: str) -> None:
    sessions, other = create_sessions(server, connections=1), create_sessions(server)
    reading, closed = ReadConnection(sessions), asyncio.Event()
    async with sessions() as session:
        (await get_driver_connection(session)).add_termination_listener(lambda _: closed.set())
    first = (await reading.fetch(PID))[0]["pid"]
    assert (await reading.fetch(PID))[0]["pid"] == first

    await ReadConnection(other).fetch("SELECT pg_terminate_backend($1)", first)
    await asyncio.wait_for(closed.wait(), SOON)

    assert (await reading.fetch(PID))[0]["pid"] != first
    async with sessions.begin() as session:
        assert not (await get_driver_connection(session)).is_closed()
    for each in (sessions, other):
        await each.kw["bind"].dispose()


async def test_a_connection_that_was_left_in_a_transaction_is_not_used_again(server: str) -> None:
    sessions = create_sessions(server, connections=1)
    reading = ReadConnection(sessions)
    first = (await reading.fetch(PID))[0]["pid"]
    async with sessions() as session:
        await (await get_driver_connection(session)).execute("BEGIN")
    assert (await reading.fetch(PID))[0]["pid"] != first
    await sessions.kw["bind"].dispose()


async def test_statements_on_the_driver_are_part_of_a_transaction_that_has_begun(
    server: str,
) -> None:
    sessions = create_sessions(server)
    async with sessions() as session:
        driver = await get_driver_connection(session)
        async with driver.transaction():
            await driver.execute("CREATE TEMP TABLE kept (n int)")
        await session.rollback()
        assert await driver.fetchval("SELECT to_regclass('kept') IS NOT NULL")
        await driver.execute("DROP TABLE kept")

    async with sessions() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("SELECT 1")
        driver = await get_driver_connection(session)
        async with driver.transaction():
            await driver.execute("CREATE TEMP TABLE gone (n int)")
        await session.rollback()
        assert await (await get_driver_connection(session)).fetchval(
            "SELECT to_regclass('gone') IS NULL"
        )
    await sessions.kw["bind"].dispose()


# --- away or wrong


async def read(sessions: Sessions, statement: str) -> Any:
    return await ReadConnection(sessions).fetch(statement)


async def execute(sessions: Sessions, statement: str) -> Any:
    async with sessions.begin() as session:
        return await (await session.connection()).execute(text(statement))


async def execute_on_driver(sessions: Sessions, statement: str) -> Any:
    async with sessions.begin() as session:
        driver = await get_driver_connection(session)
        async with driver.transaction():
            return await driver.fetch(statement)


WAYS = pytest.mark.parametrize("ask", [read, execute, execute_on_driver])
Ask = Callable[[Sessions, str], Awaitable[Any]]


async def error_of(ask: Ask, sessions: Sessions, statement: str) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        await ask(sessions, statement)
    await sessions.kw["bind"].dispose()
    return caught.value


@WAYS
async def test_a_connection_lost_in_the_middle_is_a_database_away(server: str, ask: Ask) -> None:
    """The statement ends the connection that it came over."""
    itself = "SELECT pg_terminate_backend(pg_backend_pid())"
    error = await error_of(ask, create_sessions(server), itself)
    assert is_database_away(error), repr(error)


@WAYS
async def test_a_wrong_statement_is_not(server: str, ask: Ask) -> None:
    for wrong in ("SELECT 1/0", "SELEKT", "SELECT * FROM nowhere"):
        error = await error_of(ask, create_sessions(server), wrong)
        assert not is_database_away(error), repr(error)


async def test_a_statement_without_its_values_is_wrong_too(server: str) -> None:
    assert not is_database_away(await error_of(read, create_sessions(server), "SELECT $1::int"))


@WAYS
@pytest.mark.parametrize("place", ["127.0.0.1:1/none", "/none?host=/nowhere"])
async def test_nobody_who_answers_is_a_problem_of_its_own(ask: Ask, place: str) -> None:
    sessions = create_sessions(f"postgresql+asyncpg://nobody@{place}")
    assert isinstance(await error_of(ask, sessions, "SELECT 1"), NotReady)


@WAYS
async def test_a_database_that_is_not_there_is_a_mistake(server: str, ask: Ask) -> None:
    elsewhere = server.replace("@/postgres", "@/nowhere")
    assert not is_database_away(await error_of(ask, create_sessions(elsewhere), "SELECT 1"))


def test_a_pool_without_a_free_connection_is_a_database_away() -> None:
    assert is_database_away(PoolTimeout("none was free"))
