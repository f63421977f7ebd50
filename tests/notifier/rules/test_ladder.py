"""The rungs: from which day each letter is due, and up to which."""

from datetime import date, timedelta

import pytest

from services.notifier.rules.dossiers import Dossier
from services.notifier.rules.ladder import (
    LetterKind,
    LetterRules,
    Rung,
    build_ladders,
    red_episode,
)
from shared.facts.projects import Pause
from shared.facts.words import MilestoneKind
from tests.dates import day, said
from tests.notifier.rules.office import (
    CALENDAR,
    IN_PRODUCTION,
    STARTED,
    USUAL,
    dossier,
    pause,
    planned,
    reached,
)

LONG_BEFORE = date(2020, 1, 1)


def rungs(case: Dossier, on: date = LONG_BEFORE, rules: LetterRules = USUAL) -> dict[str, Rung]:
    """The rungs about the start as they stand on a day, by kind."""
    ladders = build_ladders(case, rules, CALENDAR, on)
    return {rung.kind: rung for ladder in ladders for rung in ladder if rung.about == STARTED}


# --- triggers are days of the calendar, and only a reminder goes out ahead of one


@pytest.mark.parametrize(
    ("start", "trigger", "goes_out"),
    [
        ("Saturday 2022-10-15", "Thursday 2022-09-15", "Thursday 2022-09-15"),
        ("Monday 2022-10-17", "Saturday 2022-09-17", "Friday 2022-09-16"),
        ("Thursday 2022-11-03", "Monday 2022-10-03", "Friday 2022-09-30"),  # national day
        ("Tuesday 2022-11-08", "Saturday 2022-10-08", "Saturday 2022-10-08"),  # make-up day
        ("Wednesday 2023-03-29", "Tuesday 2023-02-28", "Tuesday 2023-02-28"),
        ("Friday 2023-03-31", "Tuesday 2023-02-28", "Tuesday 2023-02-28"),
        ("Sunday 2024-03-31", "Thursday 2024-02-29", "Thursday 2024-02-29"),
        ("Wednesday 2022-08-31", "Sunday 2022-07-31", "Friday 2022-07-29"),
        ("Wednesday 2023-02-22", "Sunday 2023-01-22", "Friday 2023-01-20"),  # New Year
        ("Wednesday 2023-02-01", "Sunday 2023-01-01", "Friday 2022-12-30"),
        ("Monday 2026-11-02", "Friday 2026-10-02", "Wednesday 2026-09-30"),
    ],
)
def test_a_reminder_is_due_a_month_before_or_on_the_last_working_day_before_that(
    start: str, trigger: str, goes_out: str
) -> None:
    reminder = rungs(dossier(planned(start)))["reminder"]
    assert (said(reminder.trigger_on), said(reminder.from_on)) == (trigger, goes_out)
    assert said(reminder.to_on) == start


@pytest.mark.parametrize(
    ("start", "assignment", "supervision"),
    [
        ("Thursday 2022-09-15", "Friday 2022-09-30", "Monday 2022-11-14"),
        ("Sunday 2022-09-18", "Monday 2022-10-03", "Thursday 2022-11-17"),
        ("Thursday 2022-08-04", "Friday 2022-08-19", "Monday 2022-10-03"),
        ("Saturday 2022-12-31", "Sunday 2023-01-15", "Wednesday 2023-03-01"),
        ("Wednesday 2024-02-14", "Thursday 2024-02-29", "Sunday 2024-04-14"),
    ],
)
def test_assignment_and_supervision_are_due_15_and_60_days_after_with_no_end(
    start: str, assignment: str, supervision: str
) -> None:
    found = rungs(dossier(planned(start)))
    for kind, trigger in (("assignment", assignment), ("supervision", supervision)):
        assert said(found[kind].trigger_on) == said(found[kind].from_on) == trigger
        assert found[kind].to_on == date.max


def test_numbers_are_the_office_s_own() -> None:
    waits = {LetterKind.assignment: 10, LetterKind.supervision: 30}
    own = LetterRules(press_after=tuple((kind, timedelta(n)) for kind, n in waits.items()))
    found = rungs(dossier(planned("Thursday 2022-09-15")), rules=own)
    assert said(found["assignment"].trigger_on) == "Sunday 2022-09-25"
    assert said(found["supervision"].trigger_on) == "Saturday 2022-10-15"


def waiting(days: int, effective_from: str, replaced: LetterRules) -> LetterRules:
    """Rules under which an assignment waits so many days."""
    waits = ((LetterKind.assignment, timedelta(days)),)
    return LetterRules(press_after=waits, effective_from=day(effective_from), replaced=replaced)


@pytest.mark.parametrize(
    ("start", "trigger"),
    [
        # 15 days until Saturday 2022-10-01, from then on 5
        ("Tuesday 2022-09-20", "Wednesday 2022-10-05"),  # by the new ones it would be long past
        ("Sunday 2022-09-25", "Monday 2022-10-10"),
        ("Monday 2022-09-26", "Saturday 2022-10-01"),  # the first that the new ones hold for
        ("Saturday 2022-10-15", "Thursday 2022-10-20"),
    ],
)
def test_new_numbers_hold_for_triggers_from_their_day_of_effect_on(
    start: str, trigger: str
) -> None:
    rules = waiting(5, "Saturday 2022-10-01", USUAL)
    found = rungs(dossier(planned(start)), day("Saturday 2022-10-01"), rules)
    assert said(found["assignment"].trigger_on) == trigger
    before = rungs(dossier(planned(start)), day("Friday 2022-09-30"), rules)
    assert before["assignment"].trigger_on == day(start) + timedelta(15)


@pytest.mark.parametrize(
    ("start", "kinds"),
    [
        ("Monday 2022-08-01", ["reminder", "assignment", "supervision"]),  # on Friday 2022-09-30
        ("Tuesday 2022-08-02", ["reminder", "assignment"]),
    ],
)
def test_a_rung_that_new_rules_do_not_have_ends_on_their_day_of_effect(
    start: str, kinds: list[str]
) -> None:
    rules = waiting(15, "Saturday 2022-10-01", USUAL)
    assert [*rungs(dossier(planned(start)), day("Saturday 2022-10-01"), rules)] == kinds


# --- which ladders a project has


def test_rungs_are_told_from_the_lowest_up() -> None:
    told = [*rungs(dossier(planned("Thursday 2022-09-15")))]
    assert told == ["reminder", "assignment", "supervision"]


@pytest.mark.parametrize(
    ("remind_of", "kinds"),
    [
        ((STARTED,), ["assignment", "supervision"]),
        ((STARTED, IN_PRODUCTION), ["reminder", "assignment", "supervision"]),
    ],
)
def test_production_is_reminded_of_only_where_that_is_switched_on(
    remind_of: tuple[MilestoneKind, ...], kinds: list[str]
) -> None:
    case = dossier(planned("Thursday 2022-09-15", IN_PRODUCTION))
    found = build_ladders(case, LetterRules(remind_of=remind_of), CALENDAR, LONG_BEFORE)
    assert [rung.kind for ladder in found for rung in ladder] == kinds


def test_a_milestone_never_planned_has_no_rungs() -> None:
    assert rungs(dossier()) == {}


@pytest.mark.parametrize(
    ("on", "kinds"),
    [
        ("Tuesday 2022-10-11", ["reminder", "assignment", "supervision"]),
        ("Wednesday 2022-10-12", []),  # the day of the start
        ("Thursday 2022-10-13", []),
    ],
)
def test_a_milestone_reached_has_no_rungs_from_that_day_on(on: str, kinds: list[str]) -> None:
    case = dossier(planned("Thursday 2022-09-15", actual="Wednesday 2022-10-12"))
    assert [*rungs(case, day(on))] == kinds


@pytest.mark.parametrize(
    ("on", "assignment"),
    [
        ("Sunday 2022-09-04", "Friday 2022-09-30"),
        ("Monday 2022-09-05", "Friday 2022-12-16"),
        ("Thursday 2022-10-20", "Friday 2022-12-16"),
        ("Friday 2022-10-21", "Monday 2022-10-31"),
    ],
)
def test_rungs_count_from_the_planned_date_in_force(on: str, assignment: str) -> None:
    case = dossier(
        planned("Sunday 2022-10-16", decided="Friday 2022-10-21"),  # brought forward again
        planned("Thursday 2022-09-15"),
        planned("Thursday 2022-12-01", decided="Monday 2022-09-05"),
    )
    assert said(rungs(case, day(on))["assignment"].trigger_on) == assignment


def test_a_row_that_only_tells_the_actual_date_moves_no_planned_date() -> None:
    case = dossier(planned("Thursday 2022-09-15"), reached(STARTED, "Friday 2022-12-30"))
    assert said(rungs(case)["assignment"].trigger_on) == "Friday 2022-09-30"


# --- red episodes

AUTUMN = ["Friday 2022-09-30", "Monday 2022-10-31", "Wednesday 2022-11-30"]
WINTER = ["Wednesday 2022-11-30", "Saturday 2022-12-31", "Tuesday 2023-01-31"]


@pytest.mark.parametrize(
    ("red", "on", "expected"),
    [
        (AUTUMN, "Thursday 2022-09-29", []),
        (AUTUMN, "Friday 2022-09-30", AUTUMN[:1]),
        (AUTUMN, "Sunday 2022-10-30", AUTUMN[:1]),
        (AUTUMN, "Monday 2022-10-31", AUTUMN[:2]),
        (AUTUMN, "Friday 2022-12-30", AUTUMN),
        (AUTUMN, "Saturday 2022-12-31", []),  # the first month end that is not red
        (AUTUMN[::2], "Sunday 2022-10-30", AUTUMN[:1]),
        (AUTUMN[::2], "Monday 2022-10-31", []),
        (AUTUMN[::2], "Wednesday 2022-11-30", AUTUMN[2:]),
        (WINTER, "Saturday 2022-12-31", WINTER[:2]),
        (WINTER, "Monday 2023-01-30", WINTER[:2]),  # the last day of an episode of 2022
        (WINTER, "Tuesday 2023-01-31", WINTER[2:]),
        (WINTER[:2], "Monday 2023-01-30", WINTER[:2]),
        (WINTER[:2], "Tuesday 2023-01-31", []),
    ],
)
def test_an_episode_lasts_until_the_next_month_end_that_is_not_its_own(
    red: list[str], on: str, expected: list[str]
) -> None:
    assert [*map(said, red_episode(dossier(red=red), day(on)))] == expected


@pytest.mark.parametrize(
    ("paused", "expected"),
    [
        (pause("Monday 2022-10-10", "Sunday 2022-10-30"), AUTUMN),
        (pause("Monday 2022-10-10", "Monday 2022-10-31"), AUTUMN[2:]),
        (pause("Monday 2022-10-31", "Tuesday 2022-11-01"), AUTUMN[2:]),
        (pause("Tuesday 2022-11-01", "Tuesday 2022-11-29"), AUTUMN),
        (pause("Tuesday 2022-11-01"), []),
        (pause("Tuesday 2022-11-01", approved=False), AUTUMN),
        (pause("Tuesday 2022-11-01", approved=None), AUTUMN),
    ],
)
def test_an_approved_pause_breaks_an_episode_only_at_a_month_end(
    paused: Pause, expected: list[str]
) -> None:
    case = dossier(red=AUTUMN, pauses=[paused])
    assert [*map(said, red_episode(case, day("Wednesday 2022-11-30")))] == expected
