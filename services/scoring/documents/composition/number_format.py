"""Figures as people read them in a bulletin: per cent, 万元, days; signs of what moved."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from services.scoring.documents.bulletin import NOTHING
from services.scoring.engine.declarations import Measure, Metric
from services.scoring.engine.figures import printed
from services.scoring.engine.lights.documents import figure_printed

WAN = 10_000
MEASURED_IN = {"yuan": "万元", "days": "天", "points": "百分点", "months": "个月", "marks": "分"}
NOT_APPLICABLE, NOT_ENTERED = "不适用", "未录入"


def titled(metric: Metric) -> str:
    """A metric's name with what it is measured in, unless its cells say it."""
    unit = MEASURED_IN.get(metric.measure)
    return f"{metric.zh}（{unit}）" if unit else metric.zh


def value_of(metric: Metric, numerator: int, denominator: int | None, scale: int = 1) -> str:
    """A metric's value: shares in per cent, money in 万元, a count whole."""
    if denominator == 0:
        return NOT_ENTERED if metric.by_hand else NOT_APPLICABLE
    value = Fraction(numerator, (1 if denominator is None else denominator) * scale)
    return written(value, metric.measure)


def written(value: Fraction | None, measure: Measure) -> str:
    if value is None:
        return NOTHING
    match measure:
        case "share":
            return f"{printed(value * 100, 2)}%"
        case "yuan":
            return grouped(printed(value / WAN, 2) or "")
        case "days":
            return printed(value, 1) or ""
        case "marks":
            return printed(value, 2) or ""
    return figure_printed(value, measure) or ""


def printed_figure(text: str | None, measure: Measure) -> str:
    """What a document has printed of a measure, with its unit: 0.8173 → 81.73%."""
    if text is None:
        return NOTHING
    if measure == "share":
        return percent(text)
    if measure == "yuan":
        return f"{grouped(printed(Fraction(text) / WAN, 2) or '')}万元"
    return f"{text}{MEASURED_IN.get(measure, '')}"


def percent(share: str | None) -> str:
    """A printed share as per cent: 0.3120 → 31.20%."""
    return NOTHING if share is None else f"{Decimal(share) * 100:.2f}%"


def grouped(number: str) -> str:
    """Thousands apart: 1573800.00 → 1,573,800.00."""
    return f"{Decimal(number):,}"


def change(before: str | None, after: str | None) -> Decimal | None:
    """What a printed figure gained; None where it is missing on a side."""
    return None if before is None or after is None else Decimal(after) - Decimal(before)


def signed(value: Decimal | None) -> str:
    """+1.20, -0.35, 0.00; what is not known is a dash."""
    return NOTHING if value is None else f"{value:+}" if value else f"{value}"


def or_dash(value: object) -> str:
    return NOTHING if value is None else str(value)


def listed(names: Iterable[str], most: int) -> str:
    """Names, of too many the first ones and how many there are."""
    given = list(names)
    if len(given) <= most:
        return "、".join(given)
    return f"{'、'.join(given[:most])}等{len(given)}个单位"
