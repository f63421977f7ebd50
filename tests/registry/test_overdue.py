"""Projects that are overdue: a planned date in force before today is not met."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from shared import clock
from tests.paths import GOLDEN
from tests.registry.clients import imported, items, put, zipped

TODAY = date(2022, 9, 15)
PROJECT = {"name": "甲", "unit_id": "U01", "nature": "new"}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    return office


@pytest.mark.parametrize(
    ("rows", "is_overdue"),
    [
        ({}, False),
        ({"started": {"planned_on": "2022-09-14"}}, True),
        ({"started": {"planned_on": "2022-09-15"}}, False),
        ({"started": {"planned_on": "2022-09-14", "actual_on": "2022-09-15"}}, False),
        ({"started": {"planned_on": "2022-09-14", "actual_on": "2022-09-16"}}, True),
        ({"started": {"actual_on": "2022-09-14"}}, False),
        ({"terminated": {"planned_on": "2022-09-14"}}, False),
        (
            {"started": {"planned_on": "2022-09-14"}, "terminated": {"actual_on": "2022-09-15"}},
            False,
        ),
        (
            {"started": {"planned_on": "2022-09-14"}, "terminated": {"actual_on": "2022-09-16"}},
            True,
        ),
        (
            {
                "started": {"planned_on": "2022-09-14"},
                "started/revisions/2022-09-15": {"planned_on": "2022-12-01"},
            },
            False,
        ),
        (
            {
                "started": {"planned_on": "2022-09-14"},
                "started/revisions/2022-09-16": {"planned_on": "2022-12-01"},
            },
            True,
        ),
        (
            {
                "started": {"planned_on": "2022-12-01"},
                "started/revisions/2022-01-01": {"planned_on": "2022-09-01"},
            },
            True,
        ),
    ],
)
async def test_overdue_is_a_planned_date_in_force_before_today_that_is_not_met(
    county: httpx.AsyncClient, rows: dict[str, Any], is_overdue: bool
) -> None:
    await put(county, "projects/T1", **PROJECT)
    for kind, fact in rows.items():
        await put(county, f"projects/T1/milestones/{kind}", **fact)
    for asked in (True, False):
        found = await items(county, "/v1/projects", overdue=asked, search="t1")
        assert bool(found) == (asked == is_overdue)


async def test_overdue_combines_with_others_and_with_totals(county: httpx.AsyncClient) -> None:
    sets = {
        asked: {item["project_id"] for item in await items(county, "/v1/projects", overdue=asked)}
        for asked in (True, False)
    }
    assert sets[True]
    assert sets[False]
    assert sets[True] | sets[False] == {
        item["project_id"] for item in await items(county, "/v1/projects")
    }
    assert not sets[True] & sets[False]
    params: dict[str, str | bool | int]
    params = {"overdue": True, "nature": "new", "totals": True, "limit": 1}
    new = (await county.get("/v1/projects", params=params)).json()
    expected = [
        item
        for item in await items(county, "/v1/projects", nature="new")
        if item["project_id"] in sets[True]
    ]
    assert new["totals"]["count"] == len(expected) > 0


async def test_what_is_overdue_depends_on_the_day(
    county: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = []
    for days in (-1000, 0, 200):
        monkeypatch.setattr(clock, "today", lambda days=days: TODAY + timedelta(days))
        numbers.append(len(await items(county, "/v1/projects", overdue=True)))
    assert numbers[0] < numbers[1] < numbers[2]
