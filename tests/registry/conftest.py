"""The registry over ASGI on a real database: one rolled-back transaction for each test."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.registry.main import build_app
from shared.database.migrations import migrate_schema
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from tests.databases import database, restricted
from tests.registry.clients import REGION, As, speaking
from tests.registry.office_settings import COUNTY
from tests.scoring.service.registry import connected


@pytest.fixture(scope="session")
async def url(server: str) -> str:
    url = await restricted(server)
    await migrate_schema(url, "registry", server)
    return url


@pytest.fixture
def registry(sessions: Sessions, issuer: Issuer) -> FastAPI:
    return build_app(sessions, KeySet([issuer.key]), issuer)


@pytest.fixture
def as_(registry: FastAPI, issuer: Issuer) -> As:
    """A client that speaks for a role: `as_("unit", unit_id="U01")`."""
    return speaking(registry, issuer)


@pytest.fixture
def office(as_: As) -> httpx.AsyncClient:
    return as_("office", REGION)


@pytest.fixture
def county(as_: As) -> httpx.AsyncClient:
    """The office of a county that has a name."""
    return as_("office", COUNTY)


@pytest.fixture
async def committing(server: str, issuer: Issuer) -> AsyncIterator[Callable[[], FastAPI]]:
    """The registry with commits that last, on a database of its own."""
    async with database(server, "lasting", "registry") as lasting, connected(lasting) as sessions:
        yield lambda: build_app(sessions, KeySet([issuer.key]), issuer)
