"""Lists of letters in every order, what is overdue, and how many there are."""

from collections import Counter
from datetime import date
from typing import Any

import httpx
import pytest

from shared import clock
from tests.notifier.letters.test_sweeps import all_letters
from tests.registry.clients import As

DAY = date(2022, 12, 1)


@pytest.fixture(autouse=True)
def _the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: DAY)


def is_late(letter: dict[str, Any]) -> bool:
    due = letter["due_on"]
    return due is not None and due < DAY.isoformat() and letter["settled_on"] is None


async def totals(client: httpx.AsyncClient, **asked: str) -> dict[str, Any]:
    page = (await client.get("/v1/letters", params={"totals": "true", "limit": 1, **asked})).json()
    found: dict[str, Any] = page["totals"]
    return found


async def test_the_newest_come_first_page_after_page(swept: As) -> None:
    office = swept("office")
    letters = await all_letters(office)
    assert await all_letters(office, order="latest") == letters[::-1]
    assert await all_letters(office, order="recorded") == letters


async def test_the_most_urgent_come_first_page_after_page(swept: As) -> None:
    office = swept("office")
    letters = await all_letters(office)
    urgent = sorted(
        letters,
        key=lambda each: (each["settled_on"] is not None, each["due_on"] or "9999", each["id"]),
    )
    assert await all_letters(office, order="due") == urgent
    assert urgent[0]["days_overdue"] > 0
    assert urgent != letters


async def test_days_are_counted_to_the_due_date_and_from_it(swept: As) -> None:
    counted = {"left": 0, "overdue": 0}
    for letter in await all_letters(swept("office")):
        left, overdue = letter["days_left"], letter["days_overdue"]
        if letter["due_on"] is None or letter["settled_on"] is not None:
            assert (left, overdue) == (None, None)
            continue
        days = (date.fromisoformat(letter["due_on"]) - DAY).days
        assert (left, overdue) == ((days, None) if days >= 0 else (None, -days))
        counted["left" if days >= 0 else "overdue"] += 1
    assert all(counted.values())


async def test_overdue_is_past_the_due_date_and_not_settled(swept: As) -> None:
    office = swept("office")
    letters = await all_letters(office)
    late = [each for each in letters if is_late(each)]
    assert await all_letters(office, overdue="true") == late != []
    assert await all_letters(office, overdue="false") == [x for x in letters if not is_late(x)]


async def test_totals_count_all_that_is_listed_and_nothing_else(swept: As) -> None:
    office = swept("office")
    letters = await all_letters(office)
    assert (await office.get("/v1/letters")).json()["totals"] is None
    unit_id = letters[0]["unit_id"]
    own = [each for each in letters if each["unit_id"] == unit_id]
    asked = [
        (office, {}, letters),
        (office, {"kind": "reminder"}, [x for x in letters if x["kind"] == "reminder"]),
        (office, {"overdue": "true"}, [x for x in letters if is_late(x)]),
        (swept("unit", unit_id=unit_id), {}, own),
        (swept("unit", unit_id="U99"), {}, []),
    ]
    for client, params, listed in asked:
        found = await totals(client, **params)
        assert found["count"] == len(listed)
        assert found["overdue"] == sum(map(is_late, listed))
        for name, key in (("states", "state"), ("kinds", "kind")):
            counted = Counter(each[key] for each in listed)
            assert {word: n for word, n in found[name].items() if n} == counted
    assert set(await totals(swept("unit", unit_id="U99"))) == {
        "count",
        "overdue",
        "states",
        "kinds",
    }


async def test_a_letter_names_its_project_and_its_unit(swept: As) -> None:
    office = swept("office")
    for letter in await all_letters(office):
        assert letter["project_name"] in letter["title"] + "项目"
        assert letter["unit_name"]
    due = (await office.post("/v1/preview", params={"on": "2023-01-20"})).json()["letters"]
    assert due
    assert all(each["project_name"] and each["unit_name"] for each in due)
