"""A new user finds why a unit is fifth: by clicks, by keys, down to a project."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.board.browser import Visit
from tests.board.conftest import OpenVisit
from tests.board.county import County
from tests.board.test_ranking import RUNS, UNKNOWN, cells, ranking, run, table

__all__ = ["ranking", "run"]  # fixtures


@pytest.fixture
def fifth(ranking: Any) -> Any:
    group = max(ranking["groups"], key=lambda each: len(each["units"]))
    return next(unit for unit in group["units"] if unit["rank"] == 5)


@pytest.fixture
async def standing(county: County, run: int, fifth: Any) -> Any:
    return await county.read(f"{RUNS}/{run}/units/{fifth['unit_id']}/standing")


async def test_by_two_clicks_down_to_the_projects(
    visit: OpenVisit, county: County, run: int, fifth: Any, standing: Any
) -> None:
    office = await visit("office", "ranking")
    await office.page.get_by_role("link", name=fifth["name"], exact=True).click()
    why = office.page.locator("section.why")
    await expect(why.get_by_role("heading")).to_have_text("为什么是第5名")
    assert await why.locator("li").all_inner_texts() == standing["zh"]

    metric = max(standing["metrics"], key=lambda each: float(each["behind"] or 0))
    await office.page.get_by_role("link", name=metric["zh"], exact=True).click()
    explained = await county.read(f"{RUNS}/{run}/units/{fifth['unit_id']}", metric=metric["id"])
    figure = explained["metrics"][metric["id"]]
    await expect(table(office, "计入的项目")).to_be_visible()
    counted = await cells(table(office, "计入的项目").locator("tbody tr"))
    assert [row[0] for row in counted] == [each["name"] for each in figure["projects"]]
    for row, each in zip(counted, figure["projects"], strict=True):
        assert row[-1] == each["text"]
    left_out = await cells(table(office, "没有计入的项目").locator("tbody tr"))
    assert left_out == [[each["name"], each["reason"]] for each in figure["left_out"]]

    project = figure["projects"][0]
    await office.page.get_by_role("link", name=project["name"], exact=True).click()
    await expect(office.page).to_have_url(f"{county.address}/#/projects/{project['project_id']}")


async def test_by_keys_alone(visit: OpenVisit, fifth: Any, standing: Any) -> None:
    office = await visit("office", "ranking")
    link = office.page.get_by_role("link", name=fifth["name"], exact=True)
    await press_until(office, "Tab", link)
    await office.page.keyboard.press("Enter")
    await expect(office.page.locator("section.why li").first).to_have_text(standing["zh"][0])
    metric = office.page.get_by_role("link", name=standing["metrics"][0]["zh"], exact=True)
    await press_until(office, "Tab", metric)
    await office.page.keyboard.press("Enter")
    await expect(table(office, "计入的项目")).to_be_visible()


async def test_every_figure_is_the_apis(
    visit: OpenVisit, run: int, fifth: Any, standing: Any
) -> None:
    viewer = await visit("viewer", f"ranking?run={run}&unit={fifth['unit_id']}")
    rows = await cells(viewer.page.locator(".figure-table tbody tr:not(.pillar-row)"))
    for row, metric in zip(rows, standing["metrics"], strict=True):
        assert row[0] == metric["zh"]
        assert row[1].split() == [each for each in (metric["text"], metric["terms"]) if each]
        if metric["points"] is None:
            assert row[2:5] == ["不适用", UNKNOWN, UNKNOWN]
            continue
        assert row[2].split("/")[0] == metric["points"]
        assert row[3:5] == [metric["lost"], str(metric["rank"])]
        behind = metric["behind"]
        if behind is not None:
            assert row[6].lstrip("多少相同") in (behind.lstrip("-"), "")
            assert row[6].startswith("多") == behind.startswith("-")


async def test_the_greatest_gap_comes_first_where_asked(
    visit: OpenVisit, run: int, fifth: Any, standing: Any
) -> None:
    viewer = await visit("viewer", f"ranking?run={run}&unit={fifth['unit_id']}")
    await viewer.page.get_by_role("button", name="比上一名").click()
    first = viewer.page.locator(".figure-table tbody tr th a").first
    worst = max(standing["metrics"], key=lambda each: float(each["behind"] or -100))
    await expect(first).to_have_text(worst["zh"])
    assert "by=behind" in viewer.page.url


async def press_until(visit: Visit, key: str, wanted: Locator) -> None:
    """Press a key until something has the focus."""
    await expect(wanted).to_be_visible()
    for _ in range(200):
        await visit.page.keyboard.press(key)
        if await wanted.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"{wanted} is not reached by {key}")
