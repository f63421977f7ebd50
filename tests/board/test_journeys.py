"""Journeys from page to page: with a thumb, with keys alone, with a screen reader."""

import re

from playwright.async_api import expect

from services.cli.server.demo import SCORED_DAYS
from tests.board.browser import PHONE, Visit, keep
from tests.board.conftest import OpenVisit
from tests.board.county import County

MOST_TABS = 200
MOMENT = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日 \d{2}:\d{2}")
FOCUSED = """() => {
    const it = document.activeElement;
    return it.getAttribute("aria-label") ?? it.innerText ?? "";
}"""


async def tab_to(visit: Visit, name: str) -> None:
    """Go on with the Tab key, as far as to what has this name."""
    for _ in range(MOST_TABS):
        await visit.page.keyboard.press("Tab")
        if (await visit.page.evaluate(FOCUSED)).strip() == name:
            return
    raise AssertionError(f"{name}: not reached by Tab")


async def follow(visit: Visit, name: str) -> None:
    await tab_to(visit, name)
    await visit.page.keyboard.press("Enter")
    await visit.settle()


async def test_by_keys_alone_from_today_to_the_project_that_costs_a_rank(
    visit: OpenVisit, county: County
) -> None:
    runs = await county.read("/scoring/v1/runs", published=True, order="latest")
    run = f"/scoring/v1/runs/{runs['items'][0]['id']}"
    group = max((await county.read(f"{run}/ranking"))["groups"], key=lambda g: len(g["units"]))
    fifth = next(unit for unit in group["units"] if unit["rank"] == 5)
    standing = await county.read(f"{run}/units/{fifth['unit_id']}/standing")
    metric = max(standing["metrics"], key=lambda each: float(each["behind"] or 0))

    office = await visit("office")
    await office.page.keyboard.press("Tab")
    assert await office.page.evaluate(FOCUSED) == "跳到正文"
    await follow(office, "大比拼")
    assert await office.page.evaluate("document.activeElement.id") == "main"
    await follow(office, fifth["name"])
    await expect(office.page.get_by_role("heading", name="为什么是第5名")).to_be_visible()
    await follow(office, metric["zh"])
    link = office.page.locator("main a[href^='#/projects/']").first
    name = (await link.inner_text()).strip()
    await follow(office, name)
    await expect(office.page.locator("h1")).to_contain_text(name)
    assert await office.axe_violations() == []


async def test_on_a_phone_from_the_wall_to_a_red_project(visit: OpenVisit, county: County) -> None:
    runs = await county.read("/scoring/v1/runs", order="latest")
    run = runs["items"][0]
    assert run["as_of"] == SCORED_DAYS[-1].isoformat()
    lights = await county.read(f"/scoring/v1/runs/{run['id']}/lights", limit=200)
    red = {each["project_id"] for each in lights["items"] if each["overall"] == "red"}

    office = await visit("office", "wall", size=PHONE)
    await office.page.get_by_role("button", name=f"红灯 {len(red)}").tap()
    tiles = office.page.locator("a[data-project]")
    await expect(tiles).to_have_count(len(red))
    shown = await tiles.evaluate_all("all => all.map(each => each.dataset.project)")
    assert {*shown} == red
    name = (await tiles.first.locator(".tile-name").inner_text()).strip()
    await tiles.first.tap()
    await office.settle()
    await expect(office.page.locator("h1")).to_contain_text(name.rstrip("：: "))
    await office.page.go_back()
    await office.settle()
    await expect(tiles).to_have_count(len(red))  # where one was, and as one had narrowed it
    assert await office.axe_violations() == []


async def test_what_a_screen_reader_is_told_of_the_wall(visit: OpenVisit) -> None:
    office = await visit("office", "wall")
    keep("wall.txt", MOMENT.sub("……", await office.accessibility_tree()))
