"""Working days with their holidays and make-up days, and how months are counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import ONE_DAY, last_month_end, month_end, month_ends, subtract_month
from shared.reference import load_calendar
from tests.dates import day, said

CALENDAR = load_calendar()


def working(first: date, last: date) -> list[date]:
    """The working days from one day to another, both included, one by one."""
    days = (first + ONE_DAY * n for n in range((last - first).days + 1))
    return [on for on in days if CALENDAR.is_working(on)]


# --- which days are working days

WORKING_DAYS = [
    # the national day of 2022, a week, and its make-up weekend
    ("Friday 2022-09-30", True),
    ("Saturday 2022-10-01", False),
    ("Monday 2022-10-03", False),
    ("Friday 2022-10-07", False),
    ("Saturday 2022-10-08", True),
    ("Sunday 2022-10-09", True),
    ("Monday 2022-10-10", True),
    ("Saturday 2022-10-15", False),
    # the Chinese New Year of 2022, made up for before it
    ("Saturday 2022-01-29", True),
    ("Sunday 2022-01-30", True),
    ("Monday 2022-01-31", False),
    ("Sunday 2022-02-06", False),
    ("Monday 2022-02-07", True),
    # that of 2023, made up for after it
    ("Friday 2023-01-20", True),
    ("Saturday 2023-01-21", False),
    ("Friday 2023-01-27", False),
    ("Saturday 2023-01-28", True),
    ("Sunday 2023-01-29", True),
    # that of 2026, on both sides
    ("Saturday 2026-02-14", True),
    ("Sunday 2026-02-15", False),
    ("Monday 2026-02-23", False),
    ("Saturday 2026-02-28", True),
    # a New Year that makes a Monday of the next year free, and one with a make-up Sunday
    ("Saturday 2022-12-31", False),
    ("Monday 2023-01-02", False),
    ("Friday 2026-01-02", False),
    ("Sunday 2026-01-04", True),
]


@pytest.mark.parametrize(("on", "expected"), WORKING_DAYS)
def test_holidays_are_free_and_make_up_days_are_worked(on: str, expected: bool) -> None:
    assert CALENDAR.is_working(day(on)) is expected


@pytest.mark.parametrize(
    ("on", "before", "after"),
    [
        ("Wednesday 2022-09-28", "Wednesday 2022-09-28", "Wednesday 2022-09-28"),
        ("Saturday 2022-09-17", "Friday 2022-09-16", "Monday 2022-09-19"),
        ("Saturday 2022-10-01", "Friday 2022-09-30", "Saturday 2022-10-08"),
        ("Monday 2022-10-03", "Friday 2022-09-30", "Saturday 2022-10-08"),
        ("Sunday 2022-10-09", "Sunday 2022-10-09", "Sunday 2022-10-09"),
        ("Tuesday 2022-02-01", "Sunday 2022-01-30", "Monday 2022-02-07"),
        ("Sunday 2023-01-22", "Friday 2023-01-20", "Saturday 2023-01-28"),
        ("Sunday 2023-01-01", "Friday 2022-12-30", "Tuesday 2023-01-03"),
    ],
)
def test_a_free_day_moves_to_the_working_day_before_or_after(
    on: str, before: str, after: str
) -> None:
    assert said(CALENDAR.working_day_until(day(on))) == before
    assert said(CALENDAR.working_day_from(day(on))) == after


@pytest.mark.parametrize(
    ("on", "working_days", "expected"),
    [
        ("Thursday 2022-09-15", 0, "Thursday 2022-09-15"),
        ("Thursday 2022-09-15", 1, "Friday 2022-09-16"),
        ("Thursday 2022-09-15", 2, "Monday 2022-09-19"),
        ("Tuesday 2022-09-20", 5, "Tuesday 2022-09-27"),
        ("Thursday 2022-09-29", 3, "Sunday 2022-10-09"),
        ("Thursday 2022-09-29", 5, "Tuesday 2022-10-11"),
        ("Friday 2022-09-30", 3, "Monday 2022-10-10"),
        ("Friday 2022-09-30", 5, "Wednesday 2022-10-12"),
        ("Monday 2022-10-03", 1, "Saturday 2022-10-08"),
        ("Saturday 2022-10-08", 5, "Thursday 2022-10-13"),
        ("Friday 2022-01-28", 3, "Monday 2022-02-07"),
        ("Friday 2023-01-20", 3, "Monday 2023-01-30"),
        ("Friday 2022-12-30", 1, "Tuesday 2023-01-03"),
        ("Thursday 2026-12-31", 1, "Friday 2027-01-01"),
    ],
)
def test_working_days_are_counted_from_the_day_after(
    on: str, working_days: int, expected: str
) -> None:
    assert said(CALENDAR.add_working_days(day(on), working_days)) == expected


# --- years that are not announced yet


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("Friday 2027-01-01", True),
        ("Saturday 2027-01-02", False),
        ("Friday 2027-10-01", True),
        ("Sunday 2027-10-10", False),
    ],
)
def test_a_year_not_announced_has_plain_weeks(on: str, expected: bool) -> None:
    assert CALENDAR.is_working(day(on)) is expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Thursday 2026-12-31", "Thursday 2026-12-31", False),
        ("Thursday 2026-12-31", "Friday 2027-01-01", True),
        ("Friday 2027-01-01", "Monday 2027-01-04", True),
        ("Sunday 2012-01-01", "Thursday 2026-12-31", False),
        ("Saturday 2011-12-31", "Sunday 2012-01-01", True),
        ("Saturday 2011-12-31", "Friday 2027-01-01", True),
    ],
)
def test_what_touches_a_year_not_announced_is_provisional(
    first: str, last: str, expected: bool
) -> None:
    assert CALENDAR.is_provisional(day(first), day(last)) is expected


# --- months


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("Saturday 2022-10-15", "Thursday 2022-09-15"),
        ("Friday 2023-03-31", "Tuesday 2023-02-28"),
        ("Thursday 2023-03-30", "Tuesday 2023-02-28"),
        ("Wednesday 2023-03-29", "Tuesday 2023-02-28"),
        ("Tuesday 2023-03-28", "Tuesday 2023-02-28"),
        ("Sunday 2024-03-31", "Thursday 2024-02-29"),
        ("Friday 2024-03-29", "Thursday 2024-02-29"),
        ("Thursday 2024-03-28", "Wednesday 2024-02-28"),
        ("Monday 2022-10-31", "Friday 2022-09-30"),
        ("Wednesday 2022-08-31", "Sunday 2022-07-31"),
        ("Tuesday 2023-01-31", "Saturday 2022-12-31"),
        ("Sunday 2023-01-01", "Thursday 2022-12-01"),
        ("Tuesday 2023-02-28", "Saturday 2023-01-28"),
    ],
)
def test_a_month_before_a_day_that_month_lacks_is_its_last(on: str, expected: str) -> None:
    assert said(subtract_month(day(on))) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2022-09-15", "2022-09-29", []),
        ("2022-09-15", "2022-09-30", ["2022-09-30"]),
        ("2022-09-30", "2022-10-31", ["2022-09-30", "2022-10-31"]),
        ("2023-12-31", "2024-03-30", ["2023-12-31", "2024-01-31", "2024-02-29"]),
        ("2022-10-01", "2022-09-30", []),
    ],
)
def test_month_ends_of_a_period_include_its_ends(
    first: str, last: str, expected: list[str]
) -> None:
    ends = month_ends(date.fromisoformat(first), date.fromisoformat(last))
    assert [end.isoformat() for end in ends] == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("Friday 2022-09-30", "Friday 2022-09-30"),
        ("Saturday 2022-10-01", "Friday 2022-09-30"),
        ("Sunday 2022-10-30", "Friday 2022-09-30"),
        ("Sunday 2023-01-01", "Saturday 2022-12-31"),
        ("Friday 2024-03-01", "Thursday 2024-02-29"),
    ],
)
def test_the_latest_month_end_may_be_the_day_itself(on: str, expected: str) -> None:
    assert said(last_month_end(day(on))) == expected


# --- laws

days = st.dates(date(2012, 1, 1), date(2030, 12, 31))
few = st.integers(0, 30)


@given(days)
def test_nothing_is_worked_between_a_free_day_and_where_it_moves(on: date) -> None:
    before, after = CALENDAR.working_day_until(on), CALENDAR.working_day_from(on)
    assert before <= on <= after
    assert working(before, after) == sorted({before, after})


@given(days, few)
def test_an_answer_has_exactly_its_number_of_working_days(on: date, number: int) -> None:
    due = CALENDAR.add_working_days(on, number)
    assert len(working(on + ONE_DAY, due)) == number
    assert number == 0 or CALENDAR.is_working(due)


@given(days, few, few)
def test_working_days_add_up(on: date, some: int, more: int) -> None:
    assert CALENDAR.add_working_days(
        CALENDAR.add_working_days(on, some), more
    ) == CALENDAR.add_working_days(on, some + more)


@given(days)
def test_a_month_before_lies_in_the_month_before(on: date) -> None:
    earlier = subtract_month(on)
    assert month_end(earlier) + ONE_DAY == on.replace(day=1)
    assert earlier.day == min(on.day, month_end(earlier).day)


@given(days, st.integers(0, 800))
def test_a_day_is_a_month_end_if_a_month_begins_after_it(first: date, length: int) -> None:
    days = [first + timedelta(days=n) for n in range(length + 1)]
    assert list(month_ends(first, days[-1])) == [on for on in days if (on + ONE_DAY).day == 1]


@given(days)
def test_no_month_ends_between_the_latest_month_end_and_the_day(on: date) -> None:
    latest = last_month_end(on)
    assert list(month_ends(latest, on)) == [latest]
