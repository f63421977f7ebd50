"""Models of points rules, which turn a value into points. Source: published rule books.

Some rules give a share of a weight (`proportional`, `best_ratio`, `min_max`, `threshold`); the
others give points as they are written (`deviation`, `bands`, `rank_bands`, `rank_steps`,
`per_item`), which a scored metric reads in the scale of its nominal weight, so that sharing weights
treats all alike.

Where a rule has a target, a word may stand in place of the number: `target` is the unit's own,
entered one, `average` that of the unit's group (`benchmarks`).
«Better» and «worse» follow the metric's direction. Every number is exact, as it was written.
"""

from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator, model_validator

from services.scoring.engine.declarations import Declaration, validation_error
from services.scoring.engine.points.percentages import (
    NUMBER_OR_PERCENT,
    parse_decimal,
    parse_percent,
)
from services.scoring.engine.points.ranges import Interval, describe_gap, describe_outer_gaps
from shared.notation import DecimalSchema

LARGEST_NUMBER = 10**15  # beyond any amount of a ledger
# Put last, after the bounds: a number, a decimal text, or a percentage.
EXACT = BeforeValidator(parse_decimal)
Weight = Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=12)]
RuleNumber = Annotated[
    Decimal,
    Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER, max_digits=18),
    EXACT,
    DecimalSchema(NUMBER_OR_PERCENT),
]
PositiveNumber = Annotated[Decimal, Field(gt=0, le=LARGEST_NUMBER, max_digits=18), EXACT]
NonNegativeNumber = Annotated[Decimal, Field(ge=0, le=LARGEST_NUMBER, max_digits=18), EXACT]
PartOfOne = Annotated[Decimal, Field(gt=0, le=1, max_digits=12), EXACT]
PartBelowOne = Annotated[Decimal, Field(ge=0, lt=1, max_digits=12), EXACT]
PositiveInteger = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]

OWN_TARGET, AVERAGE = "target", "average"
TARGET_FIELDS = ("full_at", "at", "target")  # where a rule names what values are compared with
TargetWord = Annotated[Literal["target", "average"], Tag("word")]


def target_kind(value: Any) -> str | None:
    """The discriminator of a target: a number or one of the words."""
    if value in (OWN_TARGET, AVERAGE):
        return "word"
    try:
        Decimal(parse_percent(value))
    except (InvalidOperation, TypeError, ValueError):
        return None
    return "number"


TARGET_DISCRIMINATOR = Discriminator(
    target_kind,
    custom_error_type="number_or_word",
    custom_error_message="a number, target or average",
)
RuleTarget = Annotated[Annotated[RuleNumber, Tag("number")] | TargetWord, TARGET_DISCRIMINATOR]
PositiveRuleTarget = Annotated[
    Annotated[PositiveNumber, Tag("number")] | TargetWord, TARGET_DISCRIMINATOR
]

# A step not reached in full counts in part, not at all (每满), or as one (不足一个按一个计).
StepCounting = Literal["proportional", "whole", "begun"]
# A part of a group that is no whole number of units: cut, rounded half up, or one more.
RoundingMode = Literal["down", "half_up", "up"]


class Proportional(Declaration):
    """weight × value ÷ full_at, between floor and cap times the weight; a cap of null is none.

    Where less is better, full_at ÷ value: weight × cap at 0.
    """

    rule: Literal["proportional"]
    full_at: PositiveRuleTarget = Decimal(1)
    cap: PositiveNumber | None = Decimal(1)
    floor: RuleNumber = Decimal(0)


class BestRatio(Declaration):
    """weight × value ÷ best of the group, or best ÷ value; nothing where the best is 0 or less."""

    rule: Literal["best_ratio"]


class MinMax(Declaration):
    """weight × (value − worst) ÷ (best − worst) of the group; all equal: all have the weight.

    `least` is the part of the weight that the worst has; the rest is shared out so.
    """

    rule: Literal["min_max"]
    least: PartBelowOne = Decimal(0)


class Threshold(Declaration):
    """The weight at the target or better, else nothing."""

    rule: Literal["threshold"]
    at: RuleTarget


class Tier(Declaration):
    """Points a step, up to a value; without `to`, however far."""

    points: RuleNumber
    to: RuleNumber | None = None


class WorseTier(Tier):
    """Points a step, to be taken away."""

    points: NonNegativeNumber


class Deviation(Declaration):
    """base + points a step better than the target − points a step worse, tier by tier, capped.

    `base` is the nominal weight where none is written, 0 in adjustments. `relative` compares
    value ÷ target with 1; without a target above 0 it is not applicable. `to` is in the value's
    own scale, or with `relative` in that of value ÷ target. Points of `up` below 0 punish.
    """

    rule: Literal["deviation"]
    target: RuleTarget
    relative: bool = False
    step: PositiveNumber
    steps: StepCounting = "proportional"
    base: RuleNumber | None = None
    up: tuple[Tier, ...] = ()
    down: tuple[WorseTier, ...] = ()
    up_cap: NonNegativeNumber | None = None
    down_cap: NonNegativeNumber | None = None
    floor: RuleNumber | None = None
    cap: RuleNumber | None = None

    @model_validator(mode="after")
    def check_relative_target(self) -> "Deviation":
        if self.relative and isinstance(self.target, Decimal) and self.target <= 0:
            raise validation_error("写 relative 时和目标相除，目标要大于 0", "target")
        return self

    @model_validator(mode="after")
    def check_tier_ends(self) -> "Deviation":
        begins = Decimal(1) if self.relative else self.target
        first = [begins] if isinstance(begins, Decimal) else []
        directions = []
        for name, tiers in (("up", self.up), ("down", self.down)):
            for n, tier in enumerate(tiers[:-1]):
                if tier.to is None:
                    raise validation_error("只有最后一档可以不写 to", name, n)
            ends = first + [tier.to for tier in tiers if tier.to is not None]
            steps = [(one < other) - (one > other) for one, other in pairwise(ends)]
            for n, direction in enumerate(steps, start=1 - len(first)):
                if direction == 0 or direction != steps[0]:
                    raise validation_error("各档的 to 要从目标起一档比一档远", name, n)
            directions += steps[:1]
        if len(directions) == 2 and directions[0] == directions[1]:
            raise validation_error("up 和 down 的 to 要分在目标的两边", "down", 0)
        return self


class Band(Declaration):
    """Points of a range of values: "[0.8, 0.9)", `[ ]` closed, `( )` open, blank endless."""

    range: Interval
    points: RuleNumber


class Bands(Declaration):
    """Points by the range of the value; the ranges cover every number once."""

    rule: Literal["bands"]
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]

    @field_validator("bands")
    @classmethod
    def check_cover(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        indexes = sorted(range(len(bands)), key=lambda n: bands[n].range.order)
        ordered = [bands[n].range for n in indexes]
        for n, (lower, upper) in enumerate(pairwise(ordered), start=1):
            if gap := describe_gap(lower, upper):
                raise validation_error(gap, indexes[n], "range")
        for n, gap in describe_outer_gaps(ordered[0], ordered[-1]):
            raise validation_error(gap, indexes[n], "range")
        return bands


class RankBand(Declaration):
    """Points down to a rank; without `to`, of all the others."""

    to: PositiveNumber | None = None
    points: RuleNumber


class RankBands(Declaration):
    """Points by the rank among the group's applicable values; ranks after the last band earn 0.

    `by: rank`: dense ranks (7, 7, 8). `by: share`: the first `to` of the units, a part of 1; a unit
    is among the first n when fewer than n are better.
    """

    rule: Literal["rank_bands"]
    by: Literal["rank", "share"] = "rank"
    rounded: RoundingMode = "down"
    bands: Annotated[tuple[RankBand, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def check_band_ends(self) -> "RankBands":
        for n, band in enumerate(self.bands):
            if band.to is None and n < len(self.bands) - 1:
                raise validation_error("只有最后一档可以不写 to", "bands", n)
            if band.to is not None and self.by == "rank" and band.to != int(band.to):
                raise validation_error("名次应为整数；按比例请写 by: share", "bands", n, "to")
            if band.to is not None and self.by == "share" and band.to > 1:
                raise validation_error("比例应不大于 1", "bands", n, "to")
        ends = [band.to for band in self.bands if band.to is not None]
        for n, (one, other) in enumerate(pairwise(ends), start=1):
            if other <= one:
                raise validation_error("各档的 to 要一档比一档大", "bands", n, "to")
        return self


class RankSteps(Declaration):
    """`first` points for the first rank, `less` fewer with every rank after it, down to `floor`.

    Ranks are dense (7, 7, 8) among the group's applicable values.
    """

    rule: Literal["rank_steps"]
    first: RuleNumber
    less: NonNegativeNumber
    floor: RuleNumber = Decimal(0)


class PerItem(Declaration):
    """base + points × (value ÷ per), between floor and cap; `points` may be less than 0."""

    rule: Literal["per_item"]
    points: RuleNumber
    per: PositiveNumber = Decimal(1)
    steps: StepCounting = "proportional"
    base: RuleNumber = Decimal(0)
    cap: RuleNumber | None = None
    floor: RuleNumber | None = None

    @model_validator(mode="after")
    def check_bounds(self) -> "PerItem":
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            raise validation_error("cap 应不小于 floor", "cap")
        return self


ShareRule = Proportional | BestRatio | MinMax | Threshold  # rules that give a share of a weight
PointsRule = ShareRule | Deviation | Bands | RankBands | RankSteps | PerItem
TaggedPointsRule = Annotated[PointsRule, Field(discriminator="rule")]


def rule_tag(value: Any) -> str | None:
    """The discriminator of points: the tag of a rule, or that of a number."""
    if isinstance(value, Declaration):
        return str(getattr(value, "rule", ""))
    return value.get("rule") if isinstance(value, dict) else "数"


SingleValuePoints = Annotated[
    Annotated[RuleNumber, Tag("数")]
    | Annotated[Proportional, Tag("proportional")]
    | Annotated[Threshold, Tag("threshold")]
    | Annotated[Deviation, Tag("deviation")]
    | Annotated[Bands, Tag("bands")]
    | Annotated[PerItem, Tag("per_item")],
    Discriminator(rule_tag),
]


def target_word(rule: PointsRule) -> str | None:
    """The word that a rule has instead of a number to compare with."""
    words = (getattr(rule, name, None) for name in TARGET_FIELDS)
    return next((word for word in words if isinstance(word, str)), None)
