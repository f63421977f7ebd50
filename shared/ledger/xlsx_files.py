"""Workbooks in .xlsx and .xlsm: read by python-calamine, from parts that were judged before.

Its reader allocates what a sheet spans, believes what headers say, and takes cells that have no
value for blanks. So the parts are unpacked within bounds here, and given to it again unpacked.
"""

import re
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import time, timedelta
from functools import partial
from itertools import chain
from typing import Any

from python_calamine import CalamineWorkbook

from shared.ledger.archives import open_archive, unpack_file
from shared.ledger.file_formats import part_name
from shared.ledger.file_problems import (
    DAMAGED,
    MAX_SMALL_PART_BYTES,
    Allowance,
    ReadSheets,
    read_guarded,
    tell_names,
    unreadable,
)
from shared.ledger.findings import Finding
from shared.ledger.merged_ranges import clip_merged
from shared.ledger.number_formats import NumberFormat
from shared.ledger.sheets import Sheet, SheetRow
from shared.ledger.xlsx_cells import SheetCells, find_cells
from shared.ledger.xlsx_parts import (
    LINKS_PART,
    ROOT_LINKS,
    ROOT_LINKS_PART,
    STRINGS_PART,
    STYLES_PART,
    WORKBOOK_PART,
    SheetPart,
    parse_workbook,
)

TIME_TYPES = frozenset({time, timedelta})


def read_xlsx(name: str, content: bytes, allowance: Allowance) -> ReadSheets:
    """The sheets; one that is refused has its finding, and the others are read."""
    sheets: list[Sheet] = []
    with (
        open_archive(content) as archive,
        tempfile.NamedTemporaryFile(suffix=".xlsx") as file,
    ):
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as copy:
            parts = PartsCopy(archive, copy, allowance)
            parts.copy_small_parts()
            findings = parts.copy_sheets()
        file.flush()
        with CalamineWorkbook.from_path(file.name) as workbook:
            for sheet, cells in parts.cells.items():
                read = partial(read_sheet, workbook, sheet, cells, parts.counts_from_1904)
                read_sheets, found = read_guarded(sheet.name, read)
                sheets += read_sheets
                findings += found
    return sheets, findings


STRINGS_OPENING = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?(?:<\?[^>]{0,200}\?>\s*)?<(?:\w{1,20}:)?sst\b[^<>]{0,2000}>"
)
CLAIMED_COUNT = re.compile(rb"\s(?:count|uniqueCount)\s*=\s*(?:\"[^\"]*\"|'[^']*')")


class PartsCopy:
    """A copy of the parts that are read, unpacked, with what was found of each sheet."""

    def __init__(
        self, archive: zipfile.ZipFile, copy: zipfile.ZipFile, allowance: Allowance
    ) -> None:
        self.archive, self.copy, self.allowance = archive, copy, allowance
        self.items = {part_name(item.orig_filename): item for item in archive.infolist()}
        if len(self.items) < len(archive.infolist()):
            raise unreadable(DAMAGED)  # a part twice: each reader would take another
        self.counts_from_1904 = False
        self.formats: Mapping[str, NumberFormat] = {}
        self.sheets: tuple[SheetPart, ...] = ()
        self.cells: dict[SheetPart, SheetCells] = {}

    def copy_small_parts(self) -> None:
        """Copy the parts that tell of others, and the texts that sheets share."""
        small = {
            part: unpack_file(self.archive, self.items[part], self.allowance, MAX_SMALL_PART_BYTES)
            for part in (WORKBOOK_PART, LINKS_PART, STYLES_PART)
            if part in self.items
        }
        self.sheets, self.formats, self.counts_from_1904 = parse_workbook(small)
        for part in (STYLES_PART, STRINGS_PART):
            if (
                part.rpartition("/")[2].encode() in small[LINKS_PART]
                and part.lower() not in self.items
            ):
                raise unreadable(DAMAGED)
        self.copy.writestr(ROOT_LINKS_PART, ROOT_LINKS)
        for part, content in small.items():
            self.copy.writestr(part, content)
        if STRINGS_PART.lower() in self.items:
            strings = unpack_file(self.archive, self.items[STRINGS_PART.lower()], self.allowance)
            self.copy.writestr(STRINGS_PART, without_counts(strings))

    def copy_sheets(self) -> list[Finding]:
        """Copy each sheet within bounds; the others' findings."""
        findings = []
        for sheet in self.sheets:
            if sheet.has_cells:
                findings += read_guarded(sheet.name, partial(self.copy_sheet, sheet))[1]
        without = [sheet.name for sheet in self.sheets if not sheet.has_cells]
        return findings + tell_names("sheet_without_cells", without)

    def copy_sheet(self, sheet: SheetPart) -> ReadSheets:
        item = self.items.get(sheet.path.lower())
        if item is None or any(sheet.name == s.name or sheet.path == s.path for s in self.cells):
            raise unreadable(DAMAGED)
        content = unpack_file(self.archive, item, self.allowance)
        cells = find_cells(content, self.formats, self.allowance.cells)
        self.allowance.check_span(cells.rows, cells.columns)
        self.copy.writestr(sheet.path, content)
        self.cells[sheet] = cells
        return [], []


def read_sheet(
    workbook: CalamineWorkbook, sheet: SheetPart, cells: SheetCells, from_1904: bool
) -> ReadSheets:
    page = workbook.get_sheet_by_name(sheet.name)
    rows = stringify_times(page.to_python(skip_empty_area=False))
    for (row, column), cell in cells.special.items():
        while len(rows) <= row:
            rows.append([])
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = cell
    merged = clip_merged(((*first, *last) for first, last in page.merged_cell_ranges or ()), rows)
    hidden_rows = frozenset(row for row in cells.hidden_rows if row < len(rows))
    hidden_columns = frozenset(cells.hidden_columns)
    read = Sheet(sheet.name, rows, merged, sheet.is_hidden, hidden_rows, hidden_columns, from_1904)
    return [read], []


def stringify_times(rows: list[list[Any]]) -> list[SheetRow]:
    """Times of day and durations, which no column of a ledger has, become texts."""
    if TIME_TYPES.isdisjoint(map(type, chain.from_iterable(rows))):
        return rows
    return [[str(cell) if type(cell) in TIME_TYPES else cell for cell in row] for row in rows]


def without_counts(strings: bytes) -> bytes:
    """The shared texts without the numbers of them that the part claims: readers trust these."""
    opening = STRINGS_OPENING.match(strings)
    if opening is None:
        return strings
    return CLAIMED_COUNT.sub(b"", opening[0]) + strings[opening.end() :]
