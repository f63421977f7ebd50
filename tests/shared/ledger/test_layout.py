"""Where a sheet keeps its header, its units and its totals."""

import pytest

from shared.ledger.layout import SheetLayout, detect_layout
from shared.ledger.merged_cells import column_letters
from shared.ledger.sheets import Cell, MergedRange, Sheet, SheetRow, table_for_sheet
from tests.shared.ledger.sound_ledger import rows

FUNDS = ["单位编号", "项目编号", "资金来源", "资金环节", "金额（元）", "日期"]


def laid(
    cells: list[SheetRow], table: str = "funds", merged: tuple[MergedRange, ...] | None = None
) -> tuple[SheetLayout, list[tuple[str, str | None]]]:
    layout, findings = detect_layout(Sheet(table, cells, merged), table)
    assert layout is not None
    return layout, [(finding.code, finding.column) for finding in findings]


def factors(layout: SheetLayout) -> dict[str, int]:
    return {field.column.name: field.factor for field in layout.fields}


def names(layout: SheetLayout) -> list[str]:
    return [field.column.name for field in layout.fields]


def amount_header(header: str, *above: SheetRow) -> tuple[int, list[tuple[str, str | None]]]:
    layout, findings = laid([*above, [*FUNDS[:4], header, "日期"]])
    return factors(layout)["amount_yuan"], findings


@pytest.mark.parametrize(
    "name", ["projects", "Projects", "项目", " 项 目 ", "项目表", "项目台账", "ＰＲＯＪＥＣＴＳ"]
)
def test_a_sheet_is_known_by_its_english_and_its_chinese_name(name: str) -> None:
    assert table_for_sheet(name) == "projects"


@pytest.mark.parametrize(
    "header",
    [
        "unit_id,project_id,source,event,amount_yuan,on",
        "Unit_ID,PROJECT_ID,Source,Event,Amount,On",
        "单位编号,项目编号,资金来源,资金环节,金额（元）,日期",
        "单位代码,*项目编号,资金来源*,资金 环节,金额(元),日　期",
    ],
)
def test_columns_are_known_by_english_and_chinese_names(header: str) -> None:
    layout, _ = laid(rows(header))
    assert names(layout) == ["unit_id", "project_id", "source", "event", "amount_yuan", "on"]


@pytest.mark.parametrize(
    ("header", "factor"),
    [
        ("金额（元）", 1),
        ("金额（万元）", 10_000),
        ("金额(亿元)", 100_000_000),
        ("金额\n（单位：万元）", 10_000),
        ("金额万元", 10_000),
        ("金额[千元]", 1_000),
        ("amount_yuan", 1),
        ("amount_yuan（万元）", 10_000),
        ("amount（亿元）", 100_000_000),
    ],
)
def test_a_header_names_its_unit(header: str, factor: int) -> None:
    assert amount_header(header) == (factor, [])


def test_a_title_names_the_unit_of_the_amounts_whose_header_has_none() -> None:
    title: SheetRow = ["2022年资金到位情况表", None, None, None, None, "单位：万元"]
    assert amount_header("金额", title, []) == (10_000, [])
    assert amount_header("金额（元）", title) == (1, [])
    assert amount_header("amount_yuan", title) == (1, [])


def test_a_reporting_unit_in_a_title_is_not_a_unit_of_money() -> None:
    assert amount_header("金额", ["填报单位：元坝区"])[0] == 1


def test_amounts_without_any_unit_are_yuan_with_a_warning() -> None:
    assert amount_header("金额") == (1, [("unit_assumed", "金额")])


def test_titles_and_blank_rows_may_stand_above_the_header() -> None:
    layout, findings = laid(
        [["2022年重点项目资金台账"], [], ["填报单位：发改局"], [*FUNDS], [], ["U01"]]
    )
    assert (layout.numbers, findings) == ([6], [])


TWO_ROWS: list[SheetRow] = [
    ["项目编号", "年度", "投资（万元）", None, "累计计划（亿元）", None],
    [None, None, "年度计划投资", "以前年度完成投资", "1月", "2月"],
    ["P001", "2022", "5000", "100", "0.1", "0.2"],
]


@pytest.mark.parametrize("merged", [None, ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5))])
def test_a_header_of_two_rows_joins_groups_and_names(
    merged: tuple[MergedRange, ...] | None,
) -> None:
    layout, findings = laid(TWO_ROWS, "plans", merged)
    assert factors(layout) == {
        "project_id": 1,
        "year": 1,
        "planned_yuan": 10_000,
        "prior_invested_yuan": 10_000,
        "m01": 100_000_000,
        "m02": 100_000_000,
    }
    assert (layout.numbers, findings) == ([3], [])


def test_a_group_of_a_workbook_reaches_as_far_as_it_is_merged() -> None:
    cells: list[SheetRow] = [
        ["项目编号", "年度", "投资（万元）", None],
        [None, None, "年度计划投资", "以前年度完成投资"],
    ]
    layout, findings = laid(cells, "plans", ((0, 2, 0, 2),))
    assert factors(layout)["prior_invested_yuan"] == 1
    assert findings == [("unit_assumed", "以前年度完成投资")]


def test_a_text_merged_over_rows_stands_in_each_of_them_and_a_number_only_once() -> None:
    layout, _ = laid(
        [[*FUNDS], ["U01", None, "专项债", "到位", 500.0, None], [None, None, "专项债", "支付"]],
        merged=((1, 0, 2, 0), (1, 4, 2, 4), (5, 0, 9, 0)),
    )
    assert layout.rows[1][0] == "U01"
    assert len(layout.rows[1]) == 4


def test_what_a_header_lacks_or_has_twice_is_said_once() -> None:
    _, findings = laid([["项目编号", "资金来源", "来源", "项目编号"], ["P001", "专项债"]])
    assert findings == [
        ("unknown_column", "来源"),
        ("duplicate_column", "项目编号"),
    ]


def test_a_sheet_without_any_known_name_has_no_header() -> None:
    layout, findings = detect_layout(Sheet("funds", [["甲", "乙"], ["1", "2"]]), "funds")
    assert layout is None
    assert [finding.code for finding in findings] == ["no_header"]


def test_cells_under_no_name_are_not_dropped_silently() -> None:
    header: SheetRow = [*FUNDS, None]
    layout, findings = laid([header, ["U01", *[None] * 5, "备用"], [*[None] * 8, "更远"]])
    assert findings == [("ragged_row", None), ("column_without_header", "G")]
    assert layout.numbers == [2, 3]


def test_total_rows_are_no_data_and_know_what_they_sum_up() -> None:
    def line(first: Cell) -> SheetRow:
        return [None, first]

    firsts = ["P1", "P2", "小 计", None, "P3", "小计", "合计：", "共计"]
    layout, _ = laid([[*FUNDS], *(line(first) for first in firsts)])
    assert layout.numbers == [2, 3, 6]
    assert [(t.number, t.first, t.last) for t in layout.totals] == [
        (4, 0, 2),
        (7, 2, 3),
        (8, 0, 3),
        (9, 0, 3),
    ]


def test_a_grand_total_on_top_sums_up_all_below_it() -> None:
    layout, _ = laid([[*FUNDS], ["合计"], ["U01"], ["U02"]])
    assert [(t.first, t.last) for t in layout.totals] == [(0, 2)]


def test_a_column_without_a_name_is_called_as_the_workbook_calls_it() -> None:
    assert [column_letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
