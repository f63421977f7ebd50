"""What a ranking in columns may not lose: the last digit of a value, and units without any."""

import pytest

from tests.scoring.engine.points.test_rule_modifiers import MARKS, earning
from tests.scoring.rule_books.scheme_texts import NA, a_book, a_unit, standing, targets


@pytest.mark.parametrize(("metric", "ranks"), [("a", [2, 3, 1]), ("days", [2, 1, 3])])
def test_values_within_one_rounding_are_ranked_beside_units_that_have_none(
    metric: str, ranks: list[int]
) -> None:
    """(n + 1) ÷ (10³⁰ + 1), n ÷ 10³⁰ and (n + 2) ÷ (10³⁰ + 1) are the same float."""
    n, e30 = 10**29, 10**30
    terms = [(n + 1, e30 + 1), NA, (n, e30), (n, e30), (n + 2, e30 + 1)]
    assert {a / b for a, b in terms if b} == {0.1}
    units = [a_unit(f"U{i}", "townships", 1, **{metric: pair}) for i, pair in enumerate(terms)]
    book = a_book(
        pillars=earning(
            metric, "points: {rule: threshold, at: target}, counts_from: target, times: accidents"
        ),
        metrics=MARKS,
    )
    own = targets(**{f"U{i}": {metric: "0.05"} for i in (0, 1, 2, 4)})  # U3 has none
    found = standing(book, *units, entered=own)
    assert [found[unit].metrics[metric].rank for unit in ("U0", "U2", "U4")] == ranks
    assert [found[unit].rank for unit in ("U1", "U3")] == [None, None]


def test_a_group_for_which_there_is_no_pillar_is_unranked() -> None:
    pillars = """
    pillars:
      - id: p
        zh: 板块
        weight: 100
        groups: [甲]
        metrics: [{id: a, points: {rule: proportional}}]
    """
    found = standing(a_book("groups: [甲]", pillars=pillars), a_unit("U1", "乙", a=(1, 2)))["U1"]
    assert (found.rank, dict(found.metrics), dict(found.pillars)) == (None, {}, {})
