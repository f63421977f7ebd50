"""Effective weights: the weights of the metrics that are applicable to a unit."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from itertools import compress
from typing import NamedTuple

from services.scoring.engine.columns import ValueColumn, unit_rows
from services.scoring.engine.figures import exact_sum
from services.scoring.engine.scheme.plan import GroupPlan


class EffectiveWeights(NamedTuple):
    """The effective weights of what is applicable to a unit; a pillar's is that of its metrics.

    `sums` is pillar → the weights of its applicable metrics together, as the scheme has them.
    """

    metrics: Mapping[str, Fraction]
    pillars: Mapping[str, Fraction]
    sums: Mapping[str, Fraction]


def weights_by_unit(
    shares: Mapping[str, ValueColumn], units: int, plan: GroupPlan
) -> list[EffectiveWeights]:
    """The weights of every unit; units with the same applicable metrics share one object."""
    nominal = {
        pillar: (weight, plan.metric_weights[pillar])
        for pillar, weight in plan.pillar_weights.items()
    }
    by_applicability: dict[tuple[bool, ...], EffectiveWeights] = {}
    weights = []
    for of_unit in unit_rows(shares.values(), units):
        applies = tuple([share is not None for share in of_unit])
        if applies not in by_applicability:
            by_applicability[applies] = effective_weights(nominal, [*compress(shares, applies)])
        weights.append(by_applicability[applies])
    return weights


def effective_weights(
    nominal: Mapping[str, tuple[Fraction, Mapping[str, Fraction]]], applicable: Collection[str]
) -> EffectiveWeights:
    """The weights of the applicable metrics, those of the others shared among them.

    Within a pillar in proportion to their weights; an empty pillar's among the other pillars so.
    `nominal` is pillar → its weight, and those of its metrics.
    """
    applied = {
        pillar: {name: weight for name, weight in metrics.items() if name in applicable}
        for pillar, (_, metrics) in nominal.items()
    }
    total = exact_sum(weight for weight, _ in nominal.values())
    shared = exact_sum(weight for pillar, (weight, _) in nominal.items() if applied[pillar])
    metrics: dict[str, Fraction] = {}
    pillars: dict[str, Fraction] = {}
    sums: dict[str, Fraction] = {}
    for pillar, of_pillar in applied.items():
        if of_pillar:
            pillars[pillar] = nominal[pillar][0] * total / shared
            sums[pillar] = exact_sum(of_pillar.values())
            of_one = pillars[pillar] / sums[pillar]
            metrics |= {name: weight * of_one for name, weight in of_pillar.items()}
    return EffectiveWeights(metrics, pillars, sums)
