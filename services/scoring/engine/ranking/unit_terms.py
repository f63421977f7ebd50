"""Terms of units, and the values and averages that they make in a group."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.scoring.engine.columns import ValueColumn
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import Exact, exact_ratio
from services.scoring.engine.points.benchmarks import metric_average
from services.scoring.engine.scheme.plan import GroupPlan


@dataclass(frozen=True)
class UnitTerms:
    """A unit's live projects, and the two terms of each metric."""

    unit_id: str
    group: str
    live_projects: int
    of_metric: Mapping[str, tuple[int, int | None]]

    def value(self, metric: Metric, scale: int = 1) -> Fraction | None:
        """The exact value, in terms of `scale`; None where the metric is not applicable."""
        numerator, denominator = self.of_metric[metric.id]
        return exact_ratio(numerator, scale if denominator is None else denominator * scale)


def group_terms(terms: Iterable[UnitTerms]) -> dict[str, list[UnitTerms]]:
    """Group → its units, in order of name."""
    groups: defaultdict[str, list[UnitTerms]] = defaultdict(list)
    for unit in terms:
        groups[unit.group].append(unit)
    return dict(sorted(groups.items()))


@dataclass(frozen=True)
class MetricValues:
    """Metric → the values of the units of a group, in their order.

    `approximate` are floats in the same order of size: correctly rounded, each times the metric's
    scale. Terms are of at most 39 digits, and a float holds 308.
    """

    exact: Mapping[str, ValueColumn]
    approximate: Mapping[str, Sequence[float | None]]


def metric_values(live: Sequence[UnitTerms], plan: GroupPlan) -> MetricValues:
    exact: dict[str, ValueColumn] = {}
    approximate: dict[str, Sequence[float | None]] = {}
    for metric in plan.needed_metrics:
        scale, name = plan.scale(metric), metric.id
        pairs = [unit.of_metric[name] for unit in live]
        exact[name] = [
            None if d == 0 else Exact(n, scale if d is None else d * scale) for n, d in pairs
        ]
        approximate[name] = [None if d == 0 else n / (1 if d is None else d) for n, d in pairs]
    return MetricValues(exact, approximate)


def group_averages(live: Sequence[UnitTerms], plan: GroupPlan) -> dict[str, Fraction | None]:
    """Metric → the group's average, of the metrics that rules or gates compare with it."""
    metrics = plan.metrics_by_id
    return {
        name: metric_average(
            [unit.of_metric[name] for unit in live],
            metrics[name],
            Fraction(1, plan.scale(metrics[name])),
        )
        for name in plan.compared_with_average
    }
