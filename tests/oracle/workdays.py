"""Working days by the published calendar of holidays and make-up workdays."""

from datetime import date, timedelta
from typing import TypedDict

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Calendar(TypedDict):
    """The parsed calendar: days off, make-up workdays, and the years announced."""

    off: list[str]
    work: list[str]
    years: list[int]


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Return whether offices work; a year not announced has plain weeks, Monday to Friday."""
    if day.isoformat() in calendar["work"]:
        return True
    return day.isoformat() not in calendar["off"] and day.weekday() < SATURDAY


def on_or_before(calendar: Calendar, day: date) -> date:
    """Return the day, or the last working day before it."""
    while not is_working_day(calendar, day):
        day -= ONE_DAY
    return day


def after_working_days(calendar: Calendar, day: date, count: int) -> date:
    """Return the day that lies a number of working days later; the given day is day 0."""
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(calendar, day)
    return day


def is_provisional(calendar: Calendar, start: date, end: date) -> bool:
    """Return whether any year of the span has no announced calendar, in either direction."""
    years = range(min(start, end).year, max(start, end).year + 1)
    return any(year not in calendar["years"] for year in years)
