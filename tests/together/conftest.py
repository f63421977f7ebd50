"""The three services in one house on a real database with two counties and their city in it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from shared.http.tokens import Issuer
from tests.together.county import There
from tests.together.house import HouseWithCounty, asked_house, furnished

TOLD = pytest.StashKey[list[str]]()
Tell = Callable[[str], None]


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Tell:
    """Says a figure at the end of the run."""
    return pytestconfig.stash.setdefault(TOLD, []).append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash.get(TOLD, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
async def counties(server: str, issuer: Issuer) -> AsyncIterator[There]:
    async with furnished(server, issuer) as there:
        yield there


@pytest.fixture(scope="module")
async def house_with_county(
    server: str, issuer: Issuer, counties: There
) -> AsyncIterator[HouseWithCounty]:
    async with asked_house(server, issuer, counties) as house:
        yield house
