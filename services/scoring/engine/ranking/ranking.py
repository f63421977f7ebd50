"""The big comparison: the terms of units and a scheme in, points, totals and ranks out. Exact."""

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
from services.scoring.engine.scheme.model import Pillar, Scheme
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
    """What the metrics of a group give before they are weighed, whatever the weights are.

    Columns are of the `live` units. `shares` are metric → shares of the metric's weight, of rules
    that give points as they are written read in its `nominal` weight.
    """

    units: Sequence[str]
    live: Sequence[str]
    values: Mapping[str, ValueColumn]
    compared: Benchmarks
    nominal: Mapping[str, Fraction]
    shares: Mapping[str, ValueColumn]
    ranks: Mapping[str, RankColumn]


def rank_units(
    terms: Iterable[UnitTerms], scheme: Scheme, entered: ManualEntries = NO_ENTRIES
) -> dict[str, list[Standing]]:
    """The standings of every group: groups in order of name, units of rank and then id.

    Of what was entered, targets are asked here; marks have become terms before.
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
        name: rank_weighed_group(found, resolve_group(scheme, name))
        for name, found in groups.items()
    }


def rank_group(
    units: Sequence[UnitTerms], plan: GroupPlan, entered: ManualEntries = NO_ENTRIES
) -> list[Standing]:
    """One group, ranked by its plan."""
    return rank_weighed_group(build_unweighed_group(units, plan, entered), plan)


def rank_weighed_group(found: UnweighedGroup, plan: GroupPlan) -> list[Standing]:
    """One group by the weights of its plan."""
    shares = dict(shares_for_plan(found, plan))
    weights = weights_by_unit(shares, len(found.live), plan)
    metrics = EarnedColumns(shares, found.ranks, [of_unit.metrics for of_unit in weights])
    pillars = pillar_columns(plan, shares, weights)
    earned = known_values_by_unit(found.live, sum_pillar_points(pillars))
    asked = {
        name: known_values_by_unit(found.live, found.values[name]) for name in plan.judged_metrics
    }
    judged = compute_totals(earned, asked, plan, found.compared)
    return build_standings(found, pillars, metrics, judged)


def build_standings(
    found: UnweighedGroup, pillars: EarnedColumns, metrics: EarnedColumns, judged: GroupTotals
) -> list[Standing]:
    """Those with a rank first, and units that share one by their id."""
    places = {unit: place for place, unit in enumerate(found.live)}

    def figures(unit: str, columns: EarnedColumns) -> Mapping[str, Figure]:
        place = places.get(unit)
        return NO_FIGURES if place is None else UnitFigures(place, columns)

    made = [
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
        for unit in found.units
    ]
    made.sort(key=lambda standing: standing.unit_id)
    made.sort(key=lambda standing: math.inf if standing.rank is None else standing.rank)
    return made


def known_values_by_unit(
    units: Iterable[str], column: Iterable[Fraction | None]
) -> dict[str, Fraction]:
    """Unit → value, of those to whom it applies."""
    of_units = zip(units, column, strict=True)
    return {unit: value for unit, value in of_units if value is not None}


# --- metrics


def build_unweighed_group(
    units: Sequence[UnitTerms], plan: GroupPlan, entered: ManualEntries = NO_ENTRIES
) -> UnweighedGroup:
    """What the metrics of one group give by its plan."""
    alive = [unit for unit in units if unit.live_projects]
    live, found = [unit.unit_id for unit in alive], metric_values(alive, plan)
    metrics, nominal = plan.metrics_by_id, plan.nominal_weights
    compared = Benchmarks(entered.in_shares(metrics), group_averages(alive, plan))
    shares: dict[str, ValueColumn] = {}
    ranks: dict[str, RankColumn] = {}
    for pillar in plan.pillars:
        for scored in pillar.metrics:
            name, metric = scored.id, metrics[scored.id]
            earned = earned_shares(scored, metric, live, found.exact, nominal[name], compared)
            counts = [share is not None for share in earned]
            both = [[*compress(column[name], counts)] for column in (found.exact, found.near)]
            placed = dense_ranks(*both, lower_is_better=metric.direction == "lower")
            ranks[name] = align_with_column(placed, earned)
            shares[name] = fill_not_applicable(scored, earned)
    return UnweighedGroup(
        [unit.unit_id for unit in units], live, found.exact, compared, nominal, shares, ranks
    )


def shares_for_plan(found: UnweighedGroup, plan: GroupPlan) -> Iterator[tuple[str, ValueColumn]]:
    """The shares by a plan's weights: points as they are written are read in another scale."""
    metrics = plan.metrics_by_id
    for pillar in plan.pillars:
        for scored in pillar.metrics:
            name, weight = scored.id, plan.nominal_weights[scored.id]
            if isinstance(scored.points, ShareRule) or weight == found.nominal[name]:
                yield name, found.shares[name]
            else:
                given = metrics[name], found.live, found.values, weight, found.compared
                yield name, fill_not_applicable(scored, earned_shares(scored, *given))


# --- pillars


def pillar_columns(
    plan: GroupPlan, shares: Mapping[str, ValueColumn], weights: Sequence[EffectiveWeights]
) -> EarnedColumns:
    """Every pillar, ranked on points ÷ effective weight."""
    made = {pillar.id: pillar_shares(pillar, shares, weights) for pillar in plan.pillars}
    ranks = {name: map_known_values(column, dense_ranks) for name, column in made.items()}
    return EarnedColumns(made, ranks, [of_unit.pillars for of_unit in weights])


def pillar_shares(
    pillar: Pillar, shares: Mapping[str, ValueColumn], weights: Sequence[EffectiveWeights]
) -> ValueColumn:
    """The mean of what its metrics earn each unit, by their weights; None where none applies."""
    columns = [
        multiply_column(shares[scored.id], Exact(scored.weight)) for scored in pillar.metrics
    ]
    return [
        sum([share for share in of_metrics if share is not None], ZERO) / of_unit.sums[pillar.id]
        if pillar.id in of_unit.sums
        else None
        for of_unit, of_metrics in zip(weights, zip(*columns, strict=True), strict=True)
    ]


def multiply_column(column: ValueColumn, weight: Fraction) -> ValueColumn:
    if weight == 1:
        return column
    return [None if share is None else weight * share for share in column]


def sum_pillar_points(pillars: EarnedColumns) -> ValueColumn:
    """What the pillars earn each unit together; None where none applies."""
    names, weights = [*pillars.shares], pillars.weights
    of_units = zip(weights, unit_rows(pillars.shares.values(), len(weights)), strict=True)
    return [
        sum([of_unit[n] * s for n, s in zip(names, shares, strict=True) if s is not None], ZERO)
        if of_unit
        else None
        for of_unit, shares in of_units
    ]
