"""Group plans: a scheme as it applies to one group, resolved once for ranking and printing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol, TypeVar

from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import Exact, exact_sum
from services.scoring.engine.points.ranks import RankingMethod
from services.scoring.engine.scheme.adjustments import Adjustments
from services.scoring.engine.scheme.grades_and_gates import Gate, Grade
from services.scoring.engine.scheme.model import GroupNames, Pillar, Scheme, ScoredMetric
from services.scoring.engine.scheme.project_marks import ProjectMarks, mark_scale


@dataclass(frozen=True)
class GroupPlan:
    """The part of a scheme that applies to one group, and what ranking derives from it.

    The metrics of the pillars are `scored_metrics`; `judged_metrics` are the names that
    adjustments, gates and tie-breaks use; `needed_metrics` are both, and factors. `metric_weights`
    is pillar → metric → weight; `nominal_weights` is metric → its points at most, where every
    metric is applicable.
    """

    group: str
    decimals: int
    pillars: tuple[Pillar, ...]
    adjustments: Adjustments | None
    lowest_total: Decimal | None
    highest_total: Decimal | None
    ranking: RankingMethod
    tie_break: tuple[str, ...]
    grades: tuple[Grade, ...]
    gates: tuple[Gate, ...]
    project_marks: tuple[ProjectMarks, ...]
    metrics_by_id: Mapping[str, Metric]
    scored_metrics: Sequence[Metric]
    judged_metrics: Sequence[str]
    needed_metrics: Sequence[Metric]
    compared_with_average: Sequence[str]
    pillar_weights: Mapping[str, Fraction]
    metric_weights: Mapping[str, Mapping[str, Fraction]]
    nominal_weights: Mapping[str, Fraction]

    def scored_by_pillar(self) -> Iterator[tuple[Pillar, ScoredMetric]]:
        for pillar in self.pillars:
            for scored in pillar.metrics:
                yield pillar, scored

    def scale(self, metric: Metric) -> int:
        """The number that a value is divided by."""
        return mark_scale(self.project_marks, metric)


def resolve_group(scheme: Scheme, group: str) -> GroupPlan:
    """Resolve what a scheme says to one group; to be called once a group, and passed on."""
    own = narrow_scheme(scheme, group) if scheme.groups else scheme
    pillar_weights = {pillar.id: Exact(pillar.weight) for pillar in own.pillars}
    metric_weights = {
        pillar.id: {metric.id: Exact(metric.weight) for metric in pillar.metrics}
        for pillar in own.pillars
    }
    nominal: dict[str, Fraction] = {}
    for name, weights in metric_weights.items():
        points_of_one = pillar_weights[name] / exact_sum(weights.values())
        nominal |= {metric: weight * points_of_one for metric, weight in weights.items()}
    return GroupPlan(
        group=group,
        decimals=own.decimals,
        pillars=own.pillars,
        adjustments=own.adjustments,
        lowest_total=own.lowest_total,
        highest_total=own.highest_total,
        ranking=own.ranking,
        tie_break=own.tie_break,
        grades=own.grades,
        gates=own.gates,
        project_marks=own.project_marks,
        metrics_by_id=own.metrics_by_id,
        scored_metrics=own.scored_metrics,
        judged_metrics=own.judged_metrics,
        needed_metrics=own.needed_metrics,
        compared_with_average=own.compared_with_average,
        pillar_weights=pillar_weights,
        metric_weights=metric_weights,
        nominal_weights=nominal,
    )


def narrow_scheme(scheme: Scheme, group: str) -> Scheme:
    """The scheme with only the pillars, metrics, adjustments and gates that are for a group."""
    pillars = []
    for pillar in select_for_group(scheme.pillars, group):
        if metrics := select_for_group(pillar.metrics, group):
            pillars.append(pillar.model_copy(update={"metrics": metrics}))
    adjustments = scheme.adjustments
    if adjustments:
        items = select_for_group(adjustments.items, group)
        adjustments = adjustments.model_copy(update={"items": items}) if items else None
    gates = select_for_group(scheme.gates, group)
    return scheme.model_copy(
        update={"pillars": tuple(pillars), "adjustments": adjustments, "gates": gates}
    )


class GroupedItem(Protocol):
    @property
    def groups(self) -> GroupNames: ...


G = TypeVar("G", bound=GroupedItem)


def select_for_group(items: Sequence[G], group: str) -> tuple[G, ...]:
    """The items that are for a group, or for all."""
    return tuple(item for item in items if not item.groups or group in item.groups)
