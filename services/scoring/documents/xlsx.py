"""A bulletin as a workbook: a sheet of texts, then a sheet a table, with numbers as numbers."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter

from services.scoring.documents.bulletin import (
    Bulletin,
    Cell,
    Column,
    Table,
    chinese_numeral,
    is_centred,
)
from services.scoring.documents.column_widths import lay_out_tables
from services.scoring.documents.table_heads import build_table_head
from shared.paper.dates import format_date

TEXT_SHEET = "通报正文"
GROUP_COLUMN = Column("组别")
A4_PAPER = 9
NUMBER_PATTERN = re.compile(r"(?P<sign>[+-]?)(?P<digits>\d[\d,]*)(?P<decimals>\.\d+)?(?P<unit>%?)")
FONT_COLOURS = {"red": "#C00000", "yellow": "#9C6500", "green": "#006100"}
FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\']")  # in the name of a sheet
LONGEST_SHEET_NAME = 31
SHEET_WIDTH = 700.0  # points over which a sheet's columns are spread
POINTS_A_CHARACTER = 5.6  # what Excel counts the width of a column in
TEXT_WIDTH = 100  # characters of the column of texts


class WorkbookNumber(NamedTuple):
    """A printed figure in a workbook: its value, and the number format that prints it so."""

    value: float
    format: str


def render_xlsx(bulletin: Bulletin) -> bytes:
    """Render XLSX; the same bytes for the same bulletin."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False})
    made_on = datetime.combine(bulletin.signed_on, time(), UTC).replace(tzinfo=None)
    properties = {"title": bulletin.title, "author": bulletin.office, "created": made_on}
    book.set_properties(properties)
    formats = FormatCache(book)
    write_texts(book.add_worksheet(TEXT_SHEET), bulletin, formats)
    for name, table in sheet_tables(bulletin):
        write_table(book.add_worksheet(name), table, formats)
    book.close()
    return out.getvalue()


def parse_number(text: str) -> WorkbookNumber | None:
    """A printed figure, or None: 1,573.80 → 1573.8 as #,##0.00; 90.57% → 0.9057 as 0.00%."""
    match = NUMBER_PATTERN.fullmatch(text)
    if match is None:
        return None
    value = Decimal(text.replace(",", "").rstrip("%"))
    form = "#,##0" if "," in match["digits"] else "0"
    form += "." + "0" * (len(match["decimals"]) - 1) if match["decimals"] else ""
    if match["unit"]:
        return WorkbookNumber(float(value / 100), f"{form}%")
    signed = f"+{form};-{form};{form}" if match["sign"] == "+" else form
    return WorkbookNumber(float(value), signed)


# --- sheets


def sheet_tables(bulletin: Bulletin) -> Iterator[tuple[str, Table]]:
    """Name and table of each sheet; tables of one sheet and columns are joined, group first."""
    joined: dict[tuple[str, tuple[Column, ...]], list[Table]] = {}
    for part in (*bulletin.parts, *bulletin.annexes):
        for table in part.tables:
            joined.setdefault((table.sheet, table.columns), []).append(table)
    used = {TEXT_SHEET}
    for (sheet, columns), tables in joined.items():
        name = free_sheet_name(sheet, used)
        used.add(name)
        if any(table.group for table in tables):
            columns = (GROUP_COLUMN, *columns)
            rows = [(Cell(table.group), *row) for table in tables for row in table.rows]
        else:
            rows = [row for table in tables for row in table.rows]
        yield name, Table(tables[0].caption, name, columns, tuple(rows))


def free_sheet_name(sheet: str, used: set[str]) -> str:
    """A name that Excel accepts and that no sheet has yet."""
    plain = FORBIDDEN_IN_NAME.sub(" ", sheet)[:LONGEST_SHEET_NAME].strip() or "表"
    name, number = plain, 2
    while name.lower() in {other.lower() for other in used}:
        mark = f"({number})"
        name, number = f"{plain[: LONGEST_SHEET_NAME - len(mark)]}{mark}", number + 1
    return name


class FormatCache:
    """A cache of the workbook's formats by their properties."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"valign": "vcenter", **properties})
        return self.formats[key]


def write_texts(sheet: Any, bulletin: Bulletin, formats: FormatCache) -> None:
    """Write the sheet of texts, a paragraph a row."""
    sheet.set_column(0, 0, TEXT_WIDTH)
    plain, bold = formats(text_wrap=True), formats(text_wrap=True, bold=True)
    lines: list[tuple[str, Any]] = [
        (bulletin.office, formats(bold=True, font_color="#FF0000", font_size=16, align="center")),
        (bulletin.title, formats(bold=True, font_size=14, align="center", text_wrap=True)),
    ]
    lines += [(f"（{bulletin.note}）", formats(align="center"))] if bulletin.note else []
    lines += [(f"{bulletin.addressee}：", plain), *((each, plain) for each in bulletin.opening)]
    for number, part in enumerate(bulletin.parts, start=1):
        lines += [(f"{chinese_numeral(number)}、{part.title}", bold)]
        lines += [(paragraph, plain) for paragraph in part.paragraphs]
    right = formats(align="right")
    lines += [
        (bulletin.closing, plain),
        (bulletin.office, right),
        (format_date(bulletin.signed_on), right),
    ]
    for number, part in enumerate(bulletin.annexes, start=1):
        lines += [(f"附件{number}　{part.title}", bold)]
        lines += [(paragraph, plain) for paragraph in part.paragraphs]
    for row, (text, form) in enumerate(lines):
        sheet.write_string(row, 0, text, form)
    set_up_page(sheet, landscape=False)


def write_table(sheet: Any, table: Table, formats: FormatCache) -> None:
    """Write frozen heads, filters and rows; wide tables print across, heads on every page."""
    head = formats(bold=True, align="center", bg_color="#EBEBEB", border=1, text_wrap=True)
    rows = build_table_head(table)
    for row, cells in enumerate(rows):
        for head_cell in cells:
            if head_cell.across > 1 or head_cell.down > 1:
                last_row, last_column = (
                    row + head_cell.down - 1,
                    head_cell.at + head_cell.across - 1,
                )
                sheet.merge_range(row, head_cell.at, last_row, last_column, head_cell.title, head)
            else:
                sheet.write_string(row, head_cell.at, head_cell.title, head)
    for row, table_row in enumerate(table.rows, start=len(rows)):
        for index, (column, cell) in enumerate(zip(table.columns, table_row, strict=True)):
            write_cell(sheet, row, index, column, cell, formats)
    for index, width in enumerate(lay_out_tables([table], SHEET_WIDTH)[0].widths):
        sheet.set_column(index, index, width / POINTS_A_CHARACTER)
    sheet.freeze_panes(len(rows), frozen_column_count(table.columns))
    if table.rows:
        last = len(rows) + len(table.rows) - 1
        sheet.autofilter(len(rows) - 1, 0, last, len(table.columns) - 1)
    sheet.repeat_rows(0, len(rows) - 1)
    set_up_page(sheet, landscape=len(table.columns) > 6)


def write_cell(
    sheet: Any, row: int, index: int, column: Column, cell: Cell, formats: FormatCache
) -> None:
    """Write a number where the column is of figures and the text is one; else the text."""
    looks: dict[str, Any] = {"border": 1}
    if is_centred(column, cell):
        looks["align"] = "center"
    if cell.colour:
        looks["font_color"] = FONT_COLOURS[cell.colour]
    number = parse_number(cell.text) if column.is_figure else None
    if number is None:
        sheet.write_string(row, index, cell.text, formats(text_wrap=True, **looks))
    else:
        sheet.write_number(row, index, number.value, formats(num_format=number.format, **looks))


def frozen_column_count(columns: Sequence[Column]) -> int:
    """The number of frozen columns at the left: up to the unit's name, if it is among four."""
    titles = [column.title for column in columns[:4]]
    return titles.index("单位") + 1 if "单位" in titles else 0


def set_up_page(sheet: Any, *, landscape: bool) -> None:
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(A4_PAPER)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.set_footer("&C— &P —")
