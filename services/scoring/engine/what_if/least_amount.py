"""The least amount that moves a unit up a rank: exact, whatever bends the way there.

Where every unit's points for every metric go one way as the amount grows, its totals between two
amounts lie between sums of the points at both ends. So a stretch can be shown to hold no answer
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
    Threshold,
)
from services.scoring.engine.ranking.ranking import Standing
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.scheme.plan import GroupPlan

RankingKey = tuple[
    tuple[bool, Fraction], ...
]  # what ranks: the total, then tie-breaks; greater is better
NO_TIE_VALUE = (False, Fraction(0))
HALVING_INTERVAL = 6  # every so many steps of a search halve the stretch, so that it surely ends


def is_monotonic(rule: PointsRule) -> bool:
    """Whether points only rise, or only fall, as one value of the group rises.

    Dense ranks do not: two others may come to share a place, and part again.
    """
    match rule:
        case Proportional() | BestRatio() | MinMax() | Threshold() | PerItem():
            return True
        case Deviation():
            return all(tier.points >= 0 for tier in rule.up)
        case Bands():
            points = [b.points for b in sorted(rule.bands, key=lambda band: band.range.order)]
            return points in (sorted(points), sorted(points, reverse=True))
    return False


@dataclass(frozen=True)
class Trial:
    """A group's standings at one amount, taken apart."""

    ranks: Mapping[str, int]
    totals: Mapping[str, Fraction]
    parts: Mapping[str, Mapping[str, Fraction]]  # unit → metric → points
    beside: Mapping[str, Mapping[str, Fraction]]  # unit → adjustment → points
    ties: Mapping[str, RankingKey]

    def exact_total(self, unit: str) -> Fraction:
        return exact_sum([*self.parts[unit].values(), *self.beside[unit].values()])

    def key(self, unit: str) -> RankingKey:
        return ((True, self.totals[unit]), *self.ties[unit])


def build_trial(
    standings: Sequence[Standing], terms: Mapping[str, UnitTerms], plan: GroupPlan
) -> Trial:
    """The ranked units of a group; `terms` are those that the standings were made of."""
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
    """For one unit, over amounts: `at` tells what the group is like at an amount."""

    unit: str
    rank: int
    plan: GroupPlan
    at: Callable[[int], Trial]

    def moves(self, amount: int) -> bool:
        return self.at(amount).ranks[self.unit] < self.rank

    def least(self, low: int, high: int) -> int | None:
        """The least amount from low to high that moves the unit up; None where none does."""
        if low > high or not self.may_move(low, high):
            return None
        if self.moves(low):
            return low
        if not self.moves(high):
            if high - low < 2:
                return None
            middle = (low + high) // 2
            found = self.least(low, middle)
            return self.least(middle, high) if found is None else found
        found = self.crossing(low, high)
        earlier = self.least(low, found - 1)
        return found if earlier is None else earlier

    def crossing(self, low: int, high: int) -> int:
        """An amount that moves the unit although one less does not: not at low, but at high.

        By false position (Illinois): some ten trials, where halving alone takes forty.
        """
        above = self.next_above(low)
        short, over, side = self.missing(low, above), self.missing(high, above), 0
        for step in count(1):
            if high - low < 2:
                break
            middle = (low + high) // 2
            if short > 0 >= over and step % HALVING_INTERVAL:
                met = low + (high - low) * short / (short - over)
                middle = min(max(int(met.numerator // met.denominator), low + 1), high - 1)
            if self.moves(middle):
                high, over = middle, self.missing(middle, above)
                short, side = (short / 2 if side == 1 else short), 1
            else:
                low, short = middle, self.missing(middle, above)
                over, side = (over / 2 if side == -1 else over), -1
        return high

    def next_above(self, amount: int) -> str:
        """Whom the unit has to reach next."""
        there = self.at(amount)
        own = there.key(self.unit)
        better = [unit for unit in there.ranks if there.key(unit) > own]
        return min(better, key=there.key)

    def missing(self, amount: int, above: str) -> Fraction:
        """How many points the unit lacks, at least, to be rounded to the other one's total."""
        there = self.at(amount)
        half = Fraction(1, 2 * 10**self.plan.decimals)
        return there.totals[above] - half - there.exact_total(self.unit)

    # --- what a stretch may hold

    def may_move(self, low: int, high: int) -> bool:
        """Whether an amount from low to high may move the unit, as far as both ends tell."""
        one, other = self.at(low), self.at(high)
        if any(one.parts[unit].keys() != other.parts[unit].keys() for unit in one.ranks):
            return True  # something applies at one end only
        best = self.bound(one, other, self.unit, max)
        others = [unit for unit in one.ranks if unit != self.unit]
        ahead = [
            (lowest, self.bound(one, other, unit, max))
            for unit in others
            if (lowest := self.bound(one, other, unit, min)) > best
        ]
        if self.plan.ranking == "competition":
            return 1 + len(ahead) < self.rank
        return 1 + count_fewest_distinct(ahead) < self.rank

    def bound(
        self, one: Trial, other: Trial, unit: str, end: Callable[..., Fraction]
    ) -> RankingKey:
        """The best or worst that a unit can be between two amounts."""

        def ends(first: Mapping[str, Fraction], second: Mapping[str, Fraction]) -> list[Fraction]:
            return [end(first[m], second[m]) for m in first.keys() & second.keys()]

        points = ends(one.parts[unit], other.parts[unit])
        if self.plan.adjustments:
            declared = self.plan.adjustments
            least = None if declared.most_taken is None else -declared.most_taken
            added = exact_sum(ends(one.beside[unit], other.beside[unit]))
            points.append(clamp_points(added, least, declared.most_added))
        total = rounded_sum(points, self.plan.decimals)
        if end is min:  # a missed gate may lower a total, and is met or missed at either end
            total = min(total, one.totals[unit], other.totals[unit])
        ties = (end(*pair) for pair in zip(one.ties[unit], other.ties[unit], strict=True))
        return ((True, total), *ties)  # type: ignore[arg-type]


def count_fewest_distinct(stretches: Sequence[tuple[RankingKey, RankingKey]]) -> int:
    """How many different values there are at least, one from each stretch."""
    found, reached = 0, None
    for lowest, highest in sorted(stretches, key=lambda stretch: stretch[1]):
        if reached is None or lowest > reached:
            found, reached = found + 1, highest
    return found
