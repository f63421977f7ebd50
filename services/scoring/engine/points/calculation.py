"""Calculation of points from values, by the models of `rules`; all exact.

A rule gives a share of the weight that a metric has (`compute_weight_shares`), or points as they
are written (`compute_points`), for adjustments outside the weights. Values are of one group, all
applicable; targets and results are in the same order.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from services.scoring.engine.columns import ValueColumn
from services.scoring.engine.figures import Exact
from services.scoring.engine.points.ranks import competition_ranks, dense_ranks, first_part_size
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
    ShareRule,
    StepCounting,
    Threshold,
    Tier,
)

GroupValues = Sequence[Fraction]
NO_TARGETS: ValueColumn = ()
ZERO, ONE = Exact(0), Exact(1)


def compute_weight_shares(
    rule: PointsRule,
    values: GroupValues,
    *,
    lower_is_better: bool,
    nominal: Fraction = ONE,
    targets: ValueColumn = NO_TARGETS,
) -> ValueColumn:
    """Compute the share of the weight that each unit earns; written points are parts of `nominal`.

    A unit without the target that the rule needs has no share: it is not applicable.
    """
    if isinstance(rule, ShareRule):
        return apply_share_rule(rule, values, targets, lower_is_better)
    if isinstance(rule, Deviation) and rule.base is None:
        found = apply_deviation(rule, values, targets, nominal, lower_is_better)
    else:
        found = apply_points_rule(rule, values, targets, lower_is_better)
    return [None if points is None else points / nominal for points in found]


def compute_points(
    rule: PointsRule,
    values: GroupValues,
    *,
    lower_is_better: bool,
    weight: Fraction = ONE,
    targets: ValueColumn = NO_TARGETS,
) -> ValueColumn:
    """Compute the points that each unit earns; a share is one of `weight`."""
    if isinstance(rule, ShareRule):
        found = apply_share_rule(rule, values, targets, lower_is_better)
        return [None if share is None else weight * share for share in found]
    return apply_points_rule(rule, values, targets, lower_is_better)


# --- rules that give a share of a weight


def apply_share_rule(
    rule: ShareRule, values: GroupValues, targets: ValueColumn, lower_is_better: bool
) -> ValueColumn:
    match rule:
        case Proportional():
            return apply_proportional(rule, values, targets, lower_is_better)
        case BestRatio() if lower_is_better:
            least = min(values, default=ZERO)
            if least <= 0:
                return [Exact(value == least) for value in values]
            return [least / value for value in values]
        case BestRatio():
            best = max(values, default=ZERO)
            if best <= 0:
                return [ZERO] * len(values)
            return [value / best if value > 0 else ZERO for value in values]
        case MinMax():
            ends = [min(values, default=ZERO), max(values, default=ZERO)]
            worst, best = reversed(ends) if lower_is_better else ends
            width, least = best - worst, Fraction(rule.least)
            parts = [(value - worst) / width if width else ONE for value in values]
            return [least + (1 - least) * part for part in parts] if least else parts
        case Threshold():
            sign = -1 if lower_is_better else 1
            wanted = zip(values, resolve_targets(rule.at, len(values), targets), strict=True)
            return [None if at is None else Exact(sign * (v - at) >= 0) for v, at in wanted]


def apply_proportional(
    rule: Proportional, values: GroupValues, targets: ValueColumn, lower_is_better: bool
) -> ValueColumn:
    parts: ValueColumn = values
    if lower_is_better or rule.full_at != 1:
        wanted = zip(values, resolve_targets(rule.full_at, len(values), targets), strict=True)
        parts = [proportional_share(full, value, rule, lower_is_better) for value, full in wanted]
    if rule.cap is not None:
        cap = Exact(rule.cap)
        parts = [cap if part is not None and part > cap else part for part in parts]
    floor = Exact(rule.floor)
    return [floor if part is not None and part < floor else part for part in parts]


def proportional_share(
    full: Fraction | None, value: Fraction, rule: Proportional, lower_is_better: bool
) -> Fraction | None:
    if full is None or (full <= 0 and isinstance(rule.full_at, str)):
        return None
    if not lower_is_better:
        return value / full
    return full / value if value > 0 else Exact(1 if rule.cap is None else rule.cap)


def resolve_targets(target: Decimal | str, unit_count: int, targets: ValueColumn) -> ValueColumn:
    """The number that each unit is compared with: its own of `targets`, or one number for all."""
    if isinstance(target, str):
        return targets or [None] * unit_count
    return [Exact(target)] * unit_count


# --- rules that give points as they are written


def apply_points_rule(
    rule: Deviation | Bands | RankBands | RankSteps | PerItem,
    values: GroupValues,
    targets: ValueColumn,
    lower_is_better: bool,
) -> ValueColumn:
    match rule:
        case Deviation(base=base):
            return apply_deviation(rule, values, targets, Exact(base or 0), lower_is_better)
        case Bands():
            return apply_bands(rule, values)
        case RankBands():
            return apply_rank_bands(rule, values, lower_is_better)
        case RankSteps():
            return apply_rank_steps(rule, values, lower_is_better)
        case PerItem():
            return [per_item_points(rule, value) for value in values]


def apply_deviation(
    rule: Deviation,
    values: GroupValues,
    targets: ValueColumn,
    base: Fraction,
    lower_is_better: bool,
) -> ValueColumn:
    sign = -1 if lower_is_better else 1
    wanted = zip(values, resolve_targets(rule.target, len(values), targets), strict=True)
    return [None if at is None else deviation_points(rule, v, at, base, sign) for v, at in wanted]


def deviation_points(
    rule: Deviation, value: Fraction, target: Fraction, base: Fraction, sign: int
) -> Fraction | None:
    if rule.relative:
        if target <= 0:
            return None
        value, target = value / target, ONE
    step, better = Exact(rule.step), sign * (value - target)
    side, tiers, most = (1, rule.up, rule.up_cap) if better > 0 else (-1, rule.down, rule.down_cap)
    reached = count_steps(abs(better) / step, rule.steps)
    ends = [None if t.to is None else side * sign * (Exact(t.to) - target) for t in tiers]
    earned = tiered_points(tiers, [end if end is None else end / step for end in ends], reached)
    if most is not None:
        earned = clamp_points(earned, -most, most)
    return clamp_points(base + side * earned, rule.floor, rule.cap)


def tiered_points(
    tiers: tuple[Tier, ...], ends: list[Fraction | None], reached: Fraction
) -> Fraction:
    """The points for steps, each at the rate of its tier; a tier that ends at the target has none.

    `ends` and `reached` are in steps from the target; the last end may be None: no limit.
    """
    earned = begins = ZERO
    for tier, end in zip(tiers, ends, strict=True):
        until = reached if end is None else min(reached, end)
        if until > begins:
            earned += Exact(tier.points) * (until - begins)
            begins = until
    return earned


def count_steps(steps: Fraction, counting: StepCounting) -> Fraction:
    """Count steps: in proportion, only the full ones, or also the one begun."""
    match counting:
        case "proportional":
            return steps
        case "whole":
            return Exact(steps.numerator // steps.denominator)
        case "begun":
            return Exact(-(-steps.numerator // steps.denominator))


def apply_bands(rule: Bands, values: GroupValues) -> ValueColumn:
    bands = [(band.range, Exact(band.points)) for band in rule.bands]
    return [next(points for interval, points in bands if value in interval) for value in values]


def apply_rank_bands(rule: RankBands, values: GroupValues, lower_is_better: bool) -> ValueColumn:
    rank_values: Callable[..., list[int]] = dense_ranks if rule.by == "rank" else competition_ranks
    ends = [
        (
            None if band.to is None else last_rank_of_band(rule, Exact(band.to), len(values)),
            band.points,
        )
        for band in rule.bands
    ]
    return [
        next((Exact(points) for end, points in ends if end is None or rank <= end), ZERO)
        for rank in rank_values(values, lower_is_better=lower_is_better)
    ]


def apply_rank_steps(rule: RankSteps, values: GroupValues, lower_is_better: bool) -> ValueColumn:
    first, less = Fraction(rule.first), Fraction(rule.less)
    return [
        clamp_points(first - less * (rank - 1), rule.floor, None)
        for rank in dense_ranks(values, lower_is_better=lower_is_better)
    ]


def last_rank_of_band(rule: RankBands, to: Fraction, unit_count: int) -> int:
    return int(to) if rule.by == "rank" else first_part_size(to, unit_count, rule.rounded)


def per_item_points(rule: PerItem, value: Fraction) -> Fraction:
    number = count_steps(abs(value) / Exact(rule.per), rule.steps)
    points = Exact(rule.points) * (-number if value < 0 else number)
    return clamp_points(Exact(rule.base) + points, rule.floor, rule.cap)


def clamp_points(points: Fraction, floor: Decimal | None, cap: Decimal | None) -> Fraction:
    """Limit points to floor and cap, where there are such."""
    if cap is not None:
        points = min(points, Exact(cap))
    return points if floor is None else max(points, Exact(floor))
