"""Merged cells: the value of every row, unless it is an amount."""

from datetime import date

from shared.facts.money_and_statistics import Fund
from shared.ledger.reader import LedgerReading, parse_ledger
from shared.ledger.sheets import Cell, MergedRange, Sheet
from tests.shared.ledger.sound_ledger import REGIONS, SOUND, rows

FUNDS: list[Cell] = ["单位编号", "项目编号", "资金来源", "资金环节", "金额（元）", "日期"]


def funds(cells: list[list[Cell]], *merged: MergedRange) -> LedgerReading:
    sheets = [Sheet(name, rows(text)) for name, text in SOUND.items()]
    return parse_ledger([*sheets, Sheet("资金", [FUNDS, *cells], merged)], REGIONS)


def test_an_amount_stays_in_its_first_row_and_is_told_with_its_range() -> None:
    day = date(2022, 9, 1)
    found = funds(
        [["U01", "P001", "专项债", "到位", 500.0, day], [None, "P002", "专项债", "到位"]],
        *((1, 0, 2, 0), (1, 4, 2, 4), (1, 5, 2, 5)),
    )
    assert [(f.unit_id, f.amount_yuan, f.on) for f in found.facts.rows(Fund)] == [
        ("U01", 500, day),
        ("U01", None, day),
    ]
    assert [str(f) for f in found.findings] == [
        "资金：第2行“金额（元）”栏：合并单元格 E2:E3 中的金额只计入第一行，请核对",
        "资金：第3行“金额（元）”栏：没有金额或日期，本行不计入",
    ]


def test_a_merge_across_columns_is_told_and_one_from_the_header_fills_nothing() -> None:
    found = funds(
        [["U01", "P001", "专项债", "到位", 5.0, date(2022, 9, 1)]] * 2,
        *((1, 2, 1, 3), (0, 1, 2, 1)),
    )
    assert [f.code for f in found.findings] == ["merged_across"]


def test_rows_of_totals_and_blank_rows_stay_what_they_are_below_a_merged_cell() -> None:
    found = funds(
        [
            ["U01", "P001", "专项债", "到位", 5.0, date(2022, 9, 1)],
            [None, "P002", "专项债", "到位", 5.0, date(2022, 9, 1)],
            [None, "小计", None, None, 10.0],
            [],
        ],
        (1, 0, 4, 0),
    )
    assert (found.counts["funds"], found.findings) == (2, ())


def test_a_merge_over_more_rows_than_there_are_ends_with_the_sheet() -> None:
    merged = [(1, column, 1_048_575, column) for column in range(4)] * 50
    found = funds([["U01", "P001", "专项债", "到位"], [None] * 4], *merged)
    assert found.counts["funds"] == 1
