"""The oracle's ledgers, rows of text, as the facts that everything else reads."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS, Facts

TextRow = Mapping[str, str]
VALUE: Mapping[ColumnType, Callable[[str], Any]] = {
    ColumnType.text: str,
    ColumnType.word: str,
    ColumnType.words: lambda cell: cell.split(";"),
    ColumnType.flag: lambda cell: cell == "true",
    ColumnType.day: date.fromisoformat,
    ColumnType.yuan: int,
    ColumnType.count: int,
    ColumnType.year: int,
    ColumnType.percent: Decimal,
}


def facts_of(ledger: Mapping[str, list[Any]]) -> Facts:
    """A clean ledger of text rows as facts, without the readers of the program."""
    return Facts.from_columns(
        {
            table: {column.name: values(column, ledger.get(table, [])) for column in columns}
            for table, columns in FACT_COLUMNS.items()
        }
    )


def values(column: Column, rows: list[TextRow]) -> list[Any]:
    """A column's values; blank is unknown, of a list of words: empty."""
    blank: list[str] | None = [] if column.kind is ColumnType.words else None
    cells = [row.get(column.name, "") for row in rows]
    return [VALUE[column.kind](cell) if cell else blank for cell in cells]
