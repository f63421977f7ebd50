"""Placement: the first and the last units of a group, for boards and streaks.

Equal units share a rank, so a tie at the edge includes all of them: nothing is left to chance.
"""

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.scoring.engine.declarations import Metric
from services.scoring.engine.lights.unit_lights import UnitsOnDay
from services.scoring.engine.ranking.ranking import Standing
from services.scoring.engine.scheme.honour_declarations import BY_TOTAL

StandingsByGroup = Mapping[str, Sequence[Standing]]


@dataclass(frozen=True)
class DayRanking:
    """The standings of every group as of a day, and the terms behind them."""

    units: UnitsOnDay
    groups: StandingsByGroup


def comparable_values(group: str, by: str, ranking: DayRanking) -> dict[str, Fraction]:
    """Unit → a number that is greater the better it is; units without a rank are left out."""
    standings = ranking.groups.get(group, ())
    if by == BY_TOTAL:
        return {s.unit_id: Fraction(-s.rank) for s in standings if s.rank is not None}
    metric = ranking.units.metrics[by]
    sign = 1 if metric.direction == "higher" else -1
    values = {
        s.unit_id: ranking.units.value(s.unit_id, by) for s in standings if s.rank is not None
    }
    return {unit: sign * value for unit, value in values.items() if value is not None}


def first_units(worth: Mapping[str, Fraction], count: int) -> set[str]:
    """The units that have fewer than `count` units above them."""
    ordered = sorted(worth.values())
    above = {value: len(ordered) - bisect.bisect_right(ordered, value) for value in set(ordered)}
    return {unit for unit, value in worth.items() if above[value] < count}


def last_units(worth: Mapping[str, Fraction], count: int) -> set[str]:
    """The units that have fewer than `count` units below them."""
    return first_units({unit: -value for unit, value in worth.items()}, count)


def is_total_or_metric(by: str, known: Mapping[str, Metric]) -> bool:
    return by == BY_TOTAL or by in known
