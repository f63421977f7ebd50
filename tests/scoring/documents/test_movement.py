"""What a bulletin says of what moved, and by which items."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from services.scoring.documents.composition.assembly import compose_bulletin
from tests.scoring.documents.bulletins import sample, sample_bulletin
from tests.scoring.documents.printed_tables import column, paragraphs, table


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
    inputs = sample()
    assert inputs.before
    groups: list[Any] = [dict(group) for group in inputs.before["groups"]]
    new, moved = groups[0]["units"][0], groups[0]["units"][1]
    gone = {**groups[1]["units"][0], "unit_id": "U99", "name": "撤并的单位"}
    groups[0] = {**groups[0], "units": groups[0]["units"][2:]}
    groups[1] = {**groups[1], "units": [*groups[1]["units"], moved, gone]}
    before = {**inputs.before, "groups": groups}
    shown = table(compose_bulletin(replace(inputs, before=before)), "名次变动")
    reasons = dict(zip(column(shown, "单位"), column(shown, "主要因素"), strict=True))
    assert reasons[new["name"]] == "上次不在册"
    assert reasons[moved["name"]] == f"由{groups[1]['group']}调入"
    assert reasons["撤并的单位"] == "本次不在册"


def test_points_of_another_scheme_are_not_compared() -> None:
    before = {**(sample().before or {}), "scheme": "another"}
    made = compose_bulletin(replace(sample(), before=before))
    assert "两次计分的方案不同（another、lanxian-2022）" in paragraphs(made)
    assert {*column(table(made, "名次变动"), "增减")} == {"—"}
    assert {*column(table(made, "总体排名"), "总分增减")} == {"—"}
    assert {*column(table(made, "名次变动"), "升降")} > {"0", "—"}
