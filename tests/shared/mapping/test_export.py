"""The layout of an export: holes filled, groups merged, months side by side, units and sections."""

from datetime import date
from typing import Any

import pytest

from shared.ledger.sheets import Sheet
from shared.mapping.changes import merge_part
from shared.mapping.export import LaidOutSheet, lay_out, shown_day
from shared.mapping.mapped_reading import read_mapped
from shared.mapping.model import ColumnMapping, SheetMapping, TitleCell
from tests.shared.mapping.made_sheets import propose, stored_project, stored_units

STORED = stored_units(stored_project("P001", "东区学校"))
BLOCK = "column:投资:{月}月 › "
AMOUNT = "progress.invested_ytd_yuan;span"


def block() -> Sheet:
    """Months side by side, each with its own amount and the sum."""
    rows: list[list[Any]] = [
        ["2022年月度投资表（单位：万元）"],
        ["项目名称", "责任单位", "1月", "", "2月", ""],
        ["", "", "当月", "累计", "当月", "累计"],
        ["东区学校", "住建局", 100, 100, 200, 300],
    ]
    merged = ((0, 0, 0, 5), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5))
    return Sheet("投资", rows, merged)


def lay_out_block(day: date) -> LaidOutSheet:
    answers = {f"{BLOCK}当月": f"{AMOUNT}=month", f"{BLOCK}累计": f"{AMOUNT}=year"}
    reading = read_mapped(propose(block()), [block()], STORED, answers)
    assert reading.is_ready
    (laid_out,) = lay_out(reading.mapping, merge_part(reading.part, STORED), day)
    return laid_out


def test_months_with_columns_of_their_own_stay_side_by_side() -> None:
    laid_out = lay_out_block(date(2022, 2, 28))
    assert laid_out.sheet.rows == [
        ["2022年月度投资表（单位：万元）", None, None, None],
        ["项目名称", "责任单位", "1月", None, "2月", None],
        [None, None, "当月", "累计", "当月", "累计"],
        ["东区学校", "住建局", 100, 100, 200, 300],
    ]
    assert sorted(laid_out.sheet.merged or ()) == sorted(block().merged or ())


def test_a_month_later_there_is_one_more() -> None:
    laid_out = lay_out_block(date(2022, 3, 31))
    assert laid_out.sheet.rows[1][2:] == ["1月", None, "2月", None, "3月", None]
    assert laid_out.sheet.rows[3][2:] == [100, 100, 200, 300, None, None]


@pytest.mark.parametrize(
    ("header", "as_of", "day"),
    [
        ("1-{月}月完成投资", date(2022, 10, 15), date(2022, 9, 30)),
        ("1-{月}月完成投资", date(2022, 10, 31), date(2022, 10, 31)),
        ("截至{月}月{日}日完成投资", date(2022, 10, 15), date(2022, 10, 15)),
    ],
)
def test_a_sheet_that_says_only_months_is_of_the_last_months_end(
    header: str, as_of: date, day: date
) -> None:
    title = TitleCell(row=1, column="A", text="{年}年台账")
    mapping = SheetMapping(sheet="a", columns=(ColumnMapping(header=header),), titles=(title,))
    assert shown_day(mapping, as_of) == day
