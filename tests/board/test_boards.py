"""The office begins and publishes runs, sees which is old; boards show what a scheme declares."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from services.cli.server.demo import send_request
from shared.http.tokens import Issuer
from tests.board.browser import PHONE, Visit, open_visit
from tests.board.conftest import OpenVisit
from tests.board.county import UNIT_ID, County, run_county

RUNS = "/scoring/v1/runs"
SCHEME = """\
id: our-boards
zh: 本县红黑榜办法
source: 测试
lights: yinchuan-2025
pillars:
  - id: speed
    zh: 进度
    weight: 100
    metrics:
      - {id: investment_completion, points: {rule: proportional}}
boards:
  - id: quarter
    zh: 季度红黑榜
    metric: investment_completion
    target: 1
    places: [{red: 3, black: 3}]
streaks:
  - {id: last, zh: 连续居后, last: 3, rungs: [{id: talk, months: 2, zh: 连续两个月居后三名}]}
awards:
  - {id: start, zh: 开工奖, candidates: is_new, requires: [{zh: 已开工, text: started}]}
"""


@pytest.fixture(scope="module")
async def written(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    """A county to write to."""
    async with run_county(server, issuer, "boards") as made:
        yield made


@pytest.fixture
async def visit_written(browser: Browser, written: County) -> AsyncIterator[OpenVisit]:
    async with AsyncExitStack() as stack:

        async def open_one(role: str, view: str = "today", **how: Any) -> Visit:
            return await stack.enter_async_context(open_visit(browser, written, role, view, **how))

        yield open_one


@pytest.fixture(scope="module")
async def scheme(written: County) -> str:
    async with written.client("office") as office:
        made = await send_request(office, "POST", "/scoring/v1/schemes", json={"text": SCHEME})
    return str(made["zh"])


@pytest.fixture(scope="module")
async def run(written: County, scheme: str) -> int:
    """A published run by a scheme that declares all there is."""
    async with written.client("office") as office:
        asked = {"scheme": "our-boards", "as_of": "2022-12-25"}
        made = await send_request(office, "POST", RUNS, json=asked)
        await send_request(office, "POST", f"{RUNS}/{made['id']}/publish")
    return int(made["id"])


async def rows_of(section: Locator) -> list[list[str]]:
    found: list[list[str]] = await section.locator("tbody tr").evaluate_all(
        "all => all.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


async def test_a_run_without_boards_says_what_a_scheme_must_declare(
    visit: OpenVisit, county: County
) -> None:
    (published,) = (await county.read(RUNS, published=True))["items"]
    for role, says, leads in (
        ("office", True, True),
        ("unit", False, True),
        ("viewer", False, False),
    ):
        person = await visit(role, f"boards?run={published['id']}")
        await expect(
            person.page.get_by_role("heading", name="这一方案没有设红黑榜")
        ).to_be_visible()
        await expect(person.page.get_by_text("boards: mianyang-2022")).to_have_count(int(says))
        rules = person.page.locator("main").get_by_role("link", name="看现行方案")
        await expect(rules).to_have_count(int(leads))
        assert await person.axe_violations() == []


@pytest.mark.parametrize("role", ["office", "unit", "viewer"])
async def test_boards_streaks_and_awards_are_the_apis(
    visit_written: OpenVisit, written: County, run: int, role: str
) -> None:
    person = await visit_written(role, f"boards?run={run}")
    boards = (await written.read(f"{RUNS}/{run}/boards", role))["items"]
    assert any(board["red"] for board in boards)
    assert any(board["black"] for board in boards)

    for board, section in zip(boards, await person.page.locator(".board").all(), strict=True):
        for side in ("red", "black"):
            assert await rows_of(section.locator(f".{side}-board")) == [
                [line["unit_name"], line["value_text"], line["target_text"], line["reason"]]
                for line in board[side]
            ]
    streaks = (await written.read(f"{RUNS}/{run}/streaks", role))["items"]
    assert streaks
    region = person.page.get_by_role("region", name="连续排名")
    assert await rows_of(region) == [[s["unit_name"], s["group"], s["text"]] for s in streaks]
    if role == "viewer":
        await expect(person.page.locator(".award")).to_have_count(0)
        return
    (award,) = (await written.read(f"{RUNS}/{run}/awards", role))["items"]
    assert award["winners"]
    assert await rows_of(person.page.locator(".award")) == [
        [each["project_name"], each["unit_name"]] for each in award["winners"]
    ]


async def test_yellow_cards_are_the_letters_of_that_kind(
    visit_written: OpenVisit, written: County, run: int
) -> None:
    office = await visit_written("office", f"boards?run={run}")
    asked: dict[str, Any] = {"kind": "yellow_card", "order": "latest", "limit": 50}
    letters = (await written.read("/notifier/v1/letters", **asked))["items"]
    assert letters
    rows = await rows_of(office.page.get_by_role("region", name="黄牌"))
    assert [row[1:3] for row in rows] == [[x["unit_name"], x["project_name"]] for x in letters]


@pytest.mark.parametrize("how", [{"size": PHONE}, {"dark": True}], ids=["phone", "dark"])
async def test_it_fits_and_is_open_to_all(
    visit_written: OpenVisit, run: int, how: dict[str, Any]
) -> None:
    person = await visit_written("office", f"boards?run={run}", **how)
    wider = await person.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    assert await person.axe_violations() == []


async def test_the_office_begins_a_run_and_publishes_it(
    visit_written: OpenVisit, written: County, scheme: str
) -> None:
    office = await visit_written("office", "ranking")
    await office.page.get_by_role("button", name="计分…").click()
    dialog = office.page.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="方案").select_option(label=scheme)
    await dialog.get_by_label("截至日期").fill("2022-10-31")
    await dialog.get_by_role("button", name="计分", exact=True).click()
    await expect(office.page.locator(".run-line")).to_contain_text("截至2022年10月31日")
    (made,) = (await written.read(RUNS, scheme="our-boards", as_of_to="2022-10-31"))["items"]
    await expect(office.page).to_have_url(f"{written.address}/#/ranking?run={made['id']}")
    assert made["published_at"] is None

    await office.page.get_by_role("button", name="公布…").click()
    await dialog.get_by_role("button", name="公布", exact=True).click()
    await expect(office.page.get_by_role("button", name="公布…")).to_have_count(0)
    viewer = await visit_written("viewer", f"ranking?run={made['id']}")
    await expect(viewer.page.locator(".run-line")).to_contain_text("截至2022年10月31日")


async def test_a_run_is_told_to_be_old_and_is_scored_anew(
    visit_written: OpenVisit, written: County, run: int
) -> None:
    old = await visit_written("office", f"ranking?run={run}")
    await expect(old.page.locator(".note.stale")).to_have_count(0)
    projects = await written.read("/registry/v1/projects", unit_id=UNIT_ID)
    path = f"/registry/v1/projects/{projects['items'][0]['project_id']}/progress/2022-12-21"
    async with written.client("office") as office:
        report = {"invested_ytd_yuan": 999_990_000, "why": "补报"}
        await send_request(office, "PUT", path, json=report)

    inspector = await visit_written("inspector", f"ranking?run={run}")
    await expect(inspector.page.locator(".note.stale")).to_be_visible()
    await expect(inspector.page.get_by_role("button", name="重新计分")).to_have_count(0)
    await inspector.page.emulate_media(media="print")
    await expect(inspector.page.locator(".note.stale")).to_be_hidden()
    for view in (f"ranking?run={run}", "today", "wall"):
        ranked = await visit_written("unit", view)
        await expect(ranked.page.locator(".note.stale")).to_have_count(0)
    office_page = await visit_written("office", f"ranking?run={run}")
    await office_page.page.get_by_role("button", name="重新计分").click()
    await expect(office_page.page.locator(".note.stale")).to_have_count(0)
    later = (await written.read(RUNS, scheme="our-boards", order="latest"))["items"][0]
    assert (later["id"] > run, later["as_of"]) == (True, "2022-12-25")
    await expect(office_page.page).to_have_url(f"{written.address}/#/ranking?run={later['id']}")
    await office_page.go(f"ranking?run={run}")
    await expect(office_page.page.get_by_role("link", name="看更晚的一次")).to_be_visible()
