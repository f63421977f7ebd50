"""A county whose units report, and its office that decides."""

import httpx
import pytest

from tests.paths import GOLDEN
from tests.registry.clients import As, imported, zipped
from tests.registry.reviews.reports import UNIT


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    return office


@pytest.fixture
def unit(as_: As) -> httpx.AsyncClient:
    return as_("unit", unit_id=UNIT)
