"""What an office would have sent over a period, as stories of one project each."""

from datetime import date

import pytest

from services.notifier.rules.dossiers import Dossier, build_dossiers
from services.notifier.rules.replay import replay_letters
from shared.facts.projects import Pause
from shared.facts.words import MilestoneKind, Nature
from tests.builders import a_ledger, a_milestone, a_pause, a_project
from tests.dates import day, said
from tests.notifier.rules.office import (
    CALENDAR,
    IN_PRODUCTION,
    STARTED,
    USUAL,
    dossier,
    over_a_period,
    pause,
    planned,
    reached,
)

FIRST, LAST = "Saturday 2022-01-01", "Friday 2023-06-30"
START = "Thursday 2022-09-15"
REMINDED = "Monday 2022-08-15 reminder started"
ASSIGNED = "Friday 2022-09-30 assignment started"
SUPERVISED = "Monday 2022-11-14 supervision started"


# --- a start


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (dossier(planned(START)), [REMINDED, ASSIGNED, SUPERVISED]),
        (dossier(planned(START, actual="Friday 2022-08-12")), []),
        (dossier(planned(START, actual="Monday 2022-08-15")), []),
        (dossier(planned(START, actual="Thursday 2022-09-29")), [REMINDED]),
        (dossier(planned(START, actual="Friday 2022-09-30")), [REMINDED]),
        (dossier(planned(START, actual="Saturday 2022-10-01")), [REMINDED, ASSIGNED]),
        (
            dossier(planned(START), reached(MilestoneKind.terminated, "Saturday 2022-10-01")),
            [REMINDED, ASSIGNED],
        ),
        (dossier(planned(START), nature=Nature.reserve), []),
        (
            dossier(planned(START, IN_PRODUCTION)),
            [
                "Friday 2022-09-30 assignment in_production",
                "Monday 2022-11-14 supervision in_production",
            ],
        ),
        (
            dossier(planned("Sunday 2022-09-18")),  # the assignment waits for the holiday's end
            [
                "Thursday 2022-08-18 reminder started",
                "Saturday 2022-10-08 assignment started",
                "Thursday 2022-11-17 supervision started",
            ],
        ),
        (
            dossier(planned("Thursday 2022-11-03")),  # the reminder goes out before the holiday
            [
                "Friday 2022-09-30 reminder started",
                "Friday 2022-11-18 assignment started",
                "Tuesday 2023-01-03 supervision started",
            ],
        ),
    ],
)
def test_letters_about_a_start_stop_when_it_is_there(case: Dossier, expected: list[str]) -> None:
    assert over_a_period(case, FIRST, LAST) == expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("Monday 2022-09-12", ["Tuesday 2022-09-13 reminder started", ASSIGNED, SUPERVISED]),
        ("Friday 2022-09-16", [ASSIGNED, SUPERVISED]),
        ("Saturday 2022-10-01", ["Saturday 2022-10-08 assignment started", SUPERVISED]),
        ("Tuesday 2022-11-15", ["Tuesday 2022-11-15 supervision started"]),
    ],
)
def test_the_first_day_issues_what_is_still_due_from_before(
    first: str, expected: list[str]
) -> None:
    assert over_a_period(dossier(planned(START)), first, LAST) == expected


# --- moved dates

LATER = "Thursday 2022-12-01"
ABOUT_LATER = [
    "Tuesday 2022-11-01 reminder started",
    "Friday 2022-12-16 assignment started",
    "Monday 2023-01-30 supervision started",
]


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        ("Friday 2022-08-12", ABOUT_LATER),
        ("Monday 2022-09-05", [REMINDED, *ABOUT_LATER]),
        ("Friday 2022-09-30", [REMINDED, *ABOUT_LATER]),
        ("Monday 2022-10-10", [REMINDED, ASSIGNED, *ABOUT_LATER]),
        ("Tuesday 2022-11-15", [REMINDED, ASSIGNED, SUPERVISED,
                                "Tuesday 2022-11-15 reminder started", *ABOUT_LATER[1:]]),
    ],
)  # fmt: skip
def test_a_moved_date_rearms_the_ladder_and_erases_nothing(
    decided: str, expected: list[str]
) -> None:
    case = dossier(planned(START), planned(LATER, decided=decided))
    assert over_a_period(case, FIRST, LAST) == expected


def test_a_date_moved_away_and_back_gets_no_letter_twice() -> None:
    case = dossier(
        planned(START),
        planned(LATER, decided="Monday 2022-10-10"),
        planned(START, decided="Wednesday 2022-10-12"),
    )
    assert over_a_period(case, FIRST, LAST) == [REMINDED, ASSIGNED, SUPERVISED]


def test_a_date_brought_near_is_reminded_of_at_once() -> None:
    case = dossier(planned(LATER), planned("Monday 2022-10-17", decided="Wednesday 2022-10-12"))
    assert over_a_period(case, FIRST, "Monday 2022-10-31") == [
        "Wednesday 2022-10-12 reminder started"
    ]


def test_two_planned_dates_with_one_trigger_are_one_letter() -> None:
    case = dossier(
        planned("Wednesday 2023-03-29"),
        planned("Friday 2023-03-31", decided="Monday 2023-03-06"),
    )
    assert over_a_period(case, FIRST, LAST) == [
        "Tuesday 2023-02-28 reminder started",
        "Monday 2023-04-17 assignment started",
        "Tuesday 2023-05-30 supervision started",
    ]


# --- pauses


@pytest.mark.parametrize(
    ("paused", "expected"),
    [
        # over the reminder, until after the planned day: it is past
        (pause("Monday 2022-08-01", "Friday 2022-09-16"), [ASSIGNED, SUPERVISED]),
        (
            pause("Monday 2022-08-01", "Wednesday 2022-08-31"),
            ["Thursday 2022-09-01 reminder started", ASSIGNED, SUPERVISED],
        ),
        (
            pause("Tuesday 2022-09-20", "Thursday 2022-10-20"),
            [REMINDED, "Friday 2022-10-21 assignment started", SUPERVISED],
        ),
        # over two letters: only the higher is due after it
        (
            pause("Tuesday 2022-09-20", "Sunday 2022-11-20"),
            [REMINDED, "Monday 2022-11-21 supervision started"],
        ),
        (pause("Saturday 2022-10-01", "Sunday 2022-11-13"), [REMINDED, ASSIGNED, SUPERVISED]),
        (pause("Tuesday 2022-09-20"), [REMINDED]),
        (pause("Tuesday 2022-09-20", approved=False), [REMINDED, ASSIGNED, SUPERVISED]),
    ],
)
def test_what_is_still_due_goes_out_after_a_pause(paused: Pause, expected: list[str]) -> None:
    assert over_a_period(dossier(planned(START), pauses=[paused]), FIRST, LAST) == expected


# --- many projects

SEPTEMBER = "Friday 2022-09-30"


def test_letters_are_in_order_of_day_kind_project_and_about() -> None:
    ladders = planned(START), planned(START, IN_PRODUCTION)
    cases = [dossier(*ladders, red=[SEPTEMBER], project_id=name) for name in ("P10", "P2", "P1")]
    made = replay_letters(cases, USUAL, CALENDAR, day(START), day(SEPTEMBER))
    places = [(str(m.kind), m.project_id, str(m.about)) for m in made if said(m.issue_on) != START]
    assert places == [
        ("assignment", "P1", "in_production"),
        ("assignment", "P1", "started"),
        ("assignment", "P10", "in_production"),
        ("assignment", "P10", "started"),
        ("assignment", "P2", "in_production"),
        ("assignment", "P2", "started"),
        ("supervision", "P1", "progress"),
        ("supervision", "P10", "progress"),
        ("supervision", "P2", "progress"),
    ]


def test_a_ledger_becomes_one_dossier_a_project_with_its_own_rows() -> None:
    facts = a_ledger(
        projects=[a_project("P002"), a_project("P001", nature="reserve")],
        milestones=[
            a_milestone("started", "P002", planned_on="2022-09-15"),
            a_milestone("started", "P002", planned_on="2022-12-01", decided_on="2022-10-10"),
            a_milestone("signed", "P002", actual_on="2022-01-05"),
        ],
        pauses=[a_pause("2022-03-01", project_id="P001")],
    )
    one, two = build_dossiers(facts, {"P002": [date(2022, 9, 30)]})
    assert (one.project.project_id, two.project.project_id) == ("P001", "P002")
    assert one.is_paused(date(2022, 3, 1))
    assert not two.is_paused(date(2022, 3, 1))
    assert two.is_red(date(2022, 9, 30))
    assert not one.is_red(date(2022, 9, 30))
    assert two.planned_on(STARTED, date(2022, 10, 10)) == date(2022, 12, 1)
    assert two.actual_on(MilestoneKind.signed, date(2022, 1, 4)) is None
    assert two.actual_on(MilestoneKind.signed, date(2022, 1, 5)) == date(2022, 1, 5)
