"""The score document of a ledger as of a day, for the scheme lanxian-2022, in exact fractions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.facts import dossiers, is_live
from tests.oracle.lights import light_rows
from tests.oracle.metrics import Terms, unit_terms
from tests.oracle.rounding import rounded
from tests.oracle.tables import Ledger, rows, text

PILLARS: dict[str, list[str]] = {
    "speed": ["start_rate", "pooling_rate", "investment_completion", "production_rate"],
    "planning": ["major_projects", "central_budget_won", "policy_instruments_won"],
    "reserve": [
        "listed_investment",
        "industrial_share_1yi",
        "industrial_share_5yi",
        "industrial_share_10yi",
        "industrial_share_100yi",
        "industrial_investment_share",
        "investment_contribution",
    ],
    "attraction": ["fund_arrival", "new_start_completion", "same_year_start"],
    "environment": ["landing_rate", "permit_efficiency", "approval_to_production_days"],
}
METRICS = [metric for metrics in PILLARS.values() for metric in metrics]
FULL_MARKS = 100
LOWER_IS_BETTER = {"approval_to_production_days"}
BEST_RATIO = {
    "major_projects",
    "central_budget_won",
    "policy_instruments_won",
    "listed_investment",
    "industrial_share_1yi",
    "industrial_share_5yi",
    "industrial_share_10yi",
    "industrial_share_100yi",
    "investment_contribution",
    "approval_to_production_days",
}


@dataclass
class Unit:
    """A unit while it is being scored; only what is applicable has values, points and weights."""

    unit_id: str
    name: str
    group: str
    is_ranked: bool
    terms: dict[str, Terms]
    values: dict[str, Fraction] = field(default_factory=dict)
    metric_points: dict[str, Fraction] = field(default_factory=dict)
    pillar_points: dict[str, Fraction] = field(default_factory=dict)
    pillar_weights: dict[str, Fraction] = field(default_factory=dict)
    total: Fraction = Fraction(0)


def score(ledger: Ledger, as_of: date) -> dict[str, Any]:
    """Return the document that `bairi score --format json` prints."""
    live = [dossier for dossier in dossiers(ledger) if is_live(dossier, as_of)]
    units = []
    for row in rows(ledger, "units"):
        unit_id = text(row, "unit_id")
        ranked = any(dossier.unit_id == unit_id for dossier in live)
        terms = unit_terms(ledger, unit_id, live, as_of)
        units.append(Unit(unit_id, text(row, "name"), text(row, "group"), ranked, terms))
    groups = sorted({unit.group for unit in units})
    return {
        "as_of": as_of.isoformat(),
        "scheme": "lanxian-2022",
        "lights_preset": "yinchuan-2025",
        "groups": [_group(name, [u for u in units if u.group == name]) for name in groups],
        "lights": light_rows(live, as_of),
    }


def _group(name: str, members: list[Unit]) -> dict[str, Any]:
    """Score and rank the units of a group; those without a live project are compared to none."""
    ranked = [unit for unit in members if unit.is_ranked]
    for unit in ranked:
        unit.values = _values(unit.terms)
    for unit in ranked:
        _give_points(unit, ranked)
    ranks = _ranks({unit.unit_id: unit.total for unit in ranked})
    unranked_last = len(members) + 1
    ordered = sorted(members, key=lambda u: (ranks.get(u.unit_id, unranked_last), u.unit_id))
    pillar_ranks = {pillar: _pillar_ranks(pillar, ranked) for pillar in PILLARS}
    metric_ranks = {metric: _metric_ranks(metric, ranked) for metric in METRICS}
    printed = [
        {
            "unit_id": unit.unit_id,
            "name": unit.name,
            "rank": ranks.get(unit.unit_id),
            "total": rounded(unit.total, 2) if unit.is_ranked else None,
            "pillars": {p: _print_pillar(unit, p, pillar_ranks[p]) for p in PILLARS},
            "metrics": {m: _print_metric(unit, m, metric_ranks[m]) for m in METRICS},
        }
        for unit in ordered
    ]
    return {"group": name, "units": printed}


def _values(terms: dict[str, Terms]) -> dict[str, Fraction]:
    """Return the exact value of every applicable metric; a zero denominator is not applicable."""
    values = {}
    for metric, (numerator, denominator) in terms.items():
        if denominator is None:
            values[metric] = Fraction(numerator)
        elif denominator != 0:
            values[metric] = Fraction(numerator, denominator)
    return values


def _give_points(unit: Unit, ranked: list[Unit]) -> None:
    """Fill in points and effective weights.

    All weights are equal, so sharing the weight of the not applicable in proportion to weights is
    dividing the whole by the number of applicable ones.
    """
    applicable = {
        pillar: [metric for metric in metrics if metric in unit.values]
        for pillar, metrics in PILLARS.items()
    }
    pillars = [pillar for pillar, metrics in applicable.items() if metrics]
    for pillar in pillars:
        weight = Fraction(FULL_MARKS, len(pillars))
        unit.pillar_weights[pillar] = weight
        for metric in applicable[pillar]:
            share = _share_of_full_marks(metric, unit, ranked)
            unit.metric_points[metric] = weight / len(applicable[pillar]) * share
        points = [unit.metric_points[metric] for metric in applicable[pillar]]
        unit.pillar_points[pillar] = sum(points, Fraction(0))
    total = sum(unit.pillar_points.values(), Fraction(0))
    # Units are ranked on the printed total, so that is the only total kept.
    unit.total = Fraction(rounded(total, 2))


def _share_of_full_marks(metric: str, unit: Unit, ranked: list[Unit]) -> Fraction:
    """Return the part of the metric's weight that the unit earns by its points rule."""
    value = unit.values[metric]
    if metric not in BEST_RATIO:
        return min(value, Fraction(1))
    group_values = [other.values[metric] for other in ranked if metric in other.values]
    if metric in LOWER_IS_BETTER:
        best = min(group_values)
        return Fraction(1) if value == best else best / value
    best = max(group_values)
    return value / best if best != 0 else Fraction(0)


def _ranks(values: dict[str, Fraction], lower_is_better: bool = False) -> dict[str, int]:
    """Return dense ranks, best first: equal values share a rank and no rank is left out."""
    order = sorted(set(values.values()), reverse=not lower_is_better)
    return {key: order.index(value) + 1 for key, value in values.items()}


def _pillar_ranks(pillar: str, ranked: Iterable[Unit]) -> dict[str, int]:
    shares = {}
    for unit in ranked:
        if pillar in unit.pillar_weights:
            shares[unit.unit_id] = unit.pillar_points[pillar] / unit.pillar_weights[pillar]
    return _ranks(shares)


def _metric_ranks(metric: str, ranked: Iterable[Unit]) -> dict[str, int]:
    values = {unit.unit_id: unit.values[metric] for unit in ranked if metric in unit.values}
    return _ranks(values, metric in LOWER_IS_BETTER)


def _print_pillar(unit: Unit, pillar: str, ranks: dict[str, int]) -> dict[str, Any]:
    if pillar not in unit.pillar_weights:
        return {"points": None, "weight": None, "rank": None}
    return {
        "points": rounded(unit.pillar_points[pillar], 4),
        "weight": rounded(unit.pillar_weights[pillar], 4),
        "rank": ranks[unit.unit_id],
    }


def _print_metric(unit: Unit, metric: str, ranks: dict[str, int]) -> dict[str, Any]:
    numerator, denominator = unit.terms[metric]
    points = unit.metric_points.get(metric)
    return {
        "numerator": numerator,
        "denominator": denominator,
        "points": None if points is None else rounded(points, 4),
        "rank": ranks.get(unit.unit_id),
    }
