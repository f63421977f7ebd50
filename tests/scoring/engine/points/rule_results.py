"""Asks points rules: values of units in their order, shares or points out."""

from collections.abc import Sequence
from fractions import Fraction as F
from typing import Any, get_args

from pydantic import TypeAdapter

from services.scoring.engine.points.calculation import compute_points, compute_weight_shares
from services.scoring.engine.points.rules import PointsRule, TaggedPointsRule

RULE: TypeAdapter[PointsRule] = TypeAdapter(TaggedPointsRule)
# The names of all rules, as an error lists them.
RULE_NAMES = "、".join(
    name
    for model in get_args(PointsRule)
    for name in get_args(model.model_fields["rule"].annotation)
)
Targets = Sequence[F | int | None]


def a_rule(name: str, **given: Any) -> PointsRule:
    """A rule as a scheme file has it: numbers as text keep their digits."""
    return RULE.validate_python({**given, "rule": name})


def shares(
    rule: PointsRule,
    *values: F | int,
    lower: bool = False,
    nominal: F | int = 1,
    targets: Targets = (),
) -> list[F | None]:
    """The shares of the weight that units with these values earn; None where not applicable."""
    given = [F(value) for value in values]
    earned = compute_weight_shares(
        rule, given, lower_is_better=lower, nominal=F(nominal), targets=exact(targets)
    )
    return [*earned]


def points(
    rule: PointsRule,
    *values: F | int,
    lower: bool = False,
    weight: F | int = 1,
    targets: Targets = (),
) -> list[F | None]:
    """The points that they earn outside the weights."""
    given = [F(value) for value in values]
    earned = compute_points(
        rule, given, lower_is_better=lower, weight=F(weight), targets=exact(targets)
    )
    return [*earned]


def exact(targets: Targets) -> list[F | None]:
    return [None if target is None else F(target) for target in targets]
