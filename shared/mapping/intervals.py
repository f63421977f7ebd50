"""From when to when works go on, as offices write it: `2022.8-2024.6`, `2022年8月至2024年6月`.

Months are read as a ledger reads months, by their last day. A bare year is no day.
"""

import re
from datetime import date
from typing import NamedTuple

from shared.ledger.dates import parse_written_day
from shared.mapping.periods import normalise

SEPARATOR = r"(?:--?|—+|–|~|～|至|到)"
TWO_MONTHS = re.compile(
    r"(?P<y1>(?:19|20)\d\d)(?:[.年/\-])(?P<m1>\d{1,2})月?(?:[./\-]?(?P<d1>\d{1,2})[日号]?)??"
    rf"{SEPARATOR}"
    r"(?:(?P<y2>(?:19|20)\d\d)(?:[.年/\-]))?(?P<m2>\d{1,2})月?(?:[./\-]?(?P<d2>\d{1,2})[日号]?)??底?"
)
YEARS = re.compile(rf"(?:19|20)\d\d年?(?:{SEPARATOR}(?:19|20)\d\d年?)?")


class Interval(NamedTuple):
    """The days of start and end; `code` tells why one of them is not known."""

    start: date | None
    end: date | None
    code: str | None = None


def parse_interval(text: str) -> Interval:
    """The days of start and end that a text says."""
    plain = normalise(text)
    match = TWO_MONTHS.fullmatch(plain)
    if match:
        start = parse_side(match["y1"], match["m1"], match["d1"])
        end = parse_side(match["y2"] or match["y1"], match["m2"], match["d2"])
        if start and end:
            return Interval(start, end, None if start <= end else "interval_reversed")
    if YEARS.fullmatch(plain):
        return Interval(None, None, "year_without_month")
    return Interval(None, None, "bad_interval")


def parse_side(year: str, month: str, day: str | None) -> date | None:
    text = f"{year}-{month}" + (f"-{day}" if day else "")
    value = parse_written_day(text).value
    return value if isinstance(value, date) else None


def format_interval(start: date, end: date) -> str:
    """The text that reads as these days, without the day where both are ends of months."""
    if all(side == parse_side(str(side.year), str(side.month), None) for side in (start, end)):
        return f"{start.year}.{start.month}-{end.year}.{end.month}"
    return "-".join(f"{side.year}.{side.month}.{side.day}" for side in (start, end))
