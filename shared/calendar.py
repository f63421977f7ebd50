"""Working days as the State Council announces them, year by year, each in November before.

Until a year is announced its days are provisional: Monday to Friday count as working days, and a
result that used such a year is marked.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Days off on weekdays or weekends, make-up workdays, and the years announced."""

    off: frozenset[date]
    work: frozenset[date]
    announced: frozenset[int]

    def is_working(self, day: date) -> bool:
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def is_provisional(self, first: date, last: date) -> bool:
        """True where some year from the first day to the last is not announced yet."""
        return any(year not in self.announced for year in range(first.year, last.year + 1))

    def working_day_from(self, day: date) -> date:
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_day_until(self, day: date) -> date:
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def add_working_days(self, day: date, working_days: int) -> date:
        """Add working days to a day, which itself is day 0."""
        for _ in range(working_days):
            day = self.working_day_from(day + ONE_DAY)
        return day

    def count_working_days(self, first: date, last: date) -> int:
        """Count the working days from one day to another, both included."""
        days = (first + n * ONE_DAY for n in range((last - first).days + 1))
        return sum(map(self.is_working, days))


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def subtract_month(day: date) -> date:
    """One calendar month earlier; a day that month lacks becomes its last (31 Mar → 28 Feb)."""
    last = day.replace(day=1) - ONE_DAY
    return last.replace(day=min(day.day, last.day))


def month_ends(first: date, last: date) -> Iterator[date]:
    """The month ends from one day to another, both included."""
    end = month_end(first)
    while end <= last:
        yield end
        end = month_end(end + ONE_DAY)


def last_month_end(day: date) -> date:
    """The latest month end up to a day, the day itself included."""
    return day if day == month_end(day) else day.replace(day=1) - ONE_DAY
