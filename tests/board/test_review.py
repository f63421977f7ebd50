"""Reports that wait: the office decides about them, and a unit sees what became of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from shared.http.tokens import Issuer
from tests.board.browser import PHONE, Visit, open_visit
from tests.board.conftest import OpenVisit
from tests.board.county import County, run_county
from tests.board.reports import (
    AS_OF,
    EARLIER,
    NINE_BILLION,
    REPORTS,
    item,
    put_progress,
    state_of,
    wait_for_office,
)

REFUSED = ("Failed to load resource",)  # by the browser, of a refusal that is wanted


@pytest.fixture(scope="module")
async def own_county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    """A county of its own, as its units report and its office decides."""
    async with run_county(server, issuer, "review") as made:
        yield made


@pytest.fixture
async def visit(browser: Browser, own_county: County) -> AsyncIterator[OpenVisit]:
    async with AsyncExitStack() as stack:

        async def open_one(role: str, view: str = "review", **how: Any) -> Visit:
            return await stack.enter_async_context(
                open_visit(browser, own_county, role, view, **how)
            )

        yield open_one


@pytest.fixture(scope="module")
async def projects(own_county: County) -> list[dict[str, Any]]:
    """Projects of the unit with a total; each test takes its own."""
    found = await own_county.read("/registry/v1/projects", "unit", limit=200)
    return [each for each in found["items"] if each["total_investment_yuan"]]


async def waiting_in_navigation(person: Visit) -> str:
    link = person.page.locator("nav").get_by_role("link", name="审核")
    return "".join((await link.inner_text()).split())


async def test_the_office_sees_both_figures_and_accepts_by_keyboard(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]]
) -> None:
    report = await wait_for_office(own_county, projects[0], note="年底冲刺")
    office = await visit("office")
    row = item(office, projects[0])
    for finding in (await state_of(own_county, report))["findings"]:
        await expect(row).to_contain_text(finding["zh"])
    figures = await row.locator(".two-figures").first.inner_text()
    assert "90亿元" in figures
    for text in ("李局长", "进度", "2022年12月28日", "有疑点", "待审核"):
        await expect(row).to_contain_text(text)
    await row.get_by_text("报送的与现在的记录对照").press("Enter")
    await expect(row.locator(".fields-of-report")).to_contain_text("9,000,000,000")
    await expect(row.locator(".fields-of-report")).to_contain_text("年底冲刺")
    await expect(row.locator(".fields-of-report")).to_contain_text("没有记录")
    assert await office.axe_violations() == []
    totals = (await own_county.read(REPORTS, state="waiting", totals=True, limit=1))["totals"]
    assert await waiting_in_navigation(office) == f"审核{totals['waiting']}条待审核"

    await row.get_by_role("button", name="采用").press("Enter")
    await expect(row).to_have_count(0)
    decided = await state_of(own_county, report)
    assert (decided["state"], decided["decided_by"]) == ("accepted", "王主任")
    left = totals["waiting"] - 1
    link = office.page.locator("nav").get_by_role("link", name="审核")
    await expect(link.locator(".waits")).to_have_count(1 if left else 0)
    path = f"/registry/v1/projects/{projects[0]['project_id']}/progress/{AS_OF}"
    assert (await own_county.read(path))["invested_ytd_yuan"] == NINE_BILLION
    await office.page.get_by_role("button", name="已采用").click()
    await expect(item(office, projects[0])).to_contain_text("王主任")


async def test_a_returned_report_tells_its_unit_why(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]]
) -> None:
    report = await wait_for_office(own_county, projects[1])
    office = await visit("office")
    row = item(office, projects[1])
    await row.get_by_role("button", name="退回").press("Enter")
    dialog = office.page.get_by_role("dialog")
    send = dialog.get_by_role("button", name="退回")
    await expect(send).to_be_disabled()
    await dialog.get_by_label("退回理由").fill("应为九千万元，请核对小数点")
    assert await office.axe_violations() == []
    await send.press("Enter")
    await expect(row).to_have_count(0)
    assert (await state_of(own_county, report))["decision_why"] == "应为九千万元，请核对小数点"

    unit = await visit("unit", "review?state=returned")
    told = item(unit, projects[1])
    await expect(told).to_contain_text("应为九千万元，请核对小数点")
    await expect(told.get_by_role("button")).to_have_count(0)
    assert await unit.axe_violations() == []


async def test_many_are_decided_at_once(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]]
) -> None:
    first, second, third = [await wait_for_office(own_county, each) for each in projects[2:5]]
    office = await visit("office")
    for each in projects[2:4]:
        await item(office, each).get_by_role("checkbox").press("Space")
    batch = office.page.get_by_role("group", name="成批处理")
    await expect(batch).to_contain_text("已选 2 条")
    await batch.get_by_role("button", name="采用所选").press("Enter")
    assert await office.axe_violations() == []
    await office.page.get_by_role("dialog").get_by_role("button", name="采用").press("Enter")
    await expect(office.page.get_by_role("status").first).to_contain_text("已采用 2 条")
    states = [(await state_of(own_county, each))["state"] for each in (first, second, third)]
    assert states == ["accepted", "accepted", "waiting"]

    fourth = await wait_for_office(own_county, projects[5])
    await office.page.reload()
    await office.settle()
    await office.page.get_by_label("全选").press("Space")
    await batch.get_by_role("button", name="退回所选").press("Enter")
    dialog = office.page.get_by_role("dialog")
    await dialog.get_by_label("退回理由").fill("请附依据")
    await dialog.get_by_role("button", name="退回").press("Enter")
    await expect(office.page.get_by_text("没有待审核的报送")).to_be_visible()
    for report in (third, fourth):
        assert (await state_of(own_county, report))["decision_why"] == "请附依据"


async def test_what_was_decided_elsewhere_is_told_and_the_others_are_done(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]]
) -> None:
    first, second = [
        await wait_for_office(own_county, each, as_of=EARLIER) for each in projects[2:4]
    ]
    office = await visit("office")
    async with own_county.client("office") as client:
        (await client.post(f"{REPORTS}/{first['id']}/accept")).raise_for_status()
    await office.page.get_by_label("全选").press("Space")
    await office.page.get_by_role("button", name="采用所选").press("Enter")
    await office.page.get_by_role("dialog").get_by_role("button", name="采用").press("Enter")
    note = office.page.get_by_role("status").first
    await expect(note).to_contain_text("已采用 1 条")
    await expect(note).to_contain_text("1 条没有处理")
    assert (await state_of(own_county, second))["state"] == "accepted"


async def test_where_the_record_has_changed_both_versions_are_shown(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]]
) -> None:
    await put_progress(own_county, projects[6], "office", invested_ytd_yuan=1_000_000)
    report = await wait_for_office(own_county, projects[6])
    status, _ = await put_progress(own_county, projects[6], "office", invested_ytd_yuan=2_000_000)
    assert status == 200
    office = await visit("office", "review?state=stale")
    row = item(office, projects[6])
    await expect(row.get_by_role("checkbox")).to_have_count(0)
    table = row.locator(".fields-of-report")
    for text in ("9,000,000,000", "1,000,000", "2,000,000", "报送时的记录", "现在的记录"):
        await expect(table).to_contain_text(text)
    assert await office.axe_violations() == []
    await row.get_by_role("button", name="仍然采用").press("Enter")
    await expect(row).to_have_count(0)
    assert (await state_of(own_county, report))["state"] == "accepted"


async def test_a_record_that_changes_meanwhile_is_not_overwritten_unseen(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]]
) -> None:
    report = await wait_for_office(own_county, projects[7])
    office = await visit("office", expected=REFUSED)
    await put_progress(own_county, projects[7], "office", invested_ytd_yuan=2_000_000)
    row = item(office, projects[7])
    await row.get_by_role("button", name="采用").press("Enter")
    await expect(row.get_by_role("alert")).to_be_visible()
    assert (await state_of(own_county, report))["state"] == "waiting"
    await row.get_by_role("button", name="再试一次").press("Enter")
    await expect(row).to_contain_text("报送以后记录又改过")
    await row.get_by_role("button", name="退回").press("Enter")
    dialog = office.page.get_by_role("dialog")
    await dialog.get_by_label("退回理由").fill("已由办公室核定")
    await dialog.get_by_role("button", name="退回").press("Enter")
    await expect(row).to_have_count(0)


async def test_a_unit_reports_is_told_why_it_waits_and_withdraws(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]]
) -> None:
    project = projects[8]
    unit = await visit("unit", f"projects/{project['project_id']}", size=PHONE)
    await unit.page.get_by_role("button", name="上报进度").press("Enter")
    dialog = unit.page.get_by_role("dialog")
    await dialog.get_by_label("截至日期").fill(AS_OF)
    await dialog.get_by_label("本年完成投资").fill("900000")
    await dialog.get_by_role("button", name="保存").press("Enter")
    await expect(dialog).to_contain_text("已报送，等重点项目办审核")
    await expect(dialog).to_contain_text("9,000,000,000 元")
    assert await unit.axe_violations() == []
    await dialog.get_by_role("button", name="知道了").press("Enter")
    mark = unit.page.get_by_role("region", name="待审核的报送").first
    await expect(mark).to_contain_text("90亿元")
    rows = unit.page.get_by_role("region", name="历次上报")
    await expect(rows.get_by_text("2022年12月28日")).to_have_count(0)
    assert await unit.axe_violations() == []

    await mark.get_by_role("link", name="去看审核").press("Enter")
    await unit.settle()
    assert await unit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert await unit.axe_violations() == []
    row = item(unit, project)
    await expect(row.get_by_role("button", name="采用")).to_have_count(0)
    await row.get_by_role("button", name="撤回").press("Enter")
    await unit.page.get_by_role("dialog").get_by_role("button", name="撤回").press("Enter")
    await expect(row).to_have_count(0)
    found = await own_county.read(REPORTS, "unit", state="withdrawn", limit=200)
    assert project["project_id"] in [each["project_id"] for each in found["items"]]


async def test_today_says_how_many_wait_and_what_was_returned(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]]
) -> None:
    await wait_for_office(own_county, projects[0], as_of=EARLIER)
    totals = (await own_county.read(REPORTS, state="waiting", totals=True, limit=1))["totals"]
    office = await visit("office", "today")
    panel = office.page.locator(".today-panel").filter(
        has=office.page.get_by_role("heading", name="审核")
    )
    await expect(panel.get_by_role("link", name="待审核")).to_contain_text(str(totals["waiting"]))
    unit = await visit("unit", "today")
    own = (await own_county.read(REPORTS, "unit", totals=True, limit=1))["totals"]
    told = unit.page.locator(".today-panel").get_by_role("link", name="已退回")
    await expect(told).to_contain_text(str(own["returned"]))


async def test_on_a_phone_in_the_dark_and_on_paper(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]]
) -> None:
    await wait_for_office(own_county, projects[0], as_of=EARLIER)
    phone = await visit("office", size=PHONE, dark=True)
    row = item(phone, projects[0])
    await row.get_by_text("报送的与现在的记录对照").press("Enter")
    await expect(row.locator(".fields-of-report")).to_be_visible()
    assert await phone.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert await phone.axe_violations() == []
    office = await visit("office")
    await office.page.emulate_media(media="print")
    await expect(item(office, projects[0])).to_be_visible()
    await expect(item(office, projects[0]).get_by_role("button", name="采用")).to_be_hidden()


@pytest.mark.parametrize("role", ["leader", "inspector", "field"])
async def test_who_reads_the_record_reads_the_report_and_decides_nothing(
    visit: OpenVisit, own_county: County, projects: list[dict[str, Any]], role: str
) -> None:
    await wait_for_office(own_county, projects[0], as_of=EARLIER)
    person = await visit(role)
    found = await own_county.read(REPORTS, role, state="waiting", limit=50)
    await expect(person.page.locator("li.report")).to_have_count(len(found["items"]))
    buttons = person.page.locator("li.report").get_by_role("button")
    for name in ("采用", "退回"):
        await expect(buttons.filter(has_text=name)).to_have_count(0)


async def test_filters_stand_in_the_address_and_an_empty_list_says_so(visit: OpenVisit) -> None:
    office = await visit("office", "review?kind=funds")
    await expect(office.page.get_by_text("没有符合条件的报送")).to_be_visible()
    await office.page.get_by_label("记录种类").select_option("progress")
    await office.page.get_by_role("button", name="已撤回").click()
    await office.settle()
    assert await office.page.evaluate("location.hash") == "#/review?kind=progress&state=withdrawn"


async def test_it_is_not_for_who_reads_only_what_is_published(visit: OpenVisit) -> None:
    viewer = await visit("viewer")
    await expect(viewer.page.get_by_role("heading", name="这一页不对您开放")).to_be_visible()
    await expect(viewer.page.get_by_role("link", name="审核")).to_have_count(0)
