"""The model of a scheme: its pillars, weights, points rules and all that follows them.

Weights are relative: a metric's within its pillar, a pillar's among the pillars, whose sum is the
best total there can be, before adjustments.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.scoring.engine.catalogue.facts import CATALOGUE_FACTS
from services.scoring.engine.catalogue.metrics import CATALOGUE_METRICS
from services.scoring.engine.declarations import (
    Declaration,
    DeclarationId,
    DocumentId,
    Label,
    Metric,
    NamedFact,
    validation_error,
)
from services.scoring.engine.points.ranks import RankingMethod
from services.scoring.engine.points.rules import (
    AVERAGE,
    RuleNumber,
    RuleTarget,
    TaggedPointsRule,
    Weight,
    target_word,
)
from services.scoring.engine.scheme.adjustments import Adjustments
from services.scoring.engine.scheme.grades_and_gates import Gate, Grade
from services.scoring.engine.scheme.honour_declarations import Award, Board, Streak
from services.scoring.engine.scheme.light_presets import LightsOrName
from services.scoring.engine.scheme.periods import Periods
from services.scoring.engine.scheme.project_marks import ProjectMarks, mark_scale
from services.scoring.engine.scheme.validation import find_inconsistencies
from shared.problems import Problem

GroupNames = tuple[Label, ...]  # none written: for every group
HIGHEST_VERSION = 1_000_000


class SchemeMistake(Problem):
    """方案有误

    The scheme is wrong.
    """

    status = 422


class ScoredMetric(Declaration):
    """A metric's weight and points rule.

    `counts_from`: a value worse than that earns nothing (at most 0), whatever the rule gives.
    `times` is a metric whose value multiplies what is earned, such as a coefficient entered by
    hand; a unit to which it is not applicable has 1.

    Where the metric is not applicable to a unit, its weight is shared among the others, or stays
    and earns nothing (`zero`), everything (`full`), or the mean of what those in the group earn to
    whom it is applicable (`average`; where there are none, the weight is shared).
    """

    id: DeclarationId
    weight: Weight = Decimal(1)
    points: TaggedPointsRule
    counts_from: RuleTarget | None = None
    times: DeclarationId | None = None
    not_applicable: Literal["share", "zero", "full", "average"] = "share"
    groups: GroupNames = ()


class Pillar(Declaration):
    id: DeclarationId
    zh: Label
    weight: Weight
    groups: GroupNames = ()
    metrics: Annotated[tuple[ScoredMetric, ...], Field(min_length=1)]


class Scheme(Declaration):
    """One version of a scheme. `facts` and `metrics` are its own, besides the catalogue.

    `groups` names the groups of units, if it treats them differently. Totals, adjustments included,
    are limited to `lowest_total` and `highest_total`. `tie_break` parts equal totals by the exact
    values of metrics.
    """

    id: DocumentId
    version: Annotated[int, Field(strict=True, ge=1, le=HIGHEST_VERSION)] = 1
    zh: Label
    source: str
    notes: str = ""
    decimals: Annotated[int, Field(strict=True, ge=0, le=6)] = 2
    lights: LightsOrName
    groups: GroupNames = ()
    pillars: Annotated[tuple[Pillar, ...], Field(min_length=1)]
    adjustments: Adjustments | None = None
    highest_total: RuleNumber | None = None
    lowest_total: RuleNumber | None = None
    ranking: RankingMethod = "dense"
    tie_break: tuple[DeclarationId, ...] = ()
    grades: tuple[Grade, ...] = ()
    gates: tuple[Gate, ...] = ()
    periods: Periods | None = None
    project_marks: tuple[ProjectMarks, ...] = ()
    facts: tuple[NamedFact, ...] = ()
    metrics: tuple[Metric, ...] = ()
    boards: tuple[Board, ...] = ()
    streaks: tuple[Streak, ...] = ()
    awards: tuple[Award, ...] = ()

    @model_validator(mode="after")
    def check_total_bounds(self) -> "Scheme":
        most, least = self.highest_total, self.lowest_total
        if most is not None and least is not None and most < least:
            raise validation_error("highest_total 应不小于 lowest_total", "highest_total")
        return self

    @model_validator(mode="after")
    def check_consistency(self) -> "Scheme":
        if mistakes := [message for _, message in find_inconsistencies(self.model_dump())]:
            raise ValueError("；".join(mistakes))
        return self

    def scored_by_pillar(self) -> Iterator[tuple[Pillar, ScoredMetric]]:
        for pillar in self.pillars:
            for scored in pillar.metrics:
                yield pillar, scored

    @property
    def metrics_by_id(self) -> dict[str, Metric]:
        return CATALOGUE_METRICS | {metric.id: metric for metric in self.metrics}

    @property
    def facts_by_id(self) -> dict[str, NamedFact]:
        return CATALOGUE_FACTS | {fact.id: fact for fact in self.facts}

    @property
    def scored_metrics(self) -> list[Metric]:
        """The metrics of the pillars, each once, in order."""
        metrics = self.metrics_by_id
        return [
            metrics[name]
            for name in dict.fromkeys(scored.id for _, scored in self.scored_by_pillar())
        ]

    @property
    def needed_metrics(self) -> list[Metric]:
        """The scored metrics, their factors, and the judged metrics, each once, in order."""
        metrics = self.metrics_by_id
        scored = [metric.id for metric in self.scored_metrics]
        times = [scored.times for _, scored in self.scored_by_pillar() if scored.times]
        return [metrics[name] for name in dict.fromkeys([*scored, *times, *self.judged_metrics])]

    @property
    def judged_metrics(self) -> list[str]:
        """The ids of the metrics of adjustments, gates and tie-breaks."""
        adjusting = [item.id for item in self.adjustments.items] if self.adjustments else []
        return [*adjusting, *(gate.metric for gate in self.gates), *self.tie_break]

    @property
    def compared_with_average(self) -> list[str]:
        """The ids of the metrics that are compared with the group's average, each once."""
        words: list[tuple[str, object]] = []
        words += [(scored.id, target_word(scored.points)) for _, scored in self.scored_by_pillar()]
        words += [(scored.id, scored.counts_from) for _, scored in self.scored_by_pillar()]
        if self.adjustments:
            words += [(item.id, target_word(item.points)) for item in self.adjustments.items]
        words += [(gate.metric, gate.at) for gate in self.gates]
        return list(dict.fromkeys(metric for metric, word in words if word == AVERAGE))

    def scale(self, metric: Metric) -> int:
        """The number that a value is divided by."""
        return mark_scale(self.project_marks, metric)


def check_groups(scheme: Scheme, groups: Mapping[str, str]) -> None:
    """Check that the scheme knows the group of every unit. Raises SchemeMistake.

    `groups` is unit → group. A scheme that names no groups takes all alike.
    """
    strange: dict[str, list[str]] = {}
    for unit, group in sorted(groups.items()):
        if scheme.groups and group not in scheme.groups:
            strange.setdefault(group, []).append(unit)
    if strange:
        found = "；".join(f"“{group}”（{'、'.join(units)}）" for group, units in strange.items())
        known = "、".join(scheme.groups)
        raise SchemeMistake(f"台账里有方案没有的组别：{found}；方案的组别：{known}")
