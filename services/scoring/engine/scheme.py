"""What a scheme says: pillars, weights, how values become points.

Weights are relative: a metric's within its pillar, a pillar's among the pillars, whose sum is the
best total there can be.
"""

import difflib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.declarations import (
    Declaration,
    DocumentId,
    Id,
    Label,
    Metric,
    NamedFact,
)
from services.scoring.engine.honours import Award, Board, Streak
from services.scoring.engine.names import THE_DAY
from services.scoring.engine.presets import LightsOrName
from services.scoring.engine.ratios import FIGURE
from shared.facts import COLUMNS
from shared.problems import Problem

Weight = Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=12)]

# No fact may be called like a column: over that column's table it could not be named.
COLUMN_NAMES = {column.name for columns in COLUMNS.values() for column in columns}
IDS = {"facts": "事实", "metrics": "指标", "pillars": "板块", "scored": "计分指标"}


class SchemeMistake(Problem):
    """方案有误"""


class Proportional(Declaration):
    """Points in proportion to the value: weight × min(value ÷ full_at, cap)."""

    rule: Literal["proportional"]
    full_at: Weight = Decimal(1)
    cap: Weight = Decimal(1)


class BestRatio(Declaration):
    """Points in proportion to the best of the group: weight × value ÷ best, or best ÷ value."""

    rule: Literal["best_ratio"]


Points = Annotated[Proportional | BestRatio, Field(discriminator="rule")]


class ScoredMetric(Declaration):
    id: Id
    weight: Weight = Decimal(1)
    points: Points


class Pillar(Declaration):
    id: Id
    zh: Label
    weight: Weight
    metrics: Annotated[tuple[ScoredMetric, ...], Field(min_length=1)]


def mistakes_among(
    facts: Sequence[str], metrics: Sequence[str], pillars: Sequence[str], scored: Sequence[str]
) -> Iterator[tuple[str, int, str]]:
    """What does not hang together among a scheme's ids: in which list, at which place, and why."""
    lists = {"facts": facts, "metrics": metrics, "pillars": pillars, "scored": scored}
    taken = {
        "facts": {FIGURE, *THE_DAY, *COLUMN_NAMES, *(fact.id for fact in NAMED_FACTS)},
        "metrics": {metric.id for metric in METRICS},
    }
    for name, ids in lists.items():
        seen = set(taken.get(name, ()))
        for n, given in enumerate(ids):
            if given in seen:
                yield name, n, f"{IDS[name]}“{given}”重名"
            seen.add(given)
    known = [*(metric.id for metric in METRICS), *metrics]
    for n, given in enumerate(scored):
        if given not in known:
            near = difflib.get_close_matches(given, known, 1)
            hint = f"是不是“{near[0]}”？" if near else f"可用：{'、'.join(known)}"
            yield "scored", n, f"没有名为“{given}”的指标，{hint}"


class Scheme(Declaration):
    """One version of a scheme. `facts` and `metrics` are its own, beside those of the catalogue."""

    id: DocumentId
    version: Annotated[int, Field(strict=True, ge=1)] = 1
    zh: Label
    source: str
    notes: str = ""
    decimals: Annotated[int, Field(strict=True, ge=0, le=6)] = 2
    lights: LightsOrName
    pillars: Annotated[tuple[Pillar, ...], Field(min_length=1)]
    facts: tuple[NamedFact, ...] = ()
    metrics: tuple[Metric, ...] = ()
    boards: tuple[Board, ...] = ()
    streaks: tuple[Streak, ...] = ()
    awards: tuple[Award, ...] = ()

    @model_validator(mode="after")
    def hangs_together(self) -> "Scheme":
        told = mistakes_among(
            [fact.id for fact in self.facts],
            [metric.id for metric in self.metrics],
            [pillar.id for pillar in self.pillars],
            [scored.id for _, scored in self.scored()],
        )
        if mistakes := [message for *_, message in told]:
            raise ValueError("；".join(mistakes))
        return self

    def scored(self) -> Iterator[tuple[Pillar, ScoredMetric]]:
        for pillar in self.pillars:
            for scored in pillar.metrics:
                yield pillar, scored

    @property
    def metrics_by_id(self) -> dict[str, Metric]:
        return {metric.id: metric for metric in (*METRICS, *self.metrics)}

    @property
    def facts_by_id(self) -> dict[str, NamedFact]:
        return {fact.id: fact for fact in (*NAMED_FACTS, *self.facts)}

    @property
    def scored_metrics(self) -> list[Metric]:
        metrics = self.metrics_by_id
        return [metrics[scored.id] for _, scored in self.scored()]
