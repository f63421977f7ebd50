"""The ranking of a quarter or a year: the means of the months that were scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.scoring.engine.figures import format_decimal
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.periods import (
    YEAR_END,
    Periods,
    PeriodStanding,
    quarter_standings,
    year_standings,
)
from services.scoring.engine.scheme.plan import resolve_group
from shared.calendar import month_ends

# The mean of the months that were scored, for a scheme without a rule for periods.
DEFAULT_PERIODS = Periods(missing="skip")
EXACT_DECIMALS = (
    4  # decimals of points, and of a quarter that is a part of a year and not rounded as one
)

MonthlyTotals = Mapping[int, Mapping[str, Mapping[str, Fraction | None]]]  # group → unit → total
Denominators = Mapping[str, Mapping[str, int | None]]  # unit → metric → its denominator


@dataclass(frozen=True)
class UnmarkedMetric:
    """A metric that is marked by hand, and the ranked units without a mark in a month."""

    month: int
    metric: str
    units: Sequence[str]


@dataclass(frozen=True)
class MonthlyScores:
    """The totals of the months that were scored, and the marks that they lack."""

    totals: MonthlyTotals
    unmarked: Sequence[UnmarkedMetric]


def find_unmarked_metrics(
    scheme: Scheme, month: int, group: str, denominators: Denominators
) -> list[UnmarkedMetric]:
    """The metrics by hand of a group's pillars of which ranked units lack a mark.

    Their weight went to other metrics. Adjustments are not among them: without a mark nothing is
    added, as is meant.
    """
    plan = resolve_group(scheme, group)
    by_hand = [m.id for _, m in plan.scored_by_pillar() if plan.metrics_by_id[m.id].by_hand]
    found = (
        UnmarkedMetric(month, metric, [u for u in denominators if not denominators[u][metric]])
        for metric in by_hand
    )
    return [metric for metric in found if metric.units]


def period_month_ends(year: int, quarter: int | None) -> list[date]:
    """The month ends of a year, or of one of its quarters."""
    ends = month_ends(date(year, 1, 1), date(year, 12, 31))
    return [end for end in ends if quarter in (None, (end.month + 2) // 3)]


def counted_month_ends(scheme: Scheme, year: int, quarter: int | None) -> list[date]:
    """Those of them that count by the scheme's rule."""
    declared = scheme.periods or DEFAULT_PERIODS
    counted = {*declared.months} | ({YEAR_END} if declared.year_end and not quarter else set())
    return [end for end in period_month_ends(year, quarter) if end.month in counted]


def period_document(
    scheme: Scheme,
    year: int,
    quarter: int | None,
    scores: MonthlyScores,
    names: Mapping[str, str],
) -> dict[str, Any]:
    """The JSON document of a period's ranking; `scores` are of the months that were scored.

    Months that count and were not scored are listed as missing, and are in no mean. Where marks
    by hand are missing, `unmarked` says so; otherwise there is no such key.
    """
    months, declared = scores.totals, scheme.periods or DEFAULT_PERIODS
    counting = [end.month for end in counted_month_ends(scheme, year, quarter)]
    groups = sorted({group for by_group in months.values() for group in by_group})
    by_quarters = quarter is None and declared.year_of == "quarters"
    decimals = EXACT_DECIMALS if by_quarters or declared.points else scheme.decimals
    unmarked = [
        {"month": lacking.month, "metric": lacking.metric, "units": [*lacking.units]}
        for lacking in scores.unmarked
        if lacking.month in counting
    ]
    return {
        "scheme": scheme.id,
        "year": year,
        "quarter": quarter,
        "mean_of": "quarters" if by_quarters else "months",
        "without_total": declared.missing,
        "scored": [month for month in counting if month in months],
        "missing": [month for month in counting if month not in months],
        "groups": [
            {
                "group": group,
                "units": [
                    period_unit_document(standing, names, scheme.decimals, decimals)
                    for standing in period_standings(group, scheme, declared, quarter, months)
                ],
            }
            for group in groups
        ],
        **({"unmarked": unmarked} if unmarked else {}),
    }


def period_standings(
    group: str, scheme: Scheme, declared: Periods, quarter: int | None, months: MonthlyTotals
) -> Sequence[PeriodStanding]:
    totals = {month: by_group.get(group, {}) for month, by_group in months.items()}
    if quarter is None:
        return year_standings(totals, declared, scheme.ranking, scheme.decimals)
    return quarter_standings(quarter, totals, declared, scheme.ranking, scheme.decimals)


def period_unit_document(
    standing: PeriodStanding, names: Mapping[str, str], decimals: int, part_decimals: int
) -> dict[str, Any]:
    return {
        "unit_id": standing.unit_id,
        "name": names[standing.unit_id],
        "rank": standing.rank,
        "total": format_decimal(standing.total, decimals),
        "parts": {
            str(number): format_decimal(part, part_decimals)
            for number, part in standing.parts.items()
        },
        "year_end": format_decimal(standing.year_end, part_decimals),
    }
