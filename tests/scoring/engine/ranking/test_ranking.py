"""The big comparison worked by hand: weights shared out, totals rounded once, ranks."""

from decimal import Decimal
from fractions import Fraction as F

import pytest

from services.scoring.engine.points.rules import BestRatio, Proportional, TaggedPointsRule
from services.scoring.engine.ranking.ranking import Standing, rank_units
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.scheme.model import Pillar, Scheme
from services.scoring.engine.scheme.model import ScoredMetric as Scored
from tests.scoring.engine.language.queries import a_metric

FULL = Proportional(rule="proportional")
BEST = BestRatio(rule="best_ratio")
NA = (0, 0)  # terms that make a metric not applicable
NOTHING = dict.fromkeys("abcde", NA)


def a_pillar(name: str, weight: str, **metrics: str) -> Pillar:
    """A pillar of rates; metric → weight."""
    return Pillar(
        id=name,
        zh=name,
        weight=Decimal(weight),
        metrics=tuple(a_scored(metric, weight) for metric, weight in metrics.items()),
    )


def a_scored(metric: str, weight: str = "1", points: TaggedPointsRule = FULL) -> Scored:
    return Scored(id=metric, weight=Decimal(weight), points=points)


def a_scheme(*pillars: Pillar, decimals: int = 2) -> Scheme:
    """A scheme whose metrics are its own: rates, and `days`, of which fewer are better."""
    ids = [scored.id for pillar in pillars for scored in pillar.metrics]
    metrics = [
        a_metric(id=name, denominator="count()", direction="lower" if name == "days" else "higher")
        for name in ids
    ]
    return Scheme(
        id="by-hand",
        zh="手算",
        source="test",
        lights="none",
        decimals=decimals,
        pillars=pillars,
        metrics=tuple(metrics),
    )


def a_unit(
    unit_id: str,
    group: str = "townships",
    live: int = 1,
    /,
    **terms: tuple[int, int | None],
) -> UnitTerms:
    return UnitTerms(unit_id, group, live, terms)


def standing(scheme: Scheme, *units: UnitTerms) -> dict[str, Standing]:
    return {unit.unit_id: unit for group in rank_units(units, scheme).values() for unit in group}


# --- the weights of what is not applicable


SPEED = a_pillar("speed", "60", a="1", b="2", c="3")
QUALITY = a_pillar("quality", "30", d="1")
SAFETY = a_pillar("safety", "10", e="1")
THREE = a_scheme(SPEED, QUALITY, SAFETY)


def weights(unit: Standing) -> dict[str, F]:
    return {name: figure.weight for name, figure in unit.metrics.items()}


def test_where_all_applies_weights_are_as_written() -> None:
    only = standing(THREE, a_unit("U1", a=(1, 1), b=(1, 1), c=(1, 1), d=(1, 1), e=(1, 1)))["U1"]
    assert weights(only) == {"a": 10, "b": 20, "c": 30, "d": 30, "e": 10}
    assert only.total == 100


def test_a_metrics_weight_is_shared_within_its_pillar_in_proportion() -> None:
    only = standing(THREE, a_unit("U1", a=(1, 1), b=(1, 2), c=NA, d=(1, 1), e=(1, 1)))["U1"]
    # 60 by 1 : 2 is 20 and 40; the other pillars keep theirs.
    assert weights(only) == {"a": 20, "b": 40, "d": 30, "e": 10}
    assert only.pillars["speed"].points == 20 + 20
    assert only.pillars["speed"].weight == 60
    assert only.total == 40 + 30 + 10


def test_an_empty_pillars_weight_is_shared_among_the_others_in_proportion() -> None:
    only = standing(THREE, a_unit("U1", a=(1, 1), b=NA, c=(1, 3), d=NA, e=(1, 2)))["U1"]
    # 30 by 60 : 10 makes 600/7 and 100/7; within speed by 1 : 3.
    assert weights(only) == {"a": F(600, 28), "c": F(1800, 28), "e": F(100, 7)}
    assert "quality" not in only.pillars
    assert only.pillars["speed"].weight == F(600, 7)
    assert only.total == F("50.00")  # 150/7 + 150/7 + 50/7
    assert sum(figure.weight for figure in only.pillars.values()) == 100


def test_one_metric_may_carry_everything() -> None:
    only = standing(THREE, a_unit("U1", a=NA, b=NA, c=NA, d=NA, e=(3, 4)))["U1"]
    assert weights(only) == {"e": 100}
    assert only.total == 75


def test_a_value_of_0_applies() -> None:
    only = standing(THREE, a_unit("U1", a=(0, 5), b=NA, c=NA, d=NA, e=NA))["U1"]
    assert (only.total, only.rank) == (F(0), 1)
    assert only.metrics["a"].rank == 1


# --- units that are not ranked


def test_a_unit_without_live_projects_is_unranked_and_nobodys_best() -> None:
    scheme = a_scheme(
        Pillar(id="p", zh="p", weight=Decimal(100), metrics=(a_scored("a", "1", BEST),))
    )
    idle = a_unit("U1", "townships", 0, a=(9, None))
    found = standing(scheme, idle, a_unit("U2", a=(3, None)), a_unit("U3", a=(1, None)))
    assert found["U1"] == Standing("U1", None, None, {}, {})
    assert (found["U2"].rank, found["U2"].total) == (1, F(100))
    assert (found["U3"].rank, found["U3"].total) == (2, F("33.33"))
    assert list(found) == ["U2", "U3", "U1"]


def test_a_unit_to_which_nothing_applies_is_unranked() -> None:
    found = standing(THREE, a_unit("U1", **NOTHING), a_unit("U2", **{**NOTHING, "a": (1, 1)}))
    assert found["U1"] == Standing("U1", None, None, {}, {})
    assert found["U2"].rank == 1


def test_a_group_of_idle_units_has_no_ranks() -> None:
    found = standing(THREE, *(a_unit(f"U{n}", "zones", 0, **NOTHING) for n in (2, 1)))
    assert [(unit.unit_id, unit.rank) for unit in found.values()] == [("U1", None), ("U2", None)]


# --- totals and ranks


ONE = a_scheme(a_pillar("p", "100", a="1"))


def test_ranks_are_dense_per_group_in_order_of_rank_and_id() -> None:
    units = [
        a_unit("U4", a=(7, 10)),
        a_unit("U3", a=(8, 10)),
        a_unit("U2", a=(7, 10)),
        a_unit("U1", a=(6, 10)),
        a_unit("U9", "departments", 1, a=(1, 10)),
    ]
    groups = rank_units(units, ONE)
    assert list(groups) == ["departments", "townships"]
    assert [(u.unit_id, u.rank) for u in groups["townships"]] == [
        ("U3", 1),
        ("U2", 2),
        ("U4", 2),
        ("U1", 3),
    ]
    assert [(u.unit_id, u.rank) for u in groups["departments"]] == [("U9", 1)]


def test_totals_that_print_alike_share_a_rank_while_the_metrics_exact_values_do_not() -> None:
    found = standing(ONE, a_unit("U1", a=(100_000, 300_000)), a_unit("U2", a=(99_999, 300_000)))
    assert (found["U1"].total, found["U2"].total) == (F("33.33"), F("33.33"))
    assert (found["U1"].rank, found["U2"].rank) == (1, 1)
    assert (found["U1"].metrics["a"].rank, found["U2"].metrics["a"].rank) == (1, 2)
    assert (found["U1"].pillars["p"].rank, found["U2"].pillars["p"].rank) == (1, 2)


@pytest.mark.parametrize(
    ("terms", "decimals", "total"),
    [
        ((5, 100_000), 2, "0.01"),  # 0.005
        ((4, 100_000), 2, "0.00"),  # 0.004
        ((123_455, 1_000_000), 2, "12.35"),  # 12.3455
        ((12_345, 100_000), 2, "12.35"),  # 12.345, half up
        ((125, 1000), 0, "13"),  # 12.5
        ((1, 3), 6, "33.333333"),
    ],
)
def test_a_total_is_rounded_once_half_up(terms: tuple[int, int], decimals: int, total: str) -> None:
    scheme = a_scheme(a_pillar("p", "100", a="1"), decimals=decimals)
    assert standing(scheme, a_unit("U1", a=terms))["U1"].total == F(total)


def test_rounding_waits_for_the_total() -> None:
    scheme = a_scheme(*(a_pillar(f"p{n}", "1", **{f"a{n}": "1"}) for n in range(3)), decimals=0)
    found = standing(scheme, a_unit("U1", a0=(1, 2), a1=(1, 2), a2=(1, 2)))
    assert found["U1"].total == 2  # 0.5 + 0.5 + 0.5 is 1.5; each rounded first it would be 3


def test_a_pillar_is_ranked_on_points_of_its_effective_weight() -> None:
    scheme = a_scheme(a_pillar("p", "50", a="1"), a_pillar("q", "50", b="1"))
    found = standing(scheme, a_unit("U1", a=(6, 10), b=NA), a_unit("U2", a=(8, 10), b=(1, 10)))
    # U1 has 60 points of 100 there, U2 only 40, but of 50.
    assert (found["U1"].pillars["p"].points, found["U2"].pillars["p"].points) == (F(60), F(40))
    assert (found["U1"].pillars["p"].rank, found["U2"].pillars["p"].rank) == (2, 1)
    assert (found["U1"].rank, found["U2"].rank) == (1, 2)


def test_the_best_is_the_best_of_the_group() -> None:
    scheme = a_scheme(
        Pillar(id="p", zh="p", weight=Decimal(100), metrics=(a_scored("a", "1", BEST),))
    )
    found = standing(
        scheme,
        a_unit("U1", a=(2, None)),
        a_unit("U2", a=(4, None)),
        a_unit("U3", "zones", 1, a=(100, None)),
    )
    assert [found[unit].total for unit in ("U1", "U2", "U3")] == [50, 100, 100]


def test_where_the_best_is_0_nobody_earns_a_point_and_all_are_first() -> None:
    scheme = a_scheme(
        Pillar(id="p", zh="p", weight=Decimal(100), metrics=(a_scored("a", "1", BEST),))
    )
    found = standing(scheme, a_unit("U1", a=(0, None)), a_unit("U2", a=(0, None)))
    assert {(unit.rank, unit.total) for unit in found.values()} == {(1, F(0))}


def test_days_are_best_where_fewest_and_a_mean_of_0_days_leaves_the_others_nothing() -> None:
    scheme = a_scheme(
        Pillar(id="p", zh="p", weight=Decimal(100), metrics=(a_scored("days", "1", BEST),))
    )
    mean = standing(scheme, a_unit("U1", days=(300, 2)), a_unit("U2", days=(100, 1)))
    assert [mean[unit].total for unit in ("U1", "U2")] == [F("66.67"), 100]
    none = standing(scheme, a_unit("U1", days=(300, 2)), a_unit("U2", days=(0, 1)))
    assert [(none[unit].total, none[unit].rank) for unit in ("U1", "U2")] == [
        (F(0), 2),
        (F(100), 1),
    ]
