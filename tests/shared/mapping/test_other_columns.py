"""What sheets say by a mapping of all else: funds, problems, words, dates, and what is in doubt."""

from datetime import date

import pytest

from shared.facts.tables import Facts
from shared.ledger.sheets import Sheet
from shared.mapping.changes import compare_part, merge_part
from shared.mapping.mapped_reading import read_mapped
from tests.shared.mapping.made_sheets import (
    codes_of,
    keys_of,
    propose,
    rows_of,
    stored_project,
    stored_units,
)
from tests.shared.mapping.one_project import SEPTEMBER, STORED, amounts, read_columns


def test_funds_are_what_came_since_those_that_are_stored() -> None:
    key, meaning = "到位资金（万元）", "funds.amount_yuan;event=arrived;source=special_bond"
    paid = {"project_id": "P001", "source": "special_bond", "event": "arrived"}
    stored = Facts.from_rows(
        {
            "units": STORED.tables["units"].to_pylist(),
            "projects": STORED.tables["projects"].to_pylist(),
            "funds": [{**paid, "amount_yuan": 500_000, "on": date(2022, 6, 30)}],
        }
    )
    assert keys_of(read_columns({key: 80}, stored)) == [f"column:台账:{key}"]
    reading = read_columns({key: 80}, stored, answers={key: meaning})
    assert rows_of(reading, "funds", "amount_yuan", "on") == [(300_000, SEPTEMBER)]
    again = read_columns({key: 80}, merge_part(reading.part, stored), answers={key: meaning})
    assert rows_of(again, "funds", "amount_yuan") == []
    assert codes_of(read_columns({key: 40}, stored, answers={key: meaning})) == ["cumulative_falls"]


@pytest.mark.parametrize("nothing", ["无", "", "暂无问题", "/", "不存在问题"])
def test_no_problem_is_none(nothing: str) -> None:
    assert rows_of(read_columns({"存在问题": nothing}), "problems", "summary") == []


def test_the_same_words_next_month_are_the_same_problem() -> None:
    first = read_columns({"存在问题": "征地未完成"})
    stored = merge_part(first.part, STORED)
    again = read_columns({"存在问题": " 征地未完成 "}, stored, title="2022年（截至10月31日）")
    (changes,) = [c for c in compare_part(again.part, stored) if c.table == "problems"]
    assert (changes.new, changes.changed, changes.unchanged) == ([], [], 1)
    both = read_columns({"存在问题": "征地未完成；资金缺口"}, stored)
    assert rows_of(both, "problems", "summary") == [("征地未完成",), ("资金缺口",)]


def test_words_of_a_vocabulary_that_are_not_known_are_asked_about_once() -> None:
    asked = read_columns({"建设性质": "在建"})
    assert keys_of(asked) == ["word:projects.nature/在建"]
    reading = read_columns(
        {"建设性质": "在建"}, answers={"word:projects.nature/在建": "continuing"}
    )
    assert rows_of(reading, "projects", "nature") == [("continuing",)]
    assert reading.mapping.names.words == {"projects.nature/在建": "continuing"}


def test_a_blank_cell_is_unknown_but_what_a_project_has_to_have_stays() -> None:
    stored = stored_units(stored_project("P001", "东区学校", owner_name="城投公司"))
    reading = read_columns({"建设单位": "", "建设性质": "", "责任单位": ""}, stored)
    assert rows_of(reading, "projects", "owner_name", "nature", "unit_id") == [(None, "new", "U01")]


def test_a_date_that_was_revised_is_not_moved_by_a_sheet() -> None:
    stored = Facts.from_rows(
        {
            "units": STORED.tables["units"].to_pylist(),
            "projects": STORED.tables["projects"].to_pylist(),
            "milestones": [
                {"project_id": "P001", "kind": "started", "planned_on": date(2022, 3, 1)},
                {
                    "project_id": "P001",
                    "kind": "started",
                    "planned_on": date(2022, 5, 1),
                    "decided_on": date(2022, 2, 1),
                    "reason": "用地",
                },
            ],
        }
    )
    same = read_columns({"计划开工时间": "2022-05-01"}, stored)
    other = read_columns({"计划开工时间": "2022-06-01"}, stored)
    assert codes_of(same) == []
    assert codes_of(other) == ["date_revised"]
    assert rows_of(other, "milestones", "planned_on") == rows_of(same, "milestones", "planned_on")
    assert rows_of(same, "milestones", "planned_on") == []


def test_a_cell_that_cannot_be_read_is_an_error_at_its_place() -> None:
    answers = {"计划开工时间": "milestones.planned_on;kind=started"}
    (wrong,) = read_columns({"计划开工时间": "2022-02-30"}, answers=answers).errors
    assert (wrong.sheet, wrong.row, wrong.column, wrong.value) == (
        "台账",
        3,
        "计划开工时间",
        "2022-02-30",
    )


def test_a_column_that_the_mapping_lacks_is_asked_about() -> None:
    sheet = Sheet(
        "台账", [["项目名称", "责任单位", "建设单位"], ["东区学校", "住建局", "城投"]], ()
    )
    mapping = propose(sheet)
    wider = Sheet("台账", [[*sheet.rows[0], "挂钩干部"], [*sheet.rows[1], "甲"]], ())
    assert keys_of(read_mapped(mapping, [wider], STORED)) == ["column:台账:挂钩干部"]


def test_a_file_of_another_shape_is_refused() -> None:
    sheet = Sheet(
        "台账", [["项目名称", "责任单位", "建设单位"], ["东区学校", "住建局", "城投"]], ()
    )
    other = Sheet("人员", [["姓名", "电话", "职务"], ["甲", "1", "科员"]], ())
    assert codes_of(read_mapped(propose(sheet), [other], STORED)) == ["no_mapped_sheet"]


# --- what is in doubt, or against the rules of a ledger


def test_two_cells_that_say_different_things_of_one_are_an_error() -> None:
    answers = {"业主": "projects.owner_name", "实施主体": "projects.owner_name"}
    same = read_columns({"业主": "城投", "实施主体": "城投"}, answers=answers)
    blank = read_columns({"业主": "城投", "实施主体": ""}, answers=answers)
    other = read_columns({"业主": "城投", "实施主体": "交投"}, answers=answers)
    assert codes_of(same) == codes_of(blank) == []
    assert rows_of(blank, "projects", "owner_name") == [("城投",)]
    (wrong,) = other.errors
    assert (wrong.code, wrong.row, wrong.column, wrong.value) == (
        "cells_disagree",
        3,
        "实施主体",
        "交投",
    )


def test_a_month_in_a_header_ends_on_the_titles_day_where_that_is_in_it() -> None:
    columns = {"1-9月完成投资（万元）": 9, "进展情况": "封顶"}
    reading = read_columns(columns, title="2022年台账（截至9月25日）")
    assert rows_of(reading, "progress", "as_of", "invested_ytd_yuan", "note") == [
        (date(2022, 9, 25), 90_000, "封顶")
    ]
    older = read_columns({"1-8月完成投资（万元）": 8}, title="2022年台账（截至9月25日）")
    assert amounts(older) == [(date(2022, 8, 31), 80_000)]


def test_a_permit_that_is_stored_in_parts_is_told_and_left() -> None:
    part = {"project_id": "P001", "kind": "eia", "stage": "一期", "granted_on": date(2021, 5, 1)}
    stored = merge_part(read_columns({"进展情况": "封顶"}).part, STORED)
    stored = Facts(
        {**stored.tables, "permits": Facts.from_rows({"permits": [part]}).tables["permits"]}
    )
    reading = read_columns({"环评": "2022-06-01"}, stored)
    assert codes_of(reading) == ["permit_in_parts"]
    assert rows_of(reading, "permits", "stage") == []


def test_the_rules_of_a_ledger_hold_and_a_secret_project_is_refused_without_its_cells() -> None:
    columns = {"项目代码": "1234", "是否涉密": "否"}
    sheet = Sheet("台账", [["项目名称", *columns], ["东区学校", *columns.values()]], ())
    mapping, regions = propose(sheet), frozenset({"141127"})
    found = read_mapped(mapping, [sheet], STORED, regions=regions).findings
    assert [(f.sheet, f.code, f.row, f.column) for f in found] == [
        ("台账", "bad_national_code", 2, "项目代码")
    ]
    sheet.rows[1][2] = "是"
    secret = read_mapped(mapping, [sheet], STORED, regions=regions)
    assert [(f.code, f.row, f.value) for f in secret.findings] == [("secret_project", 2, None)]
    assert not secret.is_ready


@pytest.mark.parametrize(
    "answer",
    [
        *("problems.raised_on", "units.group", "progress.as_of", "funds.on", "pauses.reason"),
        "problems.summary;category=没有这一类",
    ],
)
def test_what_no_cell_of_a_projects_row_says_is_no_answer(answer: str) -> None:
    reading = read_columns({"总投资（万元）": 100, "某列": "2022-09-01"}, answers={"某列": answer})
    assert [question.key for question in reading.questions] == ["column:台账:某列"]
