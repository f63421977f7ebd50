"""One sweep: what goes out on a day, and what no longer does."""

import pytest

from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.ladder import LetterRules
from services.notifier.rules.letters import letters_due
from shared.calendar import ONE_DAY, Calendar
from shared.facts.projects import Milestone, Pause
from shared.facts.words import MilestoneKind, Nature
from tests.dates import day, said
from tests.notifier.rules.office import (
    CALENDAR,
    IN_PRODUCTION,
    STARTED,
    USUAL,
    dossier,
    on_a_day,
    pause,
    planned,
    reached,
    sweep,
)

START = "Thursday 2022-09-15"
RED = ["Friday 2022-09-30", "Monday 2022-10-31"]

# --- when a letter is due


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("Friday 2022-08-12", []),
        ("Monday 2022-08-15", ["reminder started"]),  # a month before
        ("Thursday 2022-09-01", ["reminder started"]),  # entered late: at once
        ("Thursday 2022-09-15", ["reminder started"]),  # the planned day itself
        ("Friday 2022-09-16", []),
        ("Thursday 2022-09-29", []),
        ("Friday 2022-09-30", ["assignment started"]),  # 15 days after
        ("Saturday 2022-10-08", ["assignment started"]),  # a make-up day
        ("Friday 2022-11-11", ["assignment started"]),
        ("Monday 2022-11-14", ["supervision started"]),  # 60 days after, and no assignment more
        ("Friday 2023-12-29", ["supervision started"]),
    ],
)
def test_of_a_start_only_the_highest_letter_due_goes_out(on: str, expected: list[str]) -> None:
    assert on_a_day(dossier(planned(START)), on) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("Thursday 2022-09-15", []),
        ("Friday 2022-09-30", ["assignment in_production"]),
        ("Monday 2022-11-14", ["supervision in_production"]),
    ],
)
def test_production_gets_assignment_and_supervision(on: str, expected: list[str]) -> None:
    assert on_a_day(dossier(planned(START, IN_PRODUCTION)), on) == expected


def test_a_reminder_of_production_is_sent_where_that_is_switched_on() -> None:
    rules = LetterRules(remind_of=(STARTED, IN_PRODUCTION))
    case = dossier(planned(START, IN_PRODUCTION))
    assert on_a_day(case, "Monday 2022-08-15", rules) == ["reminder in_production"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("Thursday 2022-09-29", []),
        ("Friday 2022-09-30", ["supervision progress"]),  # the month's end itself
        ("Monday 2022-10-31", ["yellow_card progress"]),  # the second; the first is passed
        ("Tuesday 2022-11-29", ["yellow_card progress"]),
        ("Wednesday 2022-11-30", []),  # no longer red
    ],
)
def test_of_red_months_only_the_highest_letter_due_goes_out(on: str, expected: list[str]) -> None:
    assert on_a_day(dossier(red=RED), on) == expected


def test_ladders_of_a_project_do_not_hinder_each_other() -> None:
    case = dossier(planned(START), planned(START, IN_PRODUCTION), red=RED)
    expected = ["assignment started", "assignment in_production", "yellow_card progress"]
    assert on_a_day(case, "Monday 2022-10-31") == expected


@pytest.mark.parametrize("kind", sorted({*MilestoneKind} - {STARTED, IN_PRODUCTION}))
def test_other_milestones_get_no_letter(kind: MilestoneKind) -> None:
    assert on_a_day(dossier(planned(START, kind)), "Monday 2022-11-14") == []


@pytest.mark.parametrize(
    "on",
    ["Saturday 2022-10-01", "Monday 2022-10-03", "Friday 2022-10-07", "Saturday 2022-10-15"],
)
def test_nothing_goes_out_on_a_day_that_is_not_worked(on: str) -> None:
    case = dossier(planned(START), planned(START, IN_PRODUCTION), red=RED)
    assert on_a_day(case, on) == []


# --- who gets none


@pytest.mark.parametrize(
    ("case", "gets_letters"),
    [
        (dossier(planned(START)), True),
        (dossier(planned(START), nature=Nature.continuing), True),
        (dossier(planned(START), nature=Nature.preliminary), True),
        (dossier(planned(START), nature=Nature.reserve), False),
        (dossier(planned(START), reached(MilestoneKind.terminated, "Monday 2022-11-14")), False),
        (dossier(planned(START), reached(MilestoneKind.terminated, "Tuesday 2022-11-15")), True),
        (dossier(planned(START), pauses=[pause("Monday 2022-11-14")]), False),
        (dossier(planned(START), pauses=[pause("Tuesday 2022-11-15")]), True),
        (dossier(planned(START), pauses=[pause(START, "Monday 2022-11-14")]), False),
        (dossier(planned(START), pauses=[pause(START, "Sunday 2022-11-13")]), True),
        (dossier(planned(START), pauses=[pause(START, approved=False)]), True),
        (dossier(planned(START), pauses=[pause(START, approved=None)]), True),
    ],
)
def test_reserve_terminated_and_paused_projects_get_none(case: Dossier, gets_letters: bool) -> None:
    assert bool(on_a_day(case, "Monday 2022-11-14")) is gets_letters


@pytest.mark.parametrize(
    ("rows", "pauses", "red"),
    [
        ([planned(START, actual="Tuesday 2022-11-15")], [], []),
        ([planned(START), planned("Friday 2022-12-30", decided="Tuesday 2022-11-15")], [], []),
        ([planned(START), reached(MilestoneKind.terminated, "Tuesday 2022-11-15")], [], []),
        ([planned(START)], [pause("Tuesday 2022-11-15")], []),
        ([planned(START)], [], ["Wednesday 2022-11-30"]),
    ],
)
def test_facts_of_the_future_do_not_matter(
    rows: list[Milestone], pauses: list[Pause], red: list[str]
) -> None:
    case = dossier(*rows, pauses=pauses, red=red)
    assert on_a_day(case, "Monday 2022-11-14") == ["supervision started"]


# --- what has gone out


@pytest.mark.parametrize(
    ("case", "first", "kind"),
    [
        (dossier(planned(START)), "Friday 2022-09-30", "assignment"),
        (dossier(planned(START)), "Monday 2022-11-14", "supervision"),
        (dossier(red=RED), "Monday 2022-10-31", "yellow_card"),
    ],
)
def test_a_higher_letter_gone_out_silences_the_lower_ones(
    case: Dossier, first: str, kind: str
) -> None:
    sent = sweep(case, (), [day(first)])
    assert [letter.kind for letter in sent] == [kind]
    assert sweep(case, sent, [day(first), day(first) + ONE_DAY, day(first) + 7 * ONE_DAY]) == sent


def test_the_trigger_is_the_threshold_and_never_the_day_of_the_sweep() -> None:
    for on in ("Friday 2022-09-30", "Saturday 2022-10-08", "Friday 2022-11-11"):
        (letter,) = letters_due(dossier(planned(START)), (), USUAL, CALENDAR, day(on))
        assert (said(letter.trigger_on), said(letter.issue_on)) == ("Friday 2022-09-30", on)
        assert letter.identity == ("assignment", "P001", "started", day(START))


def test_two_planned_dates_with_one_trigger_have_one_reminder() -> None:
    sent = sweep(dossier(planned("Wednesday 2023-03-29")), (), [day("Tuesday 2023-02-28")])
    moved = dossier(
        planned("Wednesday 2023-03-29"),
        planned("Friday 2023-03-31", decided="Wednesday 2023-03-01"),
    )
    (other,) = sweep(moved, (), [day("Wednesday 2023-03-01")])
    assert (other.identity, other.trigger_on) != (sent[0].identity, sent[0].trigger_on)
    assert other.trigger_on == sent[0].trigger_on
    assert sweep(moved, sent, [day("Wednesday 2023-03-01")]) == sent


# --- answers


@pytest.mark.parametrize(
    ("start", "on", "kind", "due_on"),
    [
        # five working days for an assignment
        ("Monday 2022-09-05", "Tuesday 2022-09-20", "assignment", "Tuesday 2022-09-27"),
        ("Wednesday 2022-09-14", "Thursday 2022-09-29", "assignment", "Tuesday 2022-10-11"),
        ("Thursday 2022-09-15", "Friday 2022-09-30", "assignment", "Wednesday 2022-10-12"),
        ("Sunday 2022-09-18", "Saturday 2022-10-08", "assignment", "Thursday 2022-10-13"),
        # three for a supervision
        ("Thursday 2022-09-15", "Monday 2022-11-14", "supervision", "Thursday 2022-11-17"),
        ("Thursday 2022-08-04", "Saturday 2022-10-08", "supervision", "Tuesday 2022-10-11"),
        ("Monday 2022-08-01", "Friday 2022-09-30", "supervision", "Monday 2022-10-10"),
    ],
)
def test_an_answer_about_a_start_is_due_working_days_after_the_issue(
    start: str, on: str, kind: str, due_on: str
) -> None:
    (letter,) = letters_due(dossier(planned(start)), (), USUAL, CALENDAR, day(on))
    assert letter.due_on is not None
    assert (letter.kind, said(letter.due_on)) == (kind, due_on)


@pytest.mark.parametrize(
    ("on", "kind", "due_on"),
    [
        ("Friday 2022-09-30", "supervision", "Monday 2022-10-10"),
        ("Monday 2022-10-31", "yellow_card", "Thursday 2022-11-03"),
    ],
)
def test_an_answer_about_progress_is_due_three_working_days_after_the_issue(
    on: str, kind: str, due_on: str
) -> None:
    (letter,) = letters_due(dossier(red=RED), (), USUAL, CALENDAR, day(on))
    assert letter.due_on is not None
    assert (letter.kind, said(letter.due_on)) == (kind, due_on)


def test_a_reminder_asks_for_no_answer() -> None:
    (letter,) = letters_due(dossier(planned(START)), (), USUAL, CALENDAR, day("Monday 2022-08-15"))
    assert letter.due_on is None


# --- years that are not announced: the calendar ends with 2026


@pytest.mark.parametrize(
    ("case", "on", "provisional"),
    [
        # answer due on Thursday 2026-12-31, on Tuesday 2027-01-05
        (dossier(planned("Wednesday 2026-12-09")), "Thursday 2026-12-24", False),
        (dossier(planned("Monday 2026-12-14")), "Tuesday 2026-12-29", True),
        (dossier(red=["Thursday 2026-12-31"]), "Thursday 2026-12-31", True),
        # no answer to a reminder: triggers on Sunday 2026-12-20 and on Sunday 2027-01-03
        (dossier(planned("Wednesday 2027-01-20")), "Friday 2026-12-18", False),
        (dossier(planned("Wednesday 2027-02-03")), "Friday 2027-01-01", True),
        # issued next year for a trigger of this one, and the other way round
        (dossier(planned("Monday 2026-12-14")), "Monday 2027-01-04", True),
        (dossier(planned("Saturday 2011-12-17")), "Wednesday 2012-01-04", False),
        (dossier(planned("Friday 2011-12-16")), "Wednesday 2012-01-04", True),
    ],
)
def test_a_letter_is_provisional_where_a_year_it_spans_is_not_announced(
    case: Dossier, on: str, provisional: bool
) -> None:
    (letter,) = letters_due(case, (), USUAL, CALENDAR, day(on))
    assert letter.provisional is provisional


def test_a_reminder_sent_ahead_of_a_trigger_in_a_year_not_announced_is_provisional() -> None:
    until_2027 = Calendar(off=frozenset(), work=frozenset(), announced=frozenset({2027}))
    case = dossier(planned("Tuesday 2028-02-01"))  # a month before is Saturday 2028-01-01
    (letter,) = letters_due(case, (), USUAL, until_2027, day("Friday 2027-12-31"))
    assert said(letter.trigger_on) == "Saturday 2028-01-01"
    assert letter.provisional
