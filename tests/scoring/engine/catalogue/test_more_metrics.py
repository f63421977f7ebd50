"""The metrics beside the twenty worked by hand, each on the days before and after it changes."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.scoring.engine.catalogue.metrics import METRICS
from tests.builders import (
    Row,
    a_curve,
    a_fund,
    a_milestone,
    a_plan,
    a_project,
    a_report,
)
from tests.scoring.engine.catalogue.metric_terms import BY_ID, Terms, terms


def test_every_metric_says_what_it_is_in_two_languages_and_where_it_comes_from() -> None:
    ids = [metric.id for metric in METRICS]
    assert len(ids) == len(set(ids)) == 51
    assert [m.id for m in METRICS if not (m.zh and m.en and m.source)] == []
    assert [m.id for m in METRICS if bool(m.numerator) == bool(m.needs)] == []
    assert len({metric.zh for metric in METRICS}) == len(ids)


# --- time


def test_time_progress_and_lead_of_a_unit_are_sums_in_parts_of_the_month() -> None:
    # April has 30 days, so a yuan is 12 × 30 = 360 parts. By Friday the 15th, 3.5 twelfths of the
    # even plan of 120 are due, which is 35; of the curve 10 and half of April's 40, which is 30.
    # A plan of 0 adds nothing, and a blank one leaves its project out of both sums.
    projects = [a_project(f"P{n}") for n in range(1, 5)]
    curve = a_curve(0, 5, 10, 50, 50, 50, 50, 50, 50, 50, 50, 80)
    plans = [a_plan(120, "P1"), a_plan(80, "P2", **curve), a_plan(0, "P3"), a_plan(None, "P4")]
    reports = [a_report("2022-04-15", done, f"P{n}") for n, done in ((1, 40), (2, 10), (4, 9))]
    on, tables = "Friday 2022-04-15", {"projects": projects, "plans": plans, "progress": reports}
    assert terms("time_progress", on, **tables) == {on: ((35 + 30) * 360, 200 * 360)}
    assert terms("lead", on, **tables) == {on: ((50 - 65) * 360, 200 * 360)}  # 7.5 points behind
    assert terms("investment_completion", on, **tables) == {on: (50, 200)}


def test_the_months_task_is_that_of_the_month_that_ended_on_the_day_or_before() -> None:
    # An even plan of 120 is 10 a month; in twelfths of a yuan 120.
    reports = [a_report(f"2022-{at}", done) for at, done in (("01-31", 4), ("02-28", 15))]
    found = terms(
        "month_task_rate",
        "Sunday 2022-01-30",  # no month of the year has ended
        "Monday 2022-01-31",
        "Sunday 2022-02-27",
        "Monday 2022-02-28",
        "Thursday 2022-03-31",  # nothing more reported
        plans=[a_plan(120)],
        progress=reports,
    )
    assert [*found.values()] == [(0, 0), (48, 120), (48, 120), (132, 120), (0, 120)]


def test_the_months_task_by_the_curve_is_its_step() -> None:
    curve = a_curve(0, 0, 30, 30, 30, 30, 30, 30, 30, 30, 30, 90)
    found = terms(
        "month_task_rate",
        "Wednesday 2022-03-30",
        "Thursday 2022-03-31",
        "Saturday 2022-04-30",
        "Friday 2022-12-30",
        "Saturday 2022-12-31",
        plans=[a_plan(90, **curve)],
        progress=[a_report("2022-03-15", 20), a_report("2022-12-31", 70)],
    )
    twelfths = [(n // 12, d // 12) for n, d in found.values() if d is not None]
    assert twelfths == [(0, 0), (20, 30), (0, 0), (0, 0), (50, 60)]


# --- from signing to capacity


@pytest.mark.parametrize(
    ("metric", "first", "then"),
    [
        ("conversion_signed_started", "signed", "started"),
        ("conversion_started_production", "started", "in_production"),
        ("conversion_production_capacity", "in_production", "at_capacity"),
    ],
)
def test_conversions_count_all_years_up_to_the_day(metric: str, first: str, then: str) -> None:
    found = terms(
        metric,
        "Tuesday 2019-12-31",
        "Wednesday 2020-01-01",
        "Wednesday 2022-06-29",
        "Thursday 2022-06-30",
        projects=[a_project("P1"), a_project("P2", nature="reserve"), a_project("P3")],
        milestones=[
            a_milestone(first, "P1", actual_on="2020-01-01"),
            a_milestone(first, "P2", actual_on="2020-01-01"),
            a_milestone(then, "P2", actual_on="2022-06-30"),
            a_milestone(then, "P3", actual_on="2020-01-01"),  # not of the first stage
        ],
    )
    assert [*found.values()] == [(0, 0), (0, 2), (0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("milestone", "expected"),
    [
        ({"planned_on": "2022-12-31"}, (0, 1)),
        ({"planned_on": "2023-01-01"}, (0, 0)),
        ({"planned_on": "2023-01-01", "actual_on": "2022-06-30"}, (1, 1)),
        ({"planned_on": "2020-03-01", "actual_on": "2021-12-31"}, (0, 0)),  # of last year
        ({"planned_on": "2020-03-01", "actual_on": "2022-07-01"}, (0, 1)),  # not yet known
    ],
)
def test_capacity_rate(milestone: Row, expected: Terms) -> None:
    on = "Thursday 2022-06-30"
    milestones = [a_milestone("at_capacity", **milestone)]
    assert terms("capacity_rate", on, milestones=milestones) == {on: expected}


def test_contract_performance_is_of_this_years_signings_landed_or_started() -> None:
    signed = {"P1": "2022-01-01", "P2": "2022-03-01", "P3": "2022-03-01", "P4": "2021-12-31"}
    found = terms(
        "contract_performance_rate",
        "Wednesday 2022-06-29",
        "Thursday 2022-06-30",
        projects=[a_project(name) for name in signed],
        milestones=[
            *(a_milestone("signed", name, actual_on=on) for name, on in signed.items()),
            a_milestone("landed", "P1", actual_on="2022-05-01"),
            a_milestone("started", "P1", actual_on="2022-06-01"),  # both is still one
            a_milestone("started", "P2", actual_on="2022-06-30"),
            a_milestone("started", "P4", actual_on="2022-06-01"),
        ],
    )
    assert [*found.values()] == [(1, 3), (2, 3)]


# --- bonds


def test_bond_money_is_paid_out_oldest_first_by_year_of_arrival() -> None:
    def bond(event: str, amount: int | None, on: str | None, **given: Any) -> Row:
        whose = {"project_id": "P001", "source": "special_bond", **given}
        return a_fund(amount, event=event, on=on, **whose)

    funds = [
        bond("arrived", 50, "2019-12-31"),
        bond("arrived", 100, "2020-01-01"),
        bond("arrived", 200, "2021-12-31"),
        bond("arrived", 400, "2022-01-01"),
        bond("paid", 140, "2021-06-30"),
        bond("paid", 160, "2022-03-01"),
        bond("paid", 100, "2022-06-30"),
        bond("approved", 999, "2022-01-01"),
        bond("arrived", 999, None),
        bond("arrived", None, "2022-01-01"),
        bond("arrived", 999, "2022-01-01", source="central_budget"),
        bond("arrived", 999, "2022-01-01", project_id=None, unit_id="U01"),
    ]
    days = "Wednesday 2022-06-29", "Thursday 2022-06-30"
    # Before the last payment 300 are paid: 50 of 2019, 100 of 2020, 150 of 2021's 200; then 50
    # more of 2021 and 50 of 2022.
    expected: Mapping[str, tuple[Terms, Terms]] = {
        "bond_payout_rate": ((300, 750), (400, 750)),
        "bond_payout_rate_this_year": ((0, 400), (50, 400)),
        "bond_payout_rate_last_year": ((150, 200), (200, 200)),
        "bond_payout_rate_year_before": ((100, 100), (100, 100)),
    }
    for metric, found in expected.items():
        assert terms(metric, *days, funds=funds) == dict(zip(days, found, strict=True)), metric
    # A year earlier, on the day of the first payment, the names mean a year earlier.
    on = "Wednesday 2021-06-30"
    assert terms("bond_payout_rate_last_year", on, funds=funds) == {on: (90, 100)}
    assert terms("bond_payout_rate_year_before", on, funds=funds) == {on: (50, 50)}
    assert terms("bond_payout_rate_this_year", on, funds=funds) == {on: (0, 0)}


def test_what_is_paid_beyond_a_projects_money_counts_for_no_other_project() -> None:
    given = {"source": "special_bond", "on": "2022-01-05"}
    on = "Thursday 2022-06-30"
    funds = [
        a_fund(100, event="arrived", project_id="P1", **given),
        a_fund(130, event="paid", project_id="P1", **given),
        a_fund(100, event="arrived", project_id="P2", **given),
    ]
    projects = [a_project("P1"), a_project("P2")]
    found = terms("bond_payout_rate", on, projects=projects, funds=funds)
    assert found == {on: (100, 200)}


# --- counts and sums


def test_counts_and_sums() -> None:
    tables: dict[str, list[Row]] = {
        "projects": [
            a_project("P1", total_investment_yuan=100, contract_yuan=80),
            a_project("P2", nature="continuing", total_investment_yuan=None),
            a_project("P3", nature="reserve", total_investment_yuan=50, contract_yuan=None),
            a_project("P4", total_investment_yuan=999),
        ],
        "plans": [a_plan(60, "P1"), a_plan(None, "P2"), a_plan(40, "P3")],
        "progress": [a_report("2022-06-30", n * 10, f"P{n}") for n in (1, 2, 3)],
        "milestones": [
            a_milestone("signed", "P1", actual_on="2022-01-01"),
            a_milestone("signed", "P3", actual_on="2022-06-30"),
            a_milestone("started", "P1", actual_on="2022-06-30"),
            a_milestone("started", "P2", actual_on="2021-12-31"),
            a_milestone("completed", "P2", actual_on="2022-06-30"),
            a_milestone("in_production", "P2", actual_on="2022-06-30"),
            a_milestone("terminated", "P4", actual_on="2022-01-01"),
        ],
    }
    # The day before, what happened on the 30th has not.
    expected = {
        "projects_held": (3, 3),
        "projects_in_campaign": (2, 2),
        "projects_signed": (1, 2),
        "starts": (0, 1),
        "completions": (0, 1),
        "productions": (0, 1),
        "total_investment": (150, 150),
        "investment_planned": (60, 60),
        "investment_done": (0, 30),
        "contracts_signed": (80, 80),
    }
    days = "Wednesday 2022-06-29", "Thursday 2022-06-30"
    for metric, (before, after) in expected.items():
        found = terms(metric, *days, **tables)
        assert [*found.values()] == [(before, None), (after, None)], metric


# --- what is not there


@pytest.mark.parametrize("metric", ["clearance_rate", "duty_compliance"])
def test_a_metric_that_needs_what_is_not_there_is_not_applicable(metric: str) -> None:
    on = "Thursday 2022-06-30"
    assert terms(metric, on) == {on: (0, 0)}
    assert BY_ID[metric].formula.startswith("（需要")
