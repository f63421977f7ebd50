"""Cells of an .ods workbook: values, formats, errors, and what is repeated, merged or hidden."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from shared.ledger.file_problems import (
    MAX_COLUMNS,
    MAX_ROWS,
    Allowance,
    FileProblem,
    cell_name,
    read_guarded,
)
from shared.ledger.findings import Finding
from shared.ledger.format_sections import OWN_CURRENCY
from shared.ledger.merged_ranges import clip_merged
from shared.ledger.number_formats import NumberFormat, fail_format, show_percent
from shared.ledger.ods_formats import DataStyles
from shared.ledger.sheets import Cell, FailedCell, MergedRange, Sheet, SheetRow
from shared.ledger.xml_parts import build_parser, local_name, parse_pieces

ERROR_TEXT = re.compile(r"(?:#[A-Z/0?!]{2,10}|Err:\d{3})\Z")
CELLS = ("table-cell", "covered-table-cell")
HIDDEN = ("collapse", "filter")


@dataclass
class Page:
    """A sheet as far as it was walked through."""

    name: str
    is_hidden: bool
    rows: list[SheetRow] = field(default_factory=list)
    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    column_styles: list[str] = field(default_factory=list)
    next_row: int = 0
    cells: int = 0
    problem: FileProblem | None = None

    def build_sheet(self) -> Sheet:
        """Raises FileProblem where the sheet is refused."""
        if self.problem:
            raise self.problem
        merged = clip_merged(self.merged, self.rows)
        hidden = frozenset(row for row in self.hidden_rows if row < len(self.rows))
        columns = frozenset(self.hidden_columns)
        return Sheet(self.name, self.rows, merged, self.is_hidden, hidden, columns)


class ContentWalk:
    """A walk through styles.xml, then content.xml."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance
        self.sheets: list[Sheet] = []
        self.findings: list[Finding] = []
        self.hidden_tables: set[str] = set()
        self.number_styles = DataStyles()
        self.data_styles: dict[str, str] = {}  # of cells
        self.style = ""
        self.page: Page | None = None
        self.row: SheetRow = []
        self.column = 0
        self.row_attributes: dict[str, str] = {}
        self.cell: dict[str, str] | None = None
        self.text: list[str] = []
        self.notes = self.depth = 0
        self.is_text = False

    def walk(self, pieces: Iterable[bytes]) -> None:
        parser = build_parser()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.add_text
        parse_pieces(parser, pieces)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local == "annotation":
            self.notes += 1
        elif local == "table":
            self.start_table(attributes)
        elif self.page is None:
            self.read_style(local, attributes)
        elif local in CELLS and self.depth == 1:
            self.cell, self.text = plain_names(attributes), []
        elif self.cell is not None and not self.notes:
            self.start_text(local, attributes)
        elif local == "table-row" and self.depth == 1:
            self.row, self.column = [], 0
            self.row_attributes = plain_names(attributes)
        elif local == "table-column" and self.depth == 1:
            self.add_columns(plain_names(attributes))

    def end(self, name: str) -> None:
        local = local_name(name)
        if self.page is None:
            self.number_styles.end(local)
        if local == "annotation":
            self.notes -= 1
        elif local == "p" and not self.notes:
            self.is_text = False
        elif local == "table":
            self.depth -= 1
            if self.depth == 0 and self.page:
                self.end_table(self.page)
        elif self.page and self.depth == 1:
            if local in CELLS and self.cell is not None:
                self.end_cell(self.page, self.cell)
                self.cell = None
            elif local == "table-row":
                self.end_row(self.page)

    def add_text(self, text: str) -> None:
        if self.is_text and not self.notes:
            self.text.append(text)
        elif self.page is None:
            self.number_styles.add_text(text)

    # --- styles

    def read_style(self, local: str, attributes: dict[str, str]) -> None:
        named = plain_names(attributes)
        if local == "style":
            self.style = named.get("name", "")
            if "data-style-name" in named:
                self.data_styles[self.style] = named["data-style-name"]
        elif local == "table-properties" and named.get("display") == "false":
            self.hidden_tables.add(self.style)
        else:
            self.number_styles.start(local, named)

    # --- tables

    def start_table(self, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            named = plain_names(attributes)
            is_hidden = named.get("style-name") in self.hidden_tables
            self.page = Page(named.get("name", ""), is_hidden)

    def end_table(self, page: Page) -> None:
        self.page = None
        sheets, findings = read_guarded(page.name, lambda: ([page.build_sheet()], []))
        self.sheets += sheets
        self.findings += findings

    def add_columns(self, named: dict[str, str]) -> None:
        page = self.page
        if page is None:
            return
        first = len(page.column_styles)
        count = min(repeats(named, "number-columns-repeated"), MAX_COLUMNS - first)
        page.column_styles += [named.get("default-cell-style-name", "")] * count
        if named.get("visibility") in HIDDEN:
            page.hidden_columns.update(range(first, first + count))

    def end_row(self, page: Page) -> None:
        """Blank rows at the end of a sheet are many, and are no rows of it."""
        row, self.row = self.row, []
        count = repeats(self.row_attributes, "number-rows-repeated")
        first, page.next_row = page.next_row, page.next_row + count
        if self.row_attributes.get("visibility") in HIDDEN and count <= MAX_ROWS:
            page.hidden_rows.update(range(first, first + count) if row or count == 1 else ())
        if not row or page.problem:
            return
        page.cells += count * len(row)
        last = page.next_row
        if last > MAX_ROWS or last + page.cells > self.allowance.cells:
            page.problem = too_large(last - 1, len(row) - 1)
            page.rows = []
            return
        page.rows += [[] for _ in range(first - len(page.rows))]
        page.rows += [list(row) for _ in range(count)]

    # --- cells

    def start_text(self, local: str, attributes: dict[str, str]) -> None:
        if local == "p":
            self.is_text = True
            if self.text:
                self.text.append("\n")
        elif local == "s":
            count = plain_names(attributes).get("c", "1")
            self.text.append(" " * min(int(count), 100))
        elif local in ("tab", "line-break"):
            self.text.append("\t" if local == "tab" else "\n")

    def end_cell(self, page: Page, named: dict[str, str]) -> None:
        column = self.column
        count = repeats(named, "number-columns-repeated")
        self.column += count
        value = self.read_cell(named, column)
        if value is not None and column + count > MAX_COLUMNS:
            page.problem = page.problem or too_large(page.next_row, column + count - 1)
        if page.problem or column >= MAX_COLUMNS:
            return
        if value is not None:  # blank cells at the end of a row are many, and are no cells of it
            self.row += [None] * (column - len(self.row)) + [value] * count
        rows = repeats(named, "number-rows-spanned")
        columns = repeats(named, "number-columns-spanned")
        if rows * columns > 1:
            top = page.next_row
            page.merged.append((top, column, top + rows - 1, column + columns - 1))

    def read_cell(self, named: dict[str, str], column: int) -> Cell:
        text, kind = "".join(self.text), named.get("value-type")
        is_formula = "formula" in named
        if is_formula and (kind == "error" or ERROR_TEXT.match(text)):
            return FailedCell(text, "formula_error")
        if kind in ("float", "currency", "percentage"):
            return self.read_number(named, kind, column)
        if kind == "date":
            day = named["date-value"]
            moment = datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day)
            shown = self.find_format(named, column)
            return (shown.show_day(moment) if shown else None) or moment
        if kind == "boolean":
            return named["boolean-value"] == "true"
        if kind == "string":
            return text or named.get("string-value") or None
        if is_formula and not text:
            return FailedCell(named["formula"][:100], "formula_without_value")
        return text or None

    def read_number(self, named: dict[str, str], kind: str, column: int) -> Cell:
        number = float(named["value"])
        if kind == "percentage":
            return show_percent(number)
        currency = named.get("currency", "") if kind == "currency" else ""
        if currency and not OWN_CURRENCY.fullmatch(currency):
            return fail_format(Decimal(named["value"]))
        shown = self.find_format(named, column)
        return (shown.show(number) if shown else None) or number

    def find_format(self, named: dict[str, str], column: int) -> NumberFormat | None:
        styles = self.page.column_styles if self.page else []
        style = named.get("style-name") or (styles[column] if column < len(styles) else "")
        return self.number_styles.formats.get(self.data_styles.get(style, ""))


def plain_names(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes without prefixes; of two the standard's own comes first, so it is kept."""
    found: dict[str, str] = {}
    for name, value in attributes.items():
        local = local_name(name)
        if name == "calcext:value-type":
            if value == "error":
                found[local] = value
        elif found.get(local) != "error":
            found[local] = value
    return found


def repeats(named: dict[str, str], name: str) -> int:
    return max(1, int(named[name])) if name in named else 1


def too_large(row: int, column: int) -> FileProblem:
    return FileProblem("sheet_too_large", cell=cell_name(row, column), columns=MAX_COLUMNS)
