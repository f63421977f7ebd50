"""From values to points, by the rules of `vocabulary`; all exact.

A rule is read as a share of the weight that a metric has (`shares_of_weight`), or in points as they
stand (`points_of`), for what stands outside the weights. Values are of one group, all applicable.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from services.scoring.engine.figures import Exact
from services.scoring.engine.ranks import dense_ranks, number_of_first, places
from services.scoring.engine.vocabulary import (
    Bands,
    BestRatio,
    Deviation,
    MinMax,
    OfWeight,
    PerItem,
    Proportional,
    RankBands,
    RankSteps,
    Rule,
    Steps,
    Threshold,
    Tier,
)

Values = Mapping[str, Fraction]
NONE: Values = {}
ZERO, ONE = Exact(0), Exact(1)


def shares_of_weight(
    rule: Rule,
    values: Values,
    *,
    lower_is_better: bool,
    nominal: Fraction = ONE,
    targets: Values = NONE,
) -> dict[str, Fraction]:
    """The share of the weight that each unit earns; points as written are parts of `nominal`.

    A unit without the target that the rule asks for has no share: it is not applicable.
    """
    if isinstance(rule, OfWeight):
        return shares(rule, values, targets, lower_is_better)
    if isinstance(rule, Deviation) and rule.base is None:
        found = deviations(rule, values, targets, nominal, lower_is_better)
    else:
        found = points_as_written(rule, values, targets, lower_is_better)
    return {unit: points / nominal for unit, points in found.items()}


def points_of(
    rule: Rule,
    values: Values,
    *,
    lower_is_better: bool,
    weight: Fraction = ONE,
    targets: Values = NONE,
) -> dict[str, Fraction]:
    """The points that each unit earns; a rule that gives shares shares `weight` out."""
    if isinstance(rule, OfWeight):
        found = shares(rule, values, targets, lower_is_better)
        return {unit: weight * share for unit, share in found.items()}
    return points_as_written(rule, values, targets, lower_is_better)


# --- rules that give a share of a weight


def shares(
    rule: OfWeight, values: Values, targets: Values, lower_is_better: bool
) -> dict[str, Fraction]:
    match rule:
        case Proportional():
            return proportional(rule, values, targets, lower_is_better)
        case BestRatio() if lower_is_better:
            least = min(values.values(), default=ZERO)
            if least <= 0:
                return {unit: Exact(value == least) for unit, value in values.items()}
            return {unit: least / value for unit, value in values.items()}
        case BestRatio():
            best = max(values.values(), default=ZERO)
            if best <= 0:
                return dict.fromkeys(values, ZERO)
            return {unit: value / best if value > 0 else ZERO for unit, value in values.items()}
        case MinMax():
            ends = [min(values.values(), default=ZERO), max(values.values(), default=ZERO)]
            worst, best = reversed(ends) if lower_is_better else ends
            width, least = best - worst, Fraction(rule.least)
            parts = {unit: (v - worst) / width if width else ONE for unit, v in values.items()}
            return {u: least + (1 - least) * p for u, p in parts.items()} if least else parts
        case Threshold():
            sign = -1 if lower_is_better else 1
            wanted = against(rule.at, values, targets)
            return {unit: Exact(sign * (values[unit] - at) >= 0) for unit, at in wanted.items()}


def proportional(
    rule: Proportional, values: Values, targets: Values, lower_is_better: bool
) -> dict[str, Fraction]:
    wanted = against(rule.full_at, values, targets)
    if isinstance(rule.full_at, str):
        wanted = {unit: full for unit, full in wanted.items() if full > 0}
    floor = Exact(rule.floor)
    parts: Mapping[str, Fraction]
    if lower_is_better:
        least = {unit: max(values[unit], ZERO) for unit in wanted}
        at_nothing = Exact(1 if rule.cap is None else rule.cap)
        parts = {u: full / least[u] if least[u] else at_nothing for u, full in wanted.items()}
    else:
        parts = values if rule.full_at == 1 else {u: values[u] / t for u, t in wanted.items()}
    if rule.cap is not None:
        cap = Exact(rule.cap)
        parts = {unit: cap if part > cap else part for unit, part in parts.items()}
    return {unit: floor if part < floor else part for unit, part in parts.items()}


def against(target: Decimal | str, values: Values, targets: Values) -> Values:
    """What each unit's value is compared with: its own target, or the same number for all."""
    if isinstance(target, str):
        return {unit: targets[unit] for unit in values if unit in targets}
    return dict.fromkeys(values, Exact(target))


# --- rules that give points as they are written


def points_as_written(
    rule: Deviation | Bands | RankBands | RankSteps | PerItem,
    values: Values,
    targets: Values,
    lower_is_better: bool,
) -> dict[str, Fraction]:
    match rule:
        case Deviation(base=base):
            return deviations(rule, values, targets, Exact(base or 0), lower_is_better)
        case Bands():
            return by_value(rule, values)
        case RankBands():
            return by_rank(rule, values, lower_is_better)
        case RankSteps():
            return by_place(rule, values, lower_is_better)
        case PerItem():
            return {unit: of_items(rule, value) for unit, value in values.items()}


def deviations(
    rule: Deviation, values: Values, targets: Values, base: Fraction, lower_is_better: bool
) -> dict[str, Fraction]:
    sign = -1 if lower_is_better else 1
    step, made = Exact(rule.step), {}
    for unit, target in against(rule.target, values, targets).items():
        value = values[unit]
        if rule.relative:
            if target <= 0:
                continue
            value, target = value / target, ONE
        better = sign * (value - target)
        way, tiers, most = (
            (1, rule.up, rule.up_cap) if better > 0 else (-1, rule.down, rule.down_cap)
        )
        reached = in_steps(abs(better) / step, rule.steps)
        ends = [None if t.to is None else way * sign * (Exact(t.to) - target) for t in tiers]
        earned = progressive(tiers, [end if end is None else end / step for end in ends], reached)
        if most is not None:
            earned = within(earned, -most, most)
        made[unit] = within(base + way * earned, rule.floor, rule.cap)
    return made


def progressive(
    tiers: tuple[Tier, ...], ends: list[Fraction | None], reached: Fraction
) -> Fraction:
    """Points for steps, each at the price of its tier; a tier that ends before the target is none.

    `ends` and `reached` are in steps from the target; the last end may be None, without an end.
    """
    earned = begins = ZERO
    for tier, end in zip(tiers, ends, strict=True):
        until = reached if end is None else min(reached, end)
        if until > begins:
            earned += Exact(tier.points) * (until - begins)
            begins = until
    return earned


def in_steps(steps: Fraction, counted: Steps) -> Fraction:
    """Steps as they count: in part, only those made in full, or also the one begun."""
    match counted:
        case "proportional":
            return steps
        case "whole":
            return Exact(steps.numerator // steps.denominator)
        case "begun":
            return Exact(-(-steps.numerator // steps.denominator))


def by_value(rule: Bands, values: Values) -> dict[str, Fraction]:
    bands = [(band.range, Exact(band.points)) for band in rule.bands]
    return {
        unit: next(points for interval, points in bands if value in interval)
        for unit, value in values.items()
    }


def by_rank(rule: RankBands, values: Values, lower_is_better: bool) -> dict[str, Fraction]:
    place: Callable[..., Mapping[str, int]] = dense_ranks if rule.by == "rank" else places
    ends = [
        (None if band.to is None else last_place(rule, Exact(band.to), len(values)), band.points)
        for band in rule.bands
    ]
    return {
        unit: next((Exact(points) for end, points in ends if end is None or rank <= end), ZERO)
        for unit, rank in place(values, lower_is_better=lower_is_better).items()
    }


def by_place(rule: RankSteps, values: Values, lower_is_better: bool) -> dict[str, Fraction]:
    first, less = Fraction(rule.first), Fraction(rule.less)
    return {
        unit: within(first - less * (rank - 1), rule.floor, None)
        for unit, rank in dense_ranks(values, lower_is_better=lower_is_better).items()
    }


def last_place(rule: RankBands, to: Fraction, units: int) -> int:
    return int(to) if rule.by == "rank" else number_of_first(to, units, rule.rounded)


def of_items(rule: PerItem, value: Fraction) -> Fraction:
    number = in_steps(abs(value) / Exact(rule.per), rule.steps)
    points = Exact(rule.points) * (-number if value < 0 else number)
    return within(Exact(rule.base) + points, rule.floor, rule.cap)


def within(points: Fraction, floor: Decimal | None, cap: Decimal | None) -> Fraction:
    """Not less than the floor and not more than the cap, where there are such."""
    if cap is not None:
        points = min(points, Exact(cap))
    return points if floor is None else max(points, Exact(floor))
