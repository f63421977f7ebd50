"""Formats of figures in a bulletin: per cent, 万元, days, signed changes."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from services.scoring.documents.bulletin import DASH
from services.scoring.engine.declarations import Measure, Metric
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.lights.documents import format_figure

YUAN_PER_WAN = 10_000
MEASURE_LABELS = {"yuan": "万元", "days": "天", "points": "百分点", "months": "个月", "marks": "分"}
NOT_APPLICABLE, NOT_ENTERED = "不适用", "未录入"


def metric_label(metric: Metric) -> str:
    """A metric's name with its unit of measure, unless its cells say it."""
    unit = MEASURE_LABELS.get(metric.measure)
    return f"{metric.zh}（{unit}）" if unit else metric.zh


def format_metric_value(
    metric: Metric, numerator: int, denominator: int | None, scale: int = 1
) -> str:
    """A metric's value: shares in per cent, money in 万元, counts as whole numbers."""
    if denominator == 0:
        return NOT_ENTERED if metric.by_hand else NOT_APPLICABLE
    value = Fraction(numerator, (1 if denominator is None else denominator) * scale)
    return format_cell_value(value, metric.measure)


def format_cell_value(value: Fraction | None, measure: Measure) -> str:
    if value is None:
        return DASH
    match measure:
        case "share":
            return f"{format_decimal(value * 100, 2)}%"
        case "yuan":
            return group_thousands(format_decimal(value / YUAN_PER_WAN, 2) or "")
        case "days":
            return format_decimal(value, 1) or ""
        case "marks":
            return format_decimal(value, 2) or ""
    return format_figure(value, measure) or ""


def format_document_figure(text: str | None, measure: Measure) -> str:
    """A printed figure of a document with its unit: 0.8173 → 81.73%."""
    if text is None:
        return DASH
    if measure == "share":
        return format_percent(text)
    if measure == "yuan":
        return f"{group_thousands(format_decimal(Fraction(text) / YUAN_PER_WAN, 2) or '')}万元"
    return f"{text}{MEASURE_LABELS.get(measure, '')}"


def format_percent(share: str | None) -> str:
    """A printed share as per cent: 0.3120 → 31.20%."""
    return DASH if share is None else f"{Decimal(share) * 100:.2f}%"


def group_thousands(number: str) -> str:
    """Separate thousands: 1573800.00 → 1,573,800.00."""
    return f"{Decimal(number):,}"


def figure_change(before: str | None, after: str | None) -> Decimal | None:
    """The change of a printed figure; None where it is missing on a side."""
    return None if before is None or after is None else Decimal(after) - Decimal(before)


def format_signed_change(value: Decimal | None) -> str:
    """A change as +1.20, -0.35 or 0.00; a dash for an unknown one."""
    return DASH if value is None else f"{value:+}" if value else f"{value}"


def format_or_dash(value: object) -> str:
    return DASH if value is None else str(value)


def phrase_names(names: Iterable[str], limit: int) -> str:
    """All names, or the first `limit` and the number of all."""
    listed = list(names)
    if len(listed) <= limit:
        return "、".join(listed)
    return f"{'、'.join(listed[:limit])}等{len(listed)}个单位"
