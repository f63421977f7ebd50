"""Lists of reports: narrowed, in both orders, by pages, with their numbers by state."""

from typing import Any

import httpx

from tests.registry.clients import As, items
from tests.registry.reviews.reports import (
    BILLIONS,
    OF_PROJECT,
    OTHER_UNIT,
    PROJECT,
    UNIT,
    decide,
    read,
    report,
    review,
)

DAYS = [f"2022-10-{day}" for day in range(10, 16)]


async def ids(client: httpx.AsyncClient, **asked: Any) -> list[int]:
    return [each["id"] for each in await items(client, "/v1/reports", **asked)]


async def test_reports_are_narrowed_ordered_and_counted(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, as_: As
) -> None:
    numbers = [(await report(unit, day, BILLIONS, 202))["id"] for day in DAYS]
    await decide(county, numbers[0], "accept")
    await decide(county, numbers[1], "return", reason="请核对")
    await decide(unit, numbers[2], "withdraw")
    await report(county, DAYS[3], 25_000_000, 201)
    other = as_("unit", unit_id=OTHER_UNIT)
    await other.put("/v1/problems/Q9001", json={"project_id": "P001", "raised_on": "2150-01-01"})
    (problem,) = await ids(other)

    assert await ids(county) == [*numbers, problem]
    assert await ids(county, order="newest") == [problem, *reversed(numbers)]
    assert await ids(county, kind="problems") == [problem]
    assert await ids(county, project_id=PROJECT) == numbers
    assert await ids(county, project_id=f"990101:{PROJECT}", state="returned") == [numbers[1]]
    assert await ids(county, project_id=f"990102:{PROJECT}") == []
    assert await ids(county, unit_id=UNIT, state="waiting") == numbers[3:]
    assert await ids(county, stale="true") == [numbers[3]]
    assert await ids(county, stale="false", state="waiting") == [*numbers[4:], problem]
    assert await ids(county, region="99") == [*numbers, problem]
    page = await read(county, "/v1/reports", totals="true", state="accepted", stale="true")
    assert page == {
        "items": [],
        "next": None,
        "totals": {
            "waiting": 4,
            "accepted": 1,
            "returned": 1,
            "withdrawn": 1,
            "replaced": 0,
            "stale": 1,
        },
    }


async def test_pages_follow_each_other_in_both_orders(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    numbers = [(await report(unit, day, BILLIONS, 202))["id"] for day in DAYS]
    for order, expected in (("oldest", numbers), ("newest", numbers[::-1])):
        seen, after = list[int](), "0"
        while after is not None:
            asked = {"limit": 4, "order": order, "after": after}
            page = await read(unit, "/v1/reports", **asked)
            seen += [each["id"] for each in page["items"]]
            after = page["next"]
        assert seen == expected


async def test_a_list_of_records_has_the_first_hundred_that_wait(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    await review(county, progress="everything")
    days = [f"19{70 + year}-01-{day:02}" for year in range(4) for day in range(1, 29)]
    numbers = [(await report(unit, day, 1, 202))["id"] for day in days]
    page = await read(unit, OF_PROJECT, limit="1")
    assert page["waiting"]["count"] == len(days) == 112
    assert [each["id"] for each in page["waiting"]["items"]] == numbers[:100]
    following = await read(unit, OF_PROJECT, limit="1", after=page["next"], totals="true")
    assert following["waiting"]["count"] == 112
    assert following["totals"]["count"] == 12
