"""Monthly totals averaged into quarters and years, and ranked by the scheme's own ranking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Annotated, Literal

from pydantic import Discriminator, Field, model_validator

from services.scoring.engine.columns import map_known_values
from services.scoring.engine.declarations import Declaration, validation_error
from services.scoring.engine.figures import exact_sum, rounded_sum
from services.scoring.engine.points.calculation import compute_points
from services.scoring.engine.points.ranks import RankingMethod, dense_ranks, rank_keys
from services.scoring.engine.points.rules import EXACT, RankBands, RankSteps

CALENDAR_MONTHS = tuple(range(1, 13))
Month = Annotated[int, Field(strict=True, ge=1, le=12)]
YEAR_END = 12
HIGHEST_AND_LOWEST = 2
# Month → unit → total, None where unranked.
TotalsByMonth = Mapping[int, Mapping[str, Fraction | None]]
PartsByUnit = Mapping[str, Mapping[int, Fraction | None]]  # unit → month or quarter → score
NO_YEAR_ENDS: Mapping[str, Fraction | None] = {}
MissingMonthRule = Literal["skip", "zero"]
RankPointsRule = Annotated[RankBands | RankSteps, Discriminator("rule")]


class Periods(Declaration):
    """The rules that make quarters and years of months.

    `months` are those that count. A unit that has no total in a month that was scored is passed
    over in it (`skip`), or had 0 (`zero`). With `points` a month counts by the rank of its total
    in the group; equal totals share one. A year is the mean of its months, or of its quarters;
    `trimmed`, without its best and its worst month. `year_end` is the part of it that December
    makes, and the mean is without it.
    """

    months: Annotated[tuple[Month, ...], Field(min_length=1)] = CALENDAR_MONTHS
    missing: MissingMonthRule
    points: RankPointsRule | None = None
    year_of: Literal["months", "quarters"] = "months"
    trimmed: Annotated[bool, Field(strict=True)] = False
    year_end: Annotated[Decimal, Field(gt=0, lt=1, max_digits=12), EXACT] | None = None

    @model_validator(mode="after")
    def check_trimmed(self) -> "Periods":
        if self.trimmed and self.year_of == "quarters":
            raise validation_error("去掉最高、最低的月份（trimmed）时，年度按月平均", "trimmed")
        return self


@dataclass(frozen=True)
class PeriodStanding:
    """A unit's total of a period, and the exact parts that it is the mean of, by month or quarter.

    `year_end` is the score of December, where the scheme weighs it separately.
    """

    unit_id: str
    rank: int | None
    total: Fraction | None
    parts: Mapping[int, Fraction | None]
    year_end: Fraction | None = None


def quarter_standings(
    quarter: int, totals: TotalsByMonth, declared: Periods, ranking: RankingMethod, decimals: int
) -> list[PeriodStanding]:
    """The standings of one group in quarter 1 to 4, from the totals of the months scored so far."""
    counted = month_scores(totals, declared)
    months = {month: counted[month] for month in scored_quarter_months(quarter, totals, declared)}
    parts = collect_unit_parts(months, declared)
    return rank_period_totals(parts, unit_means(parts), ranking, decimals)


def year_standings(
    totals: TotalsByMonth, declared: Periods, ranking: RankingMethod, decimals: int
) -> list[PeriodStanding]:
    """The standings of one group in a year; a mean of quarters is of exact means, not rounded."""
    counted, part = month_scores(totals, declared), declared.year_end
    of_mean = {m: counted[m] for m in sorted(counted) if part is None or m != YEAR_END}
    by_quarters = declared.year_of == "quarters"
    parts = quarter_parts(of_mean, declared) if by_quarters else month_parts(of_mean, declared)
    means = unit_means(parts, trimmed=declared.trimmed)
    if part is None or YEAR_END not in counted:
        return rank_period_totals(parts, means, ranking, decimals)
    at_end = counted[YEAR_END]
    ends = {unit: at_end.get(unit) for unit in {*parts, *at_end}}
    years = {}
    for unit, end in ends.items():
        years[unit] = weigh_year_end(means.get(unit), end, Fraction(part), declared.missing)
    return rank_period_totals(parts, years, ranking, decimals, ends)


def weigh_year_end(
    mean: Fraction | None, end: Fraction | None, part: Fraction, missing: MissingMonthRule
) -> Fraction | None:
    """The weighted sum of mean and year end; of a single one, that one, or 0 for the other."""
    if mean is None and end is None:
        return None
    if missing == "skip" and (mean is None or end is None):
        return end if mean is None else mean
    return (mean or 0) * (1 - part) + (end or 0) * part


def month_scores(totals: TotalsByMonth, declared: Periods) -> TotalsByMonth:
    """The score of each month: the total, or the points for its rank."""
    if declared.points is None:
        return totals
    rule, scores = declared.points, {}
    for month, of_units in totals.items():
        points = map_known_values(
            [*of_units.values()], partial(compute_points, rule, lower_is_better=False)
        )
        scores[month] = dict(zip(of_units, points, strict=True))
    return scores


def month_parts(totals: TotalsByMonth, declared: Periods) -> PartsByUnit:
    return collect_unit_parts({m: totals[m] for m in totals if m in declared.months}, declared)


def quarter_parts(totals: TotalsByMonth, declared: Periods) -> PartsByUnit:
    quarters = {}
    for quarter in range(1, 5):
        months = scored_quarter_months(quarter, totals, declared)
        if months:
            parts = collect_unit_parts({month: totals[month] for month in months}, declared)
            quarters[quarter] = unit_means(parts)
    return collect_unit_parts(quarters, declared)


def scored_quarter_months(quarter: int, totals: TotalsByMonth, declared: Periods) -> list[int]:
    """The months of a quarter that count and were scored."""
    first = 3 * quarter - 2
    return [m for m in range(first, first + 3) if m in declared.months and m in totals]


def rank_period_totals(
    parts: PartsByUnit,
    totals: Mapping[str, Fraction | None],
    ranking: RankingMethod,
    decimals: int,
    ends: Mapping[str, Fraction | None] = NO_YEAR_ENDS,
) -> list[PeriodStanding]:
    """Rank units by their totals of the period, which are rounded here."""
    known = {unit: total for unit, total in totals.items() if total is not None}
    rounded = {unit: rounded_sum([total], decimals) for unit, total in known.items()}
    of_known_units = rank_keys(dense_ranks([*rounded.values()]), ranking)
    ranks = dict(zip(rounded, of_known_units, strict=True))
    standings = [
        PeriodStanding(u, ranks.get(u), rounded.get(u), parts.get(u, {}), ends.get(u))
        for u in totals
    ]
    return sorted(standings, key=lambda s: (s.rank is None, s.rank, s.unit_id))


def collect_unit_parts(totals: TotalsByMonth, declared: Periods) -> PartsByUnit:
    """Unit → month or quarter → its score there; a unit without any total has none."""
    units = sorted({unit for by_unit in totals.values() for unit in by_unit})
    found: dict[str, dict[int, Fraction | None]] = {}
    for unit in units:
        parts = {n: by_unit.get(unit) for n, by_unit in totals.items()}
        if declared.missing == "zero" and any(part is not None for part in parts.values()):
            parts = {n: Fraction(0) if part is None else part for n, part in parts.items()}
        found[unit] = parts
    return found


def unit_means(parts: PartsByUnit, *, trimmed: bool = False) -> dict[str, Fraction | None]:
    return {
        unit: mean_of_parts(of_unit.values(), trimmed=trimmed) for unit, of_unit in parts.items()
    }


def mean_of_parts(parts: Iterable[Fraction | None], *, trimmed: bool = False) -> Fraction | None:
    """The mean of known parts; `trimmed` leaves out one highest and one lowest of more than two."""
    known = sorted(part for part in parts if part is not None)
    if trimmed and len(known) > HIGHEST_AND_LOWEST:
        known = known[1:-1]
    return exact_sum(known) / len(known) if known else None
