"""Exact figures: shares, time progress, lead, and how they are printed."""

import calendar
from collections.abc import Sequence
from datetime import date
from fractions import Fraction


def share(numerator: int | Fraction, denominator: int | Fraction) -> Fraction | None:
    """numerator ÷ denominator; a denominator of 0 makes it not applicable, never 0 and never 1."""
    return Fraction(numerator) / denominator if denominator else None


def time_progress(day: date, curve: Sequence[Fraction] | None = None) -> Fraction:
    """The share of a year's plan that should be done by a day.

    Without a curve (month − 1 + day ÷ days in month) ÷ 12. `curve` is the cumulative share at the
    end of each of the twelve months, read by the day within a month.
    """
    ends = curve or [Fraction(month, 12) for month in range(1, 13)]
    start = ends[day.month - 2] if day.month > 1 else Fraction(0)
    within = Fraction(day.day, calendar.monthrange(day.year, day.month)[1])
    return start + (ends[day.month - 1] - start) * within


def lead(completion: Fraction, progress: Fraction) -> Fraction:
    """超/欠序时: completion minus time progress, in percentage points, from unrounded figures."""
    return 100 * (completion - progress)


def printed(value: Fraction | None, decimals: int) -> str | None:
    """Rounded half up, away from zero; what rounds to nothing has no sign."""
    if value is None:
        return None
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = str(whole).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if value < 0 and whole else text


def rounded(value: Fraction, decimals: int) -> Fraction:
    """The value that `printed` prints."""
    return Fraction(printed(value, decimals) or 0)
