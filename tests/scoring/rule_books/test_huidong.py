"""The awards of 惠东 2022 by hand: each date on both sides, each requirement, the first few."""

from typing import Any

import pytest

from shared.facts.tables import Facts
from tests.builders import a_ledger, a_milestone, a_pause, a_plan, a_project, a_report
from tests.scoring.engine.honours.award_results import award
from tests.scoring.engine.ranked_units import a_scheme, result_on

HUIDONG = "awards: huidong-2022"
ON = "Saturday 2022-09-10"  # in the third quarter, which began on 1 July


# --- starts and completions of the quarter


def dated(kind: str, planned: str | None, actual: str | None, **given: Any) -> Facts:
    later = given.pop("later", None)
    milestones = [a_milestone(kind, planned_on=planned, actual_on=actual)]
    if later:
        milestones.append(a_milestone(kind, planned_on=later, decided_on="2022-06-01"))
    return a_ledger(projects=[a_project(**given)], milestones=milestones)


NOT_IN_QUARTER, NOT_IN_TIME = "未达到：本季度内{}", "未达到：不晚于原计划{}日期"


@pytest.mark.parametrize(("kind", "zh"), [("started", "开工"), ("completed", "竣工")])
@pytest.mark.parametrize(
    ("planned", "actual", "later", "expected"),
    [
        ("2022-07-01", "2022-07-01", None, "has it"),
        ("2022-09-10", "2022-07-01", None, "has it"),
        ("2022-12-31", "2022-09-10", None, "has it"),  # ahead of a plan for the next quarter
        ("2022-08-01", "2022-08-02", None, [NOT_IN_TIME]),
        ("2022-08-01", "2022-08-02", "2022-08-10", [NOT_IN_TIME]),  # moved; the first plan counts
        (None, "2022-08-02", None, [NOT_IN_TIME]),  # by which plan, nobody knows
        ("2022-08-01", None, None, [NOT_IN_QUARTER, NOT_IN_TIME]),
        ("2022-08-01", "2022-09-11", None, [NOT_IN_QUARTER, NOT_IN_TIME]),  # not yet known
        ("2022-07-01", "2022-06-30", None, [NOT_IN_QUARTER]),  # of the quarter before
        ("2022-06-30", None, None, "no candidate"),
        ("2022-06-30", "2022-06-30", None, "no candidate"),
        ("2022-09-11", None, None, "no candidate"),  # not planned yet
    ],
)
def test_start_and_completion_awards(
    kind: str, zh: str, planned: str | None, actual: str | None, later: str | None, expected: Any
) -> None:
    found = result_on(dated(kind, planned, actual, later=later), a_scheme(HUIDONG), ON)
    winners, others = award(found, "start_award" if kind == "started" else "completion_award")
    if expected == "has it":
        assert (winners, others) == (["P001"], {})
    elif expected == "no candidate":
        assert (winners, others) == ([], {})
    else:
        assert (winners, others) == ([], {"P001": tuple(said.format(zh) for said in expected)})


def test_an_original_plan_that_was_decided_later_is_not_there_yet() -> None:
    milestones = [
        a_milestone("started", actual_on="2022-08-02"),
        a_milestone("started", planned_on="2022-08-31", decided_on="2022-09-11"),
    ]
    facts = a_ledger(projects=[a_project()], milestones=milestones)
    days = (ON, "Sunday 2022-09-11")
    found = [award(result_on(facts, a_scheme(HUIDONG), on), "start_award")[0] for on in days]
    assert found == [[], ["P001"]]


def test_only_new_projects_can_earn_the_start_award() -> None:
    facts = dated("started", "2022-08-01", "2022-08-01", nature="continuing")
    assert award(result_on(facts, a_scheme(HUIDONG), ON), "start_award") == ([], {})


def test_the_quarter_is_that_of_the_day() -> None:
    facts = dated("started", "2022-10-01", "2022-09-30")
    days = ("Friday 2022-09-30", "Saturday 2022-10-01", "Saturday 2022-12-31")
    found = [award(result_on(facts, a_scheme(HUIDONG), on), "start_award")[0] for on in days]
    assert found == [["P001"], [], []]


# --- progress


def test_progress_award_by_figure_with_reasons() -> None:
    on = "Thursday 2022-06-30"
    names = [f"P{n}" for n in range(1, 7)]
    reports = {"P1": 50, "P2": 70, "P3": 49, "P4": 90, "P6": 99}
    facts = a_ledger(
        projects=[a_project(name) for name in names],
        plans=[a_plan(100, name) for name in names if name != "P6"],
        milestones=[a_milestone("started", name, actual_on="2022-01-10") for name in names],
        progress=[a_report("2022-06-30", ytd, name) for name, ytd in reports.items()],
        pauses=[a_pause("2022-06-30", project_id="P4")],
    )
    assert award(result_on(facts, a_scheme(HUIDONG), on), "progress_award") == (
        ["P2", "P1"],
        {
            "P3": ("未达到：投资进度不低于序时进度",),
            "P4": ("未达到：不在停工中",),
            "P5": ("未达到：本年已填报完成投资", "未达到：投资进度不低于序时进度"),
        },
    )


def test_progress_award_is_for_what_is_under_construction_with_a_plan() -> None:
    on = "Thursday 2022-06-30"
    begun = a_milestone("started", actual_on="2022-01-10")
    for milestones, plan, expected in (
        ([begun], 100, ["P001"]),
        ([], 100, []),
        ([begun, a_milestone("completed", actual_on="2022-06-30")], 100, []),
        ([begun], 0, []),
    ):
        facts = a_ledger(
            projects=[a_project()],
            plans=[a_plan(plan)],
            milestones=milestones,
            progress=[a_report("2022-06-30", 60)],
        )
        found = award(result_on(facts, a_scheme(HUIDONG), on), "progress_award")
        assert found == (expected, {})


def test_progress_award_is_for_the_first_twenty_two() -> None:
    names = [f"P{n:02}" for n in range(23)]
    facts = a_ledger(
        projects=[a_project(name) for name in names],
        plans=[a_plan(100, name) for name in names],
        milestones=[a_milestone("started", name, actual_on="2022-01-10") for name in names],
        progress=[a_report("2022-06-30", 90 - n, name) for n, name in enumerate(names)],
    )
    found = award(result_on(facts, a_scheme(HUIDONG), "Thursday 2022-06-30"), "progress_award")
    assert found == (names[:22], {"P22": ("名次在前 22 名以外",)})
