"""Letters without an answer in time: one rung up, beside what the ladders send anyway."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.letters import NEXT_KINDS, Letter, is_exempt, is_settled
from services.notifier.rules.replay import iterate_days as every_day
from services.notifier.rules.replay import replay_letters
from shared.calendar import ONE_DAY
from tests.dates import day, said
from tests.notifier.rules.office import (
    CALENDAR,
    STARTED,
    USUAL,
    Answered,
    dossier,
    live,
    pause,
    planned,
    reached,
    sweep,
)
from tests.notifier.rules.random_dossiers import FIRST, LAST, random_dossiers

ESCALATING = replace(USUAL, escalate_unanswered=True)
START = "Thursday 2022-09-15"
ASSIGNED = "Friday 2022-09-30 assignment started"  # answer due on Wednesday 2022-10-12


def none(letter: Letter) -> bool:
    return False


def every(letter: Letter) -> bool:
    return True


def all_but_assignments(letter: Letter) -> bool:
    return letter.kind != "assignment"


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("Wednesday 2022-10-12", []),  # the answer may still come today
        ("Thursday 2022-10-13", ["Thursday 2022-10-13 supervision started"]),
        ("Tuesday 2022-10-18", ["Thursday 2022-10-13 supervision started"]),
        (
            "Wednesday 2022-10-19",
            ["Thursday 2022-10-13 supervision started", "Wednesday 2022-10-19 yellow_card started"],
        ),
        (
            "Friday 2022-11-11",  # and nothing above a yellow card
            ["Thursday 2022-10-13 supervision started", "Wednesday 2022-10-19 yellow_card started"],
        ),
    ],
)
def test_a_letter_not_answered_by_its_due_date_climbs_the_day_after(
    last: str, expected: list[str]
) -> None:
    case = dossier(planned(START))
    assert live(case, "Friday 2022-09-16", last, ESCALATING, none) == [ASSIGNED, *expected]


@pytest.mark.parametrize(
    ("case", "answered", "expected"),
    [
        (dossier(planned(START)), every, [ASSIGNED]),
        (
            dossier(planned(START)),
            all_but_assignments,
            [ASSIGNED, "Thursday 2022-10-13 supervision started"],
        ),
        # a start recorded in time settles the letter, one on the day after as well
        (dossier(planned(START), reached(STARTED, "Wednesday 2022-10-12")), none, [ASSIGNED]),
        (dossier(planned(START), reached(STARTED, "Thursday 2022-10-13")), none, [ASSIGNED]),
        (
            dossier(planned(START), reached(STARTED, "Friday 2022-10-14")),
            none,
            [ASSIGNED, "Thursday 2022-10-13 supervision started"],
        ),
        # a moved date settles nothing
        (
            dossier(
                planned(START),
                planned("Friday 2023-03-31", decided="Monday 2022-10-10"),
            ),
            all_but_assignments,
            [ASSIGNED, "Thursday 2022-10-13 supervision started"],
        ),
        # under an approved pause nothing goes out; after it, what is still unanswered
        (
            dossier(planned(START), pauses=[pause("Monday 2022-10-10", "Sunday 2022-10-23")]),
            all_but_assignments,
            [ASSIGNED, "Monday 2022-10-24 supervision started"],
        ),
    ],
)
def test_an_answer_or_the_thing_itself_settles_a_letter(
    case: Dossier, answered: Answered, expected: list[str]
) -> None:
    first, last = "Friday 2022-09-16", "Friday 2022-11-11"
    assert live(case, first, last, ESCALATING, answered) == expected


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # answer due on Monday 2022-10-10; the second red month end has its card beside
        (
            dossier(red=["Friday 2022-09-30", "Monday 2022-10-31"]),
            [
                "Friday 2022-09-30 supervision progress",
                "Tuesday 2022-10-11 yellow_card progress",
                "Monday 2022-10-31 yellow_card progress",
            ],
        ),
        # held up by a pause, answer due on Wednesday 2022-11-02, green on Monday 2022-10-31
        (
            dossier(
                red=["Friday 2022-09-30"],
                pauses=[pause("Friday 2022-09-30", "Thursday 2022-10-27")],
            ),
            [],
        ),
        (
            dossier(
                red=["Friday 2022-09-30"],
                pauses=[pause("Saturday 2022-10-01", "Thursday 2022-10-27")],
            ),
            ["Friday 2022-09-30 supervision progress", "Friday 2022-10-28 yellow_card progress"],
        ),
    ],
)
def test_the_end_of_a_red_episode_settles_its_letters(case: Dossier, expected: list[str]) -> None:
    assert live(case, START, "Friday 2022-12-30", ESCALATING, none) == expected


def test_the_trigger_is_the_day_after_the_due_date() -> None:
    period = every_day(day("Saturday 2022-10-01"), day("Friday 2022-11-11"))
    issued = sweep(dossier(planned(START)), (), [day("Friday 2022-09-30")], ESCALATING)
    letters = sweep(dossier(planned(START)), issued, period, ESCALATING)[1:]
    triggers = [(str(letter.kind), said(letter.trigger_on)) for letter in letters]
    assert triggers == [
        ("supervision", "Thursday 2022-10-13"),
        ("yellow_card", "Wednesday 2022-10-19"),
    ]


def test_an_escalation_whose_trigger_is_a_threshold_of_the_ladder_stands_beside_it() -> None:
    # 60 days after the planned start is Tuesday 2022-11-15; the assignment, held up by a pause,
    # goes out on Monday 2022-11-07 and wants its answer by Monday 2022-11-14
    case = dossier(
        planned("Friday 2022-09-16"),
        pauses=[pause("Saturday 2022-09-17", "Sunday 2022-11-06")],
    )
    sent = live(case, "Saturday 2022-09-17", "Tuesday 2022-11-15", ESCALATING, none)
    assert sent == [
        "Monday 2022-11-07 assignment started",
        "Tuesday 2022-11-15 supervision started",  # of the ladder, counted from the planned start
        "Tuesday 2022-11-15 supervision started",  # for the answer, from the day it was due
    ]


# --- laws

laws = settings(max_examples=25, deadline=None)
some_kinds = st.sets(st.sampled_from(["assignment", "supervision"]))


@laws
@given(random_dossiers(), some_kinds)
def test_switching_it_on_adds_exactly_the_escalations(case: Dossier, silent: set[str]) -> None:
    period = list(every_day(FIRST, LAST))
    letters = sweep(case, (), period, ESCALATING, answered=lambda made: made.kind not in silent)
    without = sweep(case, (), period, USUAL)
    usual = {letter.identity for letter in without}
    assert usual <= {letter.identity for letter in letters}
    called_for = {
        (NEXT_KINDS[made.kind], made.project_id, made.about, made.due_on)
        for made in letters
        if made.kind in silent and made.due_on
    }
    assert {letter.identity for letter in letters} - usual <= called_for


@laws
@given(random_dossiers(), some_kinds)
def test_an_escalated_letter_goes_out_once(case: Dossier, silent: set[str]) -> None:
    period = list(every_day(FIRST, LAST))
    letters = sweep(case, (), period, ESCALATING, answered=lambda made: made.kind not in silent)
    assert set(Counter(letter.identity for letter in letters).values()) <= {1}


@laws
@given(random_dossiers())
def test_a_letter_not_answered_climbs_unless_it_is_settled_or_the_project_exempt(
    case: Dossier,
) -> None:
    letters = sweep(case, (), every_day(FIRST, LAST), ESCALATING)
    sent = {letter.identity for letter in letters}
    for made in letters:
        if made.kind in NEXT_KINDS and made.due_on:
            open_days = [
                on
                for on in every_day(made.due_on + ONE_DAY, LAST)
                if CALENDAR.is_working(on)
                and not is_exempt(case, on)
                and not is_settled(case, made, on)
            ]
            above = NEXT_KINDS[made.kind], made.project_id, made.about, made.due_on
            assert (above in sent) is bool(open_days)


@laws
@given(random_dossiers())
def test_with_every_answer_in_time_it_changes_nothing(case: Dossier) -> None:
    answered = sweep(case, (), every_day(FIRST, LAST), ESCALATING, answered=every)
    by_place = sorted(answered, key=lambda m: (m.issue_on, m.kind, m.project_id, m.about))
    assert by_place == replay_letters([case], USUAL, CALENDAR, FIRST, LAST)
