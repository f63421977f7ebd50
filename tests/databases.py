"""Databases of a test's own, beside others on the tests' server, where commits are commits.

Services work in them as in an installation: with an account that owns nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.database.accounts import EMBEDDED_ACCOUNT, create_embedded_account
from shared.database.migrations import migrate_schema

MIGRATED: set[tuple[str, str]] = set()  # servers, and the templates that they have


@asynccontextmanager
async def database(
    server: str, name: str, *services: str, copied_from: str = ""
) -> AsyncIterator[str]:
    """The address of a new database for the services' account; it is dropped at the end.

    It is empty, or has the tables of these services, or is a copy of another one, to which nobody
    may be connected.
    """
    if services:
        copied_from = await migrated(server, services)
    template = f" TEMPLATE {copied_from}" if copied_from else ""
    await execute(server, f"CREATE DATABASE {name}{template}")
    try:
        yield await restricted(beside(server, name))
    finally:
        await execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def migrated(server: str, services: tuple[str, ...]) -> str:
    """A database to copy with the tables of some services, migrated the first time it is wanted."""
    name = "_".join(("with", *services))
    if (server, name) not in MIGRATED:
        await execute(server, f"CREATE DATABASE {name}")
        for service in services:
            owner = beside(server, name)
            await migrate_schema(await restricted(owner), service, owner)
        MIGRATED.add((server, name))
    return name


async def restricted(server: str) -> str:
    """The address for the services' account, of what has an owner's."""
    return await create_embedded_account(server)


def owner_of(url: str) -> str:
    """The address for the owner, of what has that of the services' account."""
    return url.replace(f"//{EMBEDDED_ACCOUNT}@", "//postgres@")


def beside(server: str, name: str) -> str:
    return server.replace("@/postgres", f"@/{name}")


async def execute(server: str, statement: str) -> None:
    """One statement that no transaction may be around."""
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
