"""Rules in plain Chinese: each rule, and each word in it that changes what it says."""

from decimal import Decimal
from typing import Any

import pytest

from services.scoring.engine.declarations import Measure
from services.scoring.engine.phrasing.point_rules import (
    describe_adjustment_caps,
    describe_gate,
    describe_grade,
    describe_mark_item,
    describe_periods,
    describe_rule,
    describe_scoring_conditions,
    describe_total_bounds,
    format_plain_number,
)
from services.scoring.engine.points.rules import PointsRule
from services.scoring.engine.scheme.grades_and_gates import Gate, Grade
from services.scoring.engine.scheme.periods import Periods
from services.scoring.schemes.scheme_files import find_scheme
from tests.scoring.engine.language.queries import a_metric
from tests.scoring.engine.points.rule_results import a_rule
from tests.scoring.engine.points.test_plain_points import PUBLISHED, SIZES
from tests.scoring.rule_books.scheme_texts import ONE_PILLAR, a_book


@pytest.mark.parametrize(
    ("rule", "lower", "said"),
    [
        (a_rule("proportional"), False, "达到 1 得满分，不到的按比例"),
        (a_rule("proportional", full_at=100), True, "不高于 100 得满分，不到的按比例"),
        (a_rule("proportional", full_at="target"), False, "达到 本单位目标 得满分，不到的按比例"),
        (a_rule("proportional", full_at="0.9", cap="1.3"), False, "满分 × 数值 ÷ 0.9，最多 1.3 倍"),
        (
            a_rule("proportional", cap=None, floor=-1),
            True,
            "满分 × 1 ÷ 数值，不封顶，最少 -1 倍",
        ),
        (a_rule("best_ratio"), False, "与组内最好的之比"),
        (a_rule("best_ratio"), True, "组内最好 ÷ 本单位，最好的得满分"),
        (a_rule("min_max"), False, "组内最好的得满分，最差的得 0，其间按比例；全部相同都得满分"),
        (a_rule("threshold", at="0.9"), False, "达到 0.9 得满分，否则不得分"),
        (a_rule("threshold", at=30), True, "不高于 30 得满分，否则不得分"),
        (
            PUBLISHED,
            False,
            "基础 满分；高于 1 每 0.01 加 0.2 分（到 1.3），0.1 分，最多加 10 分；"
            "低于 1 每 0.01 减 0.1 分，最多减 10 分，不足的按比例",
        ),
        (
            a_rule(
                "deviation", target="target", relative=True, step="0.1", steps="whole", base=0,
                down=[{"points": 2}], floor=-6, cap=3,
            ),
            True,
            "基础 0 分（数值 ÷ 本单位目标）；高于 1 每 0.1 减 2 分，"
            "不足的不计，最低 -6 分，最高 3 分",
        ),
        (
            SIZES,
            False,
            "按数值：[1000000000, ) 20 分；[500000000, 1000000000) 10 分；"
            "(100000000, 500000000) 6.5 分；[100000000, 100000000] -1 分；(, 100000000) 3 分",
        ),
        (
            a_rule("rank_bands", bands=[{"to": 3, "points": 7}, {"points": 1}]),
            False,
            "按名次：前 3 名 7 分；其余 1 分",
        ),
        (
            a_rule("rank_bands", by="share", bands=[{"to": "0.3", "points": 7}]),
            False,
            "按名次：前 30% 7 分",
        ),
        (a_rule("per_item", points=5, cap=20), False, "每个 +5 分，最高 20 分"),
        (a_rule("per_item", points=-3, base=9, floor=0), False, "基础 9 分，每个 -3 分，最低 0 分"),
        (
            a_rule("per_item", points=1, per=100_000_000, steps="begun"),
            False,
            "每 100000000 +1 分，不足的按一个计",
        ),
    ],
)  # fmt: skip
def test_a_rule_in_words(rule: PointsRule, lower: bool, said: str) -> None:
    assert describe_rule(rule, lower_is_better=lower) == said


@pytest.mark.parametrize(
    ("rule", "measure", "said"),
    [
        (a_rule("proportional", full_at="0.955"), "share", "达到 95.5% 得满分，不到的按比例"),
        (a_rule("proportional", full_at="average"), "share", "达到 组内平均 得满分，不到的按比例"),
        (a_rule("proportional", full_at=3_0000_0000), "yuan", "达到 3 亿元 得满分，不到的按比例"),
        (a_rule("threshold", at=12_5000), "yuan", "达到 12.5 万元 得满分，否则不得分"),
        (a_rule("threshold", at=0), "yuan", "达到 0 元 得满分，否则不得分"),
        (a_rule("threshold", at=-5), "days", "达到 -5 天 得满分，否则不得分"),
        (
            a_rule("deviation", target="0.8", step="0.01", down=[{"points": 2, "to": "0.5"}]),
            "share",
            "基础 满分；低于 80% 每 1 个百分点 减 2 分（到 50%），不足的按比例",
        ),
        (
            a_rule("deviation", target=0, step=1, down=[{"points": 2}]),
            "points",
            "基础 满分；低于 0 个点 每 100 个百分点 减 2 分，不足的按比例",
        ),
        (
            a_rule("deviation", target="target", relative=True, step="0.1", up=[{"points": 1}]),
            "yuan",
            "基础 满分（数值 ÷ 本单位目标）；高于 1 每 0.1 加 1 分，不足的按比例",
        ),
        (a_rule("per_item", points=1, per=1_0000_0000), "yuan", "每 1 亿元 +1 分，不足的按比例"),
        (a_rule("per_item", points=-1), "days", "每 1 天 -1 分"),
        (a_rule("per_item", points=2), "marks", "每个 +2 分"),
        (
            a_rule("min_max", least="60%"),
            "share",
            "组内最好的得满分，最差的得 满分的 60%，其间按比例；全部相同都得满分",
        ),
        (
            a_rule("rank_steps", first=10, less="0.5"),
            "share",
            "第一名 10 分，每低一名减 0.5 分，最低 0 分",
        ),
    ],
)  # fmt: skip
def test_a_rule_in_words_of_its_measure(rule: PointsRule, measure: Measure, said: str) -> None:
    assert describe_rule(rule, measure=measure) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", ""),
        ("counts_from: 60%, ", "，低于 60% 不得分"),
        ("counts_from: average, times: b, ", "，低于 组内平均 不得分，再乘以乙"),
        ("not_applicable: zero, ", "\n不适用得 0 分"),
        ("not_applicable: full, ", "\n不适用得满分"),
        ("times: b, not_applicable: average, ", "，再乘以乙\n不适用按组内平均得分"),
    ],
)
def test_what_stands_beside_a_rule_in_words(given: str, said: str) -> None:
    pillars = ONE_PILLAR.replace("points:", f"{given}points:")
    scheme = a_book(pillars=pillars)
    ((_, scored),) = scheme.scored_by_pillar()
    assert (
        describe_scoring_conditions(scored, scheme.metrics_by_id["a"], scheme.metrics_by_id) == said
    )
    days = scheme.metrics_by_id["days"]
    if "60%" in given:
        assert (
            describe_scoring_conditions(scored, days, scheme.metrics_by_id)
            == "，高于 0.6 天 不得分"
        )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", ""),
        ("highest_total: 110", "最高 110 分"),
        ("lowest_total: 0", "最低 0 分"),
        ("highest_total: 110\nlowest_total: -5", "最高 110 分，最低 -5 分"),
    ],
)
def test_bounds_of_the_total_in_words(given: str, said: str) -> None:
    assert describe_total_bounds(a_book(given)) == said


GRADES = (
    Grade(id="good", zh="良好", from_total=Decimal(60), first=Decimal("0.25")),
    Grade(id="poor", zh="较差"),
)


def test_grades_in_words() -> None:
    assert [describe_grade(grade) for grade in GRADES] == [
        "良好：总分 60 以上（含），且组内前 25%",
        "较差：其余",
    ]


@pytest.mark.parametrize(
    ("given", "lower", "said"),
    [
        ({"lowers": 1}, True, "事故不高于0，否则等次降 1 档"),
        (
            {"best_grade": "poor", "best_total": 59},
            False,
            "事故不低于0，否则等次不高于较差、总分不高于 59",
        ),
        (
            {"lowers": 2, "not_applicable": "missed"},
            True,
            "事故不高于0，否则等次降 2 档，不适用视为未过",
        ),
    ],
)  # fmt: skip
def test_gates_in_words(given: dict[str, Any], lower: bool, said: str) -> None:
    metric = a_metric(zh="事故", measure="count", direction="lower" if lower else "higher")
    gate = Gate.model_validate({"id": "g", "zh": "门", "metric": "asked", "at": 0, **given})
    assert describe_gate(gate, metric, GRADES) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"missing": "skip"}, "各月总分平均，无分的月份不计，年度按各月平均"),
        (
            {"missing": "zero", "months": [3, 6], "year_of": "quarters"},
            "3、6 月总分平均，无分的月份按 0 分，年度按四个季度平均",
        ),
        (
            {"missing": "skip", "trimmed": True, "year_end": "60%"},
            "各月总分平均，无分的月份不计，年度按各月去掉一个最高分、一个最低分后平均占 40%"
            "（不含 12 月），12 月末得分占 60%",
        ),
        (
            {"missing": "skip", "points": {"rule": "rank_steps", "first": 10, "less": 1}},
            "各月按总分名次计分（第一名 10 分，每低一名减 1 分，最低 0 分；同分同名次）后平均，"
            "无分的月份不计，年度按各月平均",
        ),
    ],
)
def test_periods_in_words(given: dict[str, Any], said: str) -> None:
    assert describe_periods(Periods.model_validate(given)) == said


def test_items_of_a_projects_mark_in_words() -> None:
    (marks,) = find_scheme("yanan-2017").project_marks
    said = {item.id: describe_mark_item(item) for item in marks.items}
    assert said["new_start"] == "is_new：+5 分"
    assert said["progress"] == "ytd ÷ plan；满分 60 分，满分 × 数值 ÷ 1，不封顶"
    assert said["size"].startswith("plan；按数值：[1000000000, ) 20 分；")


def test_caps_in_words() -> None:
    items = "items: [{id: c, points: {rule: per_item, points: 1}}]"
    said = []
    for caps in ("", "most_added: 5, ", "most_taken: 8, ", "most_added: 5, most_taken: 8, "):
        adjustments = a_book(f"adjustments: {{{caps}{items}}}").adjustments
        assert adjustments
        said.append(describe_adjustment_caps(adjustments))
    assert said == ["", "合计最多加 5 分", "合计最多减 8 分", "合计最多加 5 分，合计最多减 8 分"]


@pytest.mark.parametrize(
    ("value", "said"),
    [("1000000000", "1000000000"), ("1E+9", "1000000000"), ("0.10", "0.1"), ("0", "0")],
)
def test_numbers_have_no_needless_zeros_and_no_exponent(value: str, said: str) -> None:
    assert format_plain_number(Decimal(value)) == said
