"""What stands around points, by hand: nominal weights, the not applicable, adjustments, groups."""

from fractions import Fraction as F

import pytest

from services.scoring.engine.scheme.model import SchemeMistake, check_groups
from services.scoring.engine.scheme.plan import resolve_group
from tests.scoring.rule_books.scheme_texts import NA, a_book, a_unit, standing, targets

# --- points as written, in the scale of the nominal weight

TWO_IN_A_PILLAR = """
    pillars:
      - id: p
        zh: 板块
        weight: 60
        metrics:
          - {id: a, weight: 1, points: {rule: proportional}}
          - {id: c, weight: 2, points: {rule: per_item, points: 5, cap: 40}}
      - {id: q, zh: 另一板块, weight: 40, metrics: [{id: b, points: {rule: proportional}}]}
"""


def test_points_as_written_are_shares_of_the_nominal_weight() -> None:
    book = a_book(pillars=TWO_IN_A_PILLAR)
    # c weighs 60 × 2 ÷ 3 = 40 points; three items are 15 of them. With b not applicable, its
    # 40 points go to p: 100 in p, of which c has two thirds, and 15 ÷ 40 of that are 25.
    found = standing(
        book, a_unit("U1", a=(1, 1), b=(1, 2), c=(3, None)), a_unit("U2", a=(1, 1), c=(3, None))
    )
    assert found["U1"].metrics["c"].points == 15
    assert found["U1"].total == 20 + 15 + 20
    assert found["U2"].metrics["c"].points == 25
    assert found["U2"].total == F("58.33")  # 100 ÷ 3 + 25


# --- what is not applicable

SHARE_ZERO_FULL = """
    pillars:
      - id: p
        zh: 板块
        weight: 100
        metrics:
          - {id: a, weight: 50, points: {rule: proportional}}
          - {id: b, weight: 30, not_applicable: HOW, points: {rule: proportional}}
          - {id: days, weight: 20, points: {rule: best_ratio}}
"""


@pytest.mark.parametrize(
    ("how", "weight", "points", "total"),
    [
        ("share", None, None, "50.00"),  # a has 50 ÷ 70 of 100, at a half 35.71; days 14.29 …
        ("zero", 30, 0, "35.00"),  # 25 + 0 + 10
        ("full", 30, 30, "65.00"),  # 25 + 30 + 10
    ],
)
def test_what_is_not_applicable_is_shared_or_earns_nothing_or_everything(
    how: str, weight: int | None, points: int | None, total: str
) -> None:
    book = a_book(pillars=SHARE_ZERO_FULL.replace("HOW", how))
    units = a_unit("U1", a=(1, 2), days=(200, 1)), a_unit("U2", a=(0, 1), b=(1, 2), days=(100, 1))
    found = standing(book, *units)
    figure = found["U1"].metrics.get("b")
    assert (figure and figure.weight, figure and figure.points) == (weight, points)
    assert figure is None or figure.rank is None
    assert found["U1"].total == F(total)
    assert found["U2"].metrics["b"].rank == 1
    assert found["U2"].total == 15 + 20


def test_an_idle_unit_stays_unranked_even_where_nothing_is_full() -> None:
    book = a_book(pillars=SHARE_ZERO_FULL.replace("HOW", "full"))
    found = standing(book, a_unit("U1", "townships", 0), a_unit("U2", a=(1, 1)))
    assert (found["U1"].rank, found["U1"].total, found["U1"].metrics) == (None, None, {})


def test_without_its_own_target_a_metric_is_not_applicable_to_a_unit() -> None:
    pillars = """
        pillars:
          - id: p
            zh: 板块
            weight: 100
            metrics:
              - {id: a, points: {rule: proportional, full_at: target}}
              - {id: b, points: {rule: proportional}}
    """
    units = [a_unit(unit, a=(40, 100), b=(1, 1)) for unit in ("U1", "U2", "U3")]
    found = standing(
        a_book(pillars=pillars), *units, entered=targets(U1={"a": "0.8"}, U2={"a": "0.4"})
    )
    # 0.4 of 0.8 is a half: 25 + 50; of 0.4 all: 100; without a target b has all the weight.
    assert [found[unit].total for unit in ("U1", "U2", "U3")] == [75, 100, 100]
    assert "a" not in found["U3"].metrics


# --- adjustments

ADJUSTED = """
    adjustments:
      most_added: 12
      most_taken: 8
      items:
        - {id: c, points: {rule: per_item, points: 4}}
        - {id: b, weight: 5, points: {rule: threshold, at: 0.9}}
        - {id: accidents, points: {rule: per_item, points: -5}}
"""


@pytest.mark.parametrize(
    ("terms", "items", "added"),
    [
        ({"c": (1, None)}, (4, None, None), 4),
        ({"c": (1, None), "b": (9, 10)}, (4, 5, None), 9),
        ({"c": (1, None), "b": (89, 100)}, (4, 0, None), 4),
        ({"c": (2, None), "b": (1, 1)}, (8, 5, None), 12),  # 13, capped
        ({"accidents": (1, 1)}, (0, None, -5), -5),
        ({"accidents": (2, 1)}, (0, None, -10), -8),  # capped
        ({"c": (3, None), "accidents": (1, 1)}, (12, None, -5), 7),
    ],
)
def test_adjustments_are_added_to_the_total_and_capped(
    terms: dict[str, tuple[int, int | None]], items: tuple[int | None, ...], added: int
) -> None:
    unit = standing(a_book(ADJUSTED), a_unit("U1", a=(1, 2), **terms))["U1"]
    assert unit.adjusted is not None
    assert tuple(unit.adjusted.items.values()) == items
    assert unit.adjusted.points == added
    assert unit.total == 50 + added


def test_adjustments_alone_do_not_rank_a_unit() -> None:
    found = standing(a_book(ADJUSTED), a_unit("U1", a=NA, c=(3, None)))["U1"]
    assert (found.rank, found.total, found.adjusted) == (None, None, None)


def test_a_deviation_outside_the_weights_begins_at_0() -> None:
    book = a_book("""
        adjustments:
          items:
            - id: b
              points: {rule: deviation, target: 1, step: 0.01, up: [{points: 0.2}],
                       down: [{points: 0.1}]}
    """)
    found = standing(book, a_unit("U1", a=(1, 1), b=(110, 100)), a_unit("U2", a=(1, 1), b=(9, 10)))
    assert (found["U1"].total, found["U2"].total) == (F(102), F(99))


# --- groups with rules of their own

GROUPED = """
    groups: [departments, townships]
    pillars:
      - id: p
        zh: 板块
        weight: 60
        metrics:
          - {id: a, weight: 1, points: {rule: proportional}}
          - {id: b, weight: 3, groups: [townships], points: {rule: proportional}}
          - {id: b, weight: 1, groups: [departments], points: {rule: threshold, at: 0.5}}
      - {id: q, zh: 仅部门, weight: 40, groups: [departments],
         metrics: [{id: days, points: {rule: best_ratio}}]}
    adjustments:
      items:
        - {id: c, groups: [townships], points: {rule: per_item, points: 1}}
    gates:
      - {id: g, zh: 门槛, metric: a, at: 0.6, best_total: 50, groups: [townships]}
"""


def test_groups_have_rules_weights_and_gates_of_their_own() -> None:
    book = a_book(pillars=GROUPED)
    given = {"a": (1, 2), "b": (1, 2), "c": (4, None), "days": (9, 1)}
    found = standing(book, a_unit("D1", "departments", **given), a_unit("T1", **given))
    # D1: 30 × ½ + 30 + 40; no adjustment. T1: 15 × ½ + 45 × ½ = 30, and 4; 60 at best: no pillar q.
    assert (found["D1"].total, found["D1"].adjusted, found["D1"].missed) == (F(85), None, ())
    assert list(found["D1"].pillars) == ["p", "q"]
    assert (found["T1"].total, list(found["T1"].pillars)) == (F(34), ["p"])
    assert [m.gate.id for m in found["T1"].missed] == ["g"]


def test_the_scheme_of_a_group_is_what_is_for_it_and_for_all() -> None:
    book = a_book(pillars=GROUPED)
    townships = resolve_group(book, "townships")
    assert [(s.id, int(s.weight)) for _, s in townships.scored_by_pillar()] == [("a", 1), ("b", 3)]
    departments = resolve_group(book, "departments")
    assert [s.id for _, s in departments.scored_by_pillar()] == ["a", "b", "days"]
    assert departments.adjustments is None
    assert departments.gates == ()
    plain = a_book()
    assert resolve_group(plain, "whatever").pillars is plain.pillars


def test_a_group_that_the_scheme_does_not_know_is_told_with_its_units() -> None:
    book = a_book(pillars=GROUPED)
    check_groups(book, {"U1": "departments"})
    check_groups(a_book(), {"U1": "whatever"})
    with pytest.raises(SchemeMistake) as mistake:
        check_groups(book, {"U2": "zones", "U1": "zones", "U3": "townships", "U4": "镇"})
    assert mistake.value.detail == (
        "台账里有方案没有的组别：“zones”（U1、U2）；“镇”（U4）；方案的组别：departments、townships"
    )
