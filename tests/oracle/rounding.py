"""Printing exact fractions with a fixed number of decimals."""

from fractions import Fraction
from math import floor


def rounded(value: Fraction, decimals: int) -> str:
    """Return the value rounded once, half away from zero; a negative zero prints as zero."""
    units = floor(abs(value) * 10**decimals + Fraction(1, 2))
    whole, rest = divmod(units, 10**decimals)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{whole}.{rest:0{decimals}d}"
