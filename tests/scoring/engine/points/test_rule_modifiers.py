"""The words that stand beside a rule, by hand: averages, floors, coefficients, bounds, percent."""

from datetime import date
from decimal import Decimal
from fractions import Fraction as F
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.scoring.engine.points.manual_entries import ManualEntries, ManualEntry
from services.scoring.schemes.entries_file import read_manual_entries
from tests.scoring.engine.points.rule_results import a_rule, points, shares
from tests.scoring.rule_books.scheme_texts import METRICS, NA, a_book, a_unit, standing, targets
from tests.scoring.schemes.test_scheme_files import MINE, told

MARKS = """\
metrics:
  - {id: a, zh: 甲, en: A, numerator: count(), denominator: count(), source: 测试}
  - {id: b, zh: 乙, en: B, by_hand: true, measure: marks, source: 测试}
  - {id: c, zh: 丙, en: C, numerator: count(), measure: count, source: 测试}
  - {id: days, zh: 天数, en: Days, numerator: count(), denominator: count(), direction: lower,
     measure: days, source: 测试}
  - {id: accidents, zh: 系数, en: Times, by_hand: true, source: 测试}
"""


def earning(metric: str, rest: str) -> str:
    """A pillar of 100 with this metric alone."""
    return f"pillars:\n  - {{id: p, zh: 板块, weight: 100, metrics: [{{id: {metric}, {rest}}}]}}\n"


# --- the average of the group


@pytest.mark.parametrize(
    ("metric", "terms", "expected"),
    [
        # Of shares 30 of 100 in all: 0.3; the mean of the values would be 0.5.
        ("a", [(10, 80), (10, 10), (10, 10)], [F(1, 8) / F(3, 10), 1, 1]),
        # Of counts the mean, 4; of the unit without a row it is 0, which counts.
        ("c", [(3, None), (9, None), (0, None)], [F(3, 4), 1, 0]),
        # Of marks by hand the mean of those entered, 80.
        ("b", [(70, 1), (180, 2), NA], [F(7, 8), 1, None]),
        # Of days 300 ÷ 4, less is better.
        ("days", [(100, 1), (200, 3), NA], [F(75, 100), 1, None]),
    ],
)
def test_the_average_is_of_the_units_of_a_group_together(
    metric: str, terms: list[tuple[int, int | None]], expected: list[F | int | None]
) -> None:
    book = a_book(
        pillars=earning(metric, "points: {rule: proportional, full_at: average}"), metrics=MARKS
    )
    units = [a_unit(f"U{n}", **{metric: term}) for n, term in enumerate(terms)]
    others = a_unit("V1", "zones", **{metric: (7, 8 if terms[0][1] else None)})
    idle = a_unit("U9", "townships", 0, **{metric: (99, 100 if terms[0][1] else None)})
    found = standing(book, *units, others, idle)
    earned = [found[f"U{n}"].metrics.get(metric) for n in range(len(terms))]
    assert [figure and figure.points / 100 for figure in earned] == expected
    assert found["V1"].total == 100  # alone, it is its own average


def test_adjustments_and_gates_compare_with_the_average_too() -> None:
    book = a_book(
        """
        adjustments:
          items:
            - {id: c, points: {rule: deviation, target: average, step: 1, up: [{points: 2}]}}
        gates: [{id: g, zh: 低于平均, metric: a, at: average, best_total: 59}]
        """
    )
    found = standing(
        book, a_unit("U1", a=(9, 10), c=(8, None)), a_unit("U2", a=(7, 10), c=(4, None))
    )
    assert found["U1"].adjusted is not None
    assert found["U1"].adjusted.points == 4  # 8 against 6
    assert (found["U1"].total, found["U2"].total) == (F(94), F(59))
    assert [missed.reason for missed in found["U2"].missed] == ["甲 70%，要求不低于 80%"]


def test_a_gate_without_an_average_says_so() -> None:
    book = a_book(
        "gates: [{id: g, zh: 门, metric: a, at: average, not_applicable: missed, best_total: 9}]",
        pillars=earning("c", "points: {rule: best_ratio}"),
    )
    found = standing(book, a_unit("U1", c=(1, None)))
    assert [missed.reason for missed in found["U1"].missed] == ["甲不适用"]


# --- counts_from


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("counts_from: 60%, points: {rule: proportional}", [60, 0, 100, 0]),
        # 2 of 5 and others are 23 of 40, 57.5 %.
        ("counts_from: average, points: {rule: proportional}", [60, 0, 100, 0]),
        ("counts_from: 60%, points: {rule: rank_steps, first: 90, less: 20}", [70, 0, 90, 0]),
        # What a rule takes away stays taken.
        (
            "counts_from: 60%, points: {rule: deviation, target: 1, step: 0.1, base: 30,"
            " down: [{points: 10}]}",
            [-10, -30, 30, -70],
        ),
    ],
)
def test_worse_than_it_counts_from_earns_nothing(rest: str, expected: list[int]) -> None:
    units = [a_unit("U1", a=(6, 10)), a_unit("U2", a=(4, 10)), a_unit("U3", a=(10, 10))]
    found = standing(a_book(pillars=earning("a", rest)), *units, a_unit("U4", a=(0, 10)))
    assert [found[f"U{n}"].metrics["a"].points for n in range(1, 5)] == expected


def test_counts_from_follows_the_direction_and_the_units_own_target() -> None:
    text = earning("days", "counts_from: target, points: {rule: best_ratio}")
    units = [a_unit(f"U{n}", days=(100 * n, 1), c=(1, None)) for n in (1, 2, 3)]
    given = targets(U1={"days": "100"}, U2={"days": "199"})
    found = standing(a_book(pillars=text), *units, entered=given)
    assert [found[unit].total for unit in ("U1", "U2", "U3")] == [100, 0, None]


# --- times


def test_what_is_earned_is_multiplied_by_another_metric() -> None:
    text = earning("a", "times: accidents, not_applicable: average, points: {rule: proportional}")
    units = [
        a_unit("U1", a=(1, 2), accidents=(11, 10)),
        a_unit("U2", a=(1, 2)),
        a_unit("U3", accidents=(3, 1)),
        a_unit("U4", a=(1, 2), accidents=(0, 1)),
    ]
    found = standing(a_book(pillars=text, metrics=MARKS), *units)
    # 50 × 1.1; × 1 without a coefficient; not applicable: the mean of the three, not multiplied.
    assert [found[f"U{n}"].total for n in range(1, 5)] == [55, 50, 35, 0]


# --- not applicable: the mean of the others


def test_the_average_of_those_who_have_a_task() -> None:
    book = a_book(
        pillars="""
            pillars:
              - id: p
                zh: 板块
                weight: 100
                metrics:
                  - {id: a, weight: 40, not_applicable: average, points: {rule: proportional}}
                  - {id: c, weight: 60, points: {rule: best_ratio}}
        """
    )
    units = a_unit("U1", a=(1, 2), c=(1, None)), a_unit("U2", a=(1, 1), c=(1, None))
    found = standing(book, *units, a_unit("U3", c=(1, None)), a_unit("V1", "zones", c=(1, None)))
    assert found["U3"].metrics["a"].points == 30  # of 20 and 40
    assert found["U3"].metrics["a"].weight == 40
    assert found["U3"].metrics["a"].rank is None
    assert found["U3"].total == 90
    # Nobody in V1's group has the task: its weight is shared.
    assert "a" not in found["V1"].metrics
    assert found["V1"].total == 100


# --- bounds of the total


def test_the_total_is_kept_between_its_bounds_and_ties_are_parted_beyond_them() -> None:
    book = a_book(
        "adjustments: {items: [{id: c, points: {rule: per_item, points: 30}}]}",
        "highest_total: 110\nlowest_total: 20\ntie_break: [c]",
    )
    units = [
        a_unit("U1", a=(1, 1), c=(1, None)),
        a_unit("U2", a=(1, 1), c=(2, None)),
        a_unit("U3", a=(1, 10)),
    ]
    found = standing(book, *units)
    assert [found[unit].total for unit in ("U1", "U2", "U3")] == [110, 110, 20]
    assert [found[unit].rank for unit in ("U1", "U2", "U3")] == [2, 1, 3]


# --- rules


def test_the_worst_has_its_least_and_the_rest_is_given_between() -> None:
    rule = a_rule("min_max", least="60%")
    assert shares(rule, 10, 20, 50) == [F("0.6"), F("0.7"), 1]
    assert shares(rule, 10, 20, 50, lower=True) == [1, F("0.9"), F("0.6")]
    assert shares(rule, 5, 5) == [1, 1]
    assert points(rule, 0, 1, weight=40) == [24, 40]


def test_a_step_off_with_every_place() -> None:
    rule = a_rule("rank_steps", first=10, less="1.5", floor=6)
    # Two share the second place, and the next is third.
    assert points(rule, 9, 8, 8, 7, 1) == [10, F("8.5"), F("8.5"), 7, 6]
    assert points(rule, 1, 2, 3, lower=True) == [10, F("8.5"), 7]
    assert shares(rule, 1, 2, nominal=20) == [F("8.5") / 20, F(1, 2)]
    assert points(a_rule("rank_steps", first=2, less=2), 3, 2, 1) == [2, 0, 0]


# --- percent


def test_percent_is_read_exactly_wherever_a_number_is() -> None:
    rule = a_rule("deviation", target="80%", step="1％", base=0, up=[{"points": 1, "to": " 90 % "}])
    assert points(rule, F("0.85"), F("0.95")) == [5, 10]
    bands = a_rule(
        "bands",
        bands=[{"range": "[33.3%, )", "points": 2}, {"range": "(, 33.3％)", "points": 1}],
    )
    assert points(bands, F("0.333"), F("0.3329")) == [2, 1]
    board = a_book(
        "boards: [{id: b, zh: 榜, metric: a, target: 70%, places: [{red: 1, black: 1}]}]"
    ).boards[0]
    assert board.target == Decimal("0.7")


def test_percent_is_read_in_what_is_entered(tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_text("kind,unit,metric,value\ntarget,U1,a,12.5%\n", encoding="utf-8")
    metrics = a_book(metrics=METRICS).metrics_by_id
    expected = ManualEntries(targets={"U1": {"a": ManualEntry(F(1, 8))}})
    assert read_manual_entries(file, metrics, {"U1"}).on(date(2022, 9, 30)) == expected


# --- mistakes


def test_what_is_divided_by_its_target_has_one_above_0() -> None:
    for target in ("0", "-1"):
        with pytest.raises(ValidationError, match="目标要大于 0"):
            a_rule("deviation", target=target, relative=True, step="0.1")


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        (
            "points: {rule: proportional}",
            "points: {rule: deviation, target: 0, step: 1}",
            "第 10 行第 69 列：“开（复）工率”的百分之一写作 1% 或 0.01，写 1 就是 100%",
        ),
        (
            "points: {rule: proportional}",
            "points: {rule: threshold, at: 90}",
            "第 10 行第 56 列：“开（复）工率”的百分之一写作 1% 或 0.01，写 90 就是 9000%",
        ),
        (
            "points: {rule: proportional}",
            "counts_from: 60, points: {rule: proportional}",
            "第 10 行第 39 列：“开（复）工率”的百分之一写作 1% 或 0.01，写 60 就是 6000%",
        ),
        (
            "points: {rule: proportional}",
            'points: {rule: bands, bands: [{range: "[60, )", points: 1}, '
            '{range: "(, 60)", points: 0}]}',
            "第 10 行第 64 列：“开（复）工率”的百分之一写作 1% 或 0.01，写 60 就是 6000%",
        ),
        (
            "{id: start_rate, points: {rule: proportional}}",
            "{id: lead, points: {rule: deviation, target: 0, step: 1}}",
            "第 10 行第 63 列：“超/欠序时”的一个点写作 1% 或 0.01，写 1 就是 100 个点",
        ),
        (
            "points: {rule: proportional}",
            "times: start_rat, points: {rule: proportional}",
            "第 10 行第 33 列：没有名为“start_rat”的指标，是不是“start_rate”？",
        ),
        (
            "points: {rule: proportional}",
            "counts_from: most, points: {rule: proportional}",
            "第 10 行第 39 列 pillars.0.metrics.0.counts_from："
            "应为数、target（本单位目标）或 average（组内平均），写的是“most”",
        ),
    ],
)
def test_mistakes_beside_rules_have_their_place(was: str, becomes: str, expected: str) -> None:
    assert told(MINE.replace(was, becomes, 1)).split("\n")[0] == f"mine.yaml {expected}"


def test_bounds_that_cross_are_told() -> None:
    assert "highest_total：highest_total 应不小于 lowest_total" in told(
        MINE.replace("pillars:", "highest_total: 10\nlowest_total: 20\npillars:", 1)
    )
