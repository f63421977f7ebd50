"""Totals and ranks of a group's units, with adjustments, gates, grades and tie-breaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from services.scoring.engine.figures import Exact, rounded_sum
from services.scoring.engine.points.benchmarks import Benchmarks
from services.scoring.engine.points.calculation import clamp_points
from services.scoring.engine.points.ranks import deciding_tie_breaks, dense_ranks, rank_keys
from services.scoring.engine.scheme.adjustments import UnitAdjustments, compute_adjustments
from services.scoring.engine.scheme.grades_and_gates import (
    MissedGate,
    assign_grades,
    cap_total,
    find_missed_gates,
)
from services.scoring.engine.scheme.plan import GroupPlan

ZERO = Exact(0)


@dataclass(frozen=True)
class GroupTotals:
    """The totals and ranks of ranked units, and what the scheme adds to them, by unit."""

    totals: Mapping[str, Fraction]
    ranks: Mapping[str, int]
    adjusted: Mapping[str, UnitAdjustments] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    missed: Mapping[str, tuple[MissedGate, ...]] = field(default_factory=dict)
    parted_by: Mapping[str, Sequence[str]] = field(default_factory=dict)


def compute_totals(
    earned: Mapping[str, Fraction],
    values: Mapping[str, Mapping[str, Fraction]],
    plan: GroupPlan,
    benchmarks: Benchmarks,
) -> GroupTotals:
    """The totals of the units that have points, with adjustments, gates, grades and tie-breaks.

    `earned` is unit → the points of all its pillars; `values` metric → unit → value, of the metrics
    that these parts use.
    """
    metrics, units = plan.metrics_by_id, list(earned)
    added: dict[str, UnitAdjustments] = {}
    if plan.adjustments:
        added = compute_adjustments(plan.adjustments, units, values, metrics, benchmarks)
    totals = {
        unit: rounded_sum([points, added[unit].points if added else ZERO], plan.decimals)
        for unit, points in earned.items()
    }
    if (plan.lowest_total, plan.highest_total) != (None, None):
        bounds = plan.lowest_total, plan.highest_total
        totals = {unit: clamp_points(total, *bounds) for unit, total in totals.items()}
    gates = find_missed_gates(plan.gates, units, values, metrics, benchmarks) if plan.gates else {}
    totals = {u: cap_total(t, gates[u]) for u, t in totals.items()} if gates else totals

    by_total = dense_ranks_by_unit(totals)
    ties = [
        dense_ranks_by_unit(values[name], lower_is_better=metrics[name].direction == "lower")
        for name in plan.tie_break
    ]
    keys: dict[str, Any] = by_total
    if ties:
        keys = {
            unit: (rank, *(tie.get(unit, len(tie) + 1) for tie in ties))
            for unit, rank in by_total.items()
        }
    in_order = [*keys.values()]
    grades: dict[str, str] = {}
    if plan.grades:
        nobody: dict[str, tuple[MissedGate, ...]] = dict.fromkeys(units, ())
        competition_ranks = dict(zip(keys, rank_keys(in_order, "competition"), strict=True))
        grades = assign_grades(plan.grades, totals, competition_ranks, gates or nobody)
    parted = deciding_tie_breaks(keys, plan.tie_break) if plan.tie_break else {}
    ranks = dict(zip(keys, rank_keys(in_order, plan.ranking), strict=True))
    return GroupTotals(totals, ranks, added, grades, gates, parted)


def dense_ranks_by_unit(
    values: Mapping[str, Fraction], *, lower_is_better: bool = False
) -> dict[str, int]:
    """Unit → dense rank."""
    ranks = dense_ranks([*values.values()], lower_is_better=lower_is_better)
    return dict(zip(values, ranks, strict=True))
