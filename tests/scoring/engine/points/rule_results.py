"""Asks points rules: values of units in their order, shares or points out."""

from collections.abc import Sequence
from fractions import Fraction as F
from typing import Any

from pydantic import TypeAdapter

from services.scoring.engine.points.calculation import points_of, shares_of_weight
from services.scoring.engine.points.rules import Points, Rule

RULE: TypeAdapter[Rule] = TypeAdapter(Points)
Targets = Sequence[F | int | None]


def a_rule(name: str, **given: Any) -> Rule:
    """A rule as a scheme file has it: numbers as text keep their digits."""
    return RULE.validate_python({**given, "rule": name})


def shares(
    rule: Rule,
    *values: F | int,
    lower: bool = False,
    nominal: F | int = 1,
    targets: Targets = (),
) -> list[F | None]:
    """The shares of the weight that units with these values earn; None where not applicable."""
    given = [F(value) for value in values]
    earned = shares_of_weight(
        rule, given, lower_is_better=lower, nominal=F(nominal), targets=exact(targets)
    )
    return [*earned]


def points(
    rule: Rule,
    *values: F | int,
    lower: bool = False,
    weight: F | int = 1,
    targets: Targets = (),
) -> list[F | None]:
    """The points that they earn outside the weights."""
    given = [F(value) for value in values]
    earned = points_of(rule, given, lower_is_better=lower, weight=F(weight), targets=exact(targets))
    return [*earned]


def exact(targets: Targets) -> list[F | None]:
    return [None if target is None else F(target) for target in targets]
