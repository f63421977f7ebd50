"""Dates as people write them: days, months that mean their last day, and Excel's serial numbers.

Only the years 1950 to 2199, so that a bare `2022` is not taken for a day of 1905.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from shared.ledger.sheets import Cell, FailedCell, ParsedCell, to_half_width

MIN_DATE, MAX_DATE = date(1950, 1, 1), date(2199, 12, 31)
SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 60, 1900-02-29, never was: right from day 61 on
FIRST_SERIAL, LAST_SERIAL = (MIN_DATE - SERIAL_ZERO).days, (MAX_DATE - SERIAL_ZERO).days

DATE_PATTERN = re.compile(
    r"""(?P<year>\d{4}) (?:
          (?P<sign>[-/.]) (?P<month>\d{1,2}) (?: (?P=sign) (?P<day>\d{1,2}) )?
        | \s*年\s* (?P<month_zh>\d{1,2}) \s*月\s* (?: (?P<day_zh>\d{1,2}) \s*[日号]? )?
        | (?P<month_8>\d\d) (?P<day_8>\d\d)
        ) (?: (?:T|\s+|(?<=[日号])) (?P<time>\d{1,2}:\d\d[\d:.]*) )?""",
    re.VERBOSE | re.ASCII,
)
SERIAL_PATTERN = re.compile(r"\d{5}", re.ASCII)
EIGHT_DIGITS = re.compile(r"\d{8}", re.ASCII)
MIDNIGHT_CHARACTERS = "0:."  # the characters of midnight


def parse_day_cell(cell: Cell) -> ParsedCell:
    """A date; a time of day is dropped with a warning unless it is midnight."""
    if isinstance(cell, datetime):
        return check_day_range(cell.date(), timed=cell.time() != time())
    if isinstance(cell, date):
        return check_day_range(cell)
    if isinstance(cell, bool | FailedCell) or cell is None:
        return ParsedCell(None, "bad_date")
    return parse_day_text(cell) if isinstance(cell, str) else parse_serial(cell)


def parse_serial(number: float) -> ParsedCell:
    """A serial number of Excel, or the eight digits of a day."""
    if FIRST_SERIAL <= number < LAST_SERIAL + 1:
        return check_day_range(
            SERIAL_ZERO + timedelta(days=int(number)), timed=number != int(number)
        )
    eight = f"{number:.15g}"
    return parse_day_text(eight) if EIGHT_DIGITS.fullmatch(eight) else ParsedCell(None, "bad_date")


def parse_day_text(text: str) -> ParsedCell:
    text = to_half_width(text)
    if SERIAL_PATTERN.fullmatch(text) and int(text) >= FIRST_SERIAL:
        return parse_serial(int(text))
    match = DATE_PATTERN.fullmatch(text)
    if match is None:
        return ParsedCell(None, "bad_date")
    year = int(match["year"])
    month = int(match["month"] or match["month_zh"] or match["month_8"])
    day = match["day"] or match["day_zh"] or match["day_8"]
    if not MIN_DATE.year <= year <= MAX_DATE.year:
        return ParsedCell(None, "date_out_of_range")
    try:
        civil = date(year, month, int(day) if day else monthrange(year, month)[1])
    except ValueError:
        return ParsedCell(None, "no_such_date")
    return check_day_range(civil, timed=bool((match["time"] or "").strip(MIDNIGHT_CHARACTERS)))


def check_day_range(day: date, timed: bool = False) -> ParsedCell:
    if not MIN_DATE <= day <= MAX_DATE:
        return ParsedCell(None, "date_out_of_range")
    return ParsedCell(day, "time_dropped" if timed else None)
