"""Values as cells: English words and ISO dates of CSV files, Chinese words of a workbook."""

from collections.abc import Callable
from typing import Any

from shared.facts.columns import Column, ColumnType
from shared.ledger.sheets import Cell, guard_formula

CellWriter = Callable[[Any], Cell]
WORKBOOK_EXACT_LIMIT = 10**11  # below it, four decimals fit a workbook's fifteen digits


def english_header(column: Column) -> str:
    return column.name


def english_writer(column: Column) -> CellWriter:
    """A function from a column's values to cells of CSV."""
    match column.kind:
        case ColumnType.text | ColumnType.word:
            return guard_formula
        case ColumnType.words:
            return lambda words: guard_formula(";".join(words))
        case ColumnType.flag:
            return lambda flag: "true" if flag else "false"
        case ColumnType.percent | ColumnType.figure:
            return lambda percent: f"{percent.normalize():f}"
        case _:
            return str


def chinese_header(column: Column) -> str:
    return column.title + {ColumnType.yuan: "（元）", ColumnType.percent: "（%）"}.get(
        column.kind, ""
    )


def chinese_writer(column: Column) -> CellWriter:
    """A function from a column's values to cells of a workbook; numbers and dates stay such."""
    usual = {word.value: word.zh[0] for word in column.words or ()}
    match column.kind:
        case ColumnType.word:
            return lambda word: usual.get(word, word)
        case ColumnType.words:
            return lambda words: "、".join(usual.get(word, word) for word in words)
        case ColumnType.flag:
            return lambda flag: "是" if flag else "否"
        case ColumnType.percent:
            return float
        case ColumnType.figure:  # a number of a workbook has fifteen digits, and not one more
            return lambda value: float(value) if abs(value) < WORKBOOK_EXACT_LIMIT else f"{value:f}"
        case _:
            return lambda value: value
