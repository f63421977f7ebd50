"""Effective weights: what the weights become where some metrics are not applicable to a unit."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from services.scoring.engine.figures import Exact, exact_sum
from services.scoring.engine.scheme import Scheme

Values = Mapping[str, Mapping[str, Fraction]]  # metric → unit → value, of those it applies to


class Weights(NamedTuple):
    """The effective weights of what is applicable to a unit; a pillar's is that of its metrics."""

    metrics: Mapping[str, Fraction]
    pillars: Mapping[str, Fraction]


def weights_by_unit(live: Sequence[str], shares: Values, scheme: Scheme) -> dict[str, Weights]:
    """Unit → weights; units to whom the same metrics apply share one answer."""
    nominal = {
        pillar.id: (Exact(pillar.weight), {m.id: Exact(m.weight) for m in pillar.metrics})
        for pillar in scheme.pillars
    }
    answers: dict[tuple[str, ...], Weights] = {}
    made = {}
    for unit in live:
        applicable = tuple([name for name, by_unit in shares.items() if unit in by_unit])
        if applicable not in answers:
            answers[applicable] = effective_weights(nominal, applicable)
        made[unit] = answers[applicable]
    return made


def effective_weights(
    nominal: Mapping[str, tuple[Fraction, Mapping[str, Fraction]]], applicable: Collection[str]
) -> Weights:
    """The weights of the applicable metrics, those of the others shared among them.

    Within a pillar in proportion to their weights; an empty pillar's among the other pillars so.
    `nominal` is pillar → its weight, and those of its metrics.
    """
    left = {
        pillar: {name: weight for name, weight in metrics.items() if name in applicable}
        for pillar, (_, metrics) in nominal.items()
    }
    best = exact_sum(weight for weight, _ in nominal.values())
    kept = exact_sum(weight for pillar, (weight, _) in nominal.items() if left[pillar])
    metrics: dict[str, Fraction] = {}
    pillars: dict[str, Fraction] = {}
    for pillar, of_pillar in left.items():
        if of_pillar:
            pillars[pillar] = nominal[pillar][0] * best / kept
            of_one = pillars[pillar] / exact_sum(of_pillar.values())
            metrics |= {name: weight * of_one for name, weight in of_pillar.items()}
    return Weights(metrics, pillars)
