"""The portfolio's published variances (forecast against baseline, per cent), recomputed row by row.

Exactly, from the published baseline and forecast, and rounded half up to the whole per cent that is
published. The inputs are themselves rounded, to 0.01 million pounds: where a row differs, the first
question is whether some true amounts behind the printed ones would give the published figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from services.cli.showcase.publications.gmpp_portfolio import PublishedPortfolio, PublishedRow
from services.cli.showcase.publications.rounding import (
    PublishedFigure,
    Span,
    divide_spans,
    do_overlap,
    format_span,
)
from services.scoring.engine.figures import format_decimal

AMOUNT_DECIMALS = 2  # decimals of the published amounts, in million pounds


class VarianceVerdict(StrEnum):
    agrees = "agrees"
    differs = "differs"
    unpublished = "unpublished"
    no_inputs = "no_inputs"
    zero_baseline = "zero_baseline"


VARIANCE_LABELS = {
    VarianceVerdict.agrees: "一致",
    VarianceVerdict.differs: "不一致",
    VarianceVerdict.unpublished: "未公布偏差率",
    VarianceVerdict.no_inputs: "缺基线或预测",
    VarianceVerdict.zero_baseline: "基线为 0",
}


@dataclass(frozen=True)
class Variance:
    """One row's variance: whole per cent as computed and as published, None where there is none."""

    row: int
    year: int
    name: str
    computed: str | None
    published: str | None
    verdict: VarianceVerdict
    why: str = ""


def compute_variances(portfolio: PublishedPortfolio) -> list[Variance]:
    """Every row, in the order of the file."""
    return [compute_variance(row) for row in portfolio.rows]


def compute_variance(row: PublishedRow) -> Variance:
    published = parse_whole_percent(row.variance)
    told = format_decimal(published.value, 0) if published else None
    if row.baseline is None or row.forecast is None:
        why = f"缺基线或预测，却公布了 {told} %" if told else "基线、预测都未公布"
        return Variance(row.number, row.year, row.name, None, told, VarianceVerdict.no_inputs, why)
    if row.baseline == 0:
        why = "基线为 0，没有百分比可言" + (f"，却公布了 {told} %" if told else "")
        return Variance(
            row.number, row.year, row.name, None, told, VarianceVerdict.zero_baseline, why
        )
    exact = percent_change(Fraction(row.baseline), Fraction(row.forecast))
    if published is None:
        verdict, why = VarianceVerdict.unpublished, "没有公布偏差率"
    elif published.is_printed_from(exact):
        verdict, why = VarianceVerdict.agrees, ""
    else:
        verdict, why = (
            VarianceVerdict.differs,
            "；".join(describe_difference(published, row.baseline, row.forecast)),
        )
    return Variance(row.number, row.year, row.name, format_decimal(exact, 0), told, verdict, why)


def parse_whole_percent(cell: str) -> PublishedFigure | None:
    """The published per cent. All are whole; the `.0` is the collection's, not the publisher's."""
    return PublishedFigure(Fraction(cell), 0) if cell else None


def percent_change(baseline: Fraction, forecast: Fraction) -> Fraction:
    """Forecast against baseline, in per cent."""
    return 100 * (forecast - baseline) / baseline


# --- why a row differs


def describe_difference(
    published: PublishedFigure, baseline: Decimal, forecast: Decimal
) -> Iterator[str]:
    """What the rounding of the inputs allows; if not the published figure, what it would take."""
    true_baseline, true_forecast = true_span(baseline), true_span(forecast)
    ratio = divide_spans(true_forecast, true_baseline)
    allowed = (100 * (ratio[0] - 1), 100 * (ratio[1] - 1))
    exact = percent_change(Fraction(baseline), Fraction(forecast))
    if do_overlap(published.span, allowed):
        if 2 * exact % 2 == 1:
            yield f"恰在两个整数正中（{format_decimal(exact, 1)}），可能向零或向偶数取整"
        yield f"输入数四舍五入所致：真值可在 {format_span(allowed, 2)} 之间"
        return
    yield f"输入数四舍五入解释不了：真值只能在 {format_span(allowed, 3)} 之间"
    factor: Span = (1 + published.span[0] / 100, 1 + published.span[1] / 100)
    needed = (
        format_span(divide_spans(true_forecast, factor), 2),
        format_span((true_baseline[0] * factor[0], true_baseline[1] * factor[1]), 2),
    )
    yield f"要得公布数，基线应为 {needed[0]}，或预测应为 {needed[1]}（百万英镑）"
    of_forecast = -percent_change(Fraction(forecast), Fraction(baseline))
    yield f"以预测为底算得 {format_decimal(of_forecast, 1)}，也不是"


def true_span(amount: Decimal) -> Span:
    """The amounts that a published one may stand for. Trailing zeros are lost in the file."""
    return PublishedFigure(Fraction(amount), AMOUNT_DECIMALS).span
