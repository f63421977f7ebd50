"""The workbook of an export: merged headers, dates and amounts as such, texts that stay texts."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from shared.ledger.sheets import Cell, cell_text
from shared.ledger.workbook_writer import FIXED_CREATION_TIME
from shared.mapping.export import LaidOutSheet

LEAST_WIDTH, MOST_WIDTH = 6, 40  # characters of a column; longer texts wrap
FIRST_WIDE = 0x2E80  # the first character as wide as a Chinese one
A3 = 8  # of paper, as Excel numbers it


def write_layouts(layouts: Iterable[LaidOutSheet], path: Path) -> None:
    """Write the sheets; equal sheets are equal files."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    workbook = Workbook(path)
    workbook.set_properties({"created": FIXED_CREATION_TIME})
    formats = Formats(workbook)
    for laid_out in layouts:
        write_sheet(workbook.add_worksheet(laid_out.sheet.name), laid_out, formats)
    try:
        workbook.close()
    except FileCreateError as error:  # wraps the OSError that says why
        raise error.args[0] from None


class Formats:
    """The looks of cells."""

    def __init__(self, workbook: Any) -> None:
        edge = {"border": 1, "valign": "vcenter", "text_wrap": True}
        self.title = workbook.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.note = workbook.add_format({"align": "left"})
        self.head = workbook.add_format({**edge, "bold": True, "align": "center"})
        self.text = workbook.add_format(edge)
        self.bold = workbook.add_format({**edge, "bold": True, "text_wrap": False})
        self.day = workbook.add_format({**edge, "num_format": "yyyy-mm-dd"})


def write_sheet(page: Any, laid_out: LaidOutSheet, formats: Formats) -> None:
    sheet = laid_out.sheet
    top = laid_out.title_rows + laid_out.header_rows
    page.freeze_panes(top, 0)
    page.set_landscape()
    page.set_paper(A3)
    page.fit_to_pages(1, 0)
    page.repeat_rows(laid_out.title_rows, top - 1)
    for index, width in enumerate(column_widths(laid_out)):
        page.set_column(index, index, width)
    for row_index, row in enumerate(sheet.rows):
        look = formats.text
        if row_index < laid_out.title_rows:
            look = formats.title if row_index == 0 else formats.note
        elif row_index < top:
            look = formats.head
        elif row_index in laid_out.bold_rows:
            look = formats.bold
        for index, cell in enumerate(row):
            write_cell(page, (row_index, index), cell, look, formats)
    for first, left, last, right in sheet.merged or ():
        look = formats.head if first >= laid_out.title_rows else formats.title
        cell = sheet.rows[first][left]
        page.merge_range(first, left, last, right, "", look)
        write_cell(page, (first, left), cell, look, formats)


def write_cell(page: Any, place: tuple[int, int], cell: Cell, look: Any, formats: Formats) -> None:
    if isinstance(cell, str):
        page.write_string(*place, cell, look)
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, formats.day)
    elif isinstance(cell, int | float):
        page.write_number(*place, cell, look)
    elif look not in (formats.title, formats.note):
        page.write_blank(*place, None, look)


def column_widths(laid_out: LaidOutSheet) -> list[int]:
    """The width of each column by what stands below the header, where that is not a total's."""
    top = laid_out.title_rows + laid_out.header_rows
    rows = [row for i, row in enumerate(laid_out.sheet.rows) if i >= top - 1]
    rows = [row for i, row in enumerate(rows, top - 1) if i not in laid_out.bold_rows]
    width = max(map(len, laid_out.sheet.rows), default=0)
    return [
        min(
            max([LEAST_WIDTH, *(text_width(row[i]) + 2 for row in rows if i < len(row))]),
            MOST_WIDTH,
        )
        for i in range(width)
    ]


def text_width(cell: Cell) -> int:
    """The width of a cell in characters; a Chinese one counts two."""
    return sum(2 if ord(character) >= FIRST_WIDE else 1 for character in cell_text(cell))
