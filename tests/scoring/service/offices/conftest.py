"""Clients of scoring over a registry of several offices."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.scoring.main import build_app
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from tests.scoring.service.conftest import As
from tests.scoring.service.offices.office_registry import (
    COUNTY,
    FACTS,
    REGION,
    OfficeRegistries,
    OfficeRegistry,
)


@pytest.fixture(scope="session")
async def registries(server: str, issuer: Issuer) -> AsyncIterator[OfficeRegistries]:
    async with AsyncExitStack() as stack:
        yield OfficeRegistries(server, issuer, stack)


@pytest.fixture
async def offices(registries: OfficeRegistries) -> OfficeRegistry:
    """The registry of the city and both counties."""
    return await registries.of(FACTS)


@pytest.fixture
async def scoring(
    sessions: Sessions, issuer: Issuer, offices: OfficeRegistry
) -> AsyncIterator[FastAPI]:
    async with offices.reader as http:
        yield build_app(sessions, KeySet([issuer.key]), http)


@pytest.fixture
def city(as_: As) -> httpx.AsyncClient:
    return as_("office", region=REGION)


@pytest.fixture
def county(as_: As) -> httpx.AsyncClient:
    return as_("office", region=COUNTY)
