"""Merged cells among the rows of data: each row has the value, but an amount is one amount."""

from collections.abc import Iterator, Mapping

from shared.ledger.headings import cell_at
from shared.ledger.rows import SortedRows
from shared.ledger.sheets import Cell, Sheet, is_blank


def fill_merged(
    sheet: Sheet, first: int, rows: SortedRows, is_amount: Mapping[int, bool]
) -> Iterator[tuple[str, int, int, str]]:
    """Fill the rows of data that merged cells reach; yields (code, row number, column, range).

    `is_amount` tells of each column that is read whether its values would be added up twice.
    """
    merged = [found for found in sheet.merged or () if first <= found[0] < len(sheet.rows)]
    if not merged:
        return
    positions = {number - 1: position for position, number in enumerate(rows.numbers)}
    copied: set[int] = set()
    left = len(rows.rows) * len(is_amount)  # cells to fill; ranges that overlap have an end
    for top, column, bottom, right in merged:
        value: Cell = cell_at(sheet.rows[top], column)
        bottom = min(bottom, len(sheet.rows) - 1)
        if is_blank(value) or column not in is_amount or top not in positions:
            continue
        cells = f"{column_letters(column)}{top + 1}:{column_letters(right)}{bottom + 1}"
        if right > column:
            yield "merged_across", top + 1, column, cells
        if bottom == top:
            continue
        if is_amount[column]:
            yield "amount_merged", top + 1, column, cells
            continue
        for row_index in range(top + 1, bottom + 1):
            position = positions.get(row_index)
            if position is None or left <= 0:
                continue
            left -= 1
            if position not in copied:
                copied.add(position)
                rows.rows[position] = list(rows.rows[position])
            row = rows.rows[position]
            row += [None] * (column + 1 - len(row))
            row[column] = value


def column_letters(index: int) -> str:
    """The column as a workbook names it: A, B, …, Z, AA."""
    before, last = divmod(index, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)
