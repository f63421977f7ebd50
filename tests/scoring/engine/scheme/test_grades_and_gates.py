"""Totals judged, worked by hand: competition ranks, ties parted, grades and gates."""

from fractions import Fraction as F

import pytest

from tests.scoring.rule_books.scheme_texts import NA, a_book, a_unit, standing, targets

# --- ranks and ties

UNITS = (
    a_unit("U1", a=(9, 10), b=(1, 2), days=(30, 1)),
    a_unit("U2", a=(8, 10), b=(1, 2), days=(20, 1)),
    a_unit("U3", a=(8, 10), b=(1, 2), days=(10, 1)),
    a_unit("U4", a=(8, 10), b=(1, 3), days=(10, 1)),
    a_unit("U5", a=(8, 10), b=(1, 3)),
    a_unit("U6", a=(7, 10), b=(1, 1), days=(1, 1)),
)


def test_without_words_about_it_equal_totals_share_a_dense_rank() -> None:
    found = standing(a_book(), *UNITS)
    assert [unit.rank for unit in found.values()] == [1, 2, 2, 2, 2, 3]


def test_competition_ranks_leave_gaps() -> None:
    found = standing(a_book("ranking: competition"), *UNITS)
    assert [unit.rank for unit in found.values()] == [1, 2, 2, 2, 2, 6]


def test_metrics_part_equal_totals_and_it_is_said_which() -> None:
    found = standing(a_book("tie_break: [b, days]"), *UNITS)
    # By b a half goes before a third; then fewer days, and who has none goes last.
    assert [(u.unit_id, u.rank, u.parted_by) for u in found.values()] == [
        ("U1", 1, ()),
        ("U3", 2, ("b", "days")),
        ("U2", 3, ("b", "days")),
        ("U4", 4, ("b", "days")),
        ("U5", 5, ("b", "days")),
        ("U6", 6, ()),
    ]


def test_what_nothing_parts_stays_equal() -> None:
    found = standing(a_book("tie_break: [b]\nranking: competition"), *UNITS)
    assert [(u.unit_id, u.rank, u.parted_by) for u in found.values()] == [
        ("U1", 1, ()),
        ("U2", 2, ("b",)),
        ("U3", 2, ("b",)),
        ("U4", 4, ("b",)),
        ("U5", 4, ("b",)),
        ("U6", 6, ()),
    ]


def test_ties_are_of_the_rounded_total_and_parted_exactly() -> None:
    units = a_unit("U1", a=(33_333, 100_000)), a_unit("U2", a=(1, 3))
    found = standing(a_book("tie_break: [a]"), *units)
    assert [(u.unit_id, u.total, u.rank) for u in found.values()] == [
        ("U2", F("33.33"), 1),
        ("U1", F("33.33"), 2),
    ]


# --- grades and gates

GRADES = """
    grades:
      - {id: excellent, zh: 优秀, from_total: 80, first: 0.4}
      - {id: good, zh: 良好, from_total: 60}
      - {id: fair, zh: 合格, from_total: 40}
      - {id: poor, zh: 不合格}
"""


def test_grades_are_from_a_total_on_and_for_the_first_of_a_group() -> None:
    rates = [90, 85, 80, 60, 40, 39]
    found = standing(a_book(GRADES), *(a_unit(f"U{n}", a=(r, 100)) for n, r in enumerate(rates)))
    # 40 % of six are 2.4: two. 80 is enough for excellent, but third; 60 and 40 are just enough.
    assert [unit.grade for unit in found.values()] == [
        "excellent", "excellent", "good", "good", "fair", "poor",
    ]  # fmt: skip


def test_equal_ones_at_the_edge_are_all_among_the_first() -> None:
    found = standing(
        a_book(GRADES), *(a_unit(f"U{n}", a=(r, 100)) for n, r in enumerate([90, 85, 85, 1, 1]))
    )
    assert [u.grade for u in found.values()][:3] == ["excellent"] * 3


GATES = """
    gates:
      - {id: safety, zh: 安全, metric: accidents, at: 0, lowers: 2}
      - {id: pace, zh: 工期, metric: days, at: 100, best_grade: fair}
      - {id: plan, zh: 计划, metric: b, at: 0.5, best_total: 59.5}
"""


@pytest.mark.parametrize(
    ("terms", "grade", "total", "reasons"),
    [
        ({}, "excellent", "90", []),  # not applicable is met
        ({"accidents": NA, "days": (100, 1), "b": (1, 2)}, "excellent", "90", []),  # all just met
        ({"accidents": (0, 1)}, "excellent", "90", []),
        ({"accidents": (1, 1)}, "fair", "90", ["事故 1，要求不高于 0"]),
        ({"days": (201, 2)}, "fair", "90", ["天数 100.5，要求不高于 100"]),
        ({"b": (49, 100)}, "fair", "59.5", ["乙 49%，要求不低于 50%"]),
        (
            {"accidents": (1, 1), "days": (101, 1)},
            "poor",
            "90",
            ["事故 1，要求不高于 0", "天数 101，要求不高于 100"],  # no better than fair, two lower
        ),
        (
            {"accidents": (3, 1), "b": (0, 7)},
            "poor",
            "59.5",
            ["事故 3，要求不高于 0", "乙 0%，要求不低于 50%"],
        ),
    ],
)
def test_a_missed_gate_lowers_the_grade_or_caps_grade_or_total(
    terms: dict[str, tuple[int, int | None]], grade: str, total: str, reasons: list[str]
) -> None:
    book = a_book(GRADES.replace(", first: 0.4", ""), GATES)
    unit = standing(book, a_unit("U1", a=(9, 10), **terms))["U1"]
    assert (unit.grade, unit.total) == (grade, F(total))
    assert [missed.reason for missed in unit.missed] == reasons


def test_a_capped_total_is_what_is_ranked() -> None:
    found = standing(
        a_book(GRADES, GATES), a_unit("U1", a=(9, 10), b=(0, 1)), a_unit("U2", a=(6, 10))
    )
    assert [(u.unit_id, u.rank, u.total) for u in found.values()] == [
        ("U2", 1, F(60)),
        ("U1", 2, F("59.5")),
    ]


@pytest.mark.parametrize(("how", "missed"), [("met", 0), ("missed", 1)])
def test_what_a_gate_makes_of_the_not_applicable(how: str, missed: int) -> None:
    gates = f"""
        gates:
          - {{id: g, zh: 门, metric: b, at: target, best_total: 1, not_applicable: {how}}}
    """
    found = standing(
        a_book(gates),
        a_unit("U1", a=(1, 1)),
        a_unit("U2", a=(1, 1), b=(1, 2)),
        a_unit("U3", a=(1, 1), b=(1, 2)),
        entered=targets(U1={"b": "1"}, U3={"b": "0.5"}),
    )
    assert [len(found[unit].missed) for unit in ("U1", "U2", "U3")] == [missed, missed, 0]
    reasons = [found[unit].missed[0].reason for unit in ("U1", "U2") if found[unit].missed]
    assert reasons == ["乙不适用", "乙没有录入目标"][: 2 * missed]
