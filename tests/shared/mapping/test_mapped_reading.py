"""What sheets say by a mapping of money and time: units, years, days, months, sums."""

from datetime import date
from typing import Any

import pytest

from shared.facts.tables import Facts
from shared.ledger.sheets import Sheet
from shared.mapping.mapped_reading import read_mapped
from tests.shared.mapping.made_sheets import (
    codes_of,
    keys_of,
    propose,
    rows_of,
    stored_project,
)
from tests.shared.mapping.one_project import SEPTEMBER, STORED, TITLE, amounts, read_columns

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


@pytest.mark.parametrize(
    ("title", "beside", "days"),
    [
        ("2022年10月重点项目通报", "截至2022年9月30日", [SEPTEMBER]),
        ("2022年重点项目通报（10月12日）", "统计截止时间：2022年9月30日", [SEPTEMBER]),
        ("2022年重点项目", "截至9月30日", [SEPTEMBER]),
        ("2022年10月重点项目通报", "2022年9月30日", []),
        ("2022年9月重点项目通报", "填报日期：", [SEPTEMBER]),
    ],
)
def test_a_day_beside_the_unit_is_one_of_the_titles(
    title: str, beside: str, days: list[date]
) -> None:
    above: list[list[Any]] = [[title], [beside, date(2022, 10, 8), "", "单位：万元"]]
    if not beside.endswith("："):
        above[1][1] = "XX县"
    rows = [*above, ["项目名称", "责任单位", "总投资", "本年完成投资"], ["东区学校", "", 9, 5]]
    reading = read_mapped(propose(sheet := Sheet("台账", rows, ())), [sheet], STORED)
    assert [row[0] for row in rows_of(reading, "progress", "as_of")] == days
    assert keys_of(reading) == ([] if days else ["as_of:台账"])


def test_a_day_that_stands_nowhere_is_asked_about_for_this_file_alone() -> None:
    columns = {"进展情况": "主体完工"}
    assert keys_of(read_columns(columns, title="重点项目")) == ["as_of:台账"]
    reading = read_columns(columns, title="重点项目", answers={"as_of:台账": "2022-09-30"})
    assert rows_of(reading, "progress", "as_of", "note") == [(SEPTEMBER, "主体完工")]
    other = Sheet("台账", [["重点项目"], ["项目名称", "进展情况"], ["东区学校", "封顶"]], ())
    assert keys_of(read_mapped(reading.mapping, [other], STORED)) == ["as_of:台账"]


def test_two_days_in_titles_are_asked_about() -> None:
    reading = read_columns({"进展情况": "封顶"}, title="2022年9月调度表（2022年8月修订）")
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


def test_what_a_blank_month_before_others_means_is_asked_about_once() -> None:
    columns = {"1月完成投资（万元）": "", "2月完成投资（万元）": 2, "3月完成投资（万元）": 3}
    key = "{月}月完成投资（万元）"
    answers = {key: "progress.invested_ytd_yuan;span=month"}
    blank = f"blank_months:台账:{key}"
    asked = read_columns(columns, answers=answers)
    assert (amounts(asked), keys_of(asked)) == ([], [blank])
    as_zero = read_columns(columns, answers={**answers, blank: "zero"})
    assert [(day.month, amount) for day, amount in amounts(as_zero)] == [(2, 20_000), (3, 50_000)]
    assert as_zero.mapping.sheets[0].columns[1].blank_months == "zero"
    unknown = read_columns(columns, answers={**answers, blank: "unknown"})
    assert (amounts(unknown), codes_of(unknown)) == ([], ["months_missing"] * 2)


def test_months_to_come_are_blank_without_a_question() -> None:
    columns = {"1月完成投资（万元）": 1, "2月完成投资（万元）": 2, "3月完成投资（万元）": ""}
    answers = {"{月}月完成投资（万元）": "progress.invested_ytd_yuan;span=month"}
    reading = read_columns(columns, answers=answers)
    assert reading.is_ready
    assert [(day.month, amount) for day, amount in amounts(reading)] == [(1, 10_000), (2, 30_000)]


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
    assert amounts(read_columns(columns)) == [(SEPTEMBER, 450_000)]
    months = {f"{month}月当月完成投资（万元）": 5 for month in range(1, 10)}
    assert codes_of(read_columns({**months, "1-9月完成投资（万元）": 45})) == []
    other = read_columns({**months, "1-9月完成投资（万元）": 46})
    assert (SEPTEMBER, 460_000) in amounts(other)
    assert codes_of(other) == ["sum_differs"]


def test_a_month_beside_its_sum_is_told_where_it_is_not_kept() -> None:
    header = ["项目名称", "责任单位", "1-9月完成投资（万元）", "9月当月完成投资（万元）"]
    rows: list[list[Any]] = [["东区学校", "住建局", 45, 5], ["城北水厂", "住建局", 30, 2]]
    stored = Facts.from_rows(
        {
            "units": STORED.tables["units"].to_pylist(),
            "projects": [stored_project("P001", "东区学校"), stored_project("P002", "城北水厂")],
            "progress": [
                {"project_id": "P002", "as_of": date(2022, 8, 31), "invested_ytd_yuan": 280_000}
            ],
        }
    )
    sheet = Sheet("台账", [[TITLE], header, *rows], ())  # type: ignore[list-item]
    (told,) = read_mapped(propose(sheet), [sheet], stored).findings
    assert (told.code, told.row, told.value) == ("month_not_kept", 3, "50000")
    nothing = Facts.from_rows(
        {name: stored.tables[name].to_pylist() for name in ("units", "projects")}
    )
    (told,) = read_mapped(propose(sheet), [sheet], nothing).findings
    assert (told.code, told.row, told.count) == ("month_not_kept", 3, 2)
    assert "第3、4行" in told.expected


def test_a_row_that_names_no_project_is_an_error() -> None:
    sheet = Sheet("台账", [["项目名称", "责任单位", "建设单位"], ["", "住建局", "城投"]], ())
    (wrong,) = read_mapped(propose(sheet), [sheet], STORED).errors
    assert (wrong.code, wrong.row, wrong.column) == ("missing_value", 2, "项目名称")
