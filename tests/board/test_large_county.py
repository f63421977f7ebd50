"""Ten thousand projects: whoever scrolls through them has a small page and never waits for it."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.compute as pc
import pytest
from playwright.async_api import Browser, expect

from services.cli.server.demo import send_request
from shared.facts.tables import Facts
from shared.http.tokens import Issuer
from shared.ledger.writer import write_ledger
from tests.bench.ledgers import ledger
from tests.board.browser import open_visit
from tests.board.county import County, run_county
from tests.registry.clients import zipped
from tests.together.system import taken_over

PROJECTS = 10_000
AS_OF = "2022-09-30"
MOST_ROWS = 600  # at any moment
LONGEST_TASK = 100  # milliseconds
SCREENS = 40  # scrolled through, of some hundred


async def furnish_large(county: County) -> None:
    """Import the projects with a plan and one report each, and score them."""
    made = ledger(PROJECTS).tables
    reported = made["progress"].filter(pc.equal(made["progress"]["as_of"].cast("string"), AS_OF))
    tables = {name: made[name] for name in ("units", "projects", "plans", "pauses")}
    facts = Facts({**Facts.from_columns({}).tables, **tables, "progress": reported})
    with TemporaryDirectory() as folder:
        write_ledger(facts, Path(folder) / "large")
        content = zipped(Path(folder) / "large")
    async with county.client("office") as office:
        await taken_over(office, content)
        run = {"scheme": "lanxian-2022", "as_of": AS_OF}
        await send_request(office, "POST", "/scoring/v1/runs", json=run)


@pytest.fixture(scope="module")
async def large_county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    async with run_county(server, issuer, "board_large", furnish_large) as county:
        yield county


@pytest.mark.parametrize("view", ["projects", "wall"])
async def test_scrolling_through_all_projects_is_light(
    browser: Browser, large_county: County, view: str
) -> None:
    async with open_visit(browser, large_county, "office", view) as office:
        assert await office.scroll_through(SCREENS) <= MOST_ROWS
        await office.page.evaluate("scrollTo(0, 0)")
        assert await office.longest_task(SCREENS) <= LONGEST_TASK


async def test_the_scroll_bar_leads_to_the_last_project(
    browser: Browser, large_county: County
) -> None:
    async with open_visit(browser, large_county, "office", "projects") as office:
        table = office.page.get_by_role("table", name="项目")
        await expect(table).to_have_attribute("aria-rowcount", str(PROJECTS + 1))
        box = office.page.get_by_role("region", name="项目台账")
        await box.evaluate("box => box.scrollTo({ top: box.scrollHeight, behavior: 'instant' })")
        last = table.locator(f"[aria-rowindex='{PROJECTS + 1}']").get_by_role("link")
        await expect(last).to_be_in_viewport()
        assert await office.count_rows() <= MOST_ROWS
