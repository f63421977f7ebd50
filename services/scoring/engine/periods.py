"""Monthly totals averaged into quarters and years, and ranked by the scheme's own ranking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from services.scoring.engine.declarations import Declaration
from services.scoring.engine.figures import exact_sum, rounded_sum
from services.scoring.engine.ranks import Ranking, dense_ranks, numbered

MONTHS = tuple(range(1, 13))
Month = Annotated[int, Field(strict=True, ge=1, le=12)]
Totals = Mapping[int, Mapping[str, Fraction | None]]  # month → unit → total, None where unranked


class Periods(Declaration):
    """How months make quarters and years.

    `months` are those that count. A unit that has no total in a month that was scored is passed
    over in it (`skip`), or had 0 (`zero`). A year is the mean of its months, or of its quarters.
    """

    months: Annotated[tuple[Month, ...], Field(min_length=1)] = MONTHS
    missing: Literal["skip", "zero"]
    year_of: Literal["months", "quarters"] = "months"


@dataclass(frozen=True)
class PeriodStanding:
    """A unit's mean of a period; the parts it is the mean of, by month or quarter, exact."""

    unit_id: str
    rank: int | None
    total: Fraction | None
    parts: Mapping[int, Fraction | None]


def quarter_standings(
    quarter: int, totals: Totals, declared: Periods, ranking: Ranking, decimals: int
) -> list[PeriodStanding]:
    """One group in quarter 1 to 4, from the totals of the months that were scored so far."""
    months = of_quarter(quarter, totals, declared)
    return standings({month: totals[month] for month in months}, declared, ranking, decimals)


def year_standings(
    totals: Totals, declared: Periods, ranking: Ranking, decimals: int
) -> list[PeriodStanding]:
    """One group in a year; a mean of quarters takes their exact means, not the rounded ones."""
    if declared.year_of == "months":
        counted = {month: totals[month] for month in sorted(totals) if month in declared.months}
        return standings(counted, declared, ranking, decimals)
    quarters = {}
    for quarter in range(1, 5):
        months = of_quarter(quarter, totals, declared)
        if months:
            parts = parts_of_units({month: totals[month] for month in months}, declared)
            quarters[quarter] = {unit: mean(of_unit.values()) for unit, of_unit in parts.items()}
    return standings(quarters, declared, ranking, decimals)


def of_quarter(quarter: int, totals: Totals, declared: Periods) -> list[int]:
    """The months of a quarter that count and were scored."""
    first = 3 * quarter - 2
    return [m for m in range(first, first + 3) if m in declared.months and m in totals]


def standings(
    totals: Totals, declared: Periods, ranking: Ranking, decimals: int
) -> list[PeriodStanding]:
    parts = parts_of_units(totals, declared)
    means = {unit: mean(of_unit.values()) for unit, of_unit in parts.items()}
    rounded = {u: rounded_sum([value], decimals) for u, value in means.items() if value is not None}
    ranks = numbered(dense_ranks(rounded), ranking)
    made = [
        PeriodStanding(unit, ranks.get(unit), rounded.get(unit), of_unit)
        for unit, of_unit in parts.items()
    ]
    return sorted(made, key=lambda s: (s.rank is None, s.rank, s.unit_id))


def parts_of_units(totals: Totals, declared: Periods) -> dict[str, dict[int, Fraction | None]]:
    """Unit → month or quarter → what counts there; a unit that never had a total has none."""
    units = sorted({unit for by_unit in totals.values() for unit in by_unit})
    made: dict[str, dict[int, Fraction | None]] = {}
    for unit in units:
        parts = {n: by_unit.get(unit) for n, by_unit in totals.items()}
        if declared.missing == "zero" and any(part is not None for part in parts.values()):
            parts = {n: Fraction(0) if part is None else part for n, part in parts.items()}
        made[unit] = parts
    return made


def mean(parts: Iterable[Fraction | None]) -> Fraction | None:
    known: Sequence[Fraction] = [part for part in parts if part is not None]
    return exact_sum(known) / len(known) if known else None
