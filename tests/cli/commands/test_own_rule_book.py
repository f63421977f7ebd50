"""A rule book of an office's own through the commands: what it has is shown, and no more is."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import COUNTY, Outcome, bairi, county, without_spaces
from tests.shared.ledger.sound_ledger import csv_folder

BOOK = """
id: our-own
zh: 自定办法
source: 测试
decimals: 1
lights: yinchuan-2025
groups: [departments, townships, zones]
pillars:
  - id: speed
    zh: 比速度
    weight: 60
    metrics:
      - {id: start_rate, points: {rule: proportional, full_at: target}, not_applicable: zero}
      - {id: marked, groups: [zones], points: {rule: per_item, points: 1, cap: 20}}
  - {id: rest, zh: 其他, weight: 40, groups: [departments, townships],
     metrics: [{id: investment_completion, points: {rule: proportional}}]}
adjustments:
  zh: 加减分
  most_added: 5
  items:
    - {id: visits, points: {rule: per_item, points: 2}}
    - {id: major_projects, groups: [townships], points: {rule: per_item, points: 1}}
tie_break: [investment_completion]
grades:
  - {id: good, zh: 良好, from_total: 30}
  - {id: poor, zh: 不合格}
gates:
  - {id: pace, zh: 进度关, metric: investment_completion, at: 0.5, best_grade: poor}
project_marks:
  - {id: mark, zh: 项目分, population: in_campaign, decimals: 0,
     items: [{id: begun, zh: 开工, when: working, points: 3}]}
metrics:
  - {id: marked, zh: 项目平均分, en: Marks, marks: mark, take: mean, measure: marks, source: 测试}
  - {id: visits, zh: 现场办公, en: Visits, by_hand: true, measure: count, source: 测试}
"""
ENTERED = """
kind,unit,metric,value,reason,who
target,U01,start_rate,0.8,,张三
target,U09,start_rate,1,,
mark,U01,visits,2,两次现场办公,李四
mark,U02,visits,4,四次,
"""
DAY = ("--as-of", "2022-12-25")


@cache
def run(folder: Path, command: str, *arguments: str) -> Outcome:
    book, entered = folder / "book.yaml", folder / "entered.csv"
    book.write_text(BOOK, encoding="utf-8")
    entered.write_text(ENTERED.lstrip(), encoding="utf-8")
    given = ("--scheme", book, "--entered", entered)
    return bairi(command, COUNTY, *DAY, *given, *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


def units(folder: Path) -> dict[str, dict[str, Any]]:
    document = run(folder, "score", "--format", "json").document
    return {unit["unit_id"]: unit for group in document["groups"] for unit in group["units"]}


def test_what_the_rule_book_has_stands_in_the_document(folder: Path) -> None:
    found = units(folder)["U01"]
    assert [*found] == [
        "unit_id", "name", "rank", "total", "pillars", "metrics",
        "adjustments", "grade", "missed", "parted_by",
    ]  # fmt: skip
    assert found["adjustments"] == {
        "points": "4.0000",
        "items": {"visits": {"numerator": 2, "denominator": 1, "points": "4.0000"}},
    }
    assert units(folder)["U02"]["adjustments"]["points"] == "5.0000"  # 8, capped
    assert [*units(folder)["U01"]["pillars"]] == ["speed", "rest"]


def test_each_group_shows_its_own_pillars_metrics_and_adjustments(folder: Path) -> None:
    document = run(folder, "score", "--format", "json").document
    shown = {
        group["group"]: (
            [*group["units"][0]["pillars"]],
            [*group["units"][0]["metrics"]],
            [*group["units"][0]["adjustments"]["items"]],
        )
        for group in document["groups"]
    }
    assert shown == {
        "departments": (["speed", "rest"], ["start_rate", "investment_completion"], ["visits"]),
        "townships": (
            ["speed", "rest"],
            ["start_rate", "investment_completion"],
            ["visits", "major_projects"],
        ),
        "zones": (["speed"], ["start_rate", "marked"], ["visits"]),
    }


def test_without_a_target_a_unit_earns_what_the_rule_book_says_and_has_no_rank(
    folder: Path,
) -> None:
    targets = {unit: found["metrics"]["start_rate"] for unit, found in units(folder).items()}
    assert targets["U02"] | {"numerator": 0, "denominator": 0} == {
        "numerator": 0,
        "denominator": 0,
        "points": "0.0000",
        "rank": None,
    }
    assert targets["U01"]["rank"] == 1


def test_the_usual_scheme_shows_no_more_than_before() -> None:
    document = county("score", *DAY, "--format", "json").document
    for group in document["groups"]:
        for unit in group["units"]:
            assert [*unit] == ["unit_id", "name", "rank", "total", "pillars", "metrics"]


def test_people_see_grades_adjustments_and_why(folder: Path) -> None:
    out = run(folder, "score").out
    assert "加减分" in out
    assert "等次" in out
    assert "进度关未过，投资完成率 " in out
    assert "，要求不低于 50%；等次不高于不合格" in out


def test_explain_adds_up_and_names_what_was_entered(folder: Path) -> None:
    document = run(folder, "explain", "--unit", "U01", "--format", "json").document
    assert [*document["metrics"]] == ["start_rate", "investment_completion", "visits"]
    assert document["metrics"]["start_rate"]["target"] == {
        "value": "4/5",
        "reason": "",
        "who": "张三",
    }
    assert document["metrics"]["visits"]["mark"] == {
        "value": "2",
        "reason": "两次现场办公",
        "who": "李四",
    }
    assert document["metrics"]["visits"]["projects"] == []
    assert document["adjustments"] == units(folder)["U01"]["adjustments"]
    shown = run(folder, "explain", "--unit", "U01").out
    assert "现场办公" in shown
    assert "项目平均分" not in shown


def test_explain_shows_the_marks_of_each_project(folder: Path) -> None:
    zone = next(u for u, found in units(folder).items() if "marked" in found["metrics"])
    document = run(folder, "explain", "--unit", zone, "--metric", "marked", "--format", "json")
    found = document.document["metrics"]["marked"]
    assert sum(row["numerator"] for row in found["projects"]) == found["numerator"]
    assert len(found["projects"]) == found["denominator"]
    assert {row["items"]["begun"] for row in found["projects"]} == {"0.0000", "3.0000"}
    assert "begun" in run(folder, "explain", "--unit", zone, "--metric", "marked").out


def test_mistakes_in_what_was_entered_end_with_exit_2(folder: Path, tmp_path: Path) -> None:
    run(folder, "score")
    (tmp_path / "e.csv").write_text("kind,unit,metric,value\nmark,U01,visits,2\n", encoding="utf-8")
    given = ("--scheme", folder / "book.yaml", "--entered", tmp_path / "e.csv")
    outcome = bairi("score", COUNTY, *DAY, *given)
    assert (outcome.code, outcome.out) == (2, "")
    expected = "录入的目标或打分有误：e.csv 第 2 行第 1 列 reason：打分要写理由"
    assert without_spaces(expected) in outcome.said


def test_a_ledger_with_a_group_that_the_rule_book_does_not_know_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    run(folder, "score")
    towns = """
        unit_id,name,kind,group
        U01,发展和改革局,department,departments
        U02,东村镇,township,towns
    """
    ledger = csv_folder(tmp_path, units=towns)
    outcome = bairi("score", ledger, *DAY, "--scheme", folder / "book.yaml")
    assert (outcome.code, outcome.out) == (2, "")
    assert without_spaces("方案有误：台账里有方案没有的组别：“towns”（U02）") in outcome.said


@pytest.mark.parametrize("name", ["heilongjiang-2021", "lanxian-2022", "yanan-2017"])
def test_built_in_rules_are_told_in_plain_words(name: str) -> None:
    out = without_spaces(bairi("schemes").out)
    said = {
        "heilongjiang-2021": [
            "达到90%得满分，否则不得分",
            "等次：表扬：总分100以上（含）；未达到：其余",
        ],
        "lanxian-2022": ["得满分，不到的按比例", "与组内最好的之比"],
        "yanan-2017": ["每个+30分，最高120分", "人工录入", "ytd÷plan；满分60分", "不封顶"],
    }[name]
    assert name in out
    assert [words for words in said if words not in out] == []
