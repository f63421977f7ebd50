"""One real PostgreSQL for all of these tests, one rolled-back transaction for each."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import cache

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.scoring.main import build_app
from shared.database.migrations import migrate_schema
from shared.database.sessions import Sessions
from shared.facts.tables import Facts
from shared.http.tokens import Caller, Issuer, Role
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.databases import restricted
from tests.paths import GOLDEN
from tests.registry.clients import REGION
from tests.response_checks import documented
from tests.scoring.service.registry import Registry, registry_with

As = Callable[..., httpx.AsyncClient]


@cache
def ledger(name: str) -> Facts:
    return read_ledger(GOLDEN / name, region_codes()).accepted()


@pytest.fixture(scope="session")
async def url(server: str) -> str:
    url = await restricted(server)
    await migrate_schema(url, "scoring", server)
    return url


@pytest.fixture(scope="session")
async def county(server: str, issuer: Issuer) -> AsyncIterator[Registry]:
    async with registry_with("county", server, issuer) as made:
        yield made


@pytest.fixture(scope="session")
async def small(server: str, issuer: Issuer) -> AsyncIterator[Registry]:
    async with registry_with("small", server, issuer) as made:
        yield made


@pytest.fixture(scope="session")
async def corrected(server: str, issuer: Issuer) -> AsyncIterator[Registry]:
    async with registry_with("county", server, issuer, corrected=True) as made:
        yield made


@pytest.fixture
def registry(county: Registry) -> Registry:
    """The registry that scoring asks; a class of tests may put another in its place."""
    return county


@pytest.fixture
async def scoring(sessions: Sessions, issuer: Issuer, registry: Registry) -> AsyncIterator[FastAPI]:
    async with registry.reader() as http:
        yield build_app(sessions, KeySet([issuer.key]), http)


@pytest.fixture
def as_(scoring: FastAPI, issuer: Issuer) -> As:
    """A client that speaks for a role: `as_("unit", unit_id="U01")`."""

    def client(role: str, region: str = REGION, unit_id: str | None = None) -> httpx.AsyncClient:
        return client_of(scoring, issuer, Caller(f"the {role}", Role(role), region, unit_id))

    return client


def client_of(app: FastAPI, issuer: Issuer, who: Caller) -> httpx.AsyncClient:
    token = issuer.issue(who, now=datetime.now(UTC), lasts=timedelta(hours=1))  # noqa: TID251
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://scoring",
        headers={"authorization": f"Bearer {token}"},
        event_hooks={"response": [documented(app)]},
    )


@pytest.fixture
def office(as_: As) -> httpx.AsyncClient:
    return as_("office")
