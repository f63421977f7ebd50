"""Years, months and days in headers and titles: `1-9月`, `截至9月底`, `2022年计划投资`.

What is read is a period with the parts that stand there; nothing is added but the end of a month.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from shared.ledger.dates import DASH
from shared.ledger.sheets import remove_invisible

YEAR = r"(?P<year>(?:19|20)\d\d)\s*(?:年度?|[.\-/](?=\d))"
HALVES = {
    "上半年": 6,
    "前三季度": 9,
    "一季度": 3,
    "二季度": 6,
    "三季度": 9,
    "四季度": 12,
    "全年": 12,
}
NUMERALS = {n: i for i, n in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
NUMERAL_MONTH = re.compile(r"(?<![一二三四五六七八九十])(十[一二]?|[一二三四五六七八九])(?=月)")
THIRDS = {"上旬": 10, "中旬": 20}

# In the order in which they are looked for; each names what it finds.
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{YEAR}\s*(?:\d{{1,2}}月?{DASH})?(?P<month>\d{{1,2}})\s*[月.\-/]\s*(?P<day>\d{{1,2}})(?:[日号]|(?!\d|月))",
        rf"{YEAR}\s*(?:\d{{1,2}}月?{DASH})?(?P<month>\d{{1,2}})\s*月(?P<part>[上中下]旬)?",
        r"(?P<year>(?:19|20)\d\d)[.\-/](?P<month>\d{1,2})(?!\d)",
        r"(?:\d{1,2}月?" + DASH + r")?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]",
        r"(?:\d{1,2}月?" + DASH + r")?(?P<month>\d{1,2})月(?:份)?(?P<part>[上中下]旬)?",
        rf"{YEAR}\s*(?P<half>{'|'.join(HALVES)})",
        rf"(?P<half>{'|'.join(HALVES)})",
        rf"{YEAR}\s*(?P<end>年?底|末)",
        rf"{YEAR}",
    )
)
FILLED_IN = re.compile(r"(?:填报|填表|制表|编制|报送|打印|统计)(?:日期|时间)")
OTHER_DAYS = re.compile(r"根据|按照|依据|印发|发布|会议|要求")  # not days of the figures
UNTIL = re.compile(r"截[至止]")


@dataclass(frozen=True)
class Period:
    """What stands in a text: a year, a month, a day, each where it stands there."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def end(self, year: int | None) -> date | None:
        """Its last day, in its own year or else in the year told; None where that is open."""
        year = self.year or year
        if year is None or self.month is None:
            return None
        last = monthrange(year, self.month)[1]
        return date(year, self.month, min(self.day or last, last))


def normalise(text: str) -> str:
    """The text in half-width forms, without spaces, months in digits."""
    plain = "".join(unicodedata.normalize("NFKC", remove_invisible(text)).split())
    return NUMERAL_MONTH.sub(lambda found: str(NUMERALS[found[1]]), plain)


def find_period(text: str) -> Period | None:
    """The period that a text names, if it names one; the one that says most goes first."""
    return next(find_periods(text), None)


def find_periods(text: str) -> Iterator[Period]:
    """The periods that a text names, each once."""
    plain = normalise(text)
    for pattern in PATTERNS:
        for match in pattern.finditer(plain):
            if found := read_match(match):
                yield found
        plain = pattern.sub("□", plain)


def read_match(match: re.Match[str]) -> Period | None:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    if parts.get("half"):
        return Period(year, HALVES[parts["half"]])
    if parts.get("end"):
        return Period(year, 12)
    month = int(parts["month"]) if parts.get("month") else None
    day = int(parts["day"]) if parts.get("day") else THIRDS.get(parts.get("part") or "")
    if month is not None and not 1 <= month <= 12:
        return None
    if day is not None and not 1 <= day <= 31:
        return None
    return Period(year, month, day)


def find_years(texts: Iterable[str]) -> list[int]:
    """The different years that texts name, but for days on which something was filled in."""
    found: dict[int, None] = {}
    for text in texts:
        for match in re.finditer(
            r"(?<!\d)((?:19|20)\d\d)(?=年|[.\-/]\d)", normalise(drop_filled_in(text))
        ):
            found[int(match[1])] = None
    return list(found)


def find_days(texts: Iterable[str], year: int | None) -> list[date]:
    """The different as-of days that texts name; what says 截至 goes before all else."""
    texts = [drop_filled_in(text) for text in texts]
    texts = [text for text in texts if UNTIL.search(text) or not OTHER_DAYS.search(text)]
    until = [text for text in texts if UNTIL.search(text)]
    days: dict[date, None] = {}
    for text in until or texts:
        after = text[match.end() :] if (match := UNTIL.search(text)) else text
        ends = (period.end(year) for period in find_periods(after))
        days |= dict.fromkeys(end for end in ends if end)
    return list(days)


def drop_filled_in(text: str) -> str:
    """The text up to where it says when it was filled in."""
    match = FILLED_IN.search(text)
    return text[: match.start()] if match else text
