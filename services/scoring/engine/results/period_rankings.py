"""The ranking of a quarter or a year: the means of the months that were scored."""

from collections.abc import Mapping, Sequence
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
from shared.calendar import month_ends

# The mean of the months that were scored, for a scheme without a rule for periods.
DEFAULT_PERIODS = Periods(missing="skip")
EXACT_DECIMALS = (
    4  # decimals of points, and of a quarter that is a part of a year and not rounded as one
)

MonthlyTotals = Mapping[int, Mapping[str, Mapping[str, Fraction | None]]]  # group → unit → total


def period_month_ends(year: int, quarter: int | None) -> list[date]:
    """The month ends of a year, or of one of its quarters."""
    ends = month_ends(date(year, 1, 1), date(year, 12, 31))
    return [end for end in ends if quarter in (None, (end.month + 2) // 3)]


def period_document(
    scheme: Scheme,
    year: int,
    quarter: int | None,
    months: MonthlyTotals,
    names: Mapping[str, str],
) -> dict[str, Any]:
    """The JSON document of a period's ranking; `months` are those that were scored.

    Months that count and were not scored are listed as missing, and are in no mean.
    """
    declared = scheme.periods or DEFAULT_PERIODS
    counted = {*declared.months} | ({YEAR_END} if declared.year_end and not quarter else set())
    counting = [end.month for end in period_month_ends(year, quarter) if end.month in counted]
    groups = sorted({group for by_group in months.values() for group in by_group})
    by_quarters = quarter is None and declared.year_of == "quarters"
    decimals = EXACT_DECIMALS if by_quarters or declared.points else scheme.decimals
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
