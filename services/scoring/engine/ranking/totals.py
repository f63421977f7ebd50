"""Totals and ranks of a group's units, and what the scheme lets stand around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from services.scoring.engine.figures import Exact, rounded_sum
from services.scoring.engine.points.benchmarks import Compared
from services.scoring.engine.points.calculation import within
from services.scoring.engine.points.ranks import dense_ranks, numbered, parting
from services.scoring.engine.scheme.adjustments import Adjusted, adjusted
from services.scoring.engine.scheme.grades_and_gates import Missed, graded, missed, total_within
from services.scoring.engine.scheme.model import Scheme

ZERO = Exact(0)


@dataclass(frozen=True)
class Judged:
    """What comes after the pillars, by unit: the ranked ones' totals and places, and the rest."""

    totals: Mapping[str, Fraction]
    ranks: Mapping[str, int]
    adjusted: Mapping[str, Adjusted] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    missed: Mapping[str, tuple[Missed, ...]] = field(default_factory=dict)
    parted_by: Mapping[str, Sequence[str]] = field(default_factory=dict)


def judge(
    earned: Mapping[str, Fraction],
    values: Mapping[str, Mapping[str, Fraction]],
    scheme: Scheme,
    compared: Compared,
) -> Judged:
    """The totals of the units that earned anything, with all that the scheme adds to them.

    `earned` is unit → the points of all its pillars; `values` metric → unit → value, of the metrics
    that are asked here.
    """
    metrics, units = scheme.metrics_by_id, list(earned)
    added: dict[str, Adjusted] = {}
    if scheme.adjustments:
        added = adjusted(scheme.adjustments, units, values, metrics, compared)
    totals = {
        unit: rounded_sum([points, added[unit].points if added else ZERO], scheme.decimals)
        for unit, points in earned.items()
    }
    if (scheme.lowest_total, scheme.highest_total) != (None, None):
        bounds = scheme.lowest_total, scheme.highest_total
        totals = {unit: within(total, *bounds) for unit, total in totals.items()}
    gates = missed(scheme.gates, units, values, metrics, compared) if scheme.gates else {}
    totals = {u: total_within(t, gates[u]) for u, t in totals.items()} if gates else totals

    by_total = ranks_of(totals)
    ties = [
        ranks_of(values[name], lower_is_better=metrics[name].direction == "lower")
        for name in scheme.tie_break
    ]
    keys: dict[str, Any] = by_total
    if ties:
        keys = {
            unit: (rank, *(tie.get(unit, len(tie) + 1) for tie in ties))
            for unit, rank in by_total.items()
        }
    in_order = [*keys.values()]
    grades: dict[str, str] = {}
    if scheme.grades:
        nobody: dict[str, tuple[Missed, ...]] = dict.fromkeys(units, ())
        places = dict(zip(keys, numbered(in_order, "competition"), strict=True))
        grades = graded(scheme.grades, totals, places, gates or nobody)
    parted = parting(keys, scheme.tie_break) if scheme.tie_break else {}
    ranks = dict(zip(keys, numbered(in_order, scheme.ranking), strict=True))
    return Judged(totals, ranks, added, grades, gates, parted)


def ranks_of(values: Mapping[str, Fraction], *, lower_is_better: bool = False) -> dict[str, int]:
    """Unit → dense rank."""
    ranks = dense_ranks([*values.values()], lower_is_better=lower_is_better)
    return dict(zip(values, ranks, strict=True))
