"""Places in a group, worked by hand: dense, competition, the first part, what parts equals."""

from fractions import Fraction as F

import pytest

from services.scoring.engine.ranks import (
    competition,
    dense_ranks,
    number_of_first,
    numbered,
    parting,
    places,
)
from services.scoring.engine.vocabulary import Rounded
from tests.scoring.rules import by_unit


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
    assert list(dense_ranks(by_unit(values), lower_is_better=lower).values()) == expected


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
    assert list(places(by_unit(values), lower_is_better=lower).values()) == expected


def test_dense_ranks_become_competition_ranks() -> None:
    assert competition({"a": 2, "b": 1, "c": 2, "d": 3}) == {"a": 2, "b": 1, "c": 2, "d": 4}
    keys = {"a": (1, 2), "b": (1, 1), "c": (1, 1), "d": (2, 1)}
    assert numbered(keys, "dense") == {"a": 2, "b": 1, "c": 1, "d": 3}
    assert numbered(keys, "competition") == {"a": 3, "b": 1, "c": 1, "d": 4}


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
def test_the_first_part_of_a_group(part: str, units: int, rounded: Rounded, expected: int) -> None:
    assert number_of_first(F(part), units, rounded) == expected


def test_a_name_parts_those_who_were_equal_up_to_it() -> None:
    keys = {
        "a": (1, 1, 1),
        "b": (1, 1, 2),
        "c": (1, 2, 1),
        "d": (2, 5, 5),  # alone with its total
        "e": (3, 1, 1),
        "f": (3, 1, 1),  # nothing parts them
    }
    assert parting(keys, ["first", "second"]) == {
        "a": ["first", "second"],
        "b": ["first", "second"],
        "c": ["first"],
        "d": [],
        "e": [],
        "f": [],
    }
