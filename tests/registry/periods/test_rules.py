"""Rules of reporting periods by value, on the days before and after they change; and laws."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.periods.rules import (
    PeriodClosed,
    PeriodLimits,
    ReportingProject,
    decide_reporting,
    decide_state,
    find_closing,
    is_late,
    last_day_of_period,
    list_last_days,
    owes_report,
    refuse_closed,
)
from services.registry.periods.schemas import PeriodKind, PeriodState, ReportingState

MONTH, HALF = PeriodKind.month, PeriodKind.half_month
END = date(2026, 9, 30)
LIMITS = PeriodLimits(due_days=5, closes_days=20)


@pytest.mark.parametrize(
    ("kind", "day", "last"),
    [
        (MONTH, "2026-02-01", "2026-02-28"),
        (MONTH, "2024-02-29", "2024-02-29"),
        (HALF, "2026-02-01", "2026-02-15"),
        (HALF, "2026-02-15", "2026-02-15"),
        (HALF, "2026-02-16", "2026-02-28"),
        (HALF, "2026-12-31", "2026-12-31"),
    ],
)
def test_a_period_ends_on_the_15th_or_with_its_month(kind: PeriodKind, day: str, last: str) -> None:
    assert last_day_of_period(kind, date.fromisoformat(day)) == date.fromisoformat(last)


def test_periods_follow_one_another() -> None:
    listed = [*list_last_days(HALF, date(2026, 1, 20), date(2026, 3, 1))]
    assert [f"{each:%m-%d}" for each in listed] == ["01-31", "02-15", "02-28", "03-15"]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 9, 10), PeriodState.open),  # which runs still
        (date(2026, 10, 5), PeriodState.open),
        (date(2026, 10, 6), PeriodState.late),
        (date(2026, 10, 20), PeriodState.late),
        (date(2026, 10, 21), PeriodState.closed),
    ],
)
def test_a_period_is_open_then_late_then_closed(today: date, state: PeriodState) -> None:
    assert decide_state(END, LIMITS, today) is state


def test_what_is_not_set_never_comes() -> None:
    for today in (END, END + timedelta(days=9999)):
        assert decide_state(END, PeriodLimits(), today) is PeriodState.open
        assert not is_late(END, PeriodLimits(closes_days=3), today)
    assert decide_state(END, PeriodLimits(due_days=1), date(2036, 1, 1)) is PeriodState.late
    assert decide_state(END, PeriodLimits(closes_days=1), date(2026, 10, 2)) is PeriodState.closed


@pytest.mark.parametrize(
    ("project", "owes"),
    [
        (ReportingProject("P1", "U1", "new"), True),
        (ReportingProject("P1", "U1", "preliminary"), True),
        (ReportingProject("P1", "U1", "reserve"), False),
        (ReportingProject("P1", "U1", "new", ended_on=END), False),
        (ReportingProject("P1", "U1", "new", ended_on=END + timedelta(days=1)), True),
        (ReportingProject("P1", "U1", "new", pauses=[(END, None)]), False),
        (ReportingProject("P1", "U1", "new", pauses=[(date(2026, 9, 1), END)]), False),
        (ReportingProject("P1", "U1", "new", pauses=[(date(2026, 9, 1), date(2026, 9, 29))]), True),
        (ReportingProject("P1", "U1", "new", pauses=[(date(2026, 10, 1), None)]), True),
    ],
)
def test_a_live_project_owes_a_report(project: ReportingProject, owes: bool) -> None:
    assert owes_report(project, END) is owes


def test_what_was_reported_after_it_was_open_is_late() -> None:
    last_open = date(2026, 10, 5)
    assert decide_reporting(END, LIMITS, last_open, is_waiting=False) is ReportingState.reported
    after = last_open + timedelta(days=1)
    assert decide_reporting(END, LIMITS, after, is_waiting=False) is ReportingState.late
    # A correction that waits takes nothing from what counts.
    assert decide_reporting(END, LIMITS, last_open, is_waiting=True) is ReportingState.reported
    assert decide_reporting(END, LIMITS, None, is_waiting=True) is ReportingState.waiting
    assert decide_reporting(END, LIMITS, None, is_waiting=False) is ReportingState.unreported


@pytest.mark.parametrize(
    ("as_of", "month", "half", "closed"),
    [
        ("2026-09-30", LIMITS, None, "2026-10-20"),
        ("2026-09-12", LIMITS, None, "2026-10-20"),
        ("2026-09-30", None, PeriodLimits(1, 3), "2026-10-03"),
        ("2026-09-12", None, PeriodLimits(1, 3), "2026-09-18"),
        ("2026-09-30", LIMITS, PeriodLimits(1, 3), "2026-10-20"),
        ("2026-09-15", LIMITS, PeriodLimits(1, 3), "2026-09-18"),
        ("2026-09-30", PeriodLimits(5, None), PeriodLimits(1, 3), None),
        ("2026-09-30", None, None, None),
    ],
)
def test_the_end_of_a_month_is_of_the_month(
    as_of: str, month: PeriodLimits | None, half: PeriodLimits | None, closed: str | None
) -> None:
    on = closed and date.fromisoformat(closed)
    found = find_closing(date.fromisoformat(as_of), month, half, date(2026, 12, 1))
    assert found == on
    if on:
        assert find_closing(date.fromisoformat(as_of), month, half, on) is None


def test_after_closing_a_reason_is_needed() -> None:
    refuse_closed(None)
    with pytest.raises(PeriodClosed, match="2026-09-30"):
        refuse_closed(END)


# --- laws ----------------------------------------------------------------------------------------

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
KINDS = st.sampled_from([*PeriodKind])
COUNTS = st.none() | st.integers(0, 366)
ANY_LIMITS = st.builds(PeriodLimits, COUNTS, COUNTS)
ORDER = [PeriodState.open, PeriodState.late, PeriodState.closed]


@pytest.mark.laws
@given(KINDS, DAYS)
def test_every_day_is_in_one_period_whose_last_day_is_in_it(kind: PeriodKind, day: date) -> None:
    last = last_day_of_period(kind, day)
    assert day <= last
    assert last_day_of_period(kind, last) == last
    assert [*list_last_days(kind, day, day)] == [last]


@pytest.mark.laws
@given(KINDS, DAYS, st.integers(0, 400))
def test_periods_have_no_gap_and_no_overlap(kind: PeriodKind, first: date, days: int) -> None:
    last_days = [*list_last_days(kind, first, first + timedelta(days=days))]
    met = {last_day_of_period(kind, first + timedelta(days=number)) for number in range(days + 1)}
    assert last_days == sorted(met)


@pytest.mark.laws
@given(ANY_LIMITS, DAYS, st.integers(-40, 800), st.integers(0, 400))
def test_a_period_never_opens_again(limits: PeriodLimits, last: date, days: int, more: int) -> None:
    today = last + timedelta(days=days)
    earlier = decide_state(last, limits, today)
    later = decide_state(last, limits, today + timedelta(days=more))
    assert ORDER.index(earlier) <= ORDER.index(later)
    if days <= 0:
        assert earlier is PeriodState.open


@pytest.mark.laws
@given(ANY_LIMITS, DAYS, st.integers(0, 800))
def test_what_is_reported_while_it_is_open_is_never_late(
    limits: PeriodLimits, last: date, days: int
) -> None:
    on = last + timedelta(days=days)
    if decide_state(last, limits, on) is PeriodState.open:
        assert not is_late(last, limits, on)
    if decide_state(last, limits, on) is PeriodState.late:
        assert is_late(last, limits, on)


@pytest.mark.laws
@given(DAYS, st.none() | ANY_LIMITS, st.none() | ANY_LIMITS, st.integers(0, 800))
def test_what_is_closed_stays_closed(
    as_of: date, month: PeriodLimits | None, half: PeriodLimits | None, days: int
) -> None:
    today = as_of + timedelta(days=days)
    closed = find_closing(as_of, month, half, today)
    if closed is not None:
        assert as_of <= closed < today
        assert find_closing(as_of, month, half, today + timedelta(days=9)) == closed


@pytest.mark.laws
@given(DAYS, DAYS, st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=3))
def test_who_ended_owes_nothing_ever_after(
    ended: date, last: date, pauses: list[tuple[date, date | None]]
) -> None:
    project = ReportingProject("P1", "U1", "new", ended, pauses)
    if last >= ended:
        assert not owes_report(project, last)
    elif not pauses:
        assert owes_report(project, last)
