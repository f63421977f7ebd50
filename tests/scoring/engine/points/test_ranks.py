"""Places in a group, worked by hand: dense, competition, the first part, what parts equals."""

from fractions import Fraction as F

import pytest

from services.scoring.engine.points.ranks import (
    competition_ranks,
    deciding_tie_breaks,
    dense_ranks,
    first_part_size,
    rank_keys,
)
from services.scoring.engine.points.rules import RoundingMode


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
    assert dense_ranks([F(value) for value in values], lower_is_better=lower) == expected


@pytest.mark.parametrize(
    ("values", "lower", "expected"),
    [
        ([9, 8, 8, 7], False, [1, 2, 2, 4]),
        ([1, 1, 1, 0], False, [1, 1, 1, 4]),
        ([7, 8, 8, 9], True, [1, 2, 2, 4]),
        ([], False, []),
    ],
)
def test_places_leave_gaps(values: list[F | int], lower: bool, expected: list[int]) -> None:
    assert competition_ranks([F(value) for value in values], lower_is_better=lower) == expected


def test_values_that_round_to_the_same_float_are_told_apart() -> None:
    third, more = F(1, 3), F(1, 3) + F(1, 10**30)
    values = [third, F(1, 2), more, F(2, 6), F(0)]
    near = [float(value) for value in values]
    assert near[0] == near[2]
    assert dense_ranks(values, near) == dense_ranks(values) == [3, 1, 2, 3, 4]
    assert dense_ranks(values, near, lower_is_better=True) == [2, 4, 3, 2, 1]


def test_keys_are_numbered_from_the_least() -> None:
    assert rank_keys([2, 1, 2, 3], "competition") == [2, 1, 2, 4]
    keys = [(1, 2), (1, 1), (1, 1), (2, 1)]
    assert rank_keys(keys, "dense") == [2, 1, 1, 3]
    assert rank_keys(keys, "competition") == [3, 1, 1, 4]


@pytest.mark.parametrize(
    ("part", "units", "rounded", "expected"),
    [
        ("0.3", 10, "down", 3),
        ("0.3", 10, "up", 3),
        ("0.3", 7, "down", 2),  # 2.1
        ("0.3", 7, "half_up", 2),
        ("0.3", 7, "up", 3),
        ("0.3", 5, "half_up", 2),  # 1.5
        ("0.3", 5, "down", 1),
        ("0.3", 2, "down", 0),  # 0.6: nobody
        ("1", 4, "down", 4),
        ("0.3", 0, "up", 0),
    ],
)
def test_the_first_part_of_a_group(
    part: str, units: int, rounded: RoundingMode, expected: int
) -> None:
    assert first_part_size(F(part), units, rounded) == expected


def test_a_name_parts_those_who_were_equal_up_to_it() -> None:
    keys = {
        "a": (1, 1, 1),
        "b": (1, 1, 2),
        "c": (1, 2, 1),
        "d": (2, 5, 5),  # alone with its total
        "e": (3, 1, 1),
        "f": (3, 1, 1),  # nothing parts them
    }
    assert deciding_tie_breaks(keys, ["first", "second"]) == {
        "a": ["first", "second"],
        "b": ["first", "second"],
        "c": ["first"],
        "d": [],
        "e": [],
        "f": [],
    }
