"""延安 2017 worked by hand: every clause on its boundary."""

from datetime import date
from fractions import Fraction as F
from typing import Any

import pytest

from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries, ManualEntry
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.tables import Facts
from tests.builders import Row, a_ledger, a_milestone, a_plan, a_project, a_report

BOOK = find_scheme("yanan-2017")
DAY = date(2017, 9, 30)  # a Saturday
YI = 100_000_000


def total(facts: Facts, entered: ManualEntries = NO_ENTRIES, day: date = DAY) -> F | None:
    (unit,) = score_facts(facts, BOOK, resolve_lights(BOOK), day, entered).groups["departments"]
    return unit.total


def one(
    plan: int | None = None,
    done: int | None = None,
    milestones: list[Row] | None = None,
    **given: Any,
) -> Facts:
    """A continuing project, which is worth 2, and what is given besides."""
    return a_ledger(
        projects=[a_project(**{"nature": "continuing", **given})],
        plans=[a_plan(plan, year=2017)] if plan is not None else [],
        progress=[a_report("2017-08-31", done)] if done is not None else [],
        milestones=milestones or [],
    )


def began(on: str) -> list[Row]:
    return [a_milestone("started", actual_on=on)]


@pytest.mark.parametrize(
    ("facts", "marks"),
    [
        (one(), "2"),
        (one(nature="new", milestones=began("2017-01-01")), "5"),
        (one(nature="new", milestones=began("2017-09-30")), "5"),
        (one(nature="new", milestones=began("2017-10-01")), "0"),  # not yet
        (one(nature="new", milestones=began("2016-12-31")), "0"),  # not this year's
        (one(nature="new"), "0"),
        (one(nature="preliminary"), "0"),
        # size by the year's plan, nothing done: 2 + …
        (one(10 * YI), "22"),
        (one(10 * YI - 1), "12"),
        (one(5 * YI), "12"),
        (one(5 * YI - 1), "8"),
        (one(YI), "8"),
        (one(YI - 1), "5"),
        (one(0), "5"),  # a plan of 0 is a plan; its progress is not applicable
        # type and list
        (one(is_industrial=True), "17"),
        (one(is_industrial=False), "2"),
        (one(key_levels=["city", "province"]), "22"),
        (one(key_levels=["city"]), "2"),
        # progress: 60 × done ÷ plan, without a cap: 5 + …
        (one(200, 50), "20"),
        (one(200, 200), "65"),
        (one(200, 300), "95"),
        (one(7, 1), "13.57"),  # 8.571…
        (one(16_000, 1), "5"),  # 0.00375 rounds to 0.00
        (one(12_000, 1), "5.01"),  # 0.005, half up
        # in production this year
        (one(milestones=[a_milestone("in_production", actual_on="2017-09-30")]), "22"),
        (one(milestones=[a_milestone("in_production", actual_on="2017-10-01")]), "2"),
        (one(milestones=[a_milestone("in_production", actual_on="2016-12-31")]), "2"),
        (one(milestones=[a_milestone("terminated", actual_on="2017-02-01")]), None),
    ],
)
def test_a_projects_mark(facts: Facts, marks: str | None) -> None:
    assert total(facts) == (None if marks is None else F(marks))


def test_everything_at_once() -> None:
    # 5 + 20 + 15 + 60 × 12 ÷ 10 + 20 + 20 = 152
    milestones = [*began("2017-03-01"), a_milestone("in_production", actual_on="2017-08-01")]
    facts = one(
        10 * YI, 12 * YI, milestones, nature="new", is_industrial=True, key_levels=["province"]
    )
    # 12e8 were reported in August, so September's own investment is 0.
    assert total(facts) == 152


def test_each_mark_is_rounded_before_they_are_added() -> None:
    facts = a_ledger(
        projects=[a_project(p, nature="continuing") for p in ("P1", "P2")],
        plans=[a_plan(12_000, p, year=2017) for p in ("P1", "P2")],
        progress=[a_report("2017-08-31", 1, p) for p in ("P1", "P2")],
    )
    # 5.005 each is published as 5.01: the unit has 10.02, not 10.01.
    assert total(facts) == F("10.02")


@pytest.mark.parametrize(
    ("august", "september", "added"),
    [
        (YI, 11 * YI, 0),  # exactly 10e8 in September: not over
        (YI, 11 * YI + 1, 30),
        (0, 10 * YI + 1, 30),
        (11 * YI, 11 * YI, 0),  # all of it before
    ],
)
def test_investment_of_the_month_over_ten_yi(august: int, september: int, added: int) -> None:
    facts = a_ledger(
        projects=[a_project(nature="continuing")],
        progress=[a_report("2017-08-31", august), a_report("2017-09-30", september)],
    )
    assert total(facts) == 2 + added


@pytest.mark.parametrize(
    ("marks", "added"),
    [
        ({}, 0),
        ({"livelihood_projects": 3}, 24),
        ({"function_projects": 3}, 18),
        ({"projects_in_operation": 2}, 20),
        ({"start_ceremonies": 1}, 30),
        ({"start_ceremonies": 4}, 120),
        ({"start_ceremonies": 5}, 120),  # at most four a year
        ({"criticism": 5}, -5),
        ({"criticism": 20}, -20),
        ({"criticism": 25}, -20),
        ({"livelihood_projects": 1, "criticism": 8}, 0),
    ],
)
def test_what_people_enter(marks: dict[str, int], added: int) -> None:
    given = {metric: ManualEntry(F(value), "会议纪要", "张三") for metric, value in marks.items()}
    assert total(one(), ManualEntries(marks={"U01": given})) == 2 + added
