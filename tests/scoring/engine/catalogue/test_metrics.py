"""The catalogue worked by hand where its reading surprises: whose fund, who works, what counts."""

from datetime import date
from typing import Any

import pytest

from tests.builders import (
    Row,
    a_curve,
    a_fund,
    a_ledger,
    a_milestone,
    a_plan,
    a_project,
    a_report,
    a_unit,
)
from tests.scoring.engine.result_documents import result_of

DAY = date(2022, 6, 30)
TWO = [a_unit("U01"), a_unit("U02")]


def terms(metric: str, day: date = DAY, **tables: list[Row]) -> dict[str, tuple[int, int | None]]:
    """Unit → the terms of a metric."""
    given: dict[str, Any] = {"units": TWO, "projects": [a_project()], **tables}
    return {
        unit: of.of_metric[metric] for unit, of in result_of(a_ledger(**given), day).terms.items()
    }


@pytest.mark.parametrize(
    ("fund", "first", "second"),
    [
        (a_fund(9, unit_id="U02", project_id="P001"), 0, 9),  # its own unit, not its project's
        (a_fund(9, project_id="P001"), 9, 0),  # without one, its project's
        (a_fund(9, unit_id="U02"), 0, 9),
        (a_fund(9, unit_id="U02", on="2022-06-30"), 0, 9),
        (a_fund(9, unit_id="U02", on="2022-07-01"), 0, 0),
        (a_fund(9, unit_id="U02", on="2021-12-31"), 0, 0),
        (a_fund(9, unit_id="U02", on=None), 0, 0),
        (a_fund(9, unit_id="U02", event="arrived"), 0, 0),
        (a_fund(9, unit_id="U02", source="special_bond"), 0, 0),
        (a_fund(None, unit_id="U02"), 0, 0),
    ],
)
def test_central_budget_won(fund: Row, first: int, second: int) -> None:
    assert terms("central_budget_won", funds=[fund]) == {
        "U01": (first, None),
        "U02": (second, None),
    }


def test_the_funds_of_a_terminated_project_do_not_count_whoever_they_name() -> None:
    funds = [a_fund(9, project_id="P001"), a_fund(9, unit_id="U02", project_id="P001")]
    ended = [a_milestone("terminated", actual_on="2022-06-30")]
    found = terms("central_budget_won", funds=funds, milestones=ended)
    assert found == {"U01": (0, None), "U02": (0, None)}


def test_fund_arrival_runs_over_projects_so_a_fund_counts_for_its_project() -> None:
    came = {"source": "attracted", "event": "arrived", "project_id": "P001"}
    found = terms(
        "fund_arrival",
        projects=[a_project(is_attracted=True, contract_yuan=100)],
        milestones=[a_milestone("signed", actual_on="2020-01-01")],
        funds=[a_fund(7, unit_id="U02", on="2020-05-01", **came), a_fund(5, **came)],
    )
    assert found == {"U01": (12, 100), "U02": (0, 0)}


@pytest.mark.parametrize(
    ("milestones", "working"),
    [
        ([], 1),
        ([a_milestone("resumed", planned_on="2022-12-31")], 0),
        ([a_milestone("resumed", planned_on="2023-01-01")], 1),
        ([a_milestone("resumed", planned_on="2022-03-01", decided_on="2022-07-01")], 1),
        ([a_milestone("resumed", planned_on="2022-03-01", actual_on="2022-03-05")], 1),
        ([a_milestone("resumed", actual_on="2021-03-05")], 0),  # last year's says nothing of this
        ([a_milestone("resumed", actual_on="2022-07-01")], 1),  # not yet known
        ([a_milestone("started", planned_on="2022-03-01")], 1),
    ],
)
def test_when_a_continuing_project_works(milestones: list[Row], working: int) -> None:
    continuing = [a_project(nature="continuing")]
    found = terms("start_rate", projects=continuing, milestones=milestones)
    assert found["U01"] == (working, 1)


@pytest.mark.parametrize(
    ("milestone", "expected"),
    [
        ({"planned_on": "2022-12-31"}, (0, 1)),
        ({"planned_on": "2023-01-01"}, (0, 0)),
        ({"planned_on": "2020-01-01"}, (0, 1)),
        ({"planned_on": "2023-01-01", "actual_on": "2022-06-30"}, (1, 1)),
        ({"planned_on": "2022-03-01", "actual_on": "2021-12-31"}, (0, 0)),  # of last year
        ({"planned_on": "2022-03-01", "actual_on": "2022-07-01"}, (0, 1)),  # not yet known
        ({"actual_on": "2022-01-01"}, (1, 1)),
    ],
)
def test_production_rate(milestone: Row, expected: tuple[int, int]) -> None:
    reserve = [a_project(nature="reserve")]
    milestones = [a_milestone("in_production", **milestone)]
    found = terms("production_rate", projects=reserve, milestones=milestones)
    assert found["U01"] == expected


def test_a_plan_of_0_is_a_plan_and_a_blank_one_leaves_its_project_out_of_both_sums() -> None:
    found = terms(
        "investment_completion",
        projects=[a_project("P1"), a_project("P2"), a_project("P3"), a_project("P4")],
        plans=[a_plan(100, "P1"), a_plan(0, "P2"), a_plan(None, "P3"), a_plan(5, "P4", year=2021)],
        progress=[a_report("2022-06-30", n, f"P{n}") for n in (1, 2, 3, 4)],
    )
    assert found["U01"] == (1 + 2, 100)


@pytest.mark.parametrize(
    ("day", "lead"),
    [
        ("2022-01-01", -1),
        ("2022-01-31", -31),  # January counts from nothing to m01
        ("2022-02-14", -31 - 14),
        ("2022-12-31", -120),  # the curve may end beyond the plan
    ],
)
def test_the_lead_follows_the_projects_own_curve(day: str, lead: int) -> None:
    curve = a_curve(31, 59, 60, 60, 60, 60, 60, 60, 60, 60, 60, 120)
    facts = a_ledger(projects=[a_project()], plans=[a_plan(100, **curve)])
    (light,) = result_of(facts, date.fromisoformat(day)).lights
    assert light.lead == lead
    assert light.not_reported
