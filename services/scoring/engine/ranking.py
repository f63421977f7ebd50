"""The big comparison: the terms of units and a scheme in, points, totals and ranks out. Exact."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from services.scoring.engine.adjustments import Adjusted, adjusted
from services.scoring.engine.columns import Columns, Figure, FiguresOf
from services.scoring.engine.comparing import Compared, average
from services.scoring.engine.declarations import Metric
from services.scoring.engine.earning import earned_shares, where_not_applicable
from services.scoring.engine.effective_weights import Weights, weights_by_unit
from services.scoring.engine.entered import NOTHING_ENTERED, Entered
from services.scoring.engine.figures import Exact, rounded_sum, share
from services.scoring.engine.judging import Missed, graded, missed, total_within
from services.scoring.engine.points import within
from services.scoring.engine.ranks import dense_ranks, numbered, parting
from services.scoring.engine.scheme import Scheme, scheme_for
from services.scoring.engine.vocabulary import OfWeight

ZERO = Exact(0)


@dataclass(frozen=True)
class Terms:
    """What a unit brings to a ranking: its live projects, and the two terms of each metric."""

    unit_id: str
    group: str
    live_projects: int
    of_metric: Mapping[str, tuple[int, int | None]]

    def value(self, metric: Metric, scale: int = 1) -> Fraction | None:
        """The exact value, in terms of `scale`; None where the metric is not applicable."""
        numerator, denominator = self.of_metric[metric.id]
        return share(numerator, scale if denominator is None else denominator * scale)


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
    adjusted: Adjusted | None = None
    grade: str | None = None
    missed: tuple[Missed, ...] = ()
    parted_by: tuple[str, ...] = ()


Values = Mapping[str, Mapping[str, Fraction]]  # metric → unit → value, of those it applies to


@dataclass(frozen=True)
class Unweighed:
    """What the metrics of a group give before they are weighed, whatever the weights are.

    `shares` are metric → unit → share of the metric's weight, of rules that give points as they are
    written read in its `nominal` weight.
    """

    units: Sequence[Terms]
    live: Sequence[str]
    values: Values
    compared: Compared
    nominal: Mapping[str, Fraction]
    shares: Mapping[str, Mapping[str, Fraction]]
    ranks: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Judged:
    """What comes after the pillars, by unit: the ranked ones' totals and places, and the rest."""

    totals: Mapping[str, Fraction]
    ranks: Mapping[str, int]
    adjusted: Mapping[str, Adjusted] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    missed: Mapping[str, tuple[Missed, ...]] = field(default_factory=dict)
    parted_by: Mapping[str, Sequence[str]] = field(default_factory=dict)


def ranked(
    terms: Iterable[Terms], scheme: Scheme, entered: Entered = NOTHING_ENTERED
) -> dict[str, list[Standing]]:
    """The standings of every group: groups in order of name, units of rank and then id.

    Of what was entered, targets are asked here; marks have become terms before.
    """
    return {
        name: standings(units, scheme_for(scheme, name), entered)
        for name, units in in_groups(terms).items()
    }


def in_groups(terms: Iterable[Terms]) -> dict[str, list[Terms]]:
    """Group → its units, in order of name."""
    groups: defaultdict[str, list[Terms]] = defaultdict(list)
    for unit in terms:
        groups[unit.group].append(unit)
    return dict(sorted(groups.items()))


def unweighed_groups(
    terms: Iterable[Terms], scheme: Scheme, entered: Entered = NOTHING_ENTERED
) -> dict[str, Unweighed]:
    """What `weighed_groups` ranks by this scheme, and by others that differ in weights alone."""
    return {
        name: unweighed(units, scheme_for(scheme, name), entered)
        for name, units in in_groups(terms).items()
    }


def weighed_groups(groups: Mapping[str, Unweighed], scheme: Scheme) -> dict[str, list[Standing]]:
    return {name: weighed(found, scheme_for(scheme, name)) for name, found in groups.items()}


def standings(
    units: Sequence[Terms], scheme: Scheme, entered: Entered = NOTHING_ENTERED
) -> list[Standing]:
    """One group, ranked by its own scheme."""
    return weighed(unweighed(units, scheme, entered), scheme)


def weighed(found: Unweighed, scheme: Scheme) -> list[Standing]:
    """One group by the weights of its own scheme."""
    metrics, weights = metric_columns(found, scheme)
    pillars = pillar_columns(scheme, metrics, weights)
    earned = {
        unit: [pillars.points[name][unit] for name in of_unit]
        for unit, of_unit in pillars.weights.items()
        if of_unit
    }
    judged = judge(earned, found.values, scheme, found.compared)
    made = [
        Standing(
            unit.unit_id,
            judged.ranks.get(unit.unit_id),
            judged.totals.get(unit.unit_id),
            FiguresOf(unit.unit_id, pillars),
            FiguresOf(unit.unit_id, metrics),
            judged.adjusted.get(unit.unit_id),
            judged.grades.get(unit.unit_id),
            judged.missed.get(unit.unit_id, ()),
            tuple(judged.parted_by.get(unit.unit_id, ())),
        )
        for unit in found.units
    ]
    return sorted(made, key=lambda s: (s.rank is None, s.rank, s.unit_id))


# --- metrics


def unweighed(
    units: Sequence[Terms], scheme: Scheme, entered: Entered = NOTHING_ENTERED
) -> Unweighed:
    """What the metrics of one group give by its own scheme."""
    alive = [unit for unit in units if unit.live_projects]
    live, values = [unit.unit_id for unit in alive], metric_values(alive, scheme)
    metrics = scheme.metrics_by_id
    compared = Compared(entered.in_shares(metrics), averages(alive, scheme))
    nominal: dict[str, Fraction] = {}
    shares: dict[str, Mapping[str, Fraction]] = {}
    ranks: dict[str, Mapping[str, int]] = {}
    for pillar in scheme.pillars:
        nominal |= pillar.nominal_weights()
        for scored in pillar.metrics:
            of_units, lower = values[scored.id], metrics[scored.id].direction == "lower"
            earned = earned_shares(scored, metrics[scored.id], values, nominal[scored.id], compared)
            if len(earned) < len(of_units):  # some have no target
                of_units = {unit: of_units[unit] for unit in earned}
            ranks[scored.id] = dense_ranks(of_units, lower_is_better=lower)
            shares[scored.id] = where_not_applicable(scored, earned, live)
    return Unweighed(units, live, values, compared, nominal, shares, ranks)


def metric_values(live: Sequence[Terms], scheme: Scheme) -> dict[str, dict[str, Fraction]]:
    """Metric → unit → value, of those to whom it applies."""
    found: dict[str, dict[str, Fraction]] = {}
    for metric in scheme.needed_metrics:
        scale = scheme.scale(metric)
        found[metric.id] = {
            unit.unit_id: Exact(numerator, scale if denominator is None else denominator * scale)
            for unit in live
            for numerator, denominator in [unit.of_metric[metric.id]]
            if denominator != 0
        }
    return found


def averages(live: Sequence[Terms], scheme: Scheme) -> dict[str, Fraction | None]:
    """Metric → the group's average, of those that rules or gates compare with it."""
    metrics = scheme.metrics_by_id
    return {
        name: average(
            [unit.of_metric[name] for unit in live],
            metrics[name],
            Fraction(1, scheme.scale(metrics[name])),
        )
        for name in scheme.compared_with_average
    }


def metric_columns(found: Unweighed, scheme: Scheme) -> tuple[Columns, Mapping[str, Weights]]:
    """Every metric's points and ranks, in order, and unit → the weights behind them."""
    shares = dict(shares_by(found, scheme))
    weights = weights_by_unit(found.live, shares, scheme)
    of_metrics = {unit: of_unit.metrics for unit, of_unit in weights.items()}
    points = {
        name: {unit: of_metrics[unit][name] * share for unit, share in by_unit.items()}
        for name, by_unit in shares.items()
    }
    return Columns(points, found.ranks, of_metrics), weights


def shares_by(found: Unweighed, scheme: Scheme) -> Iterator[tuple[str, Mapping[str, Fraction]]]:
    """The shares by a scheme's weights: points as they are written are read in another scale."""
    metrics = scheme.metrics_by_id
    for pillar in scheme.pillars:
        nominal = pillar.nominal_weights()
        for scored in pillar.metrics:
            name, weight = scored.id, nominal[scored.id]
            if isinstance(scored.points, OfWeight) or weight == found.nominal[name]:
                yield name, found.shares[name]
            else:
                metric, values = metrics[name], found.values
                earned = earned_shares(scored, metric, values, weight, found.compared)
                yield name, where_not_applicable(scored, earned, found.live)


# --- pillars


def pillar_columns(scheme: Scheme, metrics: Columns, weights: Mapping[str, Weights]) -> Columns:
    """The sums of every pillar, ranked on points ÷ effective weight."""
    of_pillars = {unit: of_unit.pillars for unit, of_unit in weights.items()}
    points, ranks = {}, {}
    for pillar in scheme.pillars:
        columns = [metrics.points[scored.id] for scored in pillar.metrics]
        points[pillar.id] = {
            unit: sum([p for column in columns if (p := column.get(unit)) is not None], ZERO)
            for unit, of_unit in of_pillars.items()
            if pillar.id in of_unit
        }
        ranks[pillar.id] = dense_ranks(
            {u: earned / of_pillars[u][pillar.id] for u, earned in points[pillar.id].items()}
        )
    return Columns(points, ranks, of_pillars)


# --- totals, ranks, and what stands around them


def judge(
    earned: Mapping[str, Sequence[Fraction]], values: Values, scheme: Scheme, compared: Compared
) -> Judged:
    """The totals of the units that earned anything, with all that the scheme adds to them.

    `earned` is unit → the points of its pillars.
    """
    metrics, units = scheme.metrics_by_id, list(earned)
    added: dict[str, Adjusted] = {}
    if scheme.adjustments:
        added = adjusted(scheme.adjustments, units, values, metrics, compared)
    totals = {
        unit: rounded_sum([*points, *([added[unit].points] if added else [])], scheme.decimals)
        for unit, points in earned.items()
    }
    if (scheme.lowest_total, scheme.highest_total) != (None, None):
        bounds = scheme.lowest_total, scheme.highest_total
        totals = {unit: within(total, *bounds) for unit, total in totals.items()}
    gates = missed(scheme.gates, units, values, metrics, compared) if scheme.gates else {}
    totals = {u: total_within(t, gates[u]) for u, t in totals.items()} if gates else totals

    by_total = dense_ranks(totals)
    ties = [
        dense_ranks(values[name], lower_is_better=metrics[name].direction == "lower")
        for name in scheme.tie_break
    ]
    keys = {
        unit: (by_total[unit], *(tie.get(unit, len(tie) + 1) for tie in ties)) for unit in totals
    }
    grades: dict[str, str] = {}
    if scheme.grades:
        nobody: dict[str, tuple[Missed, ...]] = dict.fromkeys(units, ())
        grades = graded(scheme.grades, totals, numbered(keys, "competition"), gates or nobody)
    parted = parting(keys, scheme.tie_break) if scheme.tie_break else {}
    return Judged(totals, numbered(keys, scheme.ranking), added, grades, gates, parted)
