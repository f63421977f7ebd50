"""A record is voided at its row, told of in its history and the list of voids, and taken back."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from shared.http.tokens import Issuer
from tests.board.browser import PHONE, open_visit
from tests.board.conftest import OpenVisit
from tests.board.county import County, furnish_sample, run_county

REASON = "与上月重复"


@pytest.fixture(scope="module")
async def own_county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    """A county of its own, as voids change it."""
    async with run_county(server, issuer, "board_voids", furnish_sample) as made:
        yield made


async def reported_project(county: County) -> tuple[str, str]:
    """A project with a report, and the day of its last one."""
    projects = (await county.read("/registry/v1/projects", limit=200))["items"]
    for project in projects:
        path = f"/registry/v1/projects/{project['project_id']}/progress"
        if reports := (await county.read(path, limit=200))["items"]:
            return project["project_id"], max(each["as_of"] for each in reports)
    raise AssertionError("no report in the sample county")


async def test_the_office_voids_a_report_and_takes_it_back(
    browser: Browser, own_county: County
) -> None:
    project, day = await reported_project(own_county)
    path = f"/registry/v1/projects/{project}/progress/{day}"
    async with open_visit(browser, own_county, "office", f"projects/{project}") as office:
        page = office.page
        section = page.locator("#section-progress")
        rows = section.get_by_role("table").last.locator("tbody tr")
        before = await rows.count()
        await rows.first.get_by_role("button", name="作废").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("没有别的记录引用它")
        confirm = dialog.get_by_role("button", name="作废", exact=True)
        await expect(confirm).to_be_disabled()
        await dialog.get_by_label("作废原因").fill(REASON)
        assert await office.axe_violations() == []
        await confirm.click()
        await expect(dialog).to_be_hidden()
        await expect(rows).to_have_count(before - 1)

        history = await own_county.read(f"{path}/history")
        void = history[0]["void"]
        assert void["reason"] == REASON
        await office.go("voids")
        row = page.get_by_role("row").filter(has_text=REASON)
        await expect(row).to_contain_text(f"progress/{project}/{day}")
        assert await office.axe_violations() == []
        await row.get_by_role("link").click()
        await office.settle()
        await page.get_by_role("button", name="撤回作废").click()
        asked = page.get_by_role("dialog")
        await asked.get_by_label("撤回原因").fill("核对后不是重复")
        await asked.get_by_role("button", name="撤回作废").click()
        await expect(page.get_by_text("核对后不是重复", exact=False)).to_be_visible()
        assert (await own_county.read(path))["why"] == "核对后不是重复"


async def test_a_project_goes_with_what_is_below_it_and_letters_are_listed(
    browser: Browser, own_county: County
) -> None:
    letter = (await own_county.read("/notifier/v1/letters", limit=1))["items"][0]
    project = letter["project_id"]
    async with open_visit(browser, own_county, "office", f"projects/{project}") as office:
        page = office.page
        await page.locator("#section-history").get_by_role("button", name="作废").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("一并作废")
        await dialog.get_by_label("作废原因").fill("误立项目")
        await dialog.get_by_role("button", name="作废", exact=True).click()
        await expect(page.get_by_role("heading", name="次作废")).to_be_visible()
        await office.go("voids")
        await page.get_by_role("link", name=letter["number"]).click()
        await office.settle()
        await expect(page.locator(".letter-side .note")).to_contain_text("误立项目")
        assert await office.axe_violations() == []


@pytest.mark.parametrize("role", ["unit", "leader", "viewer"])
async def test_others_have_neither_the_page_nor_the_button(visit: OpenVisit, role: str) -> None:
    page = (await visit(role, "voids")).page
    await expect(page.get_by_role("heading", name="各次作废")).to_have_count(0)


async def test_the_list_fits_a_phone(visit: OpenVisit) -> None:
    office = await visit("office", "voids", size=PHONE)
    await expect(office.page.get_by_text("没有作废过记录")).to_be_visible()
    assert await office.axe_violations() == []


async def test_today_tells_who_has_not_reported(visit: OpenVisit, county: County) -> None:
    period = (await county.read("/registry/v1/reporting-periods"))["items"][-2]
    office = await visit("office", "today")
    panel = office.page.locator(".today-panel").filter(has_text="报告期")
    await expect(panel).to_contain_text(f"应报{period['owed']:,}个项目")
    await expect(panel).to_contain_text(f"未报{period['unreported']:,}个")
