"""What sheets say by a mapping: units of money, days, months, funds, problems, words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from shared.facts.tables import Facts
from shared.ledger.sheets import Sheet
from shared.mapping.changes import compare_part, merge_part
from shared.mapping.mapped_reading import MappedReading, read_mapped
from tests.shared.mapping.made_sheets import (
    codes_of,
    keys_of,
    propose,
    rows_of,
    stored_project,
    stored_units,
)

TITLE = "2022年重点项目调度表（截至9月30日）"
STORED = stored_units(stored_project("P001", "东区学校"))
SEPTEMBER = date(2022, 9, 30)


def read_columns(
    columns: dict[str, Any],
    stored: Facts = STORED,
    title: str = TITLE,
    answers: Mapping[str, str] | None = None,
) -> MappedReading:
    """A sheet with one project, its cells by header; answers by key, or header of a column."""
    rows: list[list[Any]] = [[title], ["项目名称", *columns], ["东区学校", *columns.values()]]
    sheet = Sheet("台账", rows, ((0, 0, 0, 9),))
    given = {
        key if ":" in key else f"column:台账:{key}": value for key, value in (answers or {}).items()
    }
    return read_mapped(propose(sheet), [sheet], stored, given)


def amounts(reading: MappedReading) -> list[tuple[Any, ...]]:
    return rows_of(reading, "progress", "as_of", "invested_ytd_yuan")


# --- units of money


def test_a_unit_that_stands_nowhere_is_asked_about_and_kept() -> None:
    asked = read_columns({"总投资": 12})
    assert keys_of(asked) == ["unit_of_money:台账"]
    assert asked.part.facts.tables["projects"]["total_investment_yuan"].to_pylist() == [None]
    reading = read_columns({"总投资": 12}, answers={"unit_of_money:台账": "万元"})
    assert rows_of(reading, "projects", "total_investment_yuan") == [(120_000,)]
    assert reading.mapping.sheets[0].unit_of_money == "万元"


def test_a_columns_own_unit_goes_before_the_titles_and_a_mix_is_told() -> None:
    reading = read_columns(
        {"总投资（亿元）": 1.2, "2022年计划投资": 600}, title=TITLE + " 单位：万元"
    )
    assert rows_of(reading, "projects", "total_investment_yuan") == [(120_000_000,)]
    assert rows_of(reading, "plans", "planned_yuan") == [(6_000_000,)]
    assert codes_of(reading) == ["units_mixed"]


def test_a_unit_that_was_answered_is_asked_again_where_the_title_says_another() -> None:
    reading = read_columns({"总投资": 12}, answers={"unit_of_money:台账": "万元"})
    sheet = Sheet("台账", [["台账 单位：亿元"], ["项目名称", "总投资"], ["东区学校", 12]], ())
    assert keys_of(read_mapped(reading.mapping, [sheet], STORED)) == ["unit_of_money:台账"]


def test_a_unit_that_is_not_understood_is_an_error() -> None:
    assert codes_of(read_columns({"总投资（万美元）": 12})) == ["unit_not_understood"]


# --- years and days


def test_a_day_that_stands_nowhere_is_asked_about_for_this_file_alone() -> None:
    columns = {"进展情况": "主体完工"}
    assert keys_of(read_columns(columns, title="重点项目")) == ["as_of:台账"]
    reading = read_columns(columns, title="重点项目", answers={"as_of:台账": "2022-09-30"})
    assert rows_of(reading, "progress", "as_of", "note") == [(SEPTEMBER, "主体完工")]
    other = Sheet("台账", [["重点项目"], ["项目名称", "进展情况"], ["东区学校", "封顶"]], ())
    assert keys_of(read_mapped(reading.mapping, [other], STORED)) == ["as_of:台账"]


def test_two_days_in_titles_are_asked_about() -> None:
    reading = read_columns({"进展情况": "封顶"}, title="2022年9月调度表（2022年8月印发）")
    assert keys_of(reading) == ["as_of:台账"]
    assert [o.value for o in reading.questions[0].options] == ["2022-09-30", "2022-08-31"]


def test_a_year_is_that_of_the_header_else_of_the_title_else_asked() -> None:
    two = read_columns({"2022年计划投资（万元）": 1, "2023年计划投资（万元）": 2})
    assert rows_of(two, "plans", "year", "planned_yuan") == [(2022, 10_000), (2023, 20_000)]
    titled = read_columns({"年度计划投资（万元）": 1})
    assert rows_of(titled, "plans", "year") == [(2022,)]
    assert keys_of(read_columns({"年度计划投资（万元）": 1}, title="台账")) == ["year:台账"]


def test_the_whole_of_an_earlier_year_is_reported_on_its_last_day() -> None:
    reading = read_columns({"2021年完成投资（万元）": 5, "2022年完成投资（万元）": 7})
    assert amounts(reading) == [(date(2021, 12, 31), 50_000), (SEPTEMBER, 70_000)]


# --- completed investment


def test_all_since_the_start_is_this_years_without_the_years_before() -> None:
    columns = {"以前年度完成投资（万元）": 30, "累计完成投资（万元）": 75}
    answers = {"累计完成投资（万元）": "progress.invested_ytd_yuan;span=ever"}
    assert amounts(read_columns(columns, answers=answers)) == [(SEPTEMBER, 450_000)]
    unknown = read_columns({"累计完成投资（万元）": 75}, answers=answers)
    assert amounts(unknown) == []
    assert codes_of(unknown) == ["prior_unknown"]
    less = read_columns({**columns, "累计完成投资（万元）": 20}, answers=answers)
    assert codes_of(less) == ["cumulative_falls"]


@pytest.mark.parametrize(
    ("span", "found"),
    [
        ("month", [(1, 10_000), (2, 30_000), (3, 60_000)]),
        ("year", [(1, 10_000), (2, 20_000), (3, 30_000)]),
    ],
)
def test_months_side_by_side_are_asked_once_and_read_as_answered(
    span: str, found: list[tuple[int, int]]
) -> None:
    columns = {f"{month}月完成投资（万元）": month for month in (1, 2, 3)}
    key = "{月}月完成投资（万元）"
    assert keys_of(read_columns(columns)) == [f"column:台账:{key}"]
    reading = read_columns(columns, answers={key: f"progress.invested_ytd_yuan;span={span}"})
    assert [(day.month, amount) for day, amount in amounts(reading)] == found


def test_a_month_after_one_that_is_blank_has_no_sum_unless_blanks_are_nothing() -> None:
    columns = {"1月完成投资（万元）": "", "2月完成投资（万元）": 2, "3月完成投资（万元）": 3}
    key = "{月}月完成投资（万元）"
    meaning = "progress.invested_ytd_yuan;span=month"
    reading = read_columns(columns, answers={key: meaning})
    assert (amounts(reading), codes_of(reading)) == ([], ["months_missing"] * 2)
    as_zero = read_columns(columns, answers={key: f"{meaning};blank_months=zero"})
    assert [(day.month, amount) for day, amount in amounts(as_zero)] == [(2, 20_000), (3, 50_000)]


def test_a_month_alone_is_added_to_what_is_stored_of_the_month_before() -> None:
    report = {"project_id": "P001", "as_of": date(2022, 8, 31), "invested_ytd_yuan": 400_000}
    tables = {
        **STORED.tables,
        "progress": Facts.from_rows({"progress": [report]}).tables["progress"],
    }
    reading = read_columns({"9月当月完成投资（万元）": 5}, Facts(tables))
    assert amounts(reading) == [(SEPTEMBER, 450_000)]
    unknown = read_columns({"9月当月完成投资（万元）": 5})
    assert (amounts(unknown), codes_of(unknown)) == ([], ["months_missing"])


def test_where_a_cell_says_the_sum_it_counts_and_a_difference_is_told() -> None:
    columns = {"1-9月完成投资（万元）": 45, "9月当月完成投资（万元）": 5}
    assert (amounts(read_columns(columns)), codes_of(read_columns(columns))) == (
        [(SEPTEMBER, 450_000)],
        [],
    )
    months = {f"{month}月当月完成投资（万元）": 5 for month in range(1, 10)}
    assert codes_of(read_columns({**months, "1-9月完成投资（万元）": 45})) == []
    other = read_columns({**months, "1-9月完成投资（万元）": 46})
    assert (SEPTEMBER, 460_000) in amounts(other)
    assert codes_of(other) == ["sum_differs"]


def test_a_row_that_names_no_project_is_an_error() -> None:
    sheet = Sheet("台账", [["项目名称", "责任单位", "建设单位"], ["", "住建局", "城投"]], ())
    (wrong,) = read_mapped(propose(sheet), [sheet], STORED).errors
    assert (wrong.code, wrong.row, wrong.column) == ("missing_value", 2, "项目名称")


# --- others


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
