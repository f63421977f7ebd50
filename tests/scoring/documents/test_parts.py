"""What the parts of a bulletin say, for whom, and where a scheme has more than points."""

import re
from dataclasses import replace

import pytest

from services.scoring.documents.composition.assembly import compose_bulletin
from services.scoring.documents.pdf import render_pdf
from services.scoring.schemes.scheme_files import find_scheme
from shared.paper.fonts import default_fonts
from tests.scoring.documents.bulletins import (
    bulletin_input,
    county,
    of_units,
    sample,
    sample_bulletin,
    without_projects,
)
from tests.scoring.documents.own_rule_book import own
from tests.scoring.documents.printed_tables import (
    column,
    pages_of,
    paragraphs,
    rows_of,
    table,
    tables_of,
)

SIDES = ("red", "black", "red_beside", "black_beside")
# --- what a scheme has beyond points


def test_grades_adjustments_gates_and_ties_are_told() -> None:
    made = compose_bulletin(own())
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
    made = compose_bulletin(own())
    overs = {
        t.group: [c.spanner for c in t.columns if c.spanner]
        for t in tables_of(made)
        if t.sheet == "分类排名"
    }
    assert overs["zones"] == ["比速度（60分）"] * 2
    assert overs["townships"] == ["比速度（60分）"] * 2 + ["其他（40分）"] * 2


def test_boards_streaks_awards_and_unit_lights_are_there() -> None:
    made, document = compose_bulletin(own()), own().document
    board = document["boards"][0]
    lines = [
        line for side in ("red", "black", "red_beside", "black_beside") for line in board[side]
    ]
    assert column(table(made, board["zh"]), "单位") == [
        own().unit_names[x["unit_id"]] for x in lines
    ]
    assert column(table(made, board["zh"]), "说明") == [line["reason"] for line in lines]
    for found in document["streaks"]:
        assert f"{own().unit_names[found['unit_id']]}：{found['zh']}（" in paragraphs(made)
    for award in document["awards"]:
        if award.get("winners"):
            names = [own().ledger.project_names[x["project_id"]] for x in award["winners"]]
            assert column(table(made, award["zh"]), "项目") == names
        if award.get("others"):
            shown = column(table(made, f"{award['zh']}候选"), "原因")
            assert shown == ["；".join(x["reasons"]) for x in award["others"]]
    lights = [
        [own().unit_names[light["unit_id"]], detail["word"]]
        for light in document["unit_lights"]
        for detail in light["details"].values()
    ]
    rows = table(made, "单位指标灯").rows
    assert [[row[0].text, row[2].text] for row in rows] == lights
    assert {row[2].colour for row in rows} <= {"red", "yellow", "green"}


def test_targets_and_marks_are_listed_with_reason_and_person() -> None:
    rows = rows_of(table(compose_bulletin(own()), "录入"))
    assert rows == [
        ["目标", own().unit_names["U01"], "开（复）工率", "80.00%", "—", "张三"],
        ["打分", own().unit_names["U02"], "现场办公", "4", "四次现场办公", "李四"],
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
    inputs = bulletin_input(county(), find_scheme(name))
    made = compose_bulletin(inputs)
    text = "".join(pages_of(render_pdf(made, default_fonts())))
    for unit in (unit for group in inputs.document["groups"] for unit in group["units"]):
        assert unit["name"] in text
    for group in inputs.document["groups"]:
        for unit in group["units"]:
            for name in unit.get("parted_by", ()):
                metric = inputs.scheme.metrics_by_id[name].zh
                assert re.search(f"按[^。]*{metric}[^。]*：[^。]*{unit['name']}", paragraphs(made))
    names = {metric.zh for metric in inputs.scheme.needed_metrics}
    assert names == {*column(table(made, "计分办法"), "指标")}


# --- what was not reported


def test_who_has_not_reported_is_counted_and_named() -> None:
    inputs = replace(sample(), ledger=replace(sample().ledger, reported_in_month=frozenset()))
    made = compose_bulletin(inputs)
    lights = sample().document["lights"]
    assert column(table(made, "未报进度"), "本月未报")[-1] == str(len(lights))
    never = sum(light["not_reported"] for light in lights)
    assert column(table(made, "未报进度"), "其中本年未报")[-1] == str(never)
    named = table(made, "未报进度项目")
    assert sorted(column(named, "编号")) == [light["project_id"] for light in lights]
    assert column(named, "未报").count("本年未报") == never


def test_where_all_have_reported_it_says_so() -> None:
    everyone = frozenset(light["project_id"] for light in sample().document["lights"])
    inputs = replace(sample(), ledger=replace(sample().ledger, reported_in_month=everyone))
    made = compose_bulletin(inputs)
    assert f"应报进度的{len(everyone)}个项目，12月均已报送。" in paragraphs(made)
    assert "未报进度项目" not in {each.sheet for each in tables_of(made)}


def test_a_county_without_projects_has_a_bulletin() -> None:
    made = compose_bulletin(bulletin_input(without_projects(of_units(county(), {"U07"}))))
    assert "没有纳入亮灯的项目。" in paragraphs(made)
    assert column(table(made, "总体排名"), "名次") == ["不参与"]


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
