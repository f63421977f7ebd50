"""Cells of an .xlsx sheet that the reader of workbooks does not tell: errors, formulas without
values, numbers shown otherwise, hidden rows and columns, and how far the sheet spans."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.ledger.file_problems import (
    DAMAGED,
    MAX_COLUMNS,
    MAX_FAILED_CELLS,
    MAX_ROWS,
    unreadable,
)
from shared.ledger.number_formats import NumberFormat
from shared.ledger.sheets import Cell, FailedCell
from shared.ledger.xml_parts import build_parser, is_true, parse_pieces, split_pieces

# Formulas, errors, hidden rows and columns, cells without a place.
SPECIAL_MARKS = (b"<f", b't="e"', b'hidden="', b"<c>")
# Attributes and comments that others do not write, behind a byte that is looked for first: quickly.
UNUSUAL_MARKS = ((b"'", b"='"), (b"!", b"<!"))
REFERENCE = re.compile(rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"')
LETTERS, DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"
MAX_FORMULA_LENGTH = 100  # characters of a formula that a finding repeats


@dataclass
class SheetCells:
    """What is told of a sheet beside its values; `rows` and `columns` are those it spans."""

    rows: int = 0
    columns: int = 0
    special: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def find_cells(content: bytes, formats: Mapping[str, NumberFormat], most: int) -> SheetCells:
    """Find them; only a sheet that spans at most `most` cells is not walked through.

    Most sheets have nothing special, which is soon seen; the others are walked through.
    """
    return measure_plain_sheet(content, formats, most) or CellWalk(formats).walk(content)


def measure_plain_sheet(
    content: bytes, formats: Mapping[str, NumberFormat], most: int
) -> SheetCells | None:
    """The span of a sheet with nothing special; None where it has to be walked through."""
    if any(byte in content and mark in content for byte, mark in UNUSUAL_MARKS):
        return None
    if any(mark in content for mark in SPECIAL_MARKS):
        return None
    if formats and re.search(rb' s="(?:%s)"' % "|".join(formats).encode(), content):
        return None
    references = REFERENCE.findall(content)
    if len(references) != content.count(b"<c ") or len(set(references)) != len(references):
        return None
    if not references:
        return SheetCells() if b"<sheetData/>" in content else None
    joined = b" ".join(references)
    rows = [*map(int, joined.translate(None, LETTERS).split())]
    columns = 1 + max(map(column_index, set(joined.translate(None, DIGITS).decode().split())))
    if rows != sorted(rows) or columns > MAX_COLUMNS or rows[-1] * columns > most:
        return None
    return SheetCells(rows[-1], columns)


class CellWalk:
    """A walk through the XML of a sheet. Cells follow each other as they are read: from left to
    right, from above to below; other sheets are damaged."""

    def __init__(self, formats: Mapping[str, NumberFormat]) -> None:
        self.formats = formats
        self.found = SheetCells()
        self.row = self.column = -1
        self.kind: str | None = None
        self.format: NumberFormat | None = None
        self.formula: list[str] | None = None
        self.value: list[str] | None = None
        self.is_open = False
        self.failed = 0
        self.names: dict[str, str] = {}
        self.parser = build_parser()

    def walk(self, content: bytes) -> SheetCells:
        self.parser.StartElementHandler = self.start
        parse_pieces(self.parser, split_pieces(content))
        self.close_cell()
        return self.found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = self.names.get(name)
        if local is None:
            local = self.names[name] = name.rpartition(":")[2]
        if local == "c":
            self.start_cell(attributes)
        elif local == "v":
            self.value = []
            if self.kind == "e" or self.format or self.formula is not None:
                self.parser.CharacterDataHandler = self.value.append
            self.span()
        elif local == "is":
            self.span()
        elif local == "f" and self.is_open:
            self.formula = []
            self.parser.CharacterDataHandler = self.formula.append
        elif local == "row":
            self.start_row(attributes)
        elif local == "col" and is_true(attributes.get("hidden")):
            first, last = int(attributes["min"]), min(int(attributes["max"]), MAX_COLUMNS)
            self.found.hidden_columns.update(range(first - 1, last))

    def start_row(self, attributes: dict[str, str]) -> None:
        self.close_cell()
        row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
        if not self.row < row < MAX_ROWS:
            raise unreadable(DAMAGED)
        self.row, self.column = row, -1
        if is_true(attributes.get("hidden")):
            self.found.hidden_rows.add(row)

    def start_cell(self, attributes: dict[str, str]) -> None:
        self.close_cell()
        reference = attributes.get("r")
        if reference:
            digits = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            row = int(digits) - 1
            column = column_index(reference[: -len(digits)])
        else:
            row, column = self.row, self.column + 1
        if row != self.row or column <= self.column:
            raise unreadable(DAMAGED)
        self.column, self.is_open = column, True
        self.kind = attributes.get("t")
        is_number = self.kind in (None, "n")
        self.format = self.formats.get(attributes.get("s", "")) if is_number else None

    def span(self) -> None:
        if self.is_open:
            found = self.found
            found.rows = self.row + 1
            found.columns = max(found.columns, self.column + 1)

    def close_cell(self) -> None:
        """Keep what is special about the cell that ends."""
        if self.is_open:
            cell = self.special_cell()
            if cell is not None:
                self.span()
                self.failed += isinstance(cell, FailedCell)
                if self.failed > MAX_FAILED_CELLS:
                    raise unreadable(f"出错、没有结果或格式不明的单元格超过 {MAX_FAILED_CELLS} 个")
                self.found.special[self.row, self.column] = cell
        self.is_open, self.formula, self.value = False, None, None
        self.kind = self.format = None
        self.parser.CharacterDataHandler = None

    def special_cell(self) -> Cell:
        value = None if self.value is None else "".join(self.value)
        if self.kind == "e":
            return FailedCell(value or "#VALUE!", "formula_error")
        if self.formula is not None and not value and (value is None or self.kind != "str"):
            formula = "".join(self.formula)[:MAX_FORMULA_LENGTH]
            return FailedCell("=" + formula, "formula_without_value")
        return self.format.show(float(value)) if self.format and value else None


def column_index(letters: str) -> int:
    """A, B, …, Z, AA are 0, 1, …, 25, 26."""
    if not 1 <= len(letters) <= 3:
        raise unreadable(DAMAGED)
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
