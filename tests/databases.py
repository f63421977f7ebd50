"""Databases of a test's own, beside others on the tests' server, where commits are commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.database.migrations import migrate_schema

MIGRATED: set[tuple[str, str]] = set()  # servers, and the templates that they have


@asynccontextmanager
async def database(
    server: str, name: str, *services: str, copied_from: str = ""
) -> AsyncIterator[str]:
    """The address of a new database, dropped at the end.

    It is empty, or has the tables of these services, or is a copy of another one, to which nobody
    may be connected.
    """
    if services:
        copied_from = await migrated(server, services)
    template = f" TEMPLATE {copied_from}" if copied_from else ""
    await execute(server, f"CREATE DATABASE {name}{template}")
    try:
        yield beside(server, name)
    finally:
        await execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def migrated(server: str, services: tuple[str, ...]) -> str:
    """A database to copy with the tables of some services, migrated the first time it is wanted."""
    name = "_".join(("with", *services))
    if (server, name) not in MIGRATED:
        await execute(server, f"CREATE DATABASE {name}")
        for service in services:
            await migrate_schema(beside(server, name), service)
        MIGRATED.add((server, name))
    return name


def beside(server: str, name: str) -> str:
    return server.replace("@/postgres", f"@/{name}")


async def execute(server: str, statement: str) -> None:
    """One statement that no transaction may be around."""
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
