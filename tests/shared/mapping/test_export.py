"""The layout of an export: holes filled, groups merged, months side by side, units and sections."""

from datetime import date
from typing import Any

import pytest

from shared.facts.tables import Facts
from shared.ledger.sheets import Sheet
from shared.mapping.changes import merge_part
from shared.mapping.export import LaidOutSheet, lay_out, shown_day
from shared.mapping.mapped_reading import read_mapped
from shared.mapping.model import ColumnMapping, ImportMapping, SheetMapping, TitleCell
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


@pytest.mark.parametrize("header", ["{月}月份完成投资", "本月完成投资"])
def test_a_month_that_stands_alone_is_blank_where_the_one_before_is_unknown(header: str) -> None:
    rows: list[list[Any]] = [
        ["2022年重点项目（截至2022年9月30日，单位：万元）"],
        ["项目名称", "责任单位", header.format(月=9), "本年累计完成投资"],
        ["东区学校", "住建局", 70, 500],
    ]
    sheet = Sheet("台账", rows, ())
    answers = {f"column:台账:{header}": f"{AMOUNT}=month"}
    reading = read_mapped(propose(sheet), [sheet], STORED, answers)
    assert reading.is_ready

    def shown(*more: tuple[date, int]) -> list[Any]:
        facts = merge_part(reading.part, stored_progress(*more))
        (laid_out,) = lay_out(reading.mapping, facts, date(2022, 9, 30))
        return laid_out.sheet.rows[-1][2:]

    assert shown() == [None, 500]
    assert shown((date(2022, 7, 31), 3_000_000)) == [None, 500]
    assert shown((date(2022, 7, 31), 3_000_000), (date(2022, 8, 31), 4_300_000)) == [70, 500]


def stored_progress(*amounts: tuple[date, int]) -> Facts:
    rows = [
        {"project_id": "P001", "as_of": day, "invested_ytd_yuan": yuan} for day, yuan in amounts
    ]
    return Facts(
        {**STORED.tables} | {"progress": Facts.from_rows({"progress": rows}).tables["progress"]}
    )


@pytest.mark.parametrize(("blank", "march"), [(None, None), ("unknown", None), ("zero", 200)])
def test_months_side_by_side_are_blank_after_one_that_is_unknown(
    blank: str | None, march: int | None
) -> None:
    month = ColumnMapping.model_validate(
        {
            "header": "{月}月",
            "to": "progress.invested_ytd_yuan",
            "span": "month",
            "months": "so_far",
            "unit_of_money": "万元",
            "blank_months": blank,
        }
    )
    mapping = ImportMapping(sheets=(SheetMapping(sheet="a", columns=(month,)),))
    facts = stored_progress((date(2022, 1, 31), 1_000_000), (date(2022, 3, 31), 3_000_000))
    (laid_out,) = lay_out(mapping, facts, date(2022, 3, 31))
    assert laid_out.sheet.rows[-1] == [100, None, march]
