"""Points rules that give points as they are written, worked by hand on every boundary."""

from fractions import Fraction as F

import pytest

from services.scoring.engine.points.rules import PointsRule
from tests.scoring.engine.points.rule_results import a_rule, points, shares

# −0.1 a percentage point below 100 %; +0.2 a point to 130 %, +0.1 beyond; ±10 at most.
PUBLISHED = a_rule(
    "deviation",
    target=1,
    step="0.01",
    up=[{"points": "0.2", "to": "1.3"}, {"points": "0.1"}],
    down=[{"points": "0.1"}],
    up_cap=10,
    down_cap=10,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", "20"),  # on target: the base, which is the nominal weight
        ("1.01", "20.2"),
        ("1.005", "20.1"),  # half a step counts half
        ("1.3", "26"),  # 30 × 0.2
        ("1.31", "26.1"),  # 30 × 0.2 + 1 × 0.1
        ("1.7", "30"),  # 6 + 40 × 0.1 = 10
        ("1.71", "30"),  # capped
        ("0.99", "19.9"),
        ("0.5", "15"),
        ("0", "10"),  # 100 × 0.1
        ("-0.2", "10"),  # capped
    ],
)
def test_deviation_with_progressive_tiers_and_caps(value: str, expected: str) -> None:
    (share,) = shares(PUBLISHED, F(value), nominal=20)
    assert share == F(expected) / 20


@pytest.mark.parametrize(
    ("steps", "value", "expected"),
    [
        ("whole", "1.099", "1"),  # 9.9 points are one step of five
        ("whole", "1.1", "2"),
        ("whole", "0.901", "-1"),
        ("begun", "1.001", "1"),
        ("begun", "1.05", "1"),
        ("begun", "1.0501", "2"),
        ("begun", "0.999", "-1"),
        ("begun", "1", "0"),
        ("proportional", "1.025", "0.5"),
    ],
)
def test_deviation_in_whole_or_begun_steps(steps: str, value: str, expected: str) -> None:
    tier = [{"points": 1}]
    rule = a_rule("deviation", target=1, step="0.05", steps=steps, base=0, up=tier, down=tier)
    assert points(rule, F(value)) == [F(expected)]


def test_a_tier_that_ends_between_steps_is_shared() -> None:
    tiers = [{"points": 2, "to": "1.15"}, {"points": 1}]
    rule = a_rule("deviation", target=1, step="0.1", steps="whole", base=0, up=tiers)
    # Two steps to 1.2: one and a half of them at 2, half a one at 1.
    assert points(rule, F("1.29")) == [F(2) * F(3, 2) + F(1, 2)]


def test_beyond_the_last_tiers_end_nothing_is_added() -> None:
    rule = a_rule("deviation", target=0, step=1, base=5, up=[{"points": 1, "to": 3}])
    assert points(rule, 2, 3, 4, -4) == [7, 8, 8, 5]


def test_deviation_where_less_is_better() -> None:
    rule = a_rule(
        "deviation",
        target=100,
        step=10,
        base=10,
        up=[{"points": 1, "to": 80}, {"points": 3}],
        down=[{"points": 2}],
    )
    # 85: 1.5 steps better; 70: two at 1 and one at 3; 115: 1.5 steps worse at 2.
    assert points(rule, 100, 85, 70, 115, lower=True) == [10, F(23, 2), 15, 7]


def test_deviation_from_the_units_own_target() -> None:
    tier = [{"points": 1}]
    rule = a_rule("deviation", target="target", step=5, base=0, up=tier, down=tier)
    assert points(rule, 110, 90, 90, targets=[100, 100, None]) == [2, -2, None]


def test_deviation_relative_to_the_target() -> None:
    up = [{"points": 1, "to": "1.2"}, {"points": 2}]
    rule = a_rule("deviation", target="target", relative=True, step="0.1", base=0, up=up)
    # 66 of 50 is 132 %: two steps at 1, 1.2 at 2; without a target above 0, not applicable.
    assert points(rule, 66, 66, 66, 5, targets=[50, 66, 0, -5]) == [F(22, 5), 0, None, None]


def test_points_below_0_above_the_target_punish_and_the_whole_has_bounds() -> None:
    up, down = [{"points": -3}], [{"points": 1}]
    rule = a_rule("deviation", target=0, step=1, base=10, up=up, down=down, floor=2, cap=9)
    assert points(rule, 0, 1, 2, 3, -2, -20) == [9, 7, 4, 2, 8, 2]


def test_a_tier_before_the_units_own_target_is_none() -> None:
    up = [{"points": 5, "to": 10}, {"points": 1}]
    rule = a_rule("deviation", target="target", step=1, base=0, up=up)
    # From 8: two at 5, two at 1; from 10 or 11 only the last tier.
    assert points(rule, 12, 12, 12, targets=[8, 10, 11]) == [12, 2, 1]


SIZES = a_rule(
    "bands",
    bands=[
        {"range": "[1000000000, )", "points": 20},
        {"range": "[500000000, 1000000000)", "points": 10},
        {"range": "(100000000, 500000000)", "points": "6.5"},
        {"range": "[100000000, 100000000]", "points": -1},
        {"range": "(, 100000000)", "points": 3},
    ],
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (10**12, "20"),
        (10**9, "20"),
        (10**9 - 1, "10"),
        (5 * 10**8, "10"),
        (5 * 10**8 - 1, "6.5"),
        (10**8 + 1, "6.5"),
        (10**8, "-1"),
        (10**8 - 1, "3"),
        (-7, "3"),
    ],
)
def test_bands_by_value(value: int, expected: str) -> None:
    assert points(SIZES, value) == [F(expected)]
    assert shares(SIZES, value, nominal=20) == [F(expected) / 20]


def test_the_ends_of_bands_are_exact() -> None:
    rule = a_rule(
        "bands", bands=[{"range": "(, 0.3)", "points": 1}, {"range": "[0.3, )", "points": 2}]
    )
    assert points(rule, F(3, 10), F(299_999_999_999, 10**12), F(1, 3)) == [2, 1, 2]


THREES = [{"to": 2, "points": 7}, {"to": 3, "points": 5}, {"to": 5, "points": 3}]


@pytest.mark.parametrize(
    ("rule", "values", "lower", "expected"),
    [
        # dense ranks 1 2 2 3 4 5 6: the two second ones do not push the next out
        (a_rule("rank_bands", bands=THREES), [9, 8, 8, 7, 6, 5, 4], False, [7, 7, 7, 5, 3, 3, 0]),
        (a_rule("rank_bands", bands=THREES), [4, 5, 6, 7], True, [7, 7, 5, 3]),
        (
            a_rule("rank_bands", bands=[{"to": 1, "points": 7}, {"points": -2}]),
            [1, 1, 0],
            False,
            [7, 7, -2],
        ),
    ],
)
def test_bands_by_rank(
    rule: PointsRule, values: list[int], lower: bool, expected: list[int]
) -> None:
    assert points(rule, *values, lower=lower) == expected


@pytest.mark.parametrize(
    ("rounded", "expected"),
    [
        # of seven: the first 30 % are 2.1, the first 80 % are 5.6
        ("down", [10, 10, 5, 5, 5, 0, 0]),
        ("half_up", [10, 10, 5, 5, 5, 5, 0]),
        ("up", [10, 10, 10, 5, 5, 5, 0]),
    ],
)
def test_bands_by_share_of_the_group(rounded: str, expected: list[int]) -> None:
    bands = [{"to": "0.3", "points": 10}, {"to": "0.8", "points": 5}]
    rule = a_rule("rank_bands", by="share", rounded=rounded, bands=bands)
    assert points(rule, *range(7, 0, -1)) == expected


def test_by_share_a_unit_is_among_the_first_when_fewer_are_better() -> None:
    rule = a_rule("rank_bands", by="share", bands=[{"to": "0.5", "points": 1}, {"points": 0}])
    # Two of four: the three equal second ones all have only one better than them.
    assert points(rule, 9, 8, 8, 8) == [1, 1, 1, 1]
    assert points(rule, 9, 9, 8, 8) == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        (a_rule("per_item", points=5, cap=12), [0, 1, 2, 3], [0, 5, 10, 12]),
        (a_rule("per_item", points=-3, floor=-10), [0, 1, 3, 4], [0, -3, -9, -10]),
        (a_rule("per_item", points=-3, base=10, floor=0), [0, 3, 4], [10, 1, 0]),
        (a_rule("per_item", points=1, per=10**8), [25 * 10**7], [F(5, 2)]),
        (a_rule("per_item", points=1, per=10**8, steps="whole"), [25 * 10**7, 10**8], [2, 1]),
        (a_rule("per_item", points=1, per=10**8, steps="begun"), [25 * 10**7, 1, 0], [3, 1, 0]),
        (a_rule("per_item", points=2, per=10, steps="whole"), [-25, -30], [-4, -6]),
        (a_rule("per_item", points="0.1"), [3], [F(3, 10)]),
    ],
)
def test_per_item(rule: PointsRule, values: list[int], expected: list[F | int]) -> None:
    assert points(rule, *values) == expected


@pytest.mark.parametrize(
    "rule",
    [
        PUBLISHED,
        SIZES,
        a_rule("deviation", target="target", relative=True, step="0.10", up=[{"points": -1}]),
        a_rule("rank_bands", by="share", bands=[{"to": "0.30", "points": 1}]),
        a_rule("proportional", full_at="target", cap=None),
        a_rule("threshold", at="target"),
    ],
)
def test_a_rule_that_is_kept_as_json_comes_back_as_it_was(rule: PointsRule) -> None:
    assert a_rule(**{**rule.model_dump(mode="json"), "name": rule.rule}) == rule


def test_points_are_parts_of_the_nominal_weight() -> None:
    assert shares(a_rule("per_item", points=5), 1, 4, nominal=20) == [F(1, 4), 1]
