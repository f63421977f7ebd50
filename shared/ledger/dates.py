"""Dates as people write them: days, months that mean their last day, and Excel's serial numbers.

Only the years 1950 to 2199, so that a bare `2022` is not taken for a day of 1905.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from shared.ledger.sheets import Cell, Read, half_width

FIRST, LAST = date(1950, 1, 1), date(2199, 12, 31)
SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 60, 1900-02-29, never was: right from day 61 on
FIRST_SERIAL, LAST_SERIAL = (FIRST - SERIAL_ZERO).days, (LAST - SERIAL_ZERO).days

WRITTEN = re.compile(
    r"""(?P<year>\d{4}) (?:
          (?P<sign>[-/.]) (?P<month>\d{1,2}) (?: (?P=sign) (?P<day>\d{1,2}) )?
        | \s*年\s* (?P<month_zh>\d{1,2}) \s*月\s* (?: (?P<day_zh>\d{1,2}) \s*[日号]? )?
        | (?P<month_8>\d\d) (?P<day_8>\d\d)
        ) (?: (?:T|\s+|(?<=[日号])) (?P<time>\d{1,2}:\d\d[\d:.]*) )?""",
    re.VERBOSE | re.ASCII,
)
SERIAL = re.compile(r"\d{5}", re.ASCII)
EIGHT_DIGITS = re.compile(r"\d{8}", re.ASCII)
NO_TIME = "0:."  # the characters of midnight


def read_day(cell: Cell) -> Read:
    """A date; a time of day is dropped with a warning unless it is midnight."""
    if isinstance(cell, datetime):
        return within(cell.date(), timed=cell.time() != time())
    if isinstance(cell, date):
        return within(cell)
    if isinstance(cell, bool) or cell is None:
        return Read(None, "bad_date")
    return read_text(cell) if isinstance(cell, str) else read_number(cell)


def read_number(number: float) -> Read:
    """A serial number of Excel, or the eight digits of a day."""
    if FIRST_SERIAL <= number < LAST_SERIAL + 1:
        return within(SERIAL_ZERO + timedelta(days=int(number)), timed=number != int(number))
    eight = f"{number:.15g}"
    return read_text(eight) if EIGHT_DIGITS.fullmatch(eight) else Read(None, "bad_date")


def read_text(text: str) -> Read:
    text = half_width(text)
    if SERIAL.fullmatch(text) and int(text) >= FIRST_SERIAL:
        return read_number(int(text))
    match = WRITTEN.fullmatch(text)
    if match is None:
        return Read(None, "bad_date")
    year = int(match["year"])
    month = int(match["month"] or match["month_zh"] or match["month_8"])
    day = match["day"] or match["day_zh"] or match["day_8"]
    if not FIRST.year <= year <= LAST.year:
        return Read(None, "date_out_of_range")
    try:
        civil = date(year, month, int(day) if day else monthrange(year, month)[1])
    except ValueError:
        return Read(None, "no_such_date")
    return within(civil, timed=bool((match["time"] or "").strip(NO_TIME)))


def within(day: date, timed: bool = False) -> Read:
    if not FIRST <= day <= LAST:
        return Read(None, "date_out_of_range")
    return Read(day, "time_dropped" if timed else None)
