"""Points rules and ranks, worked by hand."""

from decimal import Decimal
from fractions import Fraction as F

import pytest

from services.scoring.engine.points import shares_of_weight
from services.scoring.engine.ranks import dense_ranks
from services.scoring.engine.vocabulary import BestRatio, Points, Proportional

BEST = BestRatio(rule="best_ratio")


def proportional(full_at: str = "1", cap: str = "1") -> Proportional:
    return Proportional(rule="proportional", full_at=Decimal(full_at), cap=Decimal(cap))


def shares(rule: Points, *values: F | int, lower: bool = False) -> list[F]:
    """The shares that units with these values earn, in their order."""
    units = {f"U{n:02}": F(value) for n, value in enumerate(values)}
    earned = shares_of_weight(rule, units, lower_is_better=lower)
    return [earned[unit] for unit in units]


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
        ([], []),
    ],
)
def test_best_ratio_where_less_is_better(values: list[F | int], expected: list[F]) -> None:
    assert shares(BEST, *values, lower=True) == expected


@pytest.mark.parametrize(
    ("values", "lower", "expected"),
    [
        ([9, 8, 8, 7], False, [1, 2, 2, 3]),
        ([1, 1, 1], False, [1, 1, 1]),
        ([7, 8, 8, 9], True, [1, 2, 2, 3]),
        ([F(1, 3), F(333_333, 1_000_000)], False, [1, 2]),  # exact: 0.333333 is less than a third
        ([F(2, 6), F(1, 3)], False, [1, 1]),
        ([0, -1], False, [1, 2]),
        ([], False, []),
    ],
)
def test_ranks_are_dense(values: list[F | int], lower: bool, expected: list[int]) -> None:
    units = {f"U{n:02}": F(value) for n, value in enumerate(values)}
    ranks = dense_ranks(units, lower_is_better=lower)
    assert [ranks[unit] for unit in units] == expected
