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

from services.cli.showcase.published.gmpp_portfolio import Portfolio, Row
from services.cli.showcase.published.rounding import Figure, Span, between, overlap, quotient
from services.scoring.engine.figures import printed

PENNIES = 2  # decimals of the published amounts, in million pounds


class Verdict(StrEnum):
    agrees = "agrees"
    differs = "differs"
    unpublished = "unpublished"
    no_inputs = "no_inputs"
    zero_baseline = "zero_baseline"


VERDICTS = {
    Verdict.agrees: "一致",
    Verdict.differs: "不一致",
    Verdict.unpublished: "未公布偏差率",
    Verdict.no_inputs: "缺基线或预测",
    Verdict.zero_baseline: "基线为 0",
}


@dataclass(frozen=True)
class Variance:
    """One row's variance: whole per cent as computed and as published, None where there is none."""

    row: int
    year: int
    name: str
    computed: str | None
    published: str | None
    verdict: Verdict
    why: str = ""


def variances(portfolio: Portfolio) -> list[Variance]:
    """Every row, in the order of the file."""
    return [variance(row) for row in portfolio.rows]


def variance(row: Row) -> Variance:
    published = whole_percent(row.variance)
    told = printed(published.value, 0) if published else None
    if row.baseline is None or row.forecast is None:
        why = f"缺基线或预测，却公布了 {told} %" if told else "基线、预测都未公布"
        return Variance(row.number, row.year, row.name, None, told, Verdict.no_inputs, why)
    if row.baseline == 0:
        why = "基线为 0，没有百分比可言" + (f"，却公布了 {told} %" if told else "")
        return Variance(row.number, row.year, row.name, None, told, Verdict.zero_baseline, why)
    exact = change(Fraction(row.baseline), Fraction(row.forecast))
    if published is None:
        verdict, why = Verdict.unpublished, "没有公布偏差率"
    elif published.is_printed_from(exact):
        verdict, why = Verdict.agrees, ""
    else:
        verdict, why = Verdict.differs, "；".join(reasons(published, row.baseline, row.forecast))
    return Variance(row.number, row.year, row.name, printed(exact, 0), told, verdict, why)


def whole_percent(cell: str) -> Figure | None:
    """The published per cent. All are whole; the `.0` is the collection's, not the publisher's."""
    return Figure(Fraction(cell), 0) if cell else None


def change(baseline: Fraction, forecast: Fraction) -> Fraction:
    """Forecast against baseline, in per cent."""
    return 100 * (forecast - baseline) / baseline


# --- why a row differs


def reasons(published: Figure, baseline: Decimal, forecast: Decimal) -> Iterator[str]:
    """What the rounding of the inputs allows; if not the published figure, what it would take."""
    true_baseline, true_forecast = true(baseline), true(forecast)
    ratio = quotient(true_forecast, true_baseline)
    allowed = (100 * (ratio[0] - 1), 100 * (ratio[1] - 1))
    exact = change(Fraction(baseline), Fraction(forecast))
    if overlap(published.span, allowed):
        if 2 * exact % 2 == 1:
            yield f"恰在两个整数正中（{printed(exact, 1)}），可能向零或向偶数取整"
        yield f"输入数四舍五入所致：真值可在 {between(allowed, 2)} 之间"
        return
    yield f"输入数四舍五入解释不了：真值只能在 {between(allowed, 3)} 之间"
    factor: Span = (1 + published.span[0] / 100, 1 + published.span[1] / 100)
    needed = (
        between(quotient(true_forecast, factor), 2),
        between((true_baseline[0] * factor[0], true_baseline[1] * factor[1]), 2),
    )
    yield f"要得公布数，基线应为 {needed[0]}，或预测应为 {needed[1]}（百万英镑）"
    of_forecast = -change(Fraction(forecast), Fraction(baseline))
    yield f"以预测为底算得 {printed(of_forecast, 1)}，也不是"


def true(amount: Decimal) -> Span:
    """The amounts that a published one may stand for. Trailing zeros are lost in the file."""
    return Figure(Fraction(amount), PENNIES).span
