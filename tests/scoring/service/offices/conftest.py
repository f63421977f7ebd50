"""Clients of scoring over a registry of several offices."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.scoring.main import build_app
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from tests.scoring.service.conftest import As
from tests.scoring.service.offices.office_registry import COUNTY, FACTS, REGION, OfficeRegistry


@pytest.fixture
def offices() -> OfficeRegistry:
    return OfficeRegistry(FACTS)


@pytest.fixture
async def scoring(
    sessions: Sessions, issuer: Issuer, offices: OfficeRegistry
) -> AsyncIterator[FastAPI]:
    async with offices.client() as http:
        yield build_app(sessions, KeySet([issuer.key]), http)


@pytest.fixture
def city(as_: As) -> httpx.AsyncClient:
    return as_("office", region=REGION)


@pytest.fixture
def county(as_: As) -> httpx.AsyncClient:
    return as_("office", region=COUNTY)
