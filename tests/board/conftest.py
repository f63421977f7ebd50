"""What the tests of the page share: one browser, one county for all who only read, and visits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser

from shared.http.tokens import Issuer
from tests.board.browser import Visit, open_visit, run_browser, why_not
from tests.board.county import County, run_county

OpenVisit = Callable[..., Awaitable[Visit]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if reason := why_not():
        pytest.skip(reason)
    async with run_browser() as running:
        yield running


@pytest.fixture(scope="session")
async def county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    """The sample county, for tests that leave it as it is."""
    async with run_county(server, issuer, "board") as made:
        yield made


@pytest.fixture
async def visit(browser: Browser, county: County) -> AsyncIterator[OpenVisit]:
    """Opens a page: `await visit("unit", "letters?state=issued", size=PHONE)`; see `open_visit`.

    A test fails at its end where one of its visits met an error on the console, asked another
    origin or broke the policy.
    """
    async with AsyncExitStack() as stack:

        async def open_one(role: str, view: str = "today", **how: Any) -> Visit:
            return await stack.enter_async_context(open_visit(browser, county, role, view, **how))

        yield open_one


@pytest.fixture
async def office(visit: OpenVisit) -> Visit:
    return await visit("office")
