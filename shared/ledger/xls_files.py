"""Workbooks in .xls, and .et of WPS, which are the same: read by xlrd, with formats and errors."""

import io
import struct
from datetime import date, datetime
from typing import Any

import xlrd
from xlrd.formatting import std_format_strings

from shared.ledger.file_problems import (
    DAMAGED,
    ENCRYPTED,
    Allowance,
    ReadSheets,
    read_guarded,
    unreadable,
)
from shared.ledger.merged_ranges import clip_merged
from shared.ledger.number_formats import NumberFormat, find_built_in_format, parse_number_format
from shared.ledger.sheets import Cell, FailedCell, Sheet, SheetRow

# Records of cells, which begin with row and column; those of several cells end with the last one.
ONE_CELL = frozenset({0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6})
MANY_CELLS = frozenset({0x00BD, 0x00BE})
END_OF_SHEET = 0x000A
WORKSHEET_ROWS = 65_536


def read_xls(name: str, content: bytes, allowance: Allowance) -> ReadSheets:
    """The sheets; one that is refused has its finding, and the others are read."""
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        why = ENCRYPTED if "encrypt" in str(error) else DAMAGED
        raise unreadable(why) from None
    sheets, findings = [], []
    formats = cell_formats(book)
    for index, title in enumerate(book.sheet_names()):

        def read(index: int = index) -> ReadSheets:
            check_span(book, index, allowance)
            return [read_page(book, book.sheet_by_index(index), formats)], []

        read_sheets, found = read_guarded(title, read)
        sheets += read_sheets
        findings += found
    return sheets, findings


def check_span(book: Any, index: int, allowance: Allowance) -> None:
    """Refuse a sheet that spans too much, before it is read; each row ends at its last cell."""
    content, position = book.mem, book._sh_abs_posn[index]
    ends: dict[int, int] = {}
    while position + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, position)
        if kind == END_OF_SHEET:
            break
        if kind in ONE_CELL and size >= 4:
            row, column = struct.unpack_from("<HH", content, position + 4)
            ends[row] = max(ends.get(row, 0), column + 1)
        elif kind in MANY_CELLS and 6 <= size <= len(content) - position - 4:
            row = struct.unpack_from("<H", content, position + 4)[0]
            last = struct.unpack_from("<H", content, position + 2 + size)[0]
            ends[row] = max(ends.get(row, 0), last + 1)
        position += 4 + size
    if sum(ends.values()) > allowance.cells:
        allowance.check_span(max(ends) + 1, max(ends.values()))


def cell_formats(book: Any) -> dict[int, NumberFormat]:
    """The styles of cells that show another thing than the number."""
    found = {}
    for index, style in enumerate(book.xf_list):
        number = style.format_key
        code = getattr(book.format_map.get(number), "format_str", "General")
        if code == std_format_strings.get(number, "General"):
            shown = find_built_in_format(number)  # whose currency is that of the place
        else:
            shown = parse_number_format(code)
        if shown:
            found[index] = shown._replace(from_1904=book.datemode == 1)
    return found


def read_page(book: Any, page: Any, formats: dict[int, NumberFormat]) -> Sheet:
    rows: list[SheetRow] = [
        [
            read_cell(book, cell, formats.get(cell.xf_index) if cell.xf_index else None)
            for cell in page.row(index)
        ]
        for index in range(page.nrows)
    ]
    hidden_columns = {
        column
        for column, info in page.colinfo_map.items()
        if info.hidden and column < max(map(len, rows), default=0)
    }
    return Sheet(
        page.name,
        rows,
        clip_merged(((a, c, b - 1, d - 1) for a, b, c, d in page.merged_cells), rows),
        page.visibility != 0,
        frozenset(row for row, info in page.rowinfo_map.items() if info.hidden and row < len(rows)),
        frozenset(hidden_columns),
        book.datemode == 1,
    )


def read_cell(book: Any, cell: Any, shown: NumberFormat | None) -> Cell:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return (shown.show(cell.value) if shown else None) or float(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        month = shown.show(cell.value) if shown else None
        return month or read_date(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code.get(cell.value, "#VALUE!")
        return FailedCell(text, "formula_error")
    return None


def read_date(serial: float, date_mode: int) -> date | str | float:
    """A day, a moment, or a time of day as a text; what is none of them stays a number."""
    try:
        moment: datetime = xlrd.xldate_as_datetime(serial, date_mode)
    except (ValueError, OverflowError):
        return serial
    if serial < 1:
        return str(moment.time())
    return moment.date() if serial == int(serial) else moment
