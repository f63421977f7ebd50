"""Adjustments: points outside the weights, added to the total, each and all together capped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from pydantic import Field, model_validator

from services.scoring.engine.declarations import (
    Declaration,
    DeclarationId,
    Label,
    Metric,
    validation_error,
)
from services.scoring.engine.figures import exact_sum
from services.scoring.engine.points.benchmarks import Benchmarks
from services.scoring.engine.points.calculation import clamp_points, compute_points
from services.scoring.engine.points.rules import (
    NonNegativeNumber,
    ShareRule,
    TaggedPointsRule,
    Weight,
    target_word,
)

ValuesByMetric = Mapping[str, Mapping[str, Fraction]]  # metric → unit → value


class Adjustment(Declaration):
    """A metric's points by its rule; a rule that gives a share gives one of `weight`."""

    id: DeclarationId
    weight: Weight | None = None
    points: TaggedPointsRule
    groups: tuple[Label, ...] = ()

    @model_validator(mode="after")
    def check_weight(self) -> "Adjustment":
        shares = isinstance(self.points, ShareRule)
        if shares and self.weight is None:
            raise validation_error(f"加减分用 {self.points.rule} 时要写 weight：得满时是几分")
        if not shares and self.weight is not None:
            raise validation_error(f"{self.points.rule} 写的就是分，不用 weight", "weight")
        return self


class Adjustments(Declaration):
    """The items, and the most that they may add or take away together."""

    zh: Label = "加减分"
    most_added: NonNegativeNumber | None = None
    most_taken: NonNegativeNumber | None = None
    items: Annotated[tuple[Adjustment, ...], Field(min_length=1)]


@dataclass(frozen=True)
class UnitAdjustments:
    """A unit's adjustments: the points that count, and each item's; None if not applicable."""

    points: Fraction
    items: Mapping[str, Fraction | None]


def compute_adjustments(
    declared: Adjustments,
    units: Sequence[str],
    values: ValuesByMetric,
    metrics: Mapping[str, Metric],
    benchmarks: Benchmarks,
) -> dict[str, UnitAdjustments]:
    """Compute the points of the items for each unit; not applicable is 0."""
    earned = {}
    for item in declared.items:
        of_units = values[item.id]
        points = compute_points(
            item.points,
            [*of_units.values()],
            lower_is_better=metrics[item.id].direction == "lower",
            weight=Fraction(item.weight or 1),
            targets=benchmarks.targets(target_word(item.points), item.id, of_units),
        )
        earned[item.id] = dict(zip(of_units, points, strict=True))
    least = None if declared.most_taken is None else -declared.most_taken
    adjusted = {}
    for unit in units:
        items = {name: by_unit.get(unit) for name, by_unit in earned.items()}
        added = exact_sum(points for points in items.values() if points is not None)
        adjusted[unit] = UnitAdjustments(clamp_points(added, least, declared.most_added), items)
    return adjusted
