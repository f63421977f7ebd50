"""A ranking open for comment, objected to, published and corrected, as four people see it."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from services.cli.server.demo import send_request
from services.cli.showcase.sample.names import HOUSING
from shared import clock
from shared.http.tokens import Issuer
from tests.board.browser import PHONE, Visit
from tests.board.conftest import OpenVisit
from tests.board.county import UNIT_ID, County, run_county

DRAFT, PUBLISHED = 2, 3  # of the sample county
RUNS = "/scoring/v1/runs"
OTHER = f"unit@{HOUSING}"
METRIC = f"unit={UNIT_ID}&pillar=speed&metric=start_rate"
TEXT, REASON = "十一月有一个项目已开工，没有计入", "一个项目的投资多报一倍"
ANSWER = "开工令是十二月的，十一月不计"


@pytest.fixture
async def county(browser: Browser, server: str, issuer: Issuer) -> AsyncIterator[County]:
    """A county of its own for each test, as each writes."""
    async with run_county(server, issuer, "board_objections") as made:
        yield made


async def opened(county: County, until: date | None = None) -> None:
    """Open the draft for comment."""
    last = (until or clock.today() + timedelta(10)).isoformat()
    async with county.client("office") as office:
        path = f"{RUNS}/{DRAFT}/comment-period"
        await send_request(office, "POST", path, json={"until_on": last})


async def objected(county: County) -> Any:
    async with county.client("unit") as unit:
        body = {"unit_id": UNIT_ID, "metric": "start_rate", "text": TEXT}
        return await send_request(unit, "POST", f"{RUNS}/{DRAFT}/objections", json=body)


async def changed_fact(county: County) -> None:
    """A project of the unit has invested nothing by the day of the published run, after all."""
    async with county.client("office") as office:
        run = await send_request(office, "GET", f"{RUNS}/{PUBLISHED}")
        path = f"{RUNS}/{PUBLISHED}/units/{UNIT_ID}"
        figure = await send_request(office, "GET", path, params={"metric": "investment_completion"})
        rows = figure["metrics"]["investment_completion"]["projects"]
        project = next(row["project_id"] for row in rows if row["numerator"])
        body = {"invested_ytd_yuan": 0, "why": "按回单核减"}
        path = f"/registry/v1/projects/{project}/progress/{run['as_of']}"
        known = await office.get(path)
        headers = {"if-match": known.headers["etag"]} if known.is_success else {}
        await send_request(office, "PUT", path, json=body, headers=headers)


def button(visit: Visit, name: str) -> Locator:
    return visit.page.get_by_role("button", name=name, exact=True)


async def type_into(visit: Visit, label: str, text: str, confirm: str) -> None:
    """Fill the field of the open dialog, and send it."""
    dialog = visit.page.get_by_role("dialog")
    await dialog.get_by_label(label).fill(text)
    await dialog.get_by_role("button", name=confirm, exact=True).click()
    await expect(dialog).to_have_count(0)
    await visit.settle()


async def test_a_draft_is_opened_objected_to_and_answered(visit: OpenVisit, county: County) -> None:
    draft = f"ranking?run={DRAFT}"
    unit = await visit("unit", draft, expected=["404"])
    await expect(unit.page.get_by_text(f"没有第 {DRAFT} 次计分")).to_be_visible()

    office = await visit("office", draft)
    await expect(office.page.locator(".run-line .tag")).to_have_text("草稿")
    await button(office, "征求意见…").click()
    last = (clock.today() + timedelta(10)).isoformat()
    await type_into(office, "征求意见至（含当日）", last, "开放")
    await expect(office.page.locator(".run-line .tag")).to_contain_text("征求意见至")

    await unit.go(f"{draft}&{METRIC}")
    await unit.page.reload()
    await unit.settle()
    await expect(unit.page.get_by_role("region", name="计入的项目", exact=True)).to_be_visible()
    await button(unit, "提出异议…").first.click()
    await type_into(unit, "哪里不对，依据是什么", TEXT, "提出")
    await unit.page.get_by_role("link", name="看异议").click()
    await expect(unit.page.locator(".objection-list li")).to_contain_text(TEXT)

    await office.go(f"{draft}&tab=objections")
    item = office.page.locator(".objection-list li")
    await expect(item.get_by_role("heading")).to_contain_text("开（复）工率")
    await button(office, "答复…").click()
    await type_into(office, "理由", ANSWER, "答复")
    await expect(item).to_contain_text("维持原数")
    await expect(button(office, "答复…")).to_have_count(0)

    await unit.page.reload()
    await unit.settle()
    await expect(unit.page.locator(".objection-list li")).to_contain_text(ANSWER)
    (found,) = (await county.read(f"{RUNS}/{DRAFT}/objections"))["items"]
    assert (found["text"], found["answer"]) == (TEXT, ANSWER)
    assert (found["unit_id"], found["metric"]) == (UNIT_ID, "start_rate")


async def test_an_open_draft_shows_others_what_is_theirs(visit: OpenVisit, county: County) -> None:
    await opened(county)
    await objected(county)
    other = await visit(OTHER, f"ranking?run={DRAFT}&{METRIC}")
    await expect(other.page.get_by_text("计入了哪些项目，只对本单位")).to_be_visible()
    await expect(button(other, "提出异议…")).to_have_count(1)
    await other.go(f"ranking?run={DRAFT}&tab=objections")
    await expect(other.page.get_by_text("没有异议")).to_be_visible()
    inspector = await visit("inspector", f"ranking?run={DRAFT}&tab=objections")
    await expect(inspector.page.locator(".objection-list li")).to_have_count(1)
    for role in ("viewer", "leader"):
        stranger = await visit(role, f"ranking?run={DRAFT}", expected=["404"])
        await expect(stranger.page.get_by_text(f"没有第 {DRAFT} 次计分")).to_be_visible()
        await stranger.go(f"ranking?run={PUBLISHED}")
        await expect(stranger.page.get_by_role("link", name="异议", exact=True)).to_have_count(0)
    for role in ("unit", "inspector"):
        person = await visit(role, f"ranking?run={DRAFT}")
        for name in ("征求意见…", "改征求意见的日期…", "结束征求意见…", "公布…", "更正…"):
            await expect(button(person, name)).to_have_count(0)


async def test_when_it_is_ended_a_unit_keeps_its_objections(
    visit: OpenVisit, county: County
) -> None:
    await opened(county)
    await objected(county)
    office = await visit("office", f"ranking?run={DRAFT}")
    await button(office, "结束征求意见…").click()
    await button(office, "结束").click()
    await expect(office.page.locator(".run-line .tag")).to_have_text("草稿")
    view = f"ranking?run={DRAFT}&tab=objections"
    unit = await visit("unit", view, expected=["404"])
    await expect(unit.page.get_by_text(f"没有第 {DRAFT} 次计分")).to_be_visible()
    await expect(unit.page.locator(".objection-list li")).to_contain_text(TEXT)
    await expect(button(unit, "提出异议…")).to_have_count(0)


async def test_what_is_refused_is_said_and_what_was_typed_stays(
    visit: OpenVisit, county: County
) -> None:
    """The period is ended while somebody writes."""
    await opened(county)
    unit = await visit("unit", f"ranking?run={DRAFT}&{METRIC}", expected=["404"])
    await button(unit, "提出异议…").first.click()
    dialog = unit.page.get_by_role("dialog")
    await dialog.get_by_label("哪里不对，依据是什么").fill(TEXT)
    async with county.client("office") as office:
        await send_request(office, "POST", f"{RUNS}/{DRAFT}/comment-period/end")
    await dialog.get_by_role("button", name="提出", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("没有找到")
    await expect(dialog.get_by_label("哪里不对，依据是什么")).to_have_value(TEXT)


async def test_a_published_ranking_is_corrected_and_says_so(
    visit: OpenVisit, county: County
) -> None:
    office = await visit("office", f"ranking?run={PUBLISHED}", expected=["409"])
    await button(office, "更正…").click()
    dialog = office.page.get_by_role("dialog")
    await dialog.get_by_label("更正的理由（印在更正通报上）").fill(REASON)
    await dialog.get_by_role("button", name="重新计分", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("没有可更正的变动")
    await changed_fact(county)
    await dialog.get_by_role("button", name="重新计分", exact=True).click()
    await expect(office.page.locator(".correction")).to_contain_text(f"对第{PUBLISHED}次计分的更正")
    await expect(office.page.locator(".run-line .tag")).to_have_text("草稿")
    await office.settle()
    await button(office, "公布…").click()
    publishing = office.page.get_by_role("dialog")
    await expect(publishing).to_contain_text(f"第{PUBLISHED}次计分将标为已更正")
    await publishing.get_by_role("button", name="公布", exact=True).click()
    await expect(office.page.locator(".run-line .tag")).to_have_text("已公布")

    (told,) = (await county.read(f"{RUNS}/{PUBLISHED}/corrections", "viewer"))["items"]
    assert told["units"]
    for role in ("office", "unit", OTHER, "viewer"):
        person = await visit(role, f"ranking?run={PUBLISHED}")
        note = person.page.locator(".correction")
        await expect(note).to_contain_text(f"已由第{told['run_id']}次计分更正")
        await expect(note).to_contain_text(REASON)
        await expect(person.page.locator(".run-line .tag")).to_have_text("已更正")
        await note.locator("summary").click()
        rows = note.locator("tbody tr")
        await expect(rows).to_have_count(len(told["units"]))
        texts = await rows.all_inner_texts()
        by_name = {text.split("\t")[0].strip(): text for text in texts}
        for unit in told["units"]:
            row = by_name[unit["name"]]
            for key in ("rank", "total"):
                assert (" → ".join(map(str, unit[key])) or "未变") in row
            for before, after in unit["metrics"].values():
                if before["points"] != after["points"]:
                    assert f"{before['points']} → {after['points']}分" in row
        moved = [unit["name"] for unit in told["units"] if unit["rank"] or unit["total"]]
        assert [*by_name][: len(moved)] == moved
        await note.get_by_role("link", name="看更正后的排名").click()
        await expect(person.page.locator(".run-line .tag")).to_have_text("已公布")
        await expect(note).to_contain_text(f"对第{PUBLISHED}次计分的更正")


async def test_an_objection_is_made_by_keyboard(visit: OpenVisit, county: County) -> None:
    await opened(county)
    unit = await visit("unit", f"ranking?run={DRAFT}&unit={UNIT_ID}")
    opener = button(unit, "提出异议…")
    await opener.press("Enter")
    field = unit.page.get_by_label("哪里不对，依据是什么")
    await expect(field).to_be_focused()
    await unit.page.keyboard.press("Escape")
    await expect(unit.page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()
    await opener.press("Enter")
    await unit.page.keyboard.type(TEXT)
    await unit.page.keyboard.press("Tab")
    await unit.page.keyboard.press("Enter")
    await expect(unit.page.get_by_role("status").filter(has_text="已提出")).to_be_visible()
    (found,) = (await county.read(f"{RUNS}/{DRAFT}/objections"))["items"]
    assert (found["metric"], found["project_id"], found["text"]) == (None, None, TEXT)


async def test_it_fits_a_phone_and_is_open_to_all(visit: OpenVisit, county: County) -> None:
    await opened(county)
    await objected(county)
    await changed_fact(county)
    async with county.client("office") as office:
        path = f"{RUNS}/{PUBLISHED}/corrections"
        made = await send_request(office, "POST", path, json={"reason": REASON})
        await send_request(office, "POST", f"{RUNS}/{made['id']}/publish")
    phone = await visit("office", f"ranking?run={DRAFT}&tab=objections", size=PHONE)
    await button(phone, "答复…").click()
    await expect_to_fit(phone)
    for view in (f"run={PUBLISHED}", f"run={made['id']}"):
        await phone.go(f"ranking?{view}")
        await phone.page.locator(".correction summary").click()
        await expect_to_fit(phone)
    unit = await visit("unit", f"ranking?run={DRAFT}&{METRIC}", size=PHONE)
    await expect_to_fit(unit)
    await button(unit, "提出异议…").first.click()
    await expect_to_fit(unit)


async def expect_to_fit(visit: Visit) -> None:
    wider = await visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    assert await visit.axe_violations() == []
