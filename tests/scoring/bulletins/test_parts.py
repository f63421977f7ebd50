"""What the parts of a bulletin say, for whom, and where a scheme has more than points."""

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from services.scoring.documents.bulletin import Bulletin, Table
from services.scoring.documents.composing.matter import Audience, Matter
from services.scoring.documents.composing.whole import bulletin
from services.scoring.documents.pdf import render_pdf
from services.scoring.engine.entered import Entered, Given
from services.scoring.engine.scheme import Scheme
from services.scoring.schemes.reading import find_scheme, parse
from shared.facts import Facts
from shared.ledger.read import read_ledger
from shared.paper.fonts import default_fonts
from shared.reference import regions
from tests.cli.commands import COUNTY
from tests.scoring.bulletins.matters import (
    county,
    matter_of,
    of_units,
    sample,
    sample_bulletin,
    without_projects,
)
from tests.scoring.bulletins.printed import pages_of, rows_of, tables_of

OWN = """
id: our-own
zh: 自定办法
source: 测试
decimals: 1
lights: sanya-2022
groups: [departments, townships, zones]
pillars:
  - id: speed
    zh: 比速度
    weight: 60
    metrics:
      - {id: start_rate, points: {rule: proportional, full_at: target}, not_applicable: zero}
      - {id: clearance_rate, points: {rule: proportional}}
  - {id: rest, zh: 其他, weight: 40, groups: [departments, townships],
     metrics: [{id: investment_completion, points: {rule: proportional}}]}
adjustments:
  zh: 加减分
  items:
    - {id: visits, points: {rule: per_item, points: 2}}
    - {id: major_projects, groups: [townships], points: {rule: per_item, points: 1}}
tie_break: [investment_completion]
grades:
  - {id: good, zh: 良好, from_total: 30}
  - {id: poor, zh: 不合格}
gates:
  - {id: pace, zh: 进度关, metric: investment_completion, at: 0.5, best_grade: poor}
boards: mianyang-2022
streaks:
  - {id: behind, zh: 连续末位, last: 1,
     rungs: [{id: explain, months: 2, zh: 连续两个月末位，作说明}]}
awards: huidong-2022
metrics:
  - {id: visits, zh: 现场办公, en: Visits, by_hand: true, measure: count, source: 测试}
"""
SIDES = ("red", "black", "red_beside", "black_beside")
ENTERED = Entered(
    targets={"U01": {"start_rate": Given(Fraction(4, 5), who="张三")}},
    marks={"U02": {"visits": Given(Fraction(4), "四次现场办公", "李四")}},
)


@cache
def golden() -> Facts:
    return read_ledger(COUNTY, regions()).accepted()


@cache
def own() -> Matter:
    scheme = parse(OWN, Scheme, "own.yaml")
    return matter_of(golden(), scheme, entered=ENTERED)


def table(of: Bulletin, sheet: str, group: str = "") -> Table:
    return next(t for t in tables_of(of) if t.sheet == sheet and group in ("", t.group))


def column(of: Table, title: str) -> list[str]:
    at = [each.title for each in of.columns].index(title)
    return [row[at].text for row in of.rows]


def paragraphs(of: Bulletin) -> str:
    return "\n".join(text for part in (*of.parts, *of.annexes) for text in part.paragraphs)


# --- what a scheme has beyond points


def test_grades_adjustments_gates_and_ties_are_told() -> None:
    made = bulletin(own())
    for group in own().document["groups"]:
        shown = table(made, "总体排名", group["group"])
        zh = {"good": "良好", "poor": "不合格", None: "—"}
        assert column(shown, "等次") == [zh[unit["grade"]] for unit in group["units"]]
        points = [unit["adjustments"]["points"] or "—" for unit in group["units"]]
        assert column(shown, "加减分") == points
    missed = [unit for g in own().document["groups"] for unit in g["units"] if unit["missed"]]
    assert missed
    for unit in missed:
        told = f"{unit['name']}未过“进度关”：{unit['missed'][0]['reason']}，等次不高于不合格。"
        assert told in paragraphs(made)
    assert "指标“征拆完成率”需要征地拆迁台账，尚未登记，暂不计分" in paragraphs(made)
    assert rows_of(table(made, "加减分", "townships"))[0][2:] != []


def test_groups_have_their_own_pillars() -> None:
    made = bulletin(own())
    overs = {
        t.group: [c.over for c in t.columns if c.over]
        for t in tables_of(made)
        if t.sheet == "分类排名"
    }
    assert overs["zones"] == ["比速度（60分）"] * 2
    assert overs["townships"] == ["比速度（60分）"] * 2 + ["其他（40分）"] * 2


def test_boards_streaks_awards_and_unit_lights_are_there() -> None:
    made, document = bulletin(own()), own().document
    board = document["boards"][0]
    lines = [
        line for side in ("red", "black", "red_beside", "black_beside") for line in board[side]
    ]
    assert column(table(made, board["zh"]), "单位") == [own().units[x["unit_id"]] for x in lines]
    assert column(table(made, board["zh"]), "说明") == [line["reason"] for line in lines]
    for found in document["streaks"]:
        assert f"{own().units[found['unit_id']]}：{found['zh']}（" in paragraphs(made)
    for award in document["awards"]:
        if award.get("winners"):
            names = [own().ledger.projects[x["project_id"]] for x in award["winners"]]
            assert column(table(made, award["zh"]), "项目") == names
        if award.get("others"):
            shown = column(table(made, f"{award['zh']}候选"), "原因")
            assert shown == ["；".join(x["reasons"]) for x in award["others"]]
    lights = [
        [own().units[light["unit_id"]], detail["word"]]
        for light in document["unit_lights"]
        for detail in light["details"].values()
    ]
    rows = table(made, "单位指标灯").rows
    assert [[row[0].text, row[2].text] for row in rows] == lights
    assert {row[2].colour for row in rows} <= {"red", "yellow", "green"}


def test_targets_and_marks_are_listed_with_reason_and_person() -> None:
    rows = rows_of(table(bulletin(own()), "录入"))
    assert rows == [
        ["目标", own().units["U01"], "开（复）工率", "80.00%", "—", "张三"],
        ["打分", own().units["U02"], "现场办公", "4", "四次现场办公", "李四"],
    ]


def test_a_scheme_without_these_has_none_of_it() -> None:
    titles = [part.title for part in (*sample_bulletin().parts, *sample_bulletin().annexes)]
    assert titles == [
        *("总体排名", "红黄绿灯情况", "进度报送情况"),
        *("名次变动及主要因素", "分类得分和名次", "分项数值、得分和名次", "红灯项目明细"),
        *("未报进度项目", "计分办法和数据说明"),
    ]


@pytest.mark.parametrize("name", ["heilongjiang-2021", "yanan-2017"])
def test_published_rule_books_have_bulletins(name: str) -> None:
    matter = matter_of(county(), find_scheme(name))
    made = bulletin(matter)
    text = "".join(pages_of(render_pdf(made, default_fonts())))
    for unit in (unit for group in matter.document["groups"] for unit in group["units"]):
        assert unit["name"] in text
    for group in matter.document["groups"]:
        for unit in group["units"]:
            for name in unit.get("parted_by", ()):
                metric = matter.scheme.metrics_by_id[name].zh
                assert re.search(f"按[^。]*{metric}[^。]*：[^。]*{unit['name']}", paragraphs(made))
    names = {metric.zh for metric in matter.scheme.needed_metrics}
    assert names == {*column(table(made, "计分办法"), "指标")}


# --- movement


def test_reasons_are_the_items_that_changed_most() -> None:
    before = sample().before
    assert before
    earlier = {u["unit_id"]: u for group in before["groups"] for u in group["units"]}
    metrics = sample().scheme.metrics_by_id
    shown = table(sample_bulletin(), "名次变动")
    reasons = dict(zip(column(shown, "单位"), column(shown, "主要因素"), strict=True))
    for unit in (unit for group in sample().document["groups"] for unit in group["units"]):
        was = earlier[unit["unit_id"]]["metrics"]
        gained = {
            name: Fraction(item["points"] or 0) - Fraction(was[name]["points"] or 0)
            for name, item in unit["metrics"].items()
        }
        most = max(abs(points) for points in gained.values())
        first = reasons[unit["name"]].split("；")[0]
        if unit["rank"] is None:
            assert first == "—"
            continue
        leading = [name for name, points in gained.items() if abs(points) == most]
        assert any(first.startswith(metrics[name].zh) for name in leading)
        assert f"{float(most):.4f}分" in first


def test_units_that_came_went_or_changed_their_group_are_told_so() -> None:
    matter = sample()
    assert matter.before
    groups: list[Any] = [dict(group) for group in matter.before["groups"]]
    new, moved = groups[0]["units"][0], groups[0]["units"][1]
    gone = {**groups[1]["units"][0], "unit_id": "U99", "name": "撤并的单位"}
    groups[0] = {**groups[0], "units": groups[0]["units"][2:]}
    groups[1] = {**groups[1], "units": [*groups[1]["units"], moved, gone]}
    before = {**matter.before, "groups": groups}
    shown = table(bulletin(replace(matter, before=before)), "名次变动")
    reasons = dict(zip(column(shown, "单位"), column(shown, "主要因素"), strict=True))
    assert reasons[new["name"]] == "上次不在册"
    assert reasons[moved["name"]] == f"由{groups[1]['group']}调入"
    assert reasons["撤并的单位"] == "本次不在册"


def test_points_of_another_scheme_are_not_compared() -> None:
    before = {**(sample().before or {}), "scheme": "another"}
    made = bulletin(replace(sample(), before=before))
    assert "两次计分的方案不同（another、lanxian-2022）" in paragraphs(made)
    assert {*column(table(made, "名次变动"), "增减")} == {"—"}
    assert {*column(table(made, "总体排名"), "总分增减")} == {"—"}
    assert {*column(table(made, "名次变动"), "升降")} > {"0", "—"}


# --- what was not reported


def test_who_has_not_reported_is_counted_and_named() -> None:
    matter = replace(sample(), ledger=replace(sample().ledger, reported_in_month=frozenset()))
    made = bulletin(matter)
    lights = sample().document["lights"]
    assert column(table(made, "未报进度"), "本月未报")[-1] == str(len(lights))
    never = sum(light["not_reported"] for light in lights)
    assert column(table(made, "未报进度"), "其中本年未报")[-1] == str(never)
    named = table(made, "未报进度项目")
    assert sorted(column(named, "编号")) == [light["project_id"] for light in lights]
    assert column(named, "未报").count("本年未报") == never


def test_where_all_have_reported_it_says_so() -> None:
    everyone = frozenset(light["project_id"] for light in sample().document["lights"])
    matter = replace(sample(), ledger=replace(sample().ledger, reported_in_month=everyone))
    made = bulletin(matter)
    assert f"应报进度的{len(everyone)}个项目，12月均已报送。" in paragraphs(made)
    assert "未报进度项目" not in {each.sheet for each in tables_of(made)}


def test_a_county_without_projects_has_a_bulletin() -> None:
    made = bulletin(matter_of(without_projects(of_units(county(), {"U07"}))))
    assert "没有纳入亮灯的项目。" in paragraphs(made)
    assert column(table(made, "总体排名"), "名次") == ["不参与"]


# --- for whom


def test_the_public_reads_counts_and_no_project() -> None:
    matter = replace(own(), audience=Audience("", people=False))
    made = bulletin(matter)
    text = "".join(pages_of(render_pdf(made, default_fonts())))
    winners = {
        found["project_id"]
        for award in own().document["awards"]
        for found in award.get("winners", ())
        if "project_id" in found
    }
    for project, name in own().ledger.projects.items():
        assert (name in text) == (project in winners), name
    assert "（公开文本，不列项目明细）" in text
    assert rows_of(table(made, "红黄绿灯")) == rows_of(table(bulletin(own()), "红黄绿灯"))
    for person in ("张三", "李四"):
        assert person not in text
    assert "四次现场办公" in text


def test_a_unit_reads_its_own_projects_only() -> None:
    light = next(x for x in sample().document["lights"] if x["overall"] == "red")
    unit = sample().ledger.unit_of[light["project_id"]]
    made = bulletin(replace(sample(), audience=Audience(unit, people=False)))
    assert {*column(table(made, "红灯项目"), "责任单位")} == {sample().units[unit]}
    assert f"{sample().units[unit]}用本" in made.note


# --- method


def test_the_method_says_scheme_source_facts_and_formulas() -> None:
    told = paragraphs(sample_bulletin())
    scheme = sample().scheme
    for said in (
        f"方案：{scheme.zh}（{scheme.id}，第{scheme.version}版）。来源：{scheme.source}。",
        "数据截至2022年12月25日。",
        f"事实摘要（SHA-256）：{'0f' * 32}。",
        "投产达效读作：投产",
        scheme.notes.rstrip("。"),
    ):
        assert said in told
    shown = table(sample_bulletin(), "计分办法")
    assert column(shown, "指标") == [metric.zh for metric in scheme.scored_metrics]
    assert column(shown, "计算方法")[0] == "已开工复工的项目数 ÷ 项目数；范围：新建或续建"
