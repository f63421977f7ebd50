"""Exact figures: shares, time progress and lead, their rounding and their printing."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

# Points are computed in GMP's fractions. They mix with Python's, equal them, and are far quicker;
# but they declare no types, and refuse to be compared with a Decimal.
if TYPE_CHECKING:
    Exact = Fraction
else:
    from gmpy2 import mpq as Exact


def exact_ratio(numerator: int | Fraction, denominator: int | Fraction) -> Fraction | None:
    """numerator ÷ denominator; a denominator of 0 makes it not applicable, never 0 and never 1."""
    return Exact(numerator) / denominator if denominator else None


@lru_cache
def even_time_progress(as_of: date) -> Fraction:
    """The time progress of a plan that is spread evenly over the months of its year."""
    days_in_month = calendar.monthrange(as_of.year, as_of.month)[1]
    return Fraction((as_of.month - 1) * days_in_month + as_of.day, 12 * days_in_month)


def time_progress(as_of: date, curve: Sequence[Fraction] | None = None) -> Fraction:
    """The share of a year's plan that is due by the as-of day.

    Without a curve (month − 1 + day ÷ days in month) ÷ 12. `curve` is the cumulative share at the
    end of each of the twelve months, read by the day within a month.
    """
    if not curve:
        return even_time_progress(as_of)
    days_in_month = calendar.monthrange(as_of.year, as_of.month)[1]
    start = curve[as_of.month - 2] if as_of.month > 1 else Fraction(0)
    return start + (curve[as_of.month - 1] - start) * Fraction(as_of.day, days_in_month)


def lead(completion: Fraction, progress: Fraction) -> Fraction:
    """Completion minus time progress, in percentage points, from unrounded figures."""
    return 100 * (completion - progress)


def exact_sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Exact(0))


def rounded_sum(values: Iterable[Fraction], decimals: int) -> Fraction:
    """The sum of exact values, rounded once, half up."""
    total = exact_sum(values)
    return Exact(round_to_units(total.numerator, total.denominator, decimals), 10**decimals)


def round_to_units(numerator: int, denominator: int, decimals: int) -> int:
    """numerator ÷ denominator in units of the last decimal, rounded half up, away from zero."""
    units_in_one: int = 10**decimals
    whole = int((2 * abs(numerator) * units_in_one + denominator) // (2 * denominator))
    return -whole if numerator < 0 else whole


def format_decimal(value: Fraction | None, decimals: int) -> str | None:
    """The value rounded half up, away from zero; a value that rounds to 0 has no sign."""
    if value is None:
        return None
    units = round_to_units(value.numerator, value.denominator, decimals)
    text = str(units).zfill(1 + decimals + (units < 0))
    return f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
