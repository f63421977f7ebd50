"""Points rules that give a share of a weight, worked by hand."""

from decimal import Decimal
from fractions import Fraction as F

import pytest

from services.scoring.engine.points.rules import BestRatio, MinMax, Proportional, Threshold
from tests.scoring.engine.points.rule_results import points, shares

BEST = BestRatio(rule="best_ratio")
WIDTH = MinMax(rule="min_max")


def proportional(full_at: str = "1", cap: str | None = "1", floor: str = "0") -> Proportional:
    most = None if cap is None else Decimal(cap)
    return Proportional(
        rule="proportional", full_at=Decimal(full_at), cap=most, floor=Decimal(floor)
    )


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (proportional(), F(0), F(0)),
        (proportional(), F(48, 53), F(48, 53)),
        (proportional(), F(1), F(1)),
        (proportional(), F(13, 10), F(1)),  # more than full earns no more
        (proportional("1", "1.3"), F(13, 10), F(13, 10)),
        (proportional("1", "1.3"), F(2), F(13, 10)),
        (proportional("0.9"), F(45, 100), F(1, 2)),
        (proportional("0.9"), F(9, 10), F(1)),
        (proportional("0.9"), F(1), F(1)),
        (proportional("0.1"), F(1, 30), F(1, 3)),  # 0.1 is a tenth, no float
        (proportional("1", "0.5"), F(3, 4), F(1, 2)),
        (proportional("1", None), F(7, 2), F(7, 2)),  # without a cap
        (proportional(), F(-1, 2), F(0)),  # shrinking earns nothing, and takes nothing
        (proportional("1", "1", "-0.3"), F(-1, 4), F(-1, 4)),
        (proportional("1", "1", "-0.3"), F(-1, 2), F(-3, 10)),
        (proportional("2000000000"), F(10**9), F(1, 2)),  # full at two thousand million
    ],
)
def test_proportional(rule: Proportional, value: F, expected: F) -> None:
    assert shares(rule, value) == [expected]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([4, 2, 1], [F(1), F(1, 2), F(1, 4)]),
        ([3, 3, 0], [F(1), F(1), F(0)]),
        ([F(1, 3), F(1, 7)], [F(1), F(3, 7)]),
        ([5], [F(1)]),
        ([0, 0], [F(0), F(0)]),  # nobody is best with nothing
        ([4, -1], [F(1), F(0)]),  # growth may be below 0
        ([-1, -2], [F(0), F(0)]),
        ([], []),
    ],
)
def test_best_ratio_where_more_is_better(values: list[F | int], expected: list[F]) -> None:
    assert shares(BEST, *values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([100, 200, 400], [F(1), F(1, 2), F(1, 4)]),
        ([90, 90, 120], [F(1), F(1), F(3, 4)]),
        ([365], [F(1)]),
        ([0, 30, 0], [F(1), F(0), F(1)]),  # the same day is the best; the others have no part of it
        ([0, 0], [F(1), F(1)]),
        ([-5, 5], [F(1), F(0)]),
        ([], []),
    ],
)
def test_best_ratio_where_less_is_better(values: list[F | int], expected: list[F]) -> None:
    assert shares(BEST, *values, lower=True) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (F(100), F(1)),
        (F(90), F(1)),  # quicker than wanted earns no more
        (F(125), F(4, 5)),
        (F(400), F(1, 4)),
        (F(0), F(1)),
        (F(-3), F(1)),
    ],
)
def test_proportional_where_less_is_better(value: F, expected: F) -> None:
    assert shares(proportional("100"), value, lower=True) == [expected]


def test_proportional_to_the_units_own_target() -> None:
    own = Proportional(rule="proportional", full_at="target")
    # 45 of 90 is a half, 80 of 60 is full; without a target, or with one of 0, not applicable.
    found = shares(own, 45, 80, 70, 10, targets=[90, 60, None, 0])
    assert found == [F(1, 2), F(1), None, None]


@pytest.mark.parametrize(
    ("values", "lower", "expected"),
    [
        ([10, 30, 50], False, [F(0), F(1, 2), F(1)]),
        ([10, 30, 50], True, [F(1), F(1, 2), F(0)]),
        ([-1, F(1, 2), 2], False, [F(0), F(1, 2), F(1)]),
        ([F(1, 3), F(1, 7), F(1, 5)], False, [F(1), F(0), F(3, 10)]),  # (2/35) ÷ (4/21)
        ([7, 7, 7], False, [F(1), F(1), F(1)]),  # all equal: all have the weight
        ([7], True, [F(1)]),
        ([], False, []),
    ],
)
def test_min_max(values: list[F | int], lower: bool, expected: list[F]) -> None:
    assert shares(WIDTH, *values, lower=lower) == expected


@pytest.mark.parametrize(
    ("at", "lower", "values", "expected"),
    [
        ("0.9", False, [F(9, 10), F(899_999, 1_000_000), 1], [1, 0, 1]),
        ("0.9", True, [F(9, 10), F(900_001, 1_000_000), 0], [1, 0, 1]),
        ("0", False, [0, F(-1, 10**9)], [1, 0]),
    ],
)
def test_threshold(at: str, lower: bool, values: list[F | int], expected: list[int]) -> None:
    rule = Threshold(rule="threshold", at=Decimal(at))
    assert shares(rule, *values, lower=lower) == expected


def test_threshold_at_the_units_own_target() -> None:
    own = Threshold(rule="threshold", at="target")
    assert shares(own, 5, 5, 5, targets=[5, 6, None]) == [1, 0, None]


def test_a_share_outside_the_weights_is_of_the_weight_that_is_written() -> None:
    assert points(proportional("0.8"), F(4, 10), weight=5) == [F(5, 2)]
