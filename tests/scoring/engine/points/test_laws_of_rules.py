"""Laws of the points rules, on values drawn by hypothesis."""

from decimal import Decimal
from fractions import Fraction as F
from itertools import pairwise
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.points.calculation import compute_points as points_in_order
from services.scoring.engine.points.ranges import format_exact_decimal
from services.scoring.engine.points.ranks import competition_ranks, dense_ranks
from services.scoring.engine.points.rules import PointsRule
from tests.scoring.engine.points.rule_results import a_rule

law = settings(max_examples=60, deadline=None)
tenths = st.integers(-30, 60).map(lambda n: F(n, 10))
values = st.dictionaries(st.sampled_from("ABCDEFGH"), tenths, min_size=1)
ends = st.lists(st.integers(-20, 40), unique=True, min_size=1, max_size=5).map(sorted)
steps = st.sampled_from(["proportional", "whole", "begun"])
amounts = st.integers(0, 9)


def bands_between(cuts: list[int], closed: list[bool], points: list[int]) -> PointsRule:
    """Bands that meet at these cuts, each cut in the band below it or in the one above."""
    lefts = ["("] + ["(" if below else "[" for below in closed]
    rights = ["]" if below else ")" for below in closed] + [")"]
    texts = ["", *map(str, cuts), ""]
    return a_rule(
        "bands",
        bands=[
            {"range": f"{left}{low}, {high}{right}", "points": n}
            for left, (low, high), right, n in zip(
                lefts, pairwise(texts), rights, points, strict=True
            )
        ],
    )


@st.composite
def rising_bands(draw: st.DrawFn) -> PointsRule:
    cuts = draw(ends)
    closed = draw(st.lists(st.booleans(), min_size=len(cuts), max_size=len(cuts)))
    count = len(cuts) + 1
    points = draw(st.lists(st.integers(-9, 9), min_size=count, max_size=count))
    return bands_between(cuts, closed, sorted(points))


@st.composite
def deviations(draw: st.DrawFn) -> PointsRule:
    up = [{"points": draw(amounts), "to": 2 + n} for n in range(draw(st.integers(0, 3)))]
    down = [{"points": draw(amounts), "to": -n} for n in range(draw(st.integers(0, 3)))]
    return a_rule(
        "deviation",
        target=1,
        step=draw(st.sampled_from(["0.1", "0.25", "1", "3"])),
        steps=draw(steps),
        base=draw(amounts),
        up=[*up, {"points": draw(amounts)}],
        down=[*down, {"points": draw(amounts)}],
        up_cap=draw(st.none() | amounts),
        down_cap=draw(st.none() | amounts),
    )


@st.composite
def rank_bands(draw: st.DrawFn) -> PointsRule:
    by = draw(st.sampled_from(["rank", "share"]))
    reach = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=4)))
    points = sorted(draw(st.lists(amounts, min_size=len(reach), max_size=len(reach))), reverse=True)
    to = [n if by == "rank" else Decimal(n) / 10 for n in reach]
    rounded = draw(st.sampled_from(["down", "half_up", "up"]))
    return a_rule(
        "rank_bands",
        by=by,
        rounded=rounded,
        bands=[{"to": end, "points": n} for end, n in zip(to, points, strict=True)],
    )


per_item = st.builds(
    lambda points, how, most: a_rule("per_item", points=points, per="0.7", steps=how, cap=most),
    amounts,
    steps,
    st.none() | amounts,
)
relative = st.sampled_from(
    [
        a_rule("proportional", full_at="2.5"),
        a_rule("proportional", full_at="0.3", cap=None, floor=-2),
        a_rule("threshold", at="1.2"),
        a_rule("best_ratio"),
        a_rule("min_max"),
        a_rule("min_max", least="60%"),
        a_rule("rank_steps", first=5, less="0.5", floor=3),
    ]
)
rising = relative | rising_bands() | deviations() | rank_bands() | per_item
chosen = st.sampled_from("ABCDEFGH")


def points_of(
    rule: PointsRule, of: dict[str, F], *, lower: bool, target: F | None = None
) -> dict[str, F]:
    """Unit → its points; all have the same target."""
    targets = [target] * len(of)
    earned = points_in_order(rule, [*of.values()], lower_is_better=lower, targets=targets)
    return {unit: points for unit, points in zip(of, earned, strict=True) if points is not None}


# --- rules


@law
@given(rising, values, chosen, tenths.filter(lambda n: n > 0), st.booleans())
def test_a_better_value_never_earns_less(
    rule: PointsRule, of: dict[str, F], who: str, more: F, lower: bool
) -> None:
    who = who if who in of else min(of)
    if rule.rule in ("bands", "per_item"):
        lower = False  # those two do not ask which end is the better one
    better = {**of, who: of[who] + (-more if lower else more)}
    before = points_of(rule, of, lower=lower)
    after = points_of(rule, better, lower=lower)
    assert after[who] >= before[who]


@law
@given(rising, values, st.booleans(), st.randoms())
def test_the_order_and_the_names_of_units_change_nothing(
    rule: PointsRule, of: dict[str, F], lower: bool, chance: object
) -> None:
    names = list(of)
    chance.shuffle(names)  # type: ignore[attr-defined]
    known = points_of(rule, of, lower=lower)
    renamed = dict(zip(names, (f"U{n}" for n in range(len(names))), strict=True))
    again = points_of(rule, {renamed[u]: of[u] for u in names}, lower=lower)
    assert {renamed[unit]: points for unit, points in known.items()} == again


@law
@given(values, st.integers(2, 1000), st.booleans())
def test_scaling_all_values_leaves_what_only_compares_them(
    of: dict[str, F], factor: int, lower: bool
) -> None:
    scaled = {unit: value * factor for unit, value in of.items()}
    for rule in (
        a_rule("best_ratio"),
        a_rule("min_max"),
        a_rule("min_max", least="0.6"),
        a_rule("rank_bands", bands=[{"to": 2, "points": 3}, {"points": 1}]),
        a_rule("rank_steps", first=5, less=1),
        a_rule("deviation", target="target", relative=True, step="0.1", up=[{"points": 1}]),
    ):
        own = F(3, 2)
        known = points_of(rule, of, lower=lower, target=own)
        own = F(3, 2) * factor
        assert points_of(rule, scaled, lower=lower, target=own) == known


@law
@given(values, amounts, amounts, st.booleans())
def test_points_stay_within_their_stated_bounds(
    of: dict[str, F], low: int, width: int, lower: bool
) -> None:
    bounds = {"floor": low - 5, "cap": low - 5 + width}
    for rule in (
        a_rule("per_item", points=3, base=2, **bounds),
        a_rule(
            "deviation", target=1, step="0.1", up=[{"points": 2}], down=[{"points": 3}], **bounds
        ),
    ):
        earned = points_of(rule, of, lower=lower).values()
        assert all(bounds["floor"] <= points <= bounds["cap"] for points in earned)
    capped = a_rule(
        "deviation", target=1, step="0.1", base=7, up=[{"points": 2}], down=[{"points": 3}],
        up_cap=low, down_cap=width,
    )  # fmt: skip
    earned = points_of(capped, of, lower=lower).values()
    assert all(7 - width <= points <= 7 + low for points in earned)
    lifted = points_of(a_rule("min_max", least="0.6"), of, lower=lower).values()
    assert all(F("0.6") <= points <= 1 for points in lifted)
    for rule in (a_rule("best_ratio"), a_rule("min_max"), a_rule("proportional")):
        earned = points_of(rule, of, lower=lower).values()
        assert all(0 <= points <= 1 for points in earned)


@law
@given(values, st.sampled_from(["0.1", "0.3", "2"]))
def test_whole_steps_earn_no_more_than_parts_and_begun_ones_no_less(
    of: dict[str, F], step: str
) -> None:
    def earned(rule: str, how: str) -> dict[str, F]:
        given = (
            {"per": step, "points": 2}
            if rule == "per_item"
            else {"target": 0, "step": step, "base": 0, "up": [{"points": 2}]}
        )
        of_unit = {unit: max(value, F(0)) for unit, value in of.items()}
        return points_of(a_rule(rule, steps=how, **given), of_unit, lower=False)

    for rule in ("per_item", "deviation"):
        whole, parts, begun = (earned(rule, how) for how in ("whole", "proportional", "begun"))
        for unit in of:
            assert whole[unit] <= parts[unit] <= begun[unit]
            assert begun[unit] - whole[unit] in (0, 2)


@law
@given(ends, st.data(), st.fractions(-25, 45, max_denominator=7))
def test_every_number_is_in_one_band(cuts: list[int], data: st.DataObject, value: F) -> None:
    closed = data.draw(st.lists(st.booleans(), min_size=len(cuts), max_size=len(cuts)))
    rule = bands_between(cuts, closed, list(range(len(cuts) + 1)))
    expected = sum(
        value > cut or (value == cut and not below) for cut, below in zip(cuts, closed, strict=True)
    )
    assert points_of(rule, {"U": value}, lower=False) == {"U": expected}


@law
@given(st.decimals(-1000, 1000, places=6))
def test_the_end_of_a_range_is_printed_as_it_would_be_written(value: Decimal) -> None:
    assert F(format_exact_decimal(F(value))) == F(value)


@law
@given(values, st.booleans())
def test_dense_ranks_and_places_put_units_in_the_same_order(of: dict[str, F], lower: bool) -> None:
    values = [*of.values()]
    dense = dict(zip(of, dense_ranks(values, lower_is_better=lower), strict=True))
    competition = dict(zip(of, competition_ranks(values, lower_is_better=lower), strict=True))
    for one in of:
        assert dense[one] <= competition[one]
        for other in of:
            assert (dense[one] < dense[other]) == (competition[one] < competition[other])


def test_rules_that_are_drawn_are_all_there_are() -> None:
    drawn = {"proportional", "best_ratio", "min_max", "threshold"}
    drawn |= {"deviation", "bands", "rank_bands", "rank_steps", "per_item"}
    models = get_args(PointsRule)
    assert {get_args(model.model_fields["rule"].annotation)[0] for model in models} == drawn
