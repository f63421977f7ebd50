"""The big comparison: the terms of units and a scheme in, points, totals and ranks out. Exact."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import exact_sum, rounded_sum, share
from services.scoring.engine.points import dense_ranks, ranks_of_ratios, shares_of_weight
from services.scoring.engine.scheme import Pillar, Scheme


@dataclass(frozen=True)
class Terms:
    """What a unit brings to a ranking: its live projects, and the two terms of each metric."""

    unit_id: str
    group: str
    live_projects: int
    of_metric: Mapping[str, tuple[int, int | None]]

    def value(self, metric: Metric) -> Fraction | None:
        """The exact value; None where the metric is not applicable."""
        numerator, denominator = self.of_metric[metric.id]
        return Fraction(numerator) if denominator is None else share(numerator, denominator)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a metric or a pillar earns a unit: points, of an effective weight, and a rank."""

    points: Fraction
    weight: Fraction
    rank: int


@dataclass(frozen=True)
class Standing:
    """A unit in its group. What is not applicable is neither in `pillars` nor in `metrics`.

    Without a live project, or with nothing applicable, a unit has no total and no rank.
    """

    unit_id: str
    rank: int | None
    total: Fraction | None
    pillars: Mapping[str, Figure]
    metrics: Mapping[str, Figure]


def ranked(terms: Iterable[Terms], scheme: Scheme) -> dict[str, list[Standing]]:
    """The standings of every group: groups in order of name, units of rank and then id."""
    groups: defaultdict[str, list[Terms]] = defaultdict(list)
    for unit in terms:
        groups[unit.group].append(unit)
    return {name: standings(groups[name], scheme) for name in sorted(groups)}


def standings(units: Sequence[Terms], scheme: Scheme) -> list[Standing]:
    """One group, ranked."""
    values = metric_values([unit for unit in units if unit.live_projects], scheme)
    metrics = metric_figures(values, scheme)
    pillars = {pillar.id: pillar_figures(pillar, metrics) for pillar in scheme.pillars}

    of_pillars = {unit.unit_id: of_unit(unit.unit_id, pillars) for unit in units}
    totals = {
        unit: rounded_sum((figure.points for figure in earned.values()), scheme.decimals)
        for unit, earned in of_pillars.items()
        if earned
    }
    ranks = dense_ranks(totals)
    made = [
        Standing(
            unit.unit_id,
            ranks.get(unit.unit_id),
            totals.get(unit.unit_id),
            of_pillars[unit.unit_id],
            of_unit(unit.unit_id, metrics),
        )
        for unit in units
    ]
    return sorted(made, key=lambda s: (s.rank is None, s.rank, s.unit_id))


Figures = Mapping[str, Mapping[str, Figure]]  # metric or pillar → unit → figure


def of_unit(unit: str, figures: Figures) -> dict[str, Figure]:
    return {name: by_unit[unit] for name, by_unit in figures.items() if unit in by_unit}


def metric_values(live: Sequence[Terms], scheme: Scheme) -> dict[str, dict[str, Fraction]]:
    """Metric → unit → value, of those to whom it applies."""
    found: dict[str, dict[str, Fraction]] = {}
    for metric in scheme.scored_metrics:
        values = {unit.unit_id: unit.value(metric) for unit in live}
        found[metric.id] = {unit: value for unit, value in values.items() if value is not None}
    return found


def metric_figures(values: Mapping[str, Mapping[str, Fraction]], scheme: Scheme) -> Figures:
    weights = weights_by_unit(values, scheme)
    figures = {}
    for metric, (_, scored) in zip(scheme.scored_metrics, scheme.scored(), strict=True):
        by_unit, lower = values[metric.id], metric.direction == "lower"
        earned = shares_of_weight(scored.points, by_unit, lower_is_better=lower)
        ranks = dense_ranks(by_unit, lower_is_better=lower)
        figures[metric.id] = {
            unit: Figure(weights[unit][metric.id] * share, weights[unit][metric.id], ranks[unit])
            for unit, share in earned.items()
        }
    return figures


def weights_by_unit(
    values: Mapping[str, Mapping[str, Fraction]], scheme: Scheme
) -> dict[str, dict[str, Fraction]]:
    """Unit → metric → effective weight; units to whom the same applies share one answer."""
    applicable: defaultdict[str, set[str]] = defaultdict(set)
    for metric, by_unit in values.items():
        for unit in by_unit:
            applicable[unit].add(metric)
    sets = {unit: frozenset(found) for unit, found in applicable.items()}
    weights = {found: effective_weights(scheme, found) for found in set(sets.values())}
    return {unit: weights[found] for unit, found in sets.items()}


def effective_weights(scheme: Scheme, applicable: frozenset[str]) -> dict[str, Fraction]:
    """The weights of the applicable metrics, those of the others shared among them.

    Within a pillar in proportion to their weights; an empty pillar's among the other pillars so.
    """
    left = {p.id: [m for m in p.metrics if m.id in applicable] for p in scheme.pillars}
    best = sum(Fraction(pillar.weight) for pillar in scheme.pillars)
    kept = sum(Fraction(pillar.weight) for pillar in scheme.pillars if left[pillar.id])
    weights = {}
    for pillar in scheme.pillars:
        within = sum(Fraction(metric.weight) for metric in left[pillar.id])
        for metric in left[pillar.id]:
            part = Fraction(metric.weight) / within
            weights[metric.id] = Fraction(pillar.weight) * best / kept * part
    return weights


def pillar_figures(pillar: Pillar, metrics: Figures) -> dict[str, Figure]:
    """The pillar's sums, ranked on points ÷ effective weight."""
    earned: defaultdict[str, list[Figure]] = defaultdict(list)
    for scored in pillar.metrics:
        for unit, figure in metrics[scored.id].items():
            earned[unit].append(figure)
    sums = {
        unit: (exact_sum(f.points for f in figures), exact_sum(f.weight for f in figures))
        for unit, figures in earned.items()
    }
    ranks = ranks_of_ratios(
        {
            unit: (points.numerator * weight.denominator, points.denominator * weight.numerator)
            for unit, (points, weight) in sums.items()
        }
    )
    return {unit: Figure(*sums[unit], ranks[unit]) for unit in sums}
