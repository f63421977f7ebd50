"""Marks of projects, worked by hand: items, rounding, what their unit takes of them, and why."""

from datetime import date
from fractions import Fraction as F
from typing import Any

import pytest

from services.scoring.engine.results.explanation import explain_metric, explanation_document
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import contributions_by_metric
from services.scoring.schemes.scheme_files import parse_document
from tests.builders import Row, a_ledger, a_milestone, a_plan, a_project, a_report, a_unit
from tests.scoring.engine.result_documents import result_of
from tests.scoring.schemes.test_scheme_files import told

DAY = date(2022, 6, 30)
BOOK = """
id: marks
zh: 项目得分
source: 测试
lights: yinchuan-2025
pillars:
  - id: p
    zh: 板块
    weight: 100
    metrics:
      - {id: marked, points: {rule: per_item, points: 1}}
project_marks:
  - id: mark
    zh: 得分
    population: in_campaign and planned
    decimals: 1
    floor: 0
    cap: 50
    items:
      - {id: begun, zh: 开工, when: started, points: 5.5}
      - {id: progress, zh: 进度, numerator: ytd, denominator: plan, weight: 30,
         points: {rule: proportional}}
      - {id: large, zh: 大项目, when: is_industrial, numerator: total_investment_yuan,
         points: {rule: bands,
                  bands: [{range: "[100, )", points: 20}, {range: "(, 100)", points: 4}]}}
      - {id: late, zh: 逾期, numerator: start_months_missed, points: {rule: per_item, points: -10}}
metrics:
  - {id: marked, zh: 项目得分, en: Marks, marks: mark, take: TAKE, measure: marks, source: 测试}
"""


def book(take: str) -> Scheme:
    return parse_document(BOOK.replace("TAKE", take).lstrip(), Scheme, "marks.yaml")


def marks(tables: dict[str, list[Row]], take: str = "sum") -> dict[str, tuple[int, int | None]]:
    """Unit → the terms of what it takes of its projects' marks."""
    result = result_of(a_ledger(**tables), DAY, book(take))
    return {unit: of.of_metric["marked"] for unit, of in result.terms.items()}


def one(**given: Any) -> dict[str, list[Row]]:
    """A project with a plan of 100, and what is given besides."""
    milestones = given.pop("milestones", [])
    done = given.pop("done", 0)
    return {
        "projects": [a_project(**given)],
        "plans": [a_plan(100)],
        "milestones": milestones,
        "progress": [a_report("2022-06-30", done)],
    }


STARTED = a_milestone("started", actual_on="2022-03-01")


@pytest.mark.parametrize(
    ("tables", "tenths"),
    [
        (one(), 0),
        (one(milestones=[STARTED]), 55),
        (one(milestones=[STARTED], done=50), 55 + 150),
        (one(done=33), 99),  # 30 × 33 ÷ 100 is 9.9
        (one(done=200), 300),
        (one(is_industrial=True, total_investment_yuan=100), 200),
        (one(is_industrial=True, total_investment_yuan=99), 40),
        (one(is_industrial=True), 0),  # an unknown size has no mark
        (one(is_industrial=False, total_investment_yuan=100), 0),
        # 5.5 + 30 + 20 are 55.5: capped
        (one(milestones=[STARTED], done=100, is_industrial=True, total_investment_yuan=100), 500),
        # planned for April and not begun: missed at the ends of April, May, June
        (one(milestones=[a_milestone("started", planned_on="2022-04-05")], done=99), 0),
        (one(milestones=[a_milestone("started", planned_on="2022-06-05")], done=50), 50),
    ],
)
def test_a_projects_mark_is_the_sum_of_its_items(tables: dict[str, list[Row]], tenths: int) -> None:
    assert marks(tables)["U01"] == (tenths, None)


@pytest.mark.parametrize(
    ("done", "tenths"),
    [(1, 1), (11, 11), (15, 15), (16, 16)],
)
def test_a_mark_is_rounded_half_up_to_its_decimals(done: int, tenths: int) -> None:
    # 30 × done ÷ 300 is done ÷ 10; of 600, a half of a tenth each: 0.05 is 0.1, 0.55 is 0.6.
    tables = one(done=done)
    assert marks({**tables, "plans": [a_plan(300)]})["U01"] == (tenths, None)
    halves = marks({**tables, "plans": [a_plan(600)]})["U01"]
    assert halves == ((tenths + 1) // 2, None)


SEVERAL = {
    "units": [a_unit("U01"), a_unit("U02"), a_unit("U03")],
    "projects": [
        a_project("P1"),
        a_project("P2"),
        a_project("P3"),  # without a plan: not marked
        a_project("P4"),  # ended
        a_project("P5", unit_id="U02", nature="reserve"),
    ],
    "plans": [a_plan(100, "P1"), a_plan(100, "P2"), a_plan(100, "P4"), a_plan(100, "P5")],
    "progress": [a_report("2022-06-30", 50, "P1"), a_report("2022-06-30", 25, "P2")],
    "milestones": [a_milestone("terminated", "P4", actual_on="2022-01-01")],
}


def test_a_unit_takes_the_sum_or_the_mean_of_its_projects_marks() -> None:
    assert marks(SEVERAL, "sum") == {"U01": (150 + 75, None), "U02": (0, None), "U03": (0, None)}
    assert marks(SEVERAL, "mean") == {"U01": (150 + 75, 2), "U02": (0, 0), "U03": (0, 0)}


def test_values_are_in_marks_again_whatever_their_decimals() -> None:
    facts = a_ledger(**SEVERAL)
    totals = {
        take: {s.unit_id: s.total for s in result_of(facts, DAY, book(take)).groups["departments"]}
        for take in ("sum", "mean")
    }
    # 15 + 7.5; a mean of nothing is not applicable; U03 has no live project.
    assert totals["sum"] == {"U01": 22.5, "U02": 0, "U03": None}
    assert totals["mean"] == {"U01": 11.25, "U02": None, "U03": None}


WEIGHTED = BOOK.replace("take: TAKE,", "take: mean, weighted_by: total_investment_yuan - 100,")


def test_a_mean_weighted_by_a_number_of_each_project() -> None:
    tables = {
        **SEVERAL,
        "projects": [
            a_project("P1", total_investment_yuan=400),
            a_project("P2", total_investment_yuan=200),
            a_project("P3", total_investment_yuan=900),  # without a plan: not marked
            a_project("P6", unit_id="U02"),  # of unknown size
            a_project("P7", unit_id="U02", total_investment_yuan=99),  # less than 0
            a_project("P8", unit_id="U03", total_investment_yuan=100),  # nothing, of nothing
        ],
        "plans": [a_plan(100, name) for name in ("P1", "P2", "P6", "P7", "P8")],
        "milestones": [],
    }
    facts, scheme = a_ledger(**tables), parse_document(WEIGHTED.lstrip(), Scheme, "weighted.yaml")
    found = result_of(facts, DAY, scheme)
    # 15.0 of 300 and 7.5 of 100: 13.125.
    assert {unit: of.of_metric["marked"] for unit, of in found.terms.items()} == {
        "U01": (150 * 300 + 75 * 100, 400),
        "U02": (0, 0),
        "U03": (0, 0),
    }
    totals = {s.unit_id: s.total for s in found.groups["departments"]}
    assert totals == {"U01": F("13.13"), "U02": None, "U03": None}
    ((_, rows),) = contributions_by_metric(scheme.needed_metrics, facts, scheme, DAY)
    assert {row.project_id: (row.numerator, row.denominator, row.left_out) for row in rows} == {
        "P1": (45_000, 300, None),
        "P2": (7_500, 100, None),
        "P3": (0, 0, "不符合：有本年计划"),
        "P6": (0, 0, "没有权重：total_investment_yuan - 100"),
        "P7": (0, 0, "没有权重：total_investment_yuan - 100"),
        "P8": (0, 0, None),
    }
    (metric,) = scheme.metrics
    assert metric.formula == "mark 各项目得分按 total_investment_yuan - 100 加权平均"


@pytest.mark.parametrize("take", ["sum", "mean"])
def test_explain_shows_each_projects_items_and_why_others_are_not_marked(take: str) -> None:
    facts, scheme = a_ledger(**SEVERAL), book(take)
    result = result_of(facts, DAY, scheme)
    ((metric, rows),) = contributions_by_metric(scheme.needed_metrics, facts, scheme, DAY)
    document = explanation_document(
        result, "U01", "单位", [explain_metric(metric, rows, result, "U01")], {"P1": "一"}
    )
    found = document["metrics"]["marked"]
    items = {"begun": "0.0000", "progress": "15.0000", "large": "0.0000", "late": "0.0000"}
    counted = int(take == "mean")
    assert found["projects"] == [
        {
            "project_id": "P1",
            "name": "一",
            "numerator": 150,
            "denominator": counted,
            "items": items,
        },
        {
            "project_id": "P2",
            "name": None,
            "numerator": 75,
            "denominator": counted,
            "items": {**items, "progress": "7.5000"},
        },
    ]
    assert sum(row["numerator"] for row in found["projects"]) == found["numerator"] == 225
    assert found["denominator"] == (2 if take == "mean" else None)
    assert found["left_out"] == [
        {"project_id": "P3", "name": None, "reason": "不符合：有本年计划"},
        {"project_id": "P4", "name": None, "reason": "已终止"},
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        (
            "when: started",
            "when: startd",
            "第 19 行第 9 列：项目得分 mark 的 begun 的条件，第 1 个字符："
            "没有名为“startd”的事实或栏目，是不是“started”？",
        ),
        (
            "numerator: ytd,",
            "numerator: is_new,",
            "第 20 行第 9 列：项目得分 mark 的 progress 的分子，第 1 个字符：这里要数，写的是是非",
        ),
        (
            "population: in_campaign",
            "population: plan",
            "第 14 行第 17 列：项目得分 mark 的范围，第 1 个字符：这里要是非，写的是数",
        ),
        (
            "points: 5.5",
            "numerator: plan, points: 5.5",
            "第 19 行第 9 列 project_marks.0.items.0："
            "points 是数时，只写 when，不写 numerator、denominator、weight",
        ),
        (
            "weight: 30,",
            "",
            "第 20 行第 9 列 project_marks.0.items.1：proportional 要写 weight：得满时是几分",
        ),
        (
            "{rule: proportional}",
            "{rule: proportional, full_at: target}",
            "第 21 行第 18 列 project_marks.0.items.1.points："
            "目标和平均按单位，项目得分里不能用 target",
        ),
        (
            "{rule: proportional}",
            "{rule: best_ratio}",
            "第 21 行第 18 列 project_marks.0.items.1.points：没有这种计分规则，"
            "可用：数、proportional、threshold、deviation、bands、per_item",
        ),
        (
            "marks: mark,",
            "marks: marx,",
            "第 27 行第 46 列：没有名为“marx”的项目得分，是不是“mark”？",
        ),
        (
            "marks: mark,",
            "marks: mark, numerator: count(),",
            "第 27 行第 5 列 metrics.0："
            "numerator、by_hand: true、marks、needs 四者要写一个，且只写一个",
        ),
        (
            "take: sum,",
            "take: sum, weighted_by: plan,",
            "第 27 行第 76 列 metrics.0.weighted_by："
            "weighted_by 只与 marks、take: mean 同用，写的是“plan”",
        ),
        (
            "take: sum,",
            "take: mean, weighted_by: in_campaign,",
            "第 27 行第 5 列：指标 marked 的 weighted_by，第 1 个字符：这里要数，写的是是非",
        ),
    ],
)
def test_mistakes_in_project_marks_have_their_place(was: str, becomes: str, expected: str) -> None:
    said = told(BOOK.replace("TAKE", "sum").replace(was, becomes, 1))
    assert said.split("\n")[0] == f"mine.yaml {expected}"
