"""Ranges of numbers as people write them, "[0.8, 0.9)", "(, 5%)"; and the gaps between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from services.scoring.engine.declarations import validation_error
from services.scoring.engine.points.percentages import parse_percent

BOUND_PATTERN = r"[+-]?\d{1,18}(?:\.\d{1,12})?\s*[%％]?"
INTERVAL_PATTERN = re.compile(rf"([\[(])\s*({BOUND_PATTERN})?\s*,\s*({BOUND_PATTERN})?\s*([\])])")
INTERVAL_SYNTAX_ERROR = "区间要写成“[0.8, 0.9)”：[ ] 含端点，( ) 不含，没有端点的一边留空并用 ( )"


@dataclass(frozen=True)
class Interval:
    """A range; an end that is None has no limit. `text` is the written form."""

    text: str
    low: Fraction | None
    with_low: bool
    high: Fraction | None
    with_high: bool

    def __contains__(self, value: Fraction) -> bool:
        above = self.low is None or value > self.low or (self.with_low and value == self.low)
        below = self.high is None or value < self.high or (self.with_high and value == self.high)
        return above and below

    @property
    def order(self) -> tuple[bool, Fraction, bool]:
        """The sort key: the beginning, endless ones first."""
        return self.low is not None, self.low or Fraction(0), not self.with_low

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            parse_interval, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    def __str__(self) -> str:
        return self.text


def parse_interval(value: Any) -> Interval:
    """Parse the text of a range. Raises PydanticCustomError."""
    if isinstance(value, Interval):
        return value
    found = INTERVAL_PATTERN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise validation_error(INTERVAL_SYNTAX_ERROR)
    opening, low, high, closing = found.groups()
    if (low is None and opening == "[") or (high is None and closing == "]"):
        raise validation_error(INTERVAL_SYNTAX_ERROR)
    interval = Interval(value, parse_bound(low), opening == "[", parse_bound(high), closing == "]")
    if interval.low is not None and interval.high is not None:
        one = interval.low == interval.high and interval.with_low and interval.with_high
        if interval.low > interval.high or (interval.low == interval.high and not one):
            raise validation_error("区间里没有数")
    return interval


def parse_bound(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(Decimal(parse_percent(text)))


def describe_gap(lower: Interval, upper: Interval) -> str | None:
    """The error between one range and the next, if there is one."""
    if lower.high is None or upper.low is None or lower.high > upper.low:
        return f"与“{lower}”重叠"
    if lower.high < upper.low:
        return f"与“{lower}”之间有空档"
    if lower.with_high and upper.with_low:
        return f"与“{lower}”都含端点 {format_exact_decimal(upper.low)}"
    if not lower.with_high and not upper.with_low:
        return f"与“{lower}”都不含端点 {format_exact_decimal(upper.low)}"
    return None


def describe_outer_gaps(first: Interval, last: Interval) -> Iterator[tuple[int, str]]:
    """The numbers that no range covers, below the first (index 0) and above the last (-1)."""
    if first.low is not None:
        end = f"(, {format_exact_decimal(first.low)}{')' if first.with_low else ']'}"
        yield 0, f"再往下没有档，请补上“{end}”"
    if last.high is not None:
        end = f"{'(' if last.with_high else '['}{format_exact_decimal(last.high)}, )"
        yield -1, f"再往上没有档，请补上“{end}”"


def format_exact_decimal(value: Fraction) -> str:
    """Format a number of at most twelve decimals without an exponent."""
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
