"""The wall: what hangs is what the API says, told in words, on a desk, a phone and a screen."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.board.browser import PHONE, Visit
from tests.board.conftest import OpenVisit
from tests.board.county import UNIT_ID, County

COLOURS = {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "paused": "停工", "none": "不亮灯"}
LATEST = {"order": "latest", "limit": 1}


async def wall_of(county: County, role: str = "office", **asked: Any) -> dict[str, Any]:
    (run,) = (await county.read("/scoring/v1/runs", role, **LATEST))["items"]
    found: dict[str, Any] = await county.read(f"/scoring/v1/runs/{run['id']}/wall", role, **asked)
    return found


def tiles(visit: Visit) -> Locator:
    return visit.page.locator(".tile")


async def names_of(visit: Visit) -> list[str]:
    """What a screen reader calls the tiles, without blanks."""
    tree = await visit.page.locator(".wall-groups").aria_snapshot()
    return [re.sub(r"\s", "", name) for name in re.findall(r'- link "([^"]*)"', tree)]


def name_of(tile: dict[str, Any]) -> str:
    """What a tile is called: light, project, reason."""
    said = f"：{tile['reason']}" if tile["reason"] else ""
    return re.sub(r"\s", "", f"{COLOURS[tile['overall']]}{tile['project_name']}{said}")


async def test_every_project_hangs_by_its_unit_with_the_figures_of_the_api(
    visit: OpenVisit, county: County
) -> None:
    office, wall = await visit("office", "wall"), await wall_of(county)
    by_id = {tile["project_id"]: tile for tile in wall["projects"]}

    expected = [name_of(by_id[x]) for group in wall["groups"] for x in group["project_ids"]]
    assert await names_of(office) == expected
    headings = await office.page.locator(".wall-group h2").all_inner_texts()
    assert len(headings) == len(wall["groups"])
    for heading, group in zip(headings, wall["groups"], strict=True):
        overall = group["totals"]["overall"]
        counts = [f"{word}{overall[x]}" for x, word in COLOURS.items() if overall[x]]
        said = [group["name"], f"{group['totals']['count']}项", *counts]
        assert re.sub(r"\s", "", heading) == "".join(said)
    for colour, word in COLOURS.items():
        button = office.page.locator(f".wall-colours [data-colour={colour}]")
        await expect(button).to_have_text(f"{word} {wall['totals']['overall'][colour]}")


async def test_colours_axes_and_groups_choose_and_stand_in_the_address(
    visit: OpenVisit, county: County
) -> None:
    office, wall = await visit("office", "wall"), await wall_of(county, by="sector")
    await office.page.locator(".wall-colours [data-colour=red]").click()
    await expect(tiles(office)).to_have_count(wall["totals"]["overall"]["red"])
    await office.page.get_by_role("button", name="进度").click()
    await expect(tiles(office)).to_have_count(wall["totals"]["count"])
    await office.page.locator(".wall-colours [data-colour=red]").click()
    reds = wall["totals"]["axes"]["progress"]["red"]
    await expect(tiles(office)).to_have_count(reds)
    await office.page.get_by_label("分组").select_option("sector")
    groups = [x for x in wall["groups"] if x["totals"]["axes"]["progress"]["red"]]
    await expect(office.page.locator(".wall-group")).to_have_count(len(groups))
    await office.page.get_by_label("只看行业").select_option(groups[0]["id"])
    own = groups[0]["totals"]["axes"]["progress"]["red"]
    await expect(tiles(office)).to_have_count(own)

    address = await office.page.evaluate("location.hash.slice(2)")
    again = await visit("office", address)
    await expect(tiles(again)).to_have_count(own)
    by_id = {tile["project_id"]: tile for tile in wall["projects"]}
    chosen = [by_id[id] for id in groups[0]["project_ids"]]
    reasons = [x["details"]["progress"]["text"] for x in chosen if x["axes"]["progress"] == "red"]
    assert all(reasons)
    shown = again.page.locator(".tile-reason")
    assert sorted(await shown.all_text_contents()) == sorted(reasons)


async def test_a_tile_tells_why_and_opens_its_project_by_keyboard(
    visit: OpenVisit, county: County
) -> None:
    office, wall = await visit("office", "wall"), await wall_of(county)
    tile = next(x for x in wall["projects"] if x["axes"].get("pooling") == "red")
    why = office.page.get_by_role("tooltip")
    link = office.page.locator(f"[data-project={tile['project_id']}]")

    await expect(why).to_be_hidden()
    await link.focus()
    await expect(why).to_contain_text(f"入库 红灯，{tile['details']['pooling']['text']}")
    rule = next(axis["red"] for axis in wall["axes"] if axis["id"] == "pooling")
    await expect(why).to_contain_text(f"条件：{rule}")
    await office.page.keyboard.press("Escape")
    await expect(why).to_be_hidden()
    await link.hover()
    await expect(why).to_be_visible()
    await office.page.keyboard.press("Enter")
    await expect(office.page).to_have_url(re.compile(f"#/projects/{tile['project_id']}"))


async def test_the_table_has_the_same_projects_and_figures(
    visit: OpenVisit, county: County
) -> None:
    office, wall = await visit("office", "wall?as=table"), await wall_of(county)
    by_id = {tile["project_id"]: tile for tile in wall["projects"]}
    rows = office.page.locator("tr[data-project]")
    await expect(rows).to_have_count(wall["totals"]["count"])
    cells = await rows.evaluate_all(
        "all => all.map(row => [row.dataset.project, ...[...row.cells].map(c => c.innerText)])"
    )
    for project_id, light, name, *figures in cells:
        tile = by_id[project_id]
        assert light.strip() == COLOURS[tile["overall"]]
        assert name == tile["project_name"]
        for axis, figure in zip(wall["axes"], figures, strict=False):
            detail = tile["details"].get(axis["id"])
            said = detail and f"{COLOURS[tile['axes'][axis['id']]]} {detail['text']}"
            assert " ".join(figure.split()) == (said or "—")
        assert figures[-2] == (tile["lead"] or "—")
    assert await office.axe_violations() == []


async def test_a_screen_that_hangs_turns_its_pages_and_can_be_stopped(
    visit: OpenVisit, county: County
) -> None:
    office, wall = await visit("office", "wall?screen=1&every=10"), await wall_of(county)
    page = office.page
    await expect(page.locator(".app-header")).to_be_hidden()
    seen: list[str] = []
    number = page.locator(".page-turner span")
    last = int((re.findall(r"\d+", await number.inner_text()))[1])
    for place in range(1, last + 1):
        await expect(number).to_have_text(f"第 {place} 页，共 {last} 页")
        seen += await names_of(office)
        over = "all => Math.max(...all.map(x => x.getBoundingClientRect().bottom)) - innerHeight"
        assert await tiles(office).evaluate_all(over) <= 0
        await page.keyboard.press("ArrowRight")
    assert sorted(seen) == sorted(map(name_of, wall["projects"]))

    # Little motion is wished for here, so that nothing turns until it is asked for.
    await expect(number).to_have_text(f"第 1 页，共 {last} 页")
    await page.clock.install()
    await page.get_by_role("button", name="▶ 翻页").click()
    await expect(page.get_by_role("button", name="❚❚ 暂停")).to_be_visible()
    await page.clock.run_for(10_000)
    await expect(number).to_have_text(f"第 2 页，共 {last} 页")
    await tiles(office).first.focus()
    await page.clock.run_for(60_000)
    await expect(number).to_have_text(f"第 2 页，共 {last} 页")
    await page.get_by_role("button", name="❚❚ 暂停").click()
    await page.clock.run_for(60_000)
    await expect(number).to_have_text(f"第 2 页，共 {last} 页")
    assert await office.axe_violations() == []
    await page.get_by_role("button", name="退出").click()
    await expect(page.locator(".app-header")).to_be_visible()


async def test_on_a_phone_it_is_a_list_by_unit(visit: OpenVisit, county: County) -> None:
    phone, wall = await visit("office", "wall", size=PHONE), await wall_of(county)
    await expect(tiles(phone)).to_have_count(wall["totals"]["count"])
    lefts = await tiles(phone).evaluate_all("all => all.map(x => x.getBoundingClientRect().left)")
    assert len(set(lefts)) == 1
    assert await phone.axe_violations() == []


@pytest.mark.parametrize("role", ["unit", "leader", "inspector"])
async def test_others_see_the_wall_as_far_as_it_is_theirs(
    role: str, visit: OpenVisit, county: County
) -> None:
    person, wall = await visit(role, "wall"), await wall_of(county, role)
    by_id = {tile["project_id"]: tile for tile in wall["projects"]}
    expected = [name_of(by_id[x]) for group in wall["groups"] for x in group["project_ids"]]
    assert await names_of(person) == expected != []
    if role != "inspector":
        assert {tile["unit_id"] for tile in wall["projects"]} == {UNIT_ID}
