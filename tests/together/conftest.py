"""The three services in one house on a real database with two counties in it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.pool import StaticPool
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.routing import Mount

from services.cli.server.all_in_one import SERVICE_NAMES, run_services
from shared.http.tokens import Issuer
from tests.databases import database
from tests.registry.clients import As, speaking
from tests.together.county import There, furnish
from tests.together.system import OFFICE, opened

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
    """All that is asked goes over one connection, in a transaction that is never committed."""

    app: FastAPI
    as_: As
    there: There
    connection: Any  # asyncpg's

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """What is written meanwhile is taken back."""
        savepoint = self.connection.transaction()
        await savepoint.start()
        try:
            yield
        finally:
            await savepoint.rollback()


@pytest.fixture(scope="session")
async def counties(server: str, issuer: Issuer) -> AsyncIterator[There]:
    """A database to copy, called `COUNTIES`; nobody is connected to it."""
    async with database(server, COUNTIES, *SERVICE_NAMES) as url:
        async with opened(url, issuer) as as_:
            there = await furnish(as_)
        yield there


@pytest.fixture(scope="module")
async def house_with_county(
    server: str, issuer: Issuer, counties: There
) -> AsyncIterator[HouseWithCounty]:
    async with database(server, "counties_asked", copied_from=COUNTIES) as url:
        one = await asyncpg.connect(url.replace("+asyncpg", ""))
        outer = one.transaction()
        await outer.start()
        async with run_services(url, issuer, OFFICE) as app:
            keep_within(app, url, one)
            yield HouseWithCounty(app, speaking(app, issuer), counties, one)
        await outer.rollback()
        await one.close()


def keep_within(app: FastAPI, url: str, one: Any) -> None:
    """Let every service work over one connection: what it commits is a savepoint there."""

    async def the_one(*_: object, **__: object) -> Any:
        return one

    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            engine = create_async_engine(url, async_creator=the_one, poolclass=StaticPool)
            sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
            route.app.state.sessions = sessions
