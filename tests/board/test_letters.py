"""Letters on the page: listed as the API has them, read as they went out, previewed, issued."""

import io
from datetime import date
from typing import Any

import pypdfium2
import pytest
from playwright.async_api import Route, expect

from tests.board.browser import PHONE, Visit
from tests.board.conftest import OpenVisit
from tests.board.county import County

LETTERS = "/notifier/v1/letters"
STATES = {"issued": "已发出", "acknowledged": "已确认", "settled": "已办结"}
PREVIEWED = "2026-12-01"  # a working day on which much is due
MOST_ROWS = 600


def civil(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.year}年{found.month}月{found.day}日"


async def shown_letters(visit: Visit) -> list[dict[str, str]]:
    """The rows that are in the page, from the top."""
    script = """rows => rows.map(row => Object.fromEntries(
        ['about-line', 'document-number', 'kind-tag', 'unit', 'issued', 'due', 'state'].map(
            name => [name, row.querySelector('.' + name).innerText.replace(/\\s+/g, '')])))"""
    found: list[dict[str, str]] = await visit.page.locator(".virtual-row").evaluate_all(script)
    return found


def expected_letter(letter: dict[str, Any], kinds: dict[str, str]) -> dict[str, str]:
    due = civil(letter["due_on"]) if letter["due_on"] else "不要求答复"
    if letter["days_overdue"]:
        due += f"逾期{letter['days_overdue']}天"
    return {
        "about-line": letter["title"],
        "document-number": letter["number"],
        "kind-tag": kinds[letter["kind"]],
        "unit": letter["unit_name"],
        "issued": civil(letter["issue_on"]),
        "due": due,
        "state": STATES[letter["state"]],
    }


KINDS = {
    "reminder": "提醒函",
    "assignment": "交办函",
    "supervision": "督办函",
    "yellow_card": "黄牌",
}


@pytest.mark.parametrize("role", ["office", "unit", "leader", "field", "inspector"])
async def test_the_list_is_what_the_api_answers_the_most_urgent_first(
    visit: OpenVisit, county: County, role: str
) -> None:
    person = await visit(role, "letters")
    answer = await county.read(LETTERS, role, order="due", totals=True, limit=100)
    found = await shown_letters(person)
    assert len(found) >= min(4, answer["totals"]["count"])
    assert found == [expected_letter(each, KINDS) for each in answer["items"][: len(found)]]
    totals = answer["totals"]
    tabs = await person.page.get_by_role("group", name="状态").inner_text()
    counts = [totals["count"], totals["overdue"], *totals["states"].values()]
    assert [int(part) for part in tabs.split() if part.isdigit()] == counts
    in_all = await person.page.locator(".list-sum").inner_text()
    assert in_all.startswith(f"共{totals['count']}件")
    for kind, count in totals["kinds"].items():
        assert f"{KINDS[kind]} {count}" in in_all


async def test_filters_stand_in_the_address_and_can_be_sent(
    visit: OpenVisit, county: County
) -> None:
    office = await visit("office", "letters?kind=supervision&state=overdue")
    asked: dict[str, Any] = {"kind": "supervision", "order": "due", "limit": 100}
    answer = await county.read(LETTERS, **asked, overdue=True)
    found = await shown_letters(office)
    assert found
    assert found == [expected_letter(each, KINDS) for each in answer["items"][: len(found)]]
    await office.page.get_by_role("button", name="已办结").press("Enter")
    await office.page.get_by_label("排列").select_option("latest")
    await office.settle()
    assert await office.page.evaluate("location.hash") == (
        "#/letters?kind=supervision&state=settled&order=latest"
    )
    answer = await county.read(LETTERS, **{**asked, "order": "latest"}, state="settled")
    found = await shown_letters(office)
    assert found
    assert found == [expected_letter(each, KINDS) for each in answer["items"][: len(found)]]


async def test_a_letter_is_its_page_its_text_and_its_journey(
    visit: OpenVisit, county: County
) -> None:
    letter = (await county.read(LETTERS, limit=1))["items"][0]
    pages = await county.read(f"{LETTERS}/{letter['id']}/pages")
    office = await visit("office", f"letters/{letter['id']}")
    picture = office.page.get_by_role("img", name=f"{letter['title']}，共{pages['count']}页，第1页")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("each => each.complete && each.naturalWidth") == 1191
    await office.page.get_by_text("文字版").press("Enter")
    words = await office.page.locator(".letter-words p").all_text_contents()
    assert words == [page["text"] for page in pages["pages"]]
    steps = [
        " ".join(text.split())
        for text in await office.page.locator(".journey li").all_inner_texts()
    ]
    for day in ("counted_from", "trigger_on", "issue_on", "due_on"):
        assert any(civil(letter[day]) in step for step in steps), day
    for name in (letter["project_name"], letter["unit_name"], letter["number"]):
        await expect(office.page.locator(".letter-side").get_by_text(name).first).to_be_visible()
    assert await office.axe_violations() == []
    with pypdfium2.PdfDocument(io.BytesIO(await office.page.pdf())) as printed:
        assert len(printed) == pages["count"]  # the letter, and nothing of the page


async def test_the_unit_acknowledges_its_letter_by_keyboard_on_a_phone(
    visit: OpenVisit, county: County
) -> None:
    """What the API answers is put in, as others read this county too."""
    unit = await visit("unit", "letters", size=PHONE)
    mine = (await county.read(LETTERS, "unit", state="issued", limit=1))["items"][0]
    keys: list[str] = []

    async def acknowledge(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        done = {**mine, "state": "acknowledged", "acknowledged_at": "2026-11-29T02:00:00Z"}
        await route.fulfill(json=done)

    await unit.page.route(f"**{LETTERS}/*/acknowledge", acknowledge)
    await unit.page.get_by_role("link", name=mine["title"]).press("Enter")
    await unit.page.get_by_role("button", name="确认收到").press("Enter")
    await expect(unit.page.locator(".journey")).to_contain_text("2026年11月29日 10:00")
    await expect(unit.page.get_by_role("button", name="确认收到")).to_have_count(0)
    assert len(keys) == 1
    await unit.page.get_by_role("link", name="返回函件清单").press("Enter")
    await unit.settle()
    assert await unit.axe_violations() == []
    assert await unit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize(("role", "may"), [("inspector", (1, 0)), ("unit", (0, 0))])
async def test_who_may_not_issue_has_no_button_for_it(
    visit: OpenVisit, role: str, may: tuple[int, int]
) -> None:
    person = await visit(role, "letters")
    for name, count in zip(("预览某日应发", "发出今日到期函件"), may, strict=True):
        buttons = person.page.get_by_text(name, exact=True)
        await expect(buttons).to_have_count(count)


async def test_a_preview_shows_what_would_go_out_and_issues_nothing(
    visit: OpenVisit, county: County
) -> None:
    before = await county.read(LETTERS, totals=True, limit=1)
    async with county.client("office") as client:
        answer = (await client.post("/notifier/v1/preview", params={"on": PREVIEWED})).json()
    assert answer["letters"]
    office = await visit("office", f"letters/preview?on={PREVIEWED}")
    await expect(office.page.get_by_role("heading", level=1)).to_contain_text(civil(PREVIEWED))
    rows = await office.page.locator(".due-list tbody tr").all_inner_texts()
    assert len(rows) == len(answer["letters"])
    for row, letter in zip(rows, answer["letters"], strict=True):
        for said in (
            KINDS[letter["kind"]],
            letter["project_name"],
            letter["unit_name"],
            civil(letter["counted_from"]),
            civil(letter["trigger_on"]),
        ):
            assert said in row
    assert await office.axe_violations() == []
    assert await county.read(LETTERS, totals=True, limit=1) == before


async def test_the_office_issues_after_it_has_seen_what_goes_out(
    visit: OpenVisit, county: County
) -> None:
    """Which letters are due today is put in, as today differs and others read this county too."""
    office = await visit("office", "letters")
    async with county.client("office") as client:
        due = (await client.post("/notifier/v1/preview", params={"on": PREVIEWED})).json()
    issued = (await county.read(LETTERS, limit=2))["items"]
    asked: list[str] = []

    async def preview(route: Route) -> None:
        await route.fulfill(json=due)

    async def sweep(route: Route) -> None:
        asked.append(route.request.headers["idempotency-key"])
        day = {"from_on": PREVIEWED, "to_on": PREVIEWED, "known_at": due["known_at"]}
        told = {"office": due["office"], "issued": issued, "settled": [], "not_printed": []}
        await route.fulfill(json={**day, **told})

    await office.page.route("**/notifier/v1/preview?*", preview)
    await office.page.route("**/notifier/v1/sweeps", sweep)
    await office.page.get_by_role("button", name="发出今日到期函件").press("Enter")
    dialog = office.page.get_by_role("dialog")
    await expect(dialog.locator("tbody tr")).to_have_count(len(due["letters"]))
    assert asked == []
    assert await office.axe_violations() == []
    await dialog.get_by_role("button", name="确认发出").press("Enter")
    for letter in issued:
        await expect(dialog.get_by_role("link", name=letter["title"])).to_be_visible()
    assert len(asked) == 1
    await office.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_no_more_rows_are_in_the_page_than_one_looks_at(visit: OpenVisit) -> None:
    office = await visit("office", "letters")
    assert await office.scroll_through(screens=6) <= MOST_ROWS
