"""The ranking: every figure is the API's, and why a unit has its rank is found at once."""

from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from tests.board.browser import PHONE, Visit
from tests.board.conftest import OpenVisit
from tests.board.county import UNIT_ID, County

UNKNOWN = "—"
RUNS = "/scoring/v1/runs"


@pytest.fixture
async def run(county: County) -> int:
    """The run that was published, which everybody may read."""
    runs = await county.read(RUNS, published=True, order="latest")
    return int(runs["items"][0]["id"])


@pytest.fixture
async def ranking(county: County, run: int) -> Any:
    return await county.read(f"{RUNS}/{run}/ranking")


async def cells(rows: Locator) -> list[list[str]]:
    """The texts of the cells of rows."""
    found: list[list[str]] = await rows.evaluate_all(
        "all => all.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def table(visit: Visit, name: str) -> Locator:
    return visit.page.get_by_role("region", name=name, exact=True)


@pytest.mark.parametrize("role", ["office", "viewer"])
async def test_ranks_totals_and_points_are_the_apis(
    visit: OpenVisit, county: County, run: int, ranking: Any, role: str
) -> None:
    person = await visit(role, f"ranking?run={run}&since=none")

    assert await county.read(f"{RUNS}/{run}/ranking", role) == ranking
    for group in ranking["groups"]:
        rows = table(person, f"{group['group']}排名").locator("tbody tr")
        await expect(rows).to_have_count(len(group["units"]))
        for unit, row in zip(group["units"], await cells(rows), strict=True):
            assert row[0] == str(unit["rank"] or UNKNOWN)
            assert row[1] == unit["name"]
            assert row[2] == (unit["total"] or UNKNOWN)
            for pillar, cell in zip(group["pillars"], row[3:], strict=False):
                figure = unit["pillars"][pillar["id"]]
                points, *place = cell.split()
                assert points == (figure["points"] or UNKNOWN)
                assert place == ([f"第{figure['rank']}"] if figure["rank"] else [])


async def test_an_opened_pillar_shows_its_items(visit: OpenVisit, run: int, ranking: Any) -> None:
    group = ranking["groups"][0]
    viewer = await visit("viewer", f"ranking?run={run}&since=none&group={group['group']}")
    pillar = group["pillars"][0]
    button = viewer.page.get_by_role("button", name=f"各项 {pillar['zh']}")
    await button.click()

    assert f"open={pillar['id']}" in viewer.page.url
    items = [metric for metric in group["metrics"] if metric["pillar"] == pillar["id"]]
    rows = await cells(table(viewer, f"{group['group']}排名").locator("tbody tr"))
    for unit, row in zip(group["units"], rows, strict=True):
        for metric, cell in zip(items, row[4:], strict=False):
            figure = unit["metrics"][metric["id"]]
            assert cell.startswith(figure["text"])
            if figure["points"]:
                assert f"{figure['points']}分 · 第{figure['rank']}" in cell


async def test_movement_is_the_apis(visit: OpenVisit, county: County, run: int) -> None:
    office = await visit("office", f"ranking?run={run}&tab=compare")
    runs = (await county.read(RUNS, order="latest"))["items"]
    before = next(each["id"] for each in runs if each["id"] < run)
    movement = await county.read(f"{RUNS}/{run}/movement", since=before)
    moved = {unit["name"]: unit for unit in movement["units"]}

    assert any(unit["ranks_gained"] for unit in moved.values())
    rows = await cells(office.page.locator("section:has(caption) tbody tr"))
    assert {row[1] for row in rows} >= {*moved}
    for row in rows:
        if unit := moved.get(row[1]):
            assert row[2] == unit["move"]
            assert row[4] == unit["total_change"]
            assert row[5] == unit["causes"]
        else:
            assert (row[2], row[4]) == ("名次未变", "未变")


async def test_a_unit_sees_its_own_projects_and_no_others(
    visit: OpenVisit, run: int, ranking: Any
) -> None:
    metric = "&pillar=speed&metric=start_rate"
    own = await visit("unit", f"ranking?run={run}&unit={UNIT_ID}{metric}")
    await expect(table(own, "计入的项目")).to_be_visible()
    other = next(
        unit["unit_id"]
        for group in ranking["groups"]
        for unit in group["units"]
        if unit["rank"] and unit["unit_id"] != UNIT_ID
    )
    await own.go(f"ranking?run={run}&unit={other}{metric}")
    await expect(own.page.get_by_text("计入了哪些项目，只对本单位")).to_be_visible()
    await expect(table(own, "计入的项目")).to_have_count(0)


async def test_who_may_not_does_not_find_the_buttons(visit: OpenVisit, run: int) -> None:
    for role in ("unit", "leader", "inspector", "viewer"):
        person = await visit(role, f"ranking?run={run}")
        await expect(person.page.get_by_role("button", name="计分…")).to_have_count(0)
        tried = person.page.get_by_role("link", name="调权重试算")
        await expect(tried).to_have_count(1 if role == "inspector" else 0)


async def test_other_weights_are_tried_and_nothing_is_kept(
    visit: OpenVisit, county: County, run: int
) -> None:
    before = await county.read(RUNS)
    office = await visit("office", f"ranking?run={run}&tab=weights")
    field = office.page.get_by_role("spinbutton", name="比速度的权重")
    await field.fill("60")
    await field.press("Enter")
    await expect(office.page.get_by_role("heading", name="试算前后")).to_be_visible()
    await office.settle()

    change = {"path": "pillars.speed.weight", "value": "60"}
    async with county.client("office") as client:
        asked = {"run_id": run, "changes": {"scheme": [change], "facts": []}}
        answer = (await client.post("/scoring/v1/what-if", json=asked)).raise_for_status().json()
    moved = {unit["unit_id"]: unit for unit in answer["movement"]["units"]}
    for group, was in zip(answer["after"], answer["before"], strict=True):
        old = {unit["unit_id"]: unit for unit in was["units"]}
        rows = await cells(table(office, f"{group['group']}试算前后").locator("tbody tr"))
        assert rows == [
            [
                str(old[unit["unit_id"]]["rank"] or UNKNOWN),
                str(unit["rank"] or UNKNOWN),
                unit["name"],
                moved[unit["unit_id"]]["move"] if unit["unit_id"] in moved else "名次未变",
                old[unit["unit_id"]]["total"] or UNKNOWN,
                unit["total"] or UNKNOWN,
            ]
            for unit in group["units"]
        ]
    assert await county.read(RUNS) == before


async def test_a_key_held_down_asks_for_one_trial(visit: OpenVisit, run: int) -> None:
    office = await visit("office", f"ranking?run={run}&tab=weights", expected=["429"])
    asked: list[Any] = []

    async def answer(route: Route) -> None:
        asked.append(route.request.post_data_json)
        if len(asked) == 1:
            headers = {"content-type": "application/problem+json", "retry-after": "1"}
            await route.fulfill(status=429, headers=headers, body="{}")
        else:
            await route.continue_()

    await office.page.route("**/scoring/v1/what-if", answer)
    slider = office.page.get_by_role("slider", name="比速度的权重（拖动）")
    weight = int(await slider.input_value())
    for _ in range(12):
        await slider.press("ArrowRight")
    await expect(office.page.get_by_role("heading", name="试算前后")).to_be_visible()
    await office.settle()
    change = {"path": "pillars.speed.weight", "value": str(weight + 12)}
    assert [each["changes"]["scheme"] for each in asked] == [[change]] * 2
    await expect(office.page.get_by_role("alert")).to_have_count(0)


async def test_a_trial_of_other_weights_is_shown_as_old(visit: OpenVisit, run: int) -> None:
    tried = f"ranking?run={run}&tab=weights&weights=pillars.speed.weight:60"
    office = await visit("office", tried, expected=["500"])
    await expect(office.page.locator(".outdated")).to_have_count(0)
    await office.page.route("**/scoring/v1/what-if", lambda route: route.fulfill(status=500))
    field = office.page.get_by_role("spinbutton", name="比速度的权重")
    await field.fill("61")
    await field.press("Enter")
    await expect(office.page.locator(".outdated")).to_contain_text("下面是改动之前的试算")
    await expect(office.page.get_by_role("alert")).to_be_visible()


async def test_who_opens_a_unit_by_keyboard_goes_on_from_it(visit: OpenVisit, run: int) -> None:
    office = await visit("office", f"ranking?run={run}")
    await office.page.locator(".rank-table th.unit a").first.press("Enter")
    await expect(office.page.locator(".unit-view")).to_be_visible()
    await expect(office.page.locator("main")).to_be_focused()


async def test_heads_of_columns_are_text_on_paper(visit: OpenVisit, run: int) -> None:
    office = await visit("office", f"ranking?run={run}")
    heads = office.page.locator(".rank-table thead").first
    await office.page.emulate_media(media="print")
    await expect(heads.get_by_role("button")).to_have_count(0)
    names = [text.strip() for text in await heads.locator("th").all_inner_texts()]
    assert names[0] == "名次"
    assert all(names)


async def test_what_would_move_a_unit_up_is_the_apis(
    visit: OpenVisit, county: County, run: int
) -> None:
    sensitivity = await county.read(f"{RUNS}/{run}/sensitivity")
    unit = next(u for u in sensitivity["units"] if any(k["least"] for k in u["kinds"]))
    office = await visit("office", f"ranking?run={run}&unit={unit['unit_id']}")
    await office.page.get_by_role("button", name="试算最少要动什么").click()
    kinds = office.page.locator(".raise .kinds li")
    found = [kind for kind in unit["kinds"] if kind["least"] is not None]
    await expect(kinds).to_have_count(len(found))
    for text, kind in zip(await kinds.all_inner_texts(), found, strict=True):
        assert text.startswith(kind["said"])
    await kinds.first.get_by_role("button", name="试算").click()
    after = table(office, f"{unit['group']}试算前后")
    row = after.locator("tr.own td").nth(1)
    await expect(row).to_have_text(str(found[0]["rank"]))


async def test_a_campaign_counts_down_and_stands_beside_its_line(
    visit: OpenVisit, county: County, run: int
) -> None:
    viewer = await visit("office", f"ranking?run={run}&tab=campaign")
    campaign = (await county.read("/scoring/v1/campaigns"))["items"][0]
    path = f"/scoring/v1/campaigns/{campaign['id']}/progress"
    (day,) = (await county.read(path, on=campaign["to_on"]))["days"]
    await expect(viewer.page.locator(".countdown")).to_contain_text("已结束")
    rows = await cells(table(viewer, "各目标").locator("tbody tr"))
    assert [row[:5] for row in rows] == [
        [
            target["unit_name"] or "全部单位合计",
            target["metric_name"],
            target["value_text"] or UNKNOWN,
            target["line_text"] or UNKNOWN,
            target["target_text"],
        ]
        for target in day["targets"]
    ]
    await viewer.page.get_by_role("button", name="看走势").first.click()
    await expect(viewer.page.get_by_role("img", name="走势")).to_be_visible()
    assert await viewer.axe_violations() == []


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
async def test_the_bulletin_is_the_apis(
    visit: OpenVisit, county: County, run: int, kind: str
) -> None:
    viewer = await visit("viewer", f"ranking?run={run}&since=none")
    async with viewer.page.expect_download() as download:
        await viewer.page.get_by_role("button", name=kind.upper()).click()
    kept = (await (await download.value).path()).read_bytes()
    async with county.client("viewer") as client:
        answer = await client.get(f"{RUNS}/{run}/bulletin.{kind}")
    assert kept == answer.raise_for_status().content


VIEWS = (
    "bars=1&open=speed",
    f"unit={UNIT_ID}",
    f"unit={UNIT_ID}&pillar=speed&metric=start_rate",
    "tab=compare",
    "tab=weights&weights=pillars.speed.weight:60",
    "tab=campaign",
)


@pytest.mark.parametrize("view", VIEWS)
async def test_it_fits_a_phone_and_is_open_to_all(visit: OpenVisit, run: int, view: str) -> None:
    phone = await visit("office", f"ranking?run={run}&{view}", size=PHONE)
    wider = await phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    assert await phone.axe_violations() == []
    assert await phone.count_rows() <= 600
