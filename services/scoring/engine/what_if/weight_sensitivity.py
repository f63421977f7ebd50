"""Sensitivity to weights: the ranks that move when one weight is a tenth more or less."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.scoring.engine.ranking.ranking import (
    UnweighedGroup,
    build_unweighed_groups,
    rank_weighed_groups,
)
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.model import Pillar, Scheme

WEIGHT_FACTORS = (Decimal("1.1"), Decimal("0.9"))


@dataclass(frozen=True)
class WeightChange:
    """A weight at its path in the scheme, times a factor, and the ranks that differ then.

    `moved` is unit → rank before and after.
    """

    path: str
    zh: str
    factor: Decimal
    moved: dict[str, tuple[int | None, int | None]]


def try_weight_changes(result: ScoringResult) -> Iterator[WeightChange]:
    """Every weight of a pillar, and of a metric that is not alone in its pillar, each both ways."""
    groups = build_unweighed_groups(result.terms.values(), result.scheme, result.entered)
    before = ranks_by_unit(groups, result.scheme)
    for path, zh, factor, scheme in build_reweighted_schemes(result.scheme):
        after = ranks_by_unit(groups, scheme)
        moved = {u: (rank, after[u]) for u, rank in before.items() if after[u] != rank}
        yield WeightChange(path, zh, factor, moved)


def ranks_by_unit(groups: Mapping[str, UnweighedGroup], scheme: Scheme) -> dict[str, int | None]:
    ranked = rank_weighed_groups(groups, scheme)
    return {s.unit_id: s.rank for standings in ranked.values() for s in standings}


def build_reweighted_schemes(scheme: Scheme) -> Iterator[tuple[str, str, Decimal, Scheme]]:
    """The schemes with one weight changed: path and name of the weight, factor, scheme."""
    for n, pillar in enumerate(scheme.pillars):
        path = f"pillars.{pillar.id}"
        if len(scheme.pillars) > 1:
            for factor in WEIGHT_FACTORS:
                heavier = pillar.model_copy(update={"weight": pillar.weight * factor})
                yield f"{path}.weight", pillar.zh, factor, replace_pillar(scheme, n, heavier)
        if len(pillar.metrics) == 1:
            continue
        ids = [metric.id for metric in pillar.metrics]
        for m, metric in enumerate(pillar.metrics):
            zh = f"{pillar.zh}·{scheme.metrics_by_id[metric.id].zh}"
            for factor in WEIGHT_FACTORS:
                changed = metric.model_copy(update={"weight": metric.weight * factor})
                metrics = (*pillar.metrics[:m], changed, *pillar.metrics[m + 1 :])
                other = pillar.model_copy(update={"metrics": metrics})
                name = metric.id if ids.count(metric.id) == 1 else m
                weight_path = f"{path}.metrics.{name}.weight"
                yield weight_path, zh, factor, replace_pillar(scheme, n, other)


def replace_pillar(scheme: Scheme, n: int, pillar: Pillar) -> Scheme:
    pillars = (*scheme.pillars[:n], pillar, *scheme.pillars[n + 1 :])
    return scheme.model_copy(update={"pillars": pillars})


def weight_change_document(change: WeightChange, units: Collection[str]) -> dict[str, Any]:
    """The number of ranks that moved, and those of these units."""
    percent = (change.factor - 1) * 100
    return {
        "path": change.path,
        "name": change.zh,
        "change": f"{percent:+.0f}%",
        "ranks_moved": len(change.moved),
        "moved": [
            {"unit_id": unit, "rank": list(ranks)}
            for unit, ranks in sorted(change.moved.items())
            if unit in units
        ],
    }
