"""The page of projects: what it shows is what the API answers, and all of it by keyboard."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.board.browser import PHONE, Visit
from tests.board.conftest import OpenVisit
from tests.board.county import County

LIST = "/registry/v1/projects"
WAN, YI = 10_000, 100_000_000


def amount(yuan: int | None) -> str:
    """An amount as the page writes it: 亿元 where four decimals say it whole, else 万元."""
    if yuan is None:
        return "—"
    unit, name = (YI, "亿元") if yuan >= YI and yuan % WAN == 0 else (WAN, "万元")
    whole, rest = divmod(yuan, unit)
    decimals = str(rest).zfill(len(str(unit)) - 1).rstrip("0")
    return f"{whole:,}{'.' + decimals if decimals else ''}{name}"


def table(page: Page) -> Locator:
    return page.get_by_role("table", name="项目")


async def shown(page: Page) -> list[str]:
    """The names of the projects in the page, in the order of their rows."""
    rows = table(page).locator("[aria-rowindex] a")
    found: list[tuple[int, str]] = await rows.evaluate_all(
        "all => all.map(a => [Number(a.dataset.index), a.textContent])"
    )
    return [name for _, name in sorted(found)]


async def expect_count(page: Page, count: int) -> None:
    await expect(page.locator(".sums-line strong")).to_have_text(f"共 {count:,} 项")


@pytest.mark.parametrize("role", ["office", "unit", "leader", "field", "inspector"])
async def test_rows_and_sums_are_those_of_the_api(
    visit: OpenVisit, county: County, role: str
) -> None:
    person = await visit(role, "projects")
    answer = await county.read(LIST, role, totals=True, limit=200)
    units = await county.read("/registry/v1/units", role, limit=200)
    names = {unit["unit_id"]: unit["name"] for unit in units["items"]}
    totals = answer["totals"]
    await expect_count(person.page, totals["count"])
    sums = person.page.locator(".sums-line")
    await expect(sums).to_contain_text(f"总投资 {amount(totals['total_investment_yuan'])}")
    await expect(sums).to_contain_text(f"合同金额 {amount(totals['contract_yuan'])}")
    await expect(table(person.page)).to_have_attribute("aria-rowcount", str(totals["count"] + 1))
    for index, project in enumerate(answer["items"][:9]):
        row = table(person.page).locator(f"[aria-rowindex='{index + 2}']")
        cells = row.get_by_role("cell")
        await expect(cells.nth(0)).to_have_text(project["name"])
        await expect(cells.nth(2)).to_have_text(names[project["unit_id"]])
        await expect(cells.nth(6)).to_have_text(amount(project["total_investment_yuan"]))


async def test_lights_are_those_of_the_latest_run(office: Visit, county: County) -> None:
    await office.go("projects")
    run = (await county.read("/scoring/v1/runs", order="latest", limit=1))["items"][0]
    lights = await county.read(f"/scoring/v1/runs/{run['id']}/lights", limit=200)
    words = {"green": "绿灯", "yellow": "黄灯", "red": "红灯", "paused": "停工", "none": "不亮灯"}
    by_project = {light["project_id"]: words[light["overall"]] for light in lights["items"]}
    for index, project in enumerate((await county.read(LIST, limit=12))["items"]):
        row = table(office.page).locator(f"[aria-rowindex='{index + 2}']")
        word = by_project.get(project["project_id"], "—")
        await expect(row.get_by_role("cell").nth(1)).to_have_text(word)


async def test_a_view_is_an_address_that_filters_searches_and_orders(
    office: Visit, county: County
) -> None:
    page = office.page
    await office.go("projects")
    found = await county.read(LIST, search="yxxy", totals=True, limit=200)
    await page.get_by_label("查找").press_sequentially("yxxy")
    await expect_count(page, found["totals"]["count"])
    assert page.url.endswith("#/projects?search=yxxy")
    await page.get_by_role("button", name="清除 1 项条件").click()

    asked = {"unit_id": "U06", "nature": "new", "order": "total_investment"}
    answer = await county.read(LIST, totals=True, limit=200, **asked)
    filters = page.get_by_role("search")
    await filters.get_by_label("责任单位").select_option("U06")
    await filters.get_by_label("性质").select_option("new")
    await page.get_by_role("button", name="总投资").click()
    await expect_count(page, answer["totals"]["count"])
    assert await shown(page) == [project["name"] for project in answer["items"]]
    header = table(page).get_by_role("columnheader", name="总投资")
    await expect(header).to_have_attribute("aria-sort", "descending")
    address = page.url.partition("#/")[2]
    assert set(address.partition("?")[2].split("&")) == {
        "unit=U06",
        "nature=new",
        "order=total_investment",
    }
    await office.go("today")
    await office.go(address)
    await expect_count(page, answer["totals"]["count"])


async def test_what_nothing_meets_says_what_to_do_next(office: Visit) -> None:
    await office.go("projects?search=没有这样的项目")
    await expect(office.page.get_by_role("heading", name="没有符合条件的项目")).to_be_visible()
    await office.page.get_by_role("button", name="清除全部条件").click()
    await expect(table(office.page)).to_be_visible()


async def test_views_and_columns_are_kept_on_the_device(office: Visit) -> None:
    page = office.page
    await office.go("projects?overdue=true&level=province")
    await page.get_by_text("选列", exact=True).click()
    await page.get_by_label("项目代码").check()
    await page.keyboard.press("Escape")
    await expect(table(page).get_by_role("columnheader", name="项目代码")).to_be_visible()
    await page.get_by_role("button", name="存为视图").click()
    await page.get_by_label("视图名称").fill("省级逾期")
    await page.keyboard.press("Enter")
    await page.reload()
    await page.get_by_role("link", name="全部项目").click()
    await page.get_by_role("link", name="省级逾期").click()
    await expect(page).to_have_url(re.compile("overdue=true"))
    await expect(table(page).get_by_role("columnheader", name="项目代码")).to_be_visible()
    await page.get_by_role("button", name="删除视图「省级逾期」").click()
    await expect(page.get_by_role("link", name="省级逾期")).to_have_count(0)


async def test_the_list_is_walked_by_keyboard_and_stays_where_it_was(
    office: Visit, county: County
) -> None:
    page = office.page
    await office.go("projects")
    projects = (await county.read(LIST, limit=200))["items"]
    focused = "document.activeElement.textContent"
    await table(page).get_by_role("link").first.focus()
    for _ in range(40):
        await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("link", name=projects[40]["name"], exact=True)).to_be_focused()
    await page.keyboard.press("End")
    assert await page.evaluate(focused) == projects[-1]["name"]
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text(projects[-2]["name"])
    await page.go_back()
    await expect(page.get_by_role("link", name=projects[-2]["name"], exact=True)).to_be_focused()
    await expect(page.get_by_role("link", name=projects[-2]["name"])).to_be_in_viewport()


async def test_on_a_phone_projects_are_cards(visit: OpenVisit, county: County) -> None:
    phone = await visit("office", "projects", size=PHONE)
    project: dict[str, Any] = (await county.read(LIST, limit=1))["items"][0]
    card = phone.page.locator("[aria-rowindex='2']")
    await expect(card).to_contain_text(project["name"])
    await expect(card).to_contain_text(amount(project["total_investment_yuan"]))
    await phone.page.get_by_role("button", name="条件").click()
    await phone.page.get_by_role("search").get_by_label("性质").select_option("continuing")
    answer = await county.read(LIST, nature="continuing", totals=True, limit=1)
    await expect_count(phone.page, answer["totals"]["count"])
    wider = await phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0


async def test_who_may_not_see_projects_is_told_so(visit: OpenVisit) -> None:
    viewer = await visit("viewer", "projects")
    await expect(viewer.page.get_by_role("heading", name="这一页不对您开放")).to_be_visible()


async def test_the_ledger_is_exported_by_who_may(visit: OpenVisit) -> None:
    office, leader = await visit("office", "projects"), await visit("leader", "projects")
    async with office.page.expect_download() as download:
        await office.page.get_by_role("button", name="导出台账").click()
    assert (await download.value).suggested_filename == "重点项目台账.xlsx"
    await expect(leader.page.get_by_role("button", name="导出台账")).to_have_count(0)
