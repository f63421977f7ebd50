"""Checks of a part that was read by a mapping: those across cells that every ledger has. Pure."""

from collections.abc import Iterator
from typing import Any

from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_COLUMNS
from shared.ledger.findings import Finding
from shared.ledger.sheets import Cell
from shared.ledger.validation import ParsedTable, StoredRecords, validate_tables


def check_part(
    part: LedgerPart, regions: frozenset[str], stored: StoredRecords
) -> Iterator[Finding]:
    """Findings of a part; `sheet` is the table, row and column are those of the office's sheet."""
    tables = {name: parsed_table(name, part) for name in part.tables}
    for table in tables.values():
        yield from missing_values(table)
    yield from validate_tables(tables, regions, stored)


def parsed_table(name: str, part: LedgerPart) -> ParsedTable:
    columns = part.facts.tables[name].to_pydict()
    headers = part.headers[name]
    cells = {column: [*map(as_cell, columns[column])] for column in headers}
    numbers = [part.number(name, index) or 0 for index in range(part.facts.tables[name].num_rows)]
    return ParsedTable(name, numbers, columns, headers, cells, frozenset())


def as_cell(value: Any) -> Cell:
    """A value as a cell that findings repeat."""
    if isinstance(value, list | tuple):
        return ";".join(value) or None
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def missing_values(table: ParsedTable) -> Iterator[Finding]:
    """Blanks in columns that the sheet has and that may not be blank."""
    for column in FACT_COLUMNS[table.name]:
        if column.required and column.name in table.headers:
            for index, value in enumerate(table.columns[column.name]):
                if value is None:
                    yield table.finding("missing_value", index, column.name)
