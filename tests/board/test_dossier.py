"""A project's dossier: all that is kept of it, and the two reports that are made in it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from services.cli.server.demo import import_sample_county
from shared.http.tokens import Issuer
from tests.board.browser import DESKTOP, PHONE, open_visit
from tests.board.conftest import OpenVisit
from tests.board.county import County, run_county
from tests.board.test_projects import amount

PROJECT = "P048"  # of the sample county: plan, reports, permits in stages, problems
LETTERED = "P056"
OWN = "P035"  # of the unit that visits


def civil(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日"


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def row(page: Page, name: str, key: str) -> Locator:
    header = page.get_by_role("rowheader", name=key, exact=True)
    return region(page, name).get_by_role("row").filter(has=header)


async def test_every_figure_is_that_of_the_api(visit: OpenVisit, county: County) -> None:
    page = (await visit("inspector", f"projects/{PROJECT}")).page
    base = f"/registry/v1/projects/{PROJECT}"
    card = await county.read(base, "inspector", view="card")
    await expect(page.get_by_role("heading", level=1)).to_have_text(card["name"])
    for text in (card["unit_name"], card["owner_name"], amount(card["total_investment_yuan"])):
        await expect(page.locator("#section-head")).to_contain_text(text)

    dates = page.locator("#section-dates")
    for milestone in card["milestones"]:
        for day in (milestone["planned_on"], milestone["actual_on"]):
            if day:
                await expect(dates).to_contain_text(civil(day))

    plan = (await county.read(f"{base}/plans", "inspector"))["items"][-1]
    reports = (await county.read(f"{base}/progress", "inspector"))["items"]
    for month in range(1, 13):
        cells = row(page, "分月计划与完成", f"{month}月").get_by_role("cell")
        await expect(cells.nth(0)).to_have_text(amount(plan[f"m{month:02}"]))
    for report in reports:
        cells = row(page, "历次上报", civil(report["as_of"])).get_by_role("cell")
        await expect(cells.nth(0)).to_have_text(amount(report["invested_ytd_yuan"]))
        await expect(cells.nth(2)).to_have_text(report["note"])

    for funds in card["funds"]:
        cells = region(page, "资金，按来源").get_by_role("cell")
        for event in ("applied", "approved", "arrived", "paid"):
            wanted = amount(funds[f"{event}_yuan"])
            await expect(cells.filter(has_text=wanted).first).to_be_visible()
    permits = region(page, "手续").get_by_role("row")
    await expect(permits).to_have_count(len(card["permits"]) + 1)
    problems = await county.read("/registry/v1/problems", "inspector", project_id=PROJECT)
    for problem in problems["items"]:
        await expect(region(page, "问题")).to_contain_text(civil(problem["raised_on"]))
    await expect(page.locator("#section-problems")).to_contain_text(
        f"未销号 {card['open_problems']} 个"
    )


async def test_the_light_is_that_of_the_latest_run(visit: OpenVisit, county: County) -> None:
    page = (await visit("office", f"projects/{PROJECT}")).page
    run = (await county.read("/scoring/v1/runs", order="latest", limit=1))["items"][0]
    lights = await county.read(f"/scoring/v1/runs/{run['id']}/lights", project_id=PROJECT)
    panel = page.locator("#section-head")
    (light,) = lights["items"]
    names = {axis["id"]: axis["zh"] for axis in lights["axes"]}
    assert light["details"]
    for axis, detail in light["details"].items():
        row = panel.get_by_role("row").filter(has=page.get_by_role("rowheader", name=names[axis]))
        await expect(row).to_contain_text(detail["text"])
        await expect(row).to_contain_text(detail["threshold_text"])


async def test_letters_of_the_project_lead_to_their_page(visit: OpenVisit, county: County) -> None:
    page = (await visit("office", f"projects/{LETTERED}?section=letters")).page
    letters = (await county.read("/notifier/v1/letters", project_id=LETTERED))["items"]
    assert letters
    for letter in letters:
        link = region(page, "函件").get_by_role("link", name=letter["title"], exact=True).first
        await expect(link).to_be_visible()
        await expect(region(page, "函件")).to_contain_text(letter["number"])
    await expect(page.locator("#section-letters")).to_be_in_viewport()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_the_dossier_is_clean_and_no_wider_than_its_screen(
    visit: OpenVisit, size: dict[str, int]
) -> None:
    person = await visit("office", f"projects/{PROJECT}", size=size)
    assert await person.axe_violations() == []
    wider = await person.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0


@pytest.mark.parametrize("role", ["leader", "inspector"])
async def test_who_may_not_write_has_no_button_for_it(visit: OpenVisit, role: str) -> None:
    page = (await visit(role, f"projects/{OWN}")).page
    await expect(page.get_by_role("heading", name="投资进度")).to_be_visible()
    for name in ("上报进度", "填实际日期", "更正"):
        await expect(page.get_by_role("button", name=name)).to_have_count(0)


async def test_a_project_that_one_may_not_see_is_not_there(visit: OpenVisit) -> None:
    expected = ("/registry/v1/projects/P001",)
    unit = await visit("unit", "projects/P001", expected=expected)
    heading = unit.page.get_by_role("heading", name="没有这个项目，或者它不对您开放")
    await expect(heading).to_be_visible()


@pytest.fixture(scope="module")
async def own_county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    """The sample county anew, for those who write: imported, and nothing more."""

    async def furnish(county: County) -> None:
        async with county.client("office") as office:
            await import_sample_county(office)

    async with run_county(server, issuer, "board_dossier", furnish) as county:
        yield county


async def accept_all(county: County) -> None:
    """Have the office accept what waits."""
    async with county.client("office") as office:
        waiting = (await office.get("/registry/v1/reports", params={"state": "waiting"})).json()
        for report in waiting["items"]:
            path = f"/registry/v1/reports/{report['id']}/accept"
            (await office.post(path)).raise_for_status()


async def test_a_unit_reports_and_corrects_and_nothing_typed_is_lost(
    browser: Browser, own_county: County
) -> None:
    async with open_visit(
        browser, own_county, "unit", f"projects/{OWN}", expected=("/progress/2023-01-31",)
    ) as unit:
        page = unit.page
        dialog = page.get_by_role("dialog")
        await page.get_by_role("button", name="上报进度").click()
        await dialog.get_by_label("截至日期").fill("2023-01-31")
        await dialog.get_by_label("本年完成投资（万元）").fill("1,234.5")
        await dialog.get_by_label("形象进度（%）").fill("一半")
        await dialog.get_by_role("button", name="保存").click()
        # What is wrong stands beside its field; the rest is as it was typed.
        await expect(dialog.get_by_label("形象进度（%）")).to_have_attribute("aria-invalid", "true")
        await expect(dialog.get_by_label("本年完成投资（万元）")).to_have_value("1,234.5")
        await dialog.get_by_label("形象进度（%）").fill("97.5")
        await dialog.get_by_role("button", name="保存").click()
        await expect(dialog).to_have_count(0)
        cells = row(page, "历次上报", "2023年1月31日").get_by_role("cell")
        await expect(cells.nth(0)).to_have_text("1,234.5万元")
        await expect(cells.nth(1)).to_have_text("97.5%")

        # The office is quicker: the unit is told, keeps what it typed, and decides.
        path = f"/registry/v1/projects/{OWN}/progress/2023-01-31"
        await cells.last.get_by_role("button", name="更正").click()
        async with own_county.client("office") as office:
            version = (await office.get(path)).headers["etag"]
            form = {"invested_ytd_yuan": 13_000_000, "physical_pct": "97.5"}
            (await office.put(path, json=form, headers={"if-match": version})).raise_for_status()
        await dialog.get_by_label("本年完成投资（万元）").fill("1310")
        await dialog.get_by_label("更正说明").fill("按台账核对")
        await dialog.get_by_role("button", name="保存").click()
        await expect(dialog).to_contain_text("这条记录刚被别人改过")
        await expect(dialog.get_by_label("本年完成投资（万元）")).to_have_value("1310")
        await expect(cells.nth(0)).to_have_text("1,300万元")
        await dialog.get_by_role("button", name="保存").click()
        # What is over the office's waits for it.
        await expect(dialog).to_contain_text("已报送，等重点项目办审核")
        await dialog.get_by_role("button", name="知道了").click()
        await expect(dialog).to_have_count(0)
        await expect(cells.nth(0)).to_have_text("1,300万元")
        waiting = page.get_by_role("region", name="待审核的报送")
        await expect(waiting).to_contain_text("1,310万元")
        await accept_all(own_county)
        await page.reload()
        await unit.settle()
        await expect(cells.nth(0)).to_have_text("1,310万元")
        await expect(waiting).to_have_count(0)
        kept = await own_county.read(path, "unit")
        assert (kept["invested_ytd_yuan"], kept["why"]) == (13_100_000, "按台账核对")

        await cells.last.get_by_role("button", name="历次").click()
        await expect(dialog).to_contain_text("本年完成投资：1,300万元 → 1,310万元")
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)


async def test_a_unit_records_the_day_on_which_a_milestone_was_met(
    browser: Browser, own_county: County
) -> None:
    async with open_visit(browser, own_county, "unit", f"projects/{OWN}") as unit:
        page = unit.page
        completed = row(page, "节点日期", "竣工")
        await completed.get_by_role("button", name="填实际日期").click()
        await page.get_by_role("dialog").get_by_label("实际日期").fill("2024-08-02")
        await page.keyboard.press("Enter")
        # The office has imported its plan; what the unit says of it waits.
        await page.get_by_role("dialog").get_by_role("button", name="知道了").click()
        waiting = page.get_by_role("region", name="待审核的报送")
        await expect(waiting).to_contain_text("节点 竣工 2024年8月2日")
        await expect(completed.get_by_role("cell").nth(2)).to_have_text("逾期未实现")
        await accept_all(own_county)
        await page.reload()
        await unit.settle()
        await expect(completed.get_by_role("cell").nth(2)).to_have_text("2024年8月2日")
        path = f"/registry/v1/projects/{OWN}/milestones/completed"
        kept = await own_county.read(path, "unit")
        assert kept["actual_on"] == "2024-08-02"
        assert kept["planned_on"] == "2024-08-06"


async def test_nothing_of_a_terminated_project_is_overdue(
    browser: Browser, own_county: County
) -> None:
    asked: dict[str, Any] = {"overdue": True, "limit": 200}
    overdue = (await own_county.read("/registry/v1/projects", **asked))["items"]
    problems = (await own_county.read("/registry/v1/problems", limit=200))["items"]
    open_ones = {each["project_id"] for each in problems if each["resolved_on"] is None}
    one = next(each["project_id"] for each in overdue if each["project_id"] in open_ones)
    async with open_visit(browser, own_county, "office", f"projects/{one}") as office:
        page = office.page
        late = [page.get_by_text(text) for text in ("逾期未实现", "已过期", "超期未解决")]
        for each in late:
            await expect(each.first).to_be_visible()
        async with own_county.client("office") as client:
            path = f"/registry/v1/projects/{one}/milestones/terminated"
            form = {"actual_on": "2024-08-01", "why": "业主撤资"}
            (await client.put(path, json=form)).raise_for_status()
        await page.reload()
        terminated = row(page, "节点日期", "终止").get_by_role("cell")
        await expect(terminated.nth(2)).to_have_text("2024年8月1日")
        for each in late:
            await expect(each).to_have_count(0)
