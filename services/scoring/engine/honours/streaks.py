"""Streaks: units among the last or first for months in a row, and the consequences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.scoring.engine.declarations import Metric
from services.scoring.engine.honours.placement import (
    DayRanking,
    comparable_values,
    first_units,
    is_total_or_metric,
    last_units,
)
from services.scoring.engine.scheme.honour_declarations import Rung, Streak


@dataclass(frozen=True)
class UnitStreak:
    """A unit on a rung: the month ends in a row, the last one first."""

    streak: Streak
    rung: Rung
    group: str
    unit_id: str
    months: Sequence[date]


def find_streak_errors(
    streaks: Sequence[Streak], known: Mapping[str, Metric]
) -> Iterator[tuple[int, str]]:
    """Metrics that do not exist, and rungs of as many months as another."""
    for n, streak in enumerate(streaks):
        if not is_total_or_metric(streak.by, known):
            yield n, f"没有名为“{streak.by}”的指标"
        months = [rung.months for rung in streak.rungs]
        if sorted(set(months)) != months:
            yield n, "rungs 的月数应一级比一级多"


def find_streaks(declared: Sequence[Streak], month_ends: Sequence[DayRanking]) -> list[UnitStreak]:
    """The units on a rung, by streak, group and unit; the month ends are the last one first."""
    streaks = []
    for streak in declared:
        among = [placed_units_by_group(streak, ranking) for ranking in month_ends]
        for group in month_ends[0].groups if month_ends else ():
            for unit in sorted(among[0].get(group, ())):
                months = count_consecutive_months(unit, group, among)
                reached = [rung for rung in streak.rungs if rung.months <= months]
                if reached:
                    days = [ranking.units.as_of for ranking in month_ends[:months]]
                    streaks.append(UnitStreak(streak, reached[-1], group, unit, days))
    return streaks


def placed_units_by_group(streak: Streak, ranking: DayRanking) -> dict[str, set[str]]:
    """Group → the units among its last or first, of the groups that the streak is for."""
    found, pick = {}, first_units if streak.last is None else last_units
    count = (streak.first if streak.last is None else streak.last) or 0
    for group in ranking.groups:
        worth = comparable_values(group, streak.by, ranking)
        if group in (streak.groups or (group,)) and len(worth) > count:
            found[group] = pick(worth, count)
    return found


def count_consecutive_months(unit: str, group: str, among: Sequence[Mapping[str, set[str]]]) -> int:
    """The number of months, from the latest on, in which a unit was among them."""
    months = 0
    for by_group in among:
        if unit not in by_group.get(group, ()):
            break
        months += 1
    return months
