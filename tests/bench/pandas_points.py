"""Points, totals and ranks as a practised user of pandas writes them: exact, unit by unit.

Totals are rounded once, from exact figures, and equal ones share a rank: floats can do neither, and
columns of pandas hold nothing else, so this part is fractions and dictionaries.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd  # type: ignore[import-untyped]

PROPORTIONAL, BEST_RATIO, BEST_IS_LEAST = "proportional", "best_ratio", "best_is_least"
PILLARS: Mapping[str, Mapping[str, str]] = {
    "speed": {
        "start_rate": PROPORTIONAL,
        "pooling_rate": PROPORTIONAL,
        "investment_completion": PROPORTIONAL,
        "production_rate": PROPORTIONAL,
    },
    "planning": {
        "major_projects": BEST_RATIO,
        "central_budget_won": BEST_RATIO,
        "policy_instruments_won": BEST_RATIO,
    },
    "reserve": {
        "listed_investment": BEST_RATIO,
        "industrial_share_1yi": BEST_RATIO,
        "industrial_share_5yi": BEST_RATIO,
        "industrial_share_10yi": BEST_RATIO,
        "industrial_share_100yi": BEST_RATIO,
        "industrial_investment_share": PROPORTIONAL,
        "investment_contribution": BEST_RATIO,
    },
    "attraction": {
        "fund_arrival": PROPORTIONAL,
        "new_start_completion": PROPORTIONAL,
        "same_year_start": PROPORTIONAL,
    },
    "environment": {
        "landing_rate": PROPORTIONAL,
        "permit_efficiency": PROPORTIONAL,
        "approval_to_production_days": BEST_IS_LEAST,
    },
}

WEIGHT, BEST_TOTAL = 20, 100  # of a pillar, of all pillars
# metric → (numerator, denominator) of each unit; None where the metric is an amount
Terms = dict[str, list[tuple[int, int | None]]]
Unit = int
Earned = dict[str, tuple[Fraction, Fraction]]  # metric or pillar → points, weight


def groups(units: pd.DataFrame, live: Sequence[int], terms: Terms) -> list[dict[str, Any]]:
    """The units of each group by rank; those without a live project stand last."""
    made = []
    for group, members in sorted(units.groupby("group").indices.items()):
        ranked = [unit for unit in members.tolist() if live[unit]]
        metrics, ranks_of_metrics = of_metrics(ranked, terms)
        pillars, ranks_of_pillars = of_pillars(ranked, metrics)
        totals = {
            unit: rounded(sum((points for points, _ in pillars[unit].values()), Fraction(0)), 2)
            for unit in ranked
            if pillars[unit]
        }
        place = ranks(totals)
        ids, names = units["unit_id"].to_dict(), units["name"].to_dict()
        ordered = sorted(members.tolist(), key=lambda u: (u not in place, place.get(u), ids[u]))
        made.append(
            {
                "group": group,
                "units": [
                    {
                        "unit_id": ids[unit],
                        "name": names[unit],
                        "rank": place.get(unit),
                        "total": decimals(totals[unit], 2) if unit in totals else None,
                        "pillars": {
                            pillar: written(pillars.get(unit, {}).get(pillar), with_weight=True)
                            | {"rank": ranks_of_pillars[pillar].get(unit)}
                            for pillar in PILLARS
                        },
                        "metrics": {
                            metric: {
                                "numerator": of_units[unit][0],
                                "denominator": of_units[unit][1],
                                **written(metrics.get(unit, {}).get(metric)),
                                "rank": ranks_of_metrics[metric].get(unit),
                            }
                            for metric, of_units in terms.items()
                        },
                    }
                    for unit in ordered
                ],
            }
        )
    return made


def of_metrics(
    live: Sequence[Unit], terms: Terms
) -> tuple[dict[Unit, Earned], dict[str, dict[Unit, int]]]:
    """Points and effective weight of every metric that applies, and the ranks."""
    shares: dict[Unit, dict[str, Fraction]] = {unit: {} for unit in live}
    places = {}
    for metrics in PILLARS.values():
        for metric, rule in metrics.items():
            values = {
                unit: Fraction(n, 1 if d is None else d)
                for unit in live
                for n, d in [terms[metric][unit]]
                if d != 0
            }
            places[metric] = ranks(values, least_first=rule == BEST_IS_LEAST)
            for unit, share in shared(rule, values).items():
                shares[unit][metric] = share
    weights: dict[frozenset[str], dict[str, Fraction]] = {}
    earned = {}
    for unit, of_unit in shares.items():
        applicable = frozenset(of_unit)
        if applicable not in weights:
            weights[applicable] = effective_weights(applicable)
        weight = weights[applicable]
        earned[unit] = {m: (weight[m] * share, weight[m]) for m, share in of_unit.items()}
    return earned, places


def shared(rule: str, values: Mapping[Unit, Fraction]) -> dict[Unit, Fraction]:
    """The share of its weight that a metric earns."""
    if rule == PROPORTIONAL:
        return {unit: min(max(value, Fraction(0)), Fraction(1)) for unit, value in values.items()}
    if rule == BEST_IS_LEAST:
        least = min(values.values(), default=Fraction(0))
        if least <= 0:
            return {unit: Fraction(value == least) for unit, value in values.items()}
        return {unit: least / value for unit, value in values.items()}
    best = max(values.values(), default=Fraction(0))
    if best <= 0:
        return dict.fromkeys(values, Fraction(0))
    return {unit: max(value / best, Fraction(0)) for unit, value in values.items()}


def effective_weights(applicable: frozenset[str]) -> dict[str, Fraction]:
    """Weights of metrics that do not apply are shared within their pillar, then among pillars."""
    left = {p: [m for m in metrics if m in applicable] for p, metrics in PILLARS.items()}
    pillars = sum(1 for metrics in left.values() if metrics)
    return {
        metric: Fraction(BEST_TOTAL, pillars * len(metrics))
        for metrics in left.values()
        for metric in metrics
    }


def of_pillars(
    live: Sequence[Unit], metrics: Mapping[Unit, Earned]
) -> tuple[dict[Unit, Earned], dict[str, dict[Unit, int]]]:
    """The sums of each pillar, ranked by what part of its weight was earned."""
    sums: dict[Unit, Earned] = {unit: {} for unit in live}
    for unit in live:
        for pillar, of_pillar in PILLARS.items():
            earned = [metrics[unit][metric] for metric in of_pillar if metric in metrics[unit]]
            if earned:
                points, weights = zip(*earned, strict=True)
                sums[unit][pillar] = (sum(points, Fraction(0)), sum(weights, Fraction(0)))
    places = {
        pillar: ranks(
            {
                unit: of_unit[pillar][0] / of_unit[pillar][1]
                for unit, of_unit in sums.items()
                if pillar in of_unit
            }
        )
        for pillar in PILLARS
    }
    return sums, places


def ranks(values: Mapping[Unit, Any], *, least_first: bool = False) -> dict[Unit, int]:
    """Equal values share a rank, and the next one follows without a gap."""
    ordered = sorted(set(values.values()), reverse=not least_first)
    place = {value: rank for rank, value in enumerate(ordered, start=1)}
    return {unit: place[value] for unit, value in values.items()}


def written(
    earned: tuple[Fraction, Fraction] | None, *, with_weight: bool = False
) -> dict[str, str | None]:
    keys = ("points", "weight") if with_weight else ("points",)
    values: Iterable[Fraction | None] = earned or (None, None)
    return {
        key: None if value is None else decimals(rounded(value, 4), 4)
        for key, value in zip(keys, values, strict=False)
    }


def rounded(value: Fraction, places: int) -> int:
    """In units of the last decimal, rounded half up, away from zero."""
    numerator, denominator = value.numerator * int(10**places), value.denominator
    units = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -units if numerator < 0 else units


def decimals(units: int, places: int) -> str:
    """Units of the last decimal as they are printed."""
    whole, part = divmod(abs(units), 10**places)
    return f"{'-' if units < 0 else ''}{whole}.{part:0{places}}"
