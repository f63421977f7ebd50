"""Dates on which rules turn: month ends, short months, holidays, years without a calendar."""

from datetime import date, timedelta
from random import Random

from tests.oracle import facts

FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2022, 12, 31)
MONTH_ENDS = tuple(
    facts.month_end(date(year, month, 1)) for year in (2021, 2022) for month in range(1, 13)
)
NOTABLE_DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        # A month before these is the end of February, whatever their day.
        *("2022-03-28", "2022-03-29", "2022-03-30", "2022-03-31"),
        *("2021-12-31", "2022-01-31", "2022-04-30", "2022-05-31", "2022-07-31", "2022-08-31"),
        *("2022-10-29", "2022-10-30", "2022-10-31", "2022-11-30", "2022-12-31"),
        # A month before, 15 or 60 days after these lies in the holidays of October 2022.
        *("2022-11-01", "2022-11-05", "2022-11-07", "2022-11-09", "2022-09-16", "2022-09-20"),
        *("2022-09-22", "2022-09-23", "2022-08-02", "2022-08-05", "2022-08-08", "2022-10-05"),
        # The same for Chinese New Year 2022 and its make-up workdays.
        *("2022-02-28", "2022-03-01", "2022-03-04", "2022-03-06", "2022-01-14", "2022-01-16"),
        *("2022-01-18", "2022-01-22", "2021-12-01", "2021-12-04", "2021-12-08", "2022-02-03"),
        # The same for the turn to 2027 and inside it.
        *("2026-11-02", "2026-12-10", "2026-12-17", "2026-12-31", "2027-01-01", "2027-01-04"),
        *("2027-01-29", "2027-02-01", "2027-03-31"),
    )
)


def any_day(rng: Random, first: date = FIRST_DAY, last: date = LAST_DAY) -> date:
    """Return a day of the span, both ends included."""
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def planned_day(rng: Random) -> date:
    """Return a day for which something may be planned, more often than not a notable one."""
    if rng.random() < 0.55:
        return rng.choice(NOTABLE_DAYS)
    return any_day(rng, date(2021, 1, 1), date(2023, 3, 31))


def actual_day(rng: Random, planned: date | None) -> date:
    """Return a day on which something may have happened, often near its planned date."""
    if planned is None or planned.year > LAST_DAY.year or rng.random() < 0.3:
        return any_day(rng)
    near = (-30, -1, 0, 0, 1, 14, 15, 16, 31, 59, 60, 61, 92)
    return planned + timedelta(days=rng.choice(near))
