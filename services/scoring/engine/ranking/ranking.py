"""The ranking: the terms of units and a scheme in, points, totals and ranks out. Exact."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import compress

from services.scoring.engine.columns import (
    EarnedColumns,
    Figure,
    RankColumn,
    UnitFigures,
    ValueColumn,
    align_with_column,
    map_known_values,
    unit_rows,
)
from services.scoring.engine.figures import Exact
from services.scoring.engine.points.benchmarks import Benchmarks
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.points.ranks import dense_ranks
from services.scoring.engine.points.rules import ShareRule
from services.scoring.engine.ranking.earned_points import earned_shares, fill_not_applicable
from services.scoring.engine.ranking.effective_weights import EffectiveWeights, weights_by_unit
from services.scoring.engine.ranking.totals import GroupTotals, compute_totals
from services.scoring.engine.ranking.unit_terms import (
    UnitTerms,
    group_averages,
    group_terms,
    metric_values,
)
from services.scoring.engine.scheme.adjustments import UnitAdjustments
from services.scoring.engine.scheme.grades_and_gates import MissedGate
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.plan import GroupPlan, resolve_group

ZERO = Exact(0)
NO_FIGURES: Mapping[str, Figure] = {}


@dataclass(frozen=True)
class Standing:
    """A unit in its group. What is not applicable is neither in `pillars` nor in `metrics`.

    Without a live project, or with nothing applicable, a unit has no total and no rank. Where the
    scheme has them: adjustments, a grade, the gates that were missed, the metrics of `tie_break`
    that parted the unit from others with its total.
    """

    unit_id: str
    rank: int | None
    total: Fraction | None
    pillars: Mapping[str, Figure]
    metrics: Mapping[str, Figure]
    adjusted: UnitAdjustments | None = None
    grade: str | None = None
    missed: tuple[MissedGate, ...] = ()
    parted_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnweighedGroup:
    """The results of a group's metrics before they are weighed, whatever the weights are.

    Columns are of the `live` units. `shares` are metric → shares of the metric's weight; rules that
    give absolute points are read in its `nominal` weight.
    """

    units: Sequence[str]
    live: Sequence[str]
    values: Mapping[str, ValueColumn]
    benchmarks: Benchmarks
    nominal: Mapping[str, Fraction]
    shares: Mapping[str, ValueColumn]
    ranks: Mapping[str, RankColumn]


def rank_units(
    terms: Iterable[UnitTerms], scheme: Scheme, entered: ManualEntries = NO_ENTRIES
) -> dict[str, list[Standing]]:
    """The standings of every group: groups in order of name, units of rank and then id.

    Of the entries, only targets are used; marks have become terms before.
    """
    return {
        name: rank_group(units, resolve_group(scheme, name), entered)
        for name, units in group_terms(terms).items()
    }


def build_unweighed_groups(
    terms: Iterable[UnitTerms], scheme: Scheme, entered: ManualEntries = NO_ENTRIES
) -> dict[str, UnweighedGroup]:
    """The input of `rank_weighed_groups` for all schemes that differ in weights alone."""
    return {
        name: build_unweighed_group(units, resolve_group(scheme, name), entered)
        for name, units in group_terms(terms).items()
    }


def rank_weighed_groups(
    groups: Mapping[str, UnweighedGroup], scheme: Scheme
) -> dict[str, list[Standing]]:
    return {
        name: rank_weighed_group(group, resolve_group(scheme, name))
        for name, group in groups.items()
    }


def rank_group(
    units: Sequence[UnitTerms], plan: GroupPlan, entered: ManualEntries = NO_ENTRIES
) -> list[Standing]:
    """One group, ranked by its plan."""
    return rank_weighed_group(build_unweighed_group(units, plan, entered), plan)


def rank_weighed_group(group: UnweighedGroup, plan: GroupPlan) -> list[Standing]:
    """One group by the weights of its plan."""
    shares = dict(shares_for_plan(group, plan))
    weights = weights_by_unit(shares, len(group.live), plan)
    metrics = EarnedColumns(shares, group.ranks, [of_unit.metrics for of_unit in weights])
    pillars = pillar_columns(plan, shares, weights)
    earned = known_values_by_unit(group.live, sum_pillar_points(pillars))
    judged_values = {
        name: known_values_by_unit(group.live, group.values[name]) for name in plan.judged_metrics
    }
    judged = compute_totals(earned, judged_values, plan, group.benchmarks)
    return build_standings(group, pillars, metrics, judged)


def build_standings(
    group: UnweighedGroup, pillars: EarnedColumns, metrics: EarnedColumns, judged: GroupTotals
) -> list[Standing]:
    """The standings in order: ranked units first, units of one rank by their id."""
    indexes = {unit: index for index, unit in enumerate(group.live)}

    def figures(unit: str, columns: EarnedColumns) -> Mapping[str, Figure]:
        index = indexes.get(unit)
        return NO_FIGURES if index is None else UnitFigures(index, columns)

    standings = [
        Standing(
            unit,
            judged.ranks.get(unit),
            judged.totals.get(unit),
            figures(unit, pillars),
            figures(unit, metrics),
            judged.adjusted.get(unit),
            judged.grades.get(unit),
            judged.missed.get(unit, ()),
            tuple(judged.parted_by.get(unit, ())),
        )
        for unit in group.units
    ]
    standings.sort(key=lambda standing: standing.unit_id)
    standings.sort(key=lambda standing: math.inf if standing.rank is None else standing.rank)
    return standings


def known_values_by_unit(
    units: Iterable[str], column: Iterable[Fraction | None]
) -> dict[str, Fraction]:
    """Unit → value, of the units to which it applies."""
    of_units = zip(units, column, strict=True)
    return {unit: value for unit, value in of_units if value is not None}


# --- metrics


def build_unweighed_group(
    units: Sequence[UnitTerms], plan: GroupPlan, entered: ManualEntries = NO_ENTRIES
) -> UnweighedGroup:
    """The results of one group's metrics by its plan."""
    alive = [unit for unit in units if unit.live_projects]
    live, values = [unit.unit_id for unit in alive], metric_values(alive, plan)
    metrics, nominal = plan.metrics_by_id, plan.nominal_weights
    benchmarks = Benchmarks(entered.in_shares(metrics), group_averages(alive, plan))
    shares: dict[str, ValueColumn] = {}
    ranks: dict[str, RankColumn] = {}
    for pillar in plan.pillars:
        for scored in pillar.metrics:
            name, metric = scored.id, metrics[scored.id]
            earned = earned_shares(scored, metric, live, values.exact, nominal[name], benchmarks)
            counts = [share is not None for share in earned]
            both = [
                [*compress(column[name], counts)] for column in (values.exact, values.approximate)
            ]
            ranked = dense_ranks(*both, lower_is_better=metric.direction == "lower")
            ranks[name] = align_with_column(ranked, earned)
            shares[name] = fill_not_applicable(scored, earned)
    return UnweighedGroup(
        [unit.unit_id for unit in units], live, values.exact, benchmarks, nominal, shares, ranks
    )


def shares_for_plan(group: UnweighedGroup, plan: GroupPlan) -> Iterator[tuple[str, ValueColumn]]:
    """The shares by a plan's weights: absolute points are read in another scale."""
    metrics = plan.metrics_by_id
    for pillar in plan.pillars:
        for scored in pillar.metrics:
            name, weight = scored.id, plan.nominal_weights[scored.id]
            if isinstance(scored.points, ShareRule) or weight == group.nominal[name]:
                yield name, group.shares[name]
            else:
                arguments = metrics[name], group.live, group.values, weight, group.benchmarks
                yield name, fill_not_applicable(scored, earned_shares(scored, *arguments))


# --- pillars


def pillar_columns(
    plan: GroupPlan, shares: Mapping[str, ValueColumn], weights: Sequence[EffectiveWeights]
) -> EarnedColumns:
    """The columns of every pillar, ranked on points ÷ effective weight."""
    columns = {
        name: pillar_shares(name, of_pillar, shares, weights)
        for name, of_pillar in plan.metric_weights.items()
    }
    ranks = {name: map_known_values(column, dense_ranks) for name, column in columns.items()}
    return EarnedColumns(columns, ranks, [of_unit.pillars for of_unit in weights])


def pillar_shares(
    pillar: str,
    of_pillar: Mapping[str, Fraction],
    shares: Mapping[str, ValueColumn],
    weights: Sequence[EffectiveWeights],
) -> ValueColumn:
    """The mean of the shares of its metrics, by their weights; None where none applies."""
    columns = [multiply_column(shares[name], weight) for name, weight in of_pillar.items()]
    return [
        sum([share for share in of_metrics if share is not None], ZERO) / of_unit.sums[pillar]
        if pillar in of_unit.sums
        else None
        for of_unit, of_metrics in zip(weights, zip(*columns, strict=True), strict=True)
    ]


def multiply_column(column: ValueColumn, weight: Fraction) -> ValueColumn:
    if weight == 1:
        return column
    return [None if share is None else weight * share for share in column]


def sum_pillar_points(pillars: EarnedColumns) -> ValueColumn:
    """The points of all pillars of each unit; None where none applies."""
    names, weights = [*pillars.shares], pillars.weights
    of_units = zip(weights, unit_rows(pillars.shares.values(), len(weights)), strict=True)
    return [
        sum([of_unit[n] * s for n, s in zip(names, shares, strict=True) if s is not None], ZERO)
        if of_unit
        else None
        for of_unit, shares in of_units
    ]
