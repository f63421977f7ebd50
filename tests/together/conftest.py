"""The three services in one house on a real database with two counties in it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection, async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.routing import Mount

from services.cli.running.house import house
from shared.tokens import Issuer
from tests.registry.clients import As, speaking
from tests.together.county import There, furnish
from tests.together.house import OFFICE, database, opened

COUNTIES = "counties"
TOLD = pytest.StashKey[list[str]]()
Tell = Callable[[str], None]


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Tell:
    """Says a figure at the end of the run."""
    return pytestconfig.stash.setdefault(TOLD, []).append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash.get(TOLD, []):
        terminalreporter.write_line(line)


@dataclass(frozen=True)
class HouseWithCounty:
    """Everything that is asked goes over one connection, in whose transaction it is undone."""

    app: FastAPI
    as_: As
    there: There
    connection: AsyncConnection


@pytest.fixture(scope="session")
async def counties(server: str, issuer: Issuer) -> AsyncIterator[There]:
    """A database to copy, called `COUNTIES`; nobody is connected to it."""
    async with database(server, COUNTIES) as url:
        async with opened(url, issuer) as as_:
            there = await furnish(as_)
        yield there


@pytest.fixture(scope="module")
async def house_with_county(
    server: str, issuer: Issuer, counties: There
) -> AsyncIterator[HouseWithCounty]:
    async with database(server, "counties_asked", copied_from=COUNTIES) as url:
        engine = create_async_engine(url, poolclass=NullPool)
        async with house(url, issuer, OFFICE) as app, engine.connect() as connection:
            outer = await connection.begin()
            keep_within(app, connection)
            yield HouseWithCounty(app, speaking(app, issuer), counties, connection)
            await outer.rollback()
        await engine.dispose()


def keep_within(app: FastAPI, connection: AsyncConnection) -> None:
    """Let every service work in savepoints of one connection's transaction."""
    sessions = async_sessionmaker(
        connection,
        class_=AsyncSession,
        expire_on_commit=False,
        join_transaction_mode="create_savepoint",
    )
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            route.app.state.sessions = sessions
