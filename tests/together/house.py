"""The house with two counties and their city, asked over one connection that commits nothing."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.pool import StaticPool
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.routing import Mount

from services.cli.server.all_in_one import SERVICE_NAMES, run_services
from shared.http.tokens import Issuer
from tests.databases import database
from tests.registry.clients import As, speaking
from tests.together.county import BODIES, DAY, OWN_MAPPING, There, furnish
from tests.together.operations import Operation, Places, Request
from tests.together.regions import OWN, PROJECT, UNIT
from tests.together.system import OFFICE, opened

COUNTIES = "counties"


@dataclass(frozen=True)
class HouseWithCounty:
    """All that is asked goes over one connection, in a transaction that is never committed."""

    app: FastAPI
    as_: As
    there: There
    connection: Any  # asyncpg's

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """What is written meanwhile is taken back.

        The savepoint is released as well: those that drivers roll back to stay, each within the one
        before, until the one around them goes. After thousands every statement was slow, and the
        server had no locks left.
        """
        await self.connection.execute("SAVEPOINT undone")
        try:
            yield
        finally:
            await self.connection.execute("ROLLBACK TO undone; RELEASE undone")


@asynccontextmanager
async def furnished(server: str, issuer: Issuer) -> AsyncIterator[There]:
    """A database to copy, called `COUNTIES`; nobody is connected to it."""
    async with database(server, COUNTIES, *SERVICE_NAMES) as url:
        async with opened(url, issuer) as as_:
            there = await furnish(as_)
        yield there


@asynccontextmanager
async def asked_house(server: str, issuer: Issuer, there: There) -> AsyncIterator[HouseWithCounty]:
    """The house in a copy of `COUNTIES`; what is asked of it leaves nothing behind."""
    async with database(server, "counties_asked", copied_from=COUNTIES) as url:
        one = await asyncpg.connect(url.replace("+asyncpg", ""))
        outer = one.transaction()
        await outer.start()
        async with run_services(url, issuer, OFFICE) as app:
            keep_within(app, url, one)
            yield HouseWithCounty(app, speaking(app, issuer), there, one)
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


def places_in(house: HouseWithCounty, guarded: Iterable[Operation], run: int) -> Places:
    given = {
        "unit_id": UNIT,
        "project_id": PROJECT,
        "run_id": str(run),
        "objection_id": str(house.there.objection),
        "import_id": str(house.there.import_id),
        "campaign_id": str(house.there.campaign),
        "account_id": str(house.there.account),
        "device_id": str(house.there.device),
        "invitation_id": str(house.there.invitation),
        "void_id": str(house.there.void),
        "report_id": str(house.there.report),
        "table": "progress",
        "period_kind": "month",
        "last_day": DAY,
        "office": OWN,
        "year": DAY[:4],
        "scheme_id": "lanxian-2022",
        "scheme_version": "1",
        "pillar": "speed",
        "metric": "start_rate",
        "page": "1",
        "name": OWN_MAPPING,
        "since": str(house.there.published_run),
    }
    lists = frozenset(each.path for each in guarded if "limit" in each.query)
    voidable = {"kind": "plans", "version": house.there.voidable}
    bodies = {
        **BODIES,
        "preview_void": voidable,
        "void_record": voidable | {"reason": "重复录入"},
        "revoke_void": {"reason": "误作废"},
    }
    return Places(lists, given, bodies, house.as_("unit", unit_id=UNIT), DAY)


async def sent(
    house: HouseWithCounty, client: httpx.AsyncClient, request: Request
) -> httpx.Response:
    """The answer; what was written is taken back, so that every request finds the same state."""
    async with house.undone():
        return await client.request(request.method, request.url, **request.given)
