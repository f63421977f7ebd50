"""Dates as people write them: days, months that mean their last day, and Excel's serial numbers.

A moment less than a minute before midnight is the next day: a workbook counts days in floating
point, and some programs lose seconds. Other times of day are dropped. Only the years 1950 to 2199,
so that a bare `2022` is not taken for a day of 1905.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from shared.ledger.sheets import Cell, FailedCell, ParsedCell, to_half_width
from shared.notation import EARLIEST_DAY, LATEST_DAY

MIN_DATE, MAX_DATE = EARLIEST_DAY, LATEST_DAY
SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 60, 1900-02-29, never was: right from day 61 on
FIRST_SERIAL, LAST_SERIAL = (MIN_DATE - SERIAL_ZERO).days, (MAX_DATE - SERIAL_ZERO).days

DAYS_TO_1904 = 1462  # what a workbook that counts from 1904 counts less
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

DATE_PATTERN = re.compile(
    r"""(?P<year>\d{4}) (?:
          (?P<sign>[-/.]) (?P<month>\d{1,2}) (?: (?P=sign) (?P<day>\d{1,2}) | (?P<word>月) )?
        | \s*年\s* (?P<month_zh>\d{1,2}) \s*月\s*
          (?: (?P<day_zh>\d{1,2}) \s*[日号]? | (?P<part>[上中下]旬|月?[底末]) )?
        | (?P<month_8>\d\d) (?P<day_8>\d\d)
        ) (?: (?:T|\s+|(?<=[日号])) (?P<time>\d{1,2}:\d\d[\d:.]*) )?""",
    re.VERBOSE | re.ASCII,
)
SERIAL_PATTERN = re.compile(r"\d{5}", re.ASCII)
EIGHT_DIGITS = re.compile(r"\d{8}", re.ASCII)
YEAR_AND_MONTH = re.compile(r"\d{4}\.\d{1,2}", re.ASCII)
WITHOUT_YEAR = re.compile(r"\d{1,2}月(?:\d{1,2}[日号]?|月?[初底末]|[上中下]旬)?", re.ASCII)
DASH = r"(?:-|—|–|－|~|～|至|到)"  # between the ends of a range
TWO_DATES = re.compile(r"\d{4}[-/.年]\d{1,2}.*" + DASH + r"\s*(?:\d{4}[-/.年])?\d{1,2}.*", re.ASCII)
MIDNIGHT_CHARACTERS = "0:."  # the characters of midnight
LAST_DAYS = {"上旬": 10, "中旬": 20}  # of the thirds of a month; the others end with it


def parse_day_cell(cell: Cell, counts_from_1904: bool = False) -> ParsedCell:
    """A date; a time of day is dropped with a warning unless it is midnight."""
    if isinstance(cell, datetime):
        return parse_moment(cell, counts_from_1904)
    if isinstance(cell, date):
        return check_day_range(cell)
    if isinstance(cell, bool | FailedCell) or cell is None:
        return ParsedCell(None, "bad_date")
    if isinstance(cell, str):
        return parse_day_text(cell, counts_from_1904)
    return parse_serial(cell, counts_from_1904)


def parse_moment(moment: datetime, counts_from_1904: bool = False) -> ParsedCell:
    """A day and a time of day; out of range it may be the number `2022.04`, shown as a date."""
    moment = moment.replace(tzinfo=None)
    if moment.date() < MIN_DATE and moment.time() != time():
        serial = (moment - datetime.combine(SERIAL_ZERO, time())) / timedelta(days=1)
        number = round(serial - (DAYS_TO_1904 if counts_from_1904 else 0), 3)
        found = parse_year_and_month(f"{number:.15g}")
        if found:
            return found
    rounded = moment + MINUTE
    if rounded.date() > moment.date() and rounded.time() != time():
        is_noise = (moment + SECOND).date() > moment.date() and moment.microsecond
        return check_day_range(rounded.date(), None if is_noise else "next_day")
    return check_day_range(moment.date(), "time_dropped" if moment.time() != time() else None)


def parse_serial(number: float, counts_from_1904: bool = False) -> ParsedCell:
    """A serial number of Excel, the eight digits of a day, or a year and a month: `2022.04`."""
    serial = number + DAYS_TO_1904 if counts_from_1904 else number
    if FIRST_SERIAL <= serial < LAST_SERIAL + 1:
        moment = datetime.combine(SERIAL_ZERO, time()) + timedelta(days=serial)
        return parse_moment(moment)
    text = f"{number:.15g}"
    if EIGHT_DIGITS.fullmatch(text):
        return parse_day_text(text)
    return parse_year_and_month(text) or ParsedCell(None, "bad_date")


def parse_year_and_month(text: str) -> ParsedCell | None:
    """`2022.04` and `2022.10`; `2022.1` may be an October that lost its zero, and is asked for."""
    if not YEAR_AND_MONTH.fullmatch(text):
        return None
    year, month = text.split(".")
    if month == "1" and MIN_DATE.year <= int(year) <= MAX_DATE.year:
        return ParsedCell(None, "ambiguous_month", {"year": year})
    return parse_written_day(text)


def parse_day_text(text: str, counts_from_1904: bool = False) -> ParsedCell:
    text = to_half_width(text)
    if SERIAL_PATTERN.fullmatch(text) and int(text) >= FIRST_SERIAL:
        return parse_serial(int(text), counts_from_1904)
    return parse_year_and_month(text) or parse_written_day(text)


def parse_written_day(text: str) -> ParsedCell:
    match = DATE_PATTERN.fullmatch(text)
    if match is None:
        if TWO_DATES.fullmatch(text):
            return ParsedCell(None, "two_dates")
        return ParsedCell(None, "date_without_year" if WITHOUT_YEAR.fullmatch(text) else "bad_date")
    year = int(match["year"])
    month = int(match["month"] or match["month_zh"] or match["month_8"])
    day = match["day"] or match["day_zh"] or match["day_8"] or LAST_DAYS.get(match["part"] or "")
    if not MIN_DATE.year <= year <= MAX_DATE.year:
        return ParsedCell(None, "date_out_of_range")
    try:
        civil = date(year, month, int(day) if day else monthrange(year, month)[1])
    except ValueError:
        return ParsedCell(None, "no_such_date")
    if (match["part"] or "").endswith("旬"):
        return check_day_range(civil, "last_day_of_third")
    is_timed = (match["time"] or "").strip(MIDNIGHT_CHARACTERS)
    return check_day_range(civil, "time_dropped" if is_timed else None)


def check_day_range(day: date, code: str | None = None) -> ParsedCell:
    if not MIN_DATE <= day <= MAX_DATE:
        return ParsedCell(None, "date_out_of_range")
    return ParsedCell(day, code)
