"""Patterns of headers: years, months and days are holes, so that next month's header is the same.

The shape of a sheet is the set of its patterns, whatever their order and however many months.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence

from shared.ledger.dates import DASH
from shared.ledger.headings import HEADER_DECORATION
from shared.ledger.money_units import split_unit
from shared.ledger.sheets import fold_name
from shared.mapping.model import COUNT_HOLE, DAY_HOLE, MONTH_HOLE, YEAR_HOLE
from shared.mapping.periods import NUMERAL_MONTH, normalise

LEVELS = " › "  # between the headings of a group and of its columns
REPEATED = re.compile(r" #(\d+)$")  # the second column of a pattern that says no other period
LEAST_LIKENESS = 0.6  # of two shapes, for a mapping to be tried on a sheet

YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年|[.\-/]\d|$|\D)")
MONTHS = re.compile(r"(?<!\d)\d{1,2}(?=月)")
DAYS = re.compile(rf"(?<=月)\d{{1,2}}(?=[日号])|(?<={re.escape(MONTH_HOLE)}月)\d{{1,2}}(?=[日号])")
FIRST_MONTH = re.compile(rf"{re.escape(MONTH_HOLE)}(月?{DASH}){re.escape(MONTH_HOLE)}")
COUNTS = re.compile(r"\d+(?=个|项|处)")


def make_holes(text: str) -> str:
    """The text with holes where its years, months and days stand: `1-{月}月完成投资`."""
    written = normalise(text) if NUMERAL_MONTH.search(text) else text
    holes = MONTHS.sub(MONTH_HOLE, YEARS.sub(YEAR_HOLE, written))
    holes = DAYS.sub(DAY_HOLE, holes)
    return FIRST_MONTH.sub(rf"1\1{MONTH_HOLE}", holes)


def make_count_hole(text: str) -> str:
    """The text of a total with a hole for how many it sums up: `合计({数}个)`."""
    return COUNTS.sub(COUNT_HOLE, text)


def make_pattern(path: Sequence[str]) -> str:
    """The pattern of a column's header, from the heading of its outermost group on."""
    return LEVELS.join(make_holes(text) for text in path)


def fold_pattern(pattern: str) -> str:
    """The form in which patterns are compared: without units of money, spaces and marks."""
    pattern = REPEATED.sub("", pattern)
    levels = (
        HEADER_DECORATION.sub("", fold_name(level)) for level in pattern.split(LEVELS.strip())
    )
    return "›".join(split_unit(level)[0] for level in levels)


def number_repeated(patterns: Iterable[str], periods: Iterable[object]) -> list[str]:
    """Patterns, numbered from the second on where two say the same of the same period."""
    seen: dict[tuple[str, object], int] = {}
    found = []
    for pattern, period in zip(patterns, periods, strict=True):
        key = fold_pattern(pattern), period
        seen[key] = seen.get(key, 0) + 1
        found.append(pattern if seen[key] == 1 else f"{pattern} #{seen[key]}")
    return found


def identify(pattern: str) -> str:
    """What tells a column from others of a sheet: its folded pattern and number."""
    match = REPEATED.search(pattern)
    return fold_pattern(pattern) + (f"#{match[1]}" if match else "")


def compute_shape(patterns: Iterable[str]) -> str:
    """The fingerprint of a sheet's headers, 16 hexadecimal digits."""
    joined = "\n".join(sorted({identify(pattern) for pattern in patterns}))
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def compare_shapes(one: Collection[str], other: Collection[str]) -> float:
    """How like two sheets are by the patterns of their headers, from 0 to 1."""
    ours, theirs = set(map(identify, one)), set(map(identify, other))
    return len(ours & theirs) / max(len(ours | theirs), 1)
