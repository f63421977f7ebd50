"""Who is among the first or the last of a group: what boards and streaks are given by.

Equal units share a place, so a tie at the edge lets in all of them: nobody is left to chance.
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


def comparable_values(group: str, by: str, ranked: DayRanking) -> dict[str, Fraction]:
    """Unit → a number that is greater the better it stands; units without a place are left out."""
    standings = ranked.groups.get(group, ())
    if by == BY_TOTAL:
        return {s.unit_id: Fraction(-s.rank) for s in standings if s.rank is not None}
    metric = ranked.units.metrics[by]
    sign = 1 if metric.direction == "higher" else -1
    values = {s.unit_id: ranked.units.value(s.unit_id, by) for s in standings if s.rank is not None}
    return {unit: sign * value for unit, value in values.items() if value is not None}


def first_units(worth: Mapping[str, Fraction], most: int) -> set[str]:
    """The units that fewer than `most` stand before."""
    ordered = sorted(worth.values())
    above = {value: len(ordered) - bisect.bisect_right(ordered, value) for value in set(ordered)}
    return {unit for unit, value in worth.items() if above[value] < most}


def last_units(worth: Mapping[str, Fraction], most: int) -> set[str]:
    """The units that fewer than `most` stand behind."""
    return first_units({unit: -value for unit, value in worth.items()}, most)


def is_total_or_metric(by: str, known: Mapping[str, Metric]) -> bool:
    return by == BY_TOTAL or by in known
