"""Today: what waits for each role, with the numbers of the API, and each opens its page."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from shared.http.tokens import Issuer
from tests.board.browser import PHONE, Visit, open_visit
from tests.board.conftest import OpenVisit
from tests.board.county import UNIT_ID, County, run_county

PROJECT_READERS = ["office", "unit", "leader", "field", "inspector"]


def panel(visit: Visit, name: str) -> Locator:
    return visit.page.locator(".today-panel").filter(
        has=visit.page.get_by_role("heading", name=re.compile(f"^{name}"))
    )


async def figures_of(place: Locator) -> dict[str, str]:
    """The numbers of a panel by their names."""
    links = await place.locator(".today-figures a").all_inner_texts()
    pairs = [re.sub(r"\s+", " ", text).strip().split(" ", 1) for text in links]
    return {name: number for number, name in pairs}


async def latest_run(county: County, role: str) -> dict[str, Any]:
    (run,) = (await county.read("/scoring/v1/runs", role, order="latest", limit=1))["items"]
    found: dict[str, Any] = run
    return found


@pytest.mark.parametrize("role", PROJECT_READERS)
async def test_numbers_are_those_of_the_api(role: str, visit: OpenVisit, county: County) -> None:
    person = await visit(role)
    letters = (await county.read("/notifier/v1/letters", role, totals=True))["totals"]
    overdue = (await county.read("/registry/v1/projects", role, totals=True, overdue=True))[
        "totals"
    ]
    projects = (await county.read("/registry/v1/projects", role, totals=True))["totals"]
    run = await latest_run(county, role)
    wall = await county.read(f"/scoring/v1/runs/{run['id']}/wall", role)

    issued = "待确认" if role == "unit" else "已发出、未确认"
    assert await figures_of(panel(person, "函件")) == {
        issued: str(letters["states"]["issued"]),
        "已确认、未办结": str(letters["states"]["acknowledged"]),
        "逾期未办结": str(letters["overdue"]),
    }
    assert await figures_of(panel(person, "项目")) == {
        "节点逾期的项目": str(overdue["count"]),
        "全部项目": str(projects["count"]),
    }
    words = {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "paused": "停工", "none": "不亮灯"}
    assert await figures_of(panel(person, "红黄绿灯")) == {
        words[colour]: str(count) for colour, count in wall["totals"]["overall"].items()
    }
    reds = [tile["project_name"] for tile in wall["projects"] if tile["overall"] == "red"]
    assert (
        await panel(person, "红黄绿灯").locator("li > a[href*=projects]").all_inner_texts()
        == (reds[:5])
    )


@pytest.mark.parametrize("role", ["leader", "unit"])
async def test_investment_is_told_against_the_plan(
    role: str, visit: OpenVisit, county: County
) -> None:
    person = await visit(role)
    day = (await latest_run(county, role))["as_of"]
    portfolio = await county.read("/scoring/v1/portfolio", role, as_of=day, by="level")
    total = portfolio["total"]
    place = panel(person, "投资完成")
    exact = [f"{total[name]:,} 元" for name in ("planned_yuan", "invested_of_plan_yuan")]
    amounts = await place.locator(".today-plan .amount").evaluate_all(
        "all => all.map(each => each.title)"
    )
    assert amounts == exact
    share = Decimal(total["share_of_plan"]) * 100
    await expect(place.locator(".today-plan b")).to_have_text(f"{share:.2f}%")
    assert await figures_of(place) == {
        "项": str(total["projects"]),
        "项新建、续建": str(total["in_campaign"]),
        "项已开（复）工": str(total["working"]),
    }
    assert await place.locator("tbody th").all_inner_texts() == [
        line["name"] for line in portfolio["lines"]
    ]
    assert await person.axe_violations() == []
    await place.locator("tbody a").first.click()
    await person.settle()
    count = str(portfolio["lines"][0]["projects"])
    await expect(person.page.locator(".sums-line")).to_contain_text(f"共 {count} 项")


async def test_an_import_that_was_mended_waits_no_more(visit: OpenVisit, county: County) -> None:
    office = await visit("office", "account")
    page = await county.read("/registry/v1/imports", order="latest", totals=True, limit=20)
    said = [("new.xlsx", "checked", 0), ("ledger.xlsx", "applied", 0), ("a.xlsx", "refused", 3)]
    old = [("ledger.xlsx", "checked", 0), ("waits.xlsx", "checked", 0)]
    items = [
        page["items"][0] | {"id": 9 - place, "name": name, "state": state, "errors": errors}
        for place, (name, state, errors) in enumerate([*said, *old])
    ]
    await office.page.route(
        "**/registry/v1/imports?*", lambda route: route.fulfill(json=page | {"items": items})
    )
    await office.go("today")
    names = await panel(office, "导入").locator(".today-list a").all_inner_texts()
    assert names == ["new.xlsx", "waits.xlsx"]


async def test_a_unit_finds_its_rank_and_its_letters(visit: OpenVisit, county: County) -> None:
    unit = await visit("unit", size=PHONE)
    run = await latest_run(county, "unit")
    ranking = await county.read(f"/scoring/v1/runs/{run['id']}/ranking", "unit")
    group, own = next(
        (group, one)
        for group in ranking["groups"]
        for one in group["units"]
        if one["unit_id"] == UNIT_ID
    )
    among = f"{own['name']} 在{group['group']}{group['ranked']}个单位中"
    said = f"{among} 第{own['rank']}名，{own['total']}分"
    await expect(unit.page.locator(".today-own")).to_have_text(said)
    for place, each in zip(
        await panel(unit, "大比拼").locator(".today-groups section").all(),
        ranking["groups"],
        strict=True,
    ):
        names = await place.locator("li > a").all_inner_texts()
        assert names == [one["name"] for one in each["units"][:3]]

    asked = {"state": "issued", "order": "due", "limit": 5}
    waiting = (await county.read("/notifier/v1/letters", "unit", **asked))["items"]
    links = panel(unit, "函件").locator(".today-list a")
    assert await links.all_inner_texts() == [letter["title"] for letter in waiting] != []
    assert await unit.axe_violations() == []
    await links.first.focus()
    await unit.page.keyboard.press("Enter")
    await expect(unit.page).to_have_url(re.compile(f"#/letters/{waiting[0]['id']}$"))


@pytest.mark.parametrize(
    ("panel_name", "figure", "view"),
    [
        ("函件", "逾期未办结", "letters?state=overdue"),
        ("项目", "节点逾期的项目", "projects?overdue=true"),
        ("红黄绿灯", "红灯", "wall?run="),
    ],
)
async def test_a_number_opens_what_it_counts(
    panel_name: str, figure: str, view: str, visit: OpenVisit
) -> None:
    office = await visit("office")
    place = panel(office, panel_name)
    count = (await figures_of(place))[figure]
    await place.locator(".today-figures a").filter(has_text=figure).click()
    await office.settle()
    assert view in office.page.url
    assert count in await office.page.locator("main").inner_text()


async def test_who_reads_what_is_published_sees_ranks_and_nothing_else(
    visit: OpenVisit, county: County
) -> None:
    viewer = await visit("viewer")
    ranking = await county.read(
        f"/scoring/v1/runs/{(await latest_run(county, 'viewer'))['id']}/ranking"
    )
    names = await panel(viewer, "大比拼").locator(".today-groups li > a").all_inner_texts()
    assert names == [one["name"] for group in ranking["groups"] for one in group["units"][:3]]
    await expect(viewer.page.locator(".today-panel")).to_have_count(1)
    approval = await visit("approval")
    await approval.page.get_by_role("heading", name="这个账号供审批系统使用").wait_for()


async def test_an_empty_office_is_told_what_to_do_first(
    browser: Browser, server: str, issuer: Issuer
) -> None:
    async def furnish(_: County) -> None:
        """Leave it as it begins."""

    async with (
        run_county(server, issuer, "board_empty", furnish) as county,
        open_visit(browser, county, "office") as office,
    ):
        steps = office.page.locator(".today-steps li")
        await expect(steps).to_have_count(3)
        for step in await steps.all():
            await expect(step.locator(".step-state")).to_have_text("待办")
        assert await office.axe_violations() == []
        await office.go("wall")
        await office.page.get_by_role("heading", name="还没有计分，挂图上没有项目").wait_for()
        assert await office.axe_violations() == []
        await office.page.locator("main").get_by_role("link", name="导入台账").click()
        await expect(office.page).to_have_url(re.compile("#/import$"))
