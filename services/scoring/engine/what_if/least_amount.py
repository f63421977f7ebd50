"""The least amount that moves a unit up a rank: exact, whatever the curve of its total.

Where every unit's points for every metric go one way as the amount grows, its totals between two
amounts lie between sums of the points at both ends. So an interval can be shown to hold no answer
from its two ends alone, however the points of different metrics pull against each other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from services.scoring.engine.figures import exact_sum, rounded_sum
from services.scoring.engine.points.calculation import clamp_points
from services.scoring.engine.points.rules import (
    Bands,
    BestRatio,
    Deviation,
    MinMax,
    PerItem,
    PointsRule,
    Proportional,
    RankBands,
    RankSteps,
    Threshold,
)
from services.scoring.engine.ranking.ranking import Standing
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.scheme.plan import GroupPlan

RankingKey = tuple[tuple[bool, Fraction], ...]  # total, then tie-breaks; greater is better
NO_TIE_VALUE = (False, Fraction(0))
HALVING_INTERVAL = 6  # every so many steps of a search halve the interval, so that it surely ends


def is_monotonic(rule: PointsRule) -> bool:
    """Tell whether points only rise, or only fall, as one value of the group rises.

    Dense ranks do not: two other units may come to share a rank, and part again.
    """
    match rule:
        case Proportional() | BestRatio() | MinMax() | Threshold() | PerItem():
            return True
        case Deviation():
            return all(tier.points >= 0 for tier in rule.up)
        case Bands():
            points = [b.points for b in sorted(rule.bands, key=lambda band: band.range.order)]
            return points in (sorted(points), sorted(points, reverse=True))
        case RankBands() | RankSteps():
            return False


@dataclass(frozen=True)
class Trial:
    """The standings of a group at one amount, in points."""

    ranks: Mapping[str, int]
    totals: Mapping[str, Fraction]
    points: Mapping[str, Mapping[str, Fraction]]  # unit → metric → points
    adjustments: Mapping[str, Mapping[str, Fraction]]  # unit → adjustment → points
    ties: Mapping[str, RankingKey]

    def exact_total(self, unit: str) -> Fraction:
        return exact_sum([*self.points[unit].values(), *self.adjustments[unit].values()])

    def key(self, unit: str) -> RankingKey:
        return ((True, self.totals[unit]), *self.ties[unit])


def build_trial(
    standings: Sequence[Standing], terms: Mapping[str, UnitTerms], plan: GroupPlan
) -> Trial:
    """The trial of a group's ranked units; `terms` are those of the standings."""
    ranked = [s for s in standings if s.rank is not None and s.total is not None]
    return Trial(
        {s.unit_id: s.rank or 0 for s in ranked},
        {s.unit_id: s.total or Fraction(0) for s in ranked},
        {s.unit_id: {m: figure.points for m, figure in s.metrics.items()} for s in ranked},
        {
            s.unit_id: {m: p for m, p in s.adjusted.items.items() if p is not None}
            if s.adjusted
            else {}
            for s in ranked
        },
        {s.unit_id: tie_break_key(terms[s.unit_id], plan) for s in ranked},
    )


def tie_break_key(terms: UnitTerms, plan: GroupPlan) -> RankingKey:
    metrics, found = plan.metrics_by_id, []
    for name in plan.tie_break:
        value = terms.value(metrics[name], plan.scale(metrics[name]))
        sign = -1 if metrics[name].direction == "lower" else 1
        found.append(NO_TIE_VALUE if value is None else (True, sign * value))
    return tuple(found)


@dataclass(frozen=True)
class LeastAmountSearch:
    """A search for one unit over amounts; `trial_at` is the group at an amount."""

    unit: str
    rank: int
    plan: GroupPlan
    trial_at: Callable[[int], Trial]

    def moves_up(self, amount: int) -> bool:
        return self.trial_at(amount).ranks[self.unit] < self.rank

    def find_least(self, low: int, high: int) -> int | None:
        """The least amount from low to high that moves the unit up; None where none does."""
        if low > high or not self.may_move(low, high):
            return None
        if self.moves_up(low):
            return low
        if not self.moves_up(high):
            if high - low < 2:
                return None
            middle = (low + high) // 2
            found = self.find_least(low, middle)
            return self.find_least(middle, high) if found is None else found
        found = self.find_crossing(low, high)
        earlier = self.find_least(low, found - 1)
        return found if earlier is None else earlier

    def find_crossing(self, low: int, high: int) -> int:
        """An amount that moves the unit although one less does not: not at low, but at high.

        By false position (Illinois): some ten trials, where halving alone takes forty.
        """
        above = self.next_unit_above(low)
        short, over, side = self.missing_points(low, above), self.missing_points(high, above), 0
        for step in count(1):
            if high - low < 2:
                break
            middle = (low + high) // 2
            if short > 0 >= over and step % HALVING_INTERVAL:
                met = low + (high - low) * short / (short - over)
                middle = min(max(int(met.numerator // met.denominator), low + 1), high - 1)
            if self.moves_up(middle):
                high, over = middle, self.missing_points(middle, above)
                short, side = (short / 2 if side == 1 else short), 1
            else:
                low, short = middle, self.missing_points(middle, above)
                over, side = (over / 2 if side == -1 else over), -1
        return high

    def next_unit_above(self, amount: int) -> str:
        """The unit that is next to be reached."""
        trial = self.trial_at(amount)
        own = trial.key(self.unit)
        better = [unit for unit in trial.ranks if trial.key(unit) > own]
        return min(better, key=trial.key)

    def missing_points(self, amount: int, above: str) -> Fraction:
        """The points that the unit lacks, at least, to be rounded to the other unit's total."""
        trial = self.trial_at(amount)
        half = Fraction(1, 2 * 10**self.plan.decimals)
        return trial.totals[above] - half - trial.exact_total(self.unit)

    # --- bounds of an interval

    def may_move(self, low: int, high: int) -> bool:
        """Tell whether an amount from low to high may move the unit, judged from both ends."""
        first, second = self.trial_at(low), self.trial_at(high)
        if any(first.points[unit].keys() != second.points[unit].keys() for unit in first.ranks):
            return True  # something applies at one end only
        best = self.bound(first, second, self.unit, max)
        others = [unit for unit in first.ranks if unit != self.unit]
        ahead = [
            (lowest, self.bound(first, second, unit, max))
            for unit in others
            if (lowest := self.bound(first, second, unit, min)) > best
        ]
        if self.plan.ranking == "competition":
            return 1 + len(ahead) < self.rank
        return 1 + count_fewest_distinct(ahead) < self.rank

    def bound(
        self, first: Trial, second: Trial, unit: str, end: Callable[..., Fraction]
    ) -> RankingKey:
        """The best or worst key that a unit can have between two amounts."""

        def ends(one: Mapping[str, Fraction], other: Mapping[str, Fraction]) -> list[Fraction]:
            return [end(one[m], other[m]) for m in one.keys() & other.keys()]

        points = ends(first.points[unit], second.points[unit])
        if self.plan.adjustments:
            declared = self.plan.adjustments
            least = None if declared.most_taken is None else -declared.most_taken
            added = exact_sum(ends(first.adjustments[unit], second.adjustments[unit]))
            points.append(clamp_points(added, least, declared.most_added))
        total = rounded_sum(points, self.plan.decimals)
        if end is min:  # a missed gate may lower a total, and is met or missed at either end
            total = min(total, first.totals[unit], second.totals[unit])
        ties = (end(*pair) for pair in zip(first.ties[unit], second.ties[unit], strict=True))
        return ((True, total), *ties)  # type: ignore[arg-type]


def count_fewest_distinct(intervals: Sequence[tuple[RankingKey, RankingKey]]) -> int:
    """The least number of different values, one from each interval."""
    found, reached = 0, None
    for lowest, highest in sorted(intervals, key=lambda interval: interval[1]):
        if reached is None or lowest > reached:
            found, reached = found + 1, highest
    return found
