"""Connections: those that nobody should use any more are replaced before anybody notices."""

import asyncio

from shared.database.sessions import ReadConnection, create_sessions, get_driver_connection

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
