"""Files of the ledger, its only input and output: CSV folders and workbooks to sheets, and back."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from shared.ledger.findings import Finding, build_finding
from shared.ledger.sheets import Sheet, SheetRow, table_for_sheet, unguard_formula

FIXED_CREATION_TIME = datetime(
    2000, 1, 1, tzinfo=UTC
)  # written into workbooks, so that equal ones are equal files
COLUMN_WIDTH = 16  # characters
# What zipfile raises for a damaged, an encrypted and an unknown kind of file.
DAMAGED_FILE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
TIME_TYPES = frozenset({time, timedelta})

ERROR_CELL_MARK = b't="e"'
FAILED_FORMULA_PATTERN = re.compile(
    rb"""<(?:\w+:)?c\b (?=[^>]*\st="e") [^>]*\sr="(?P<column>[A-Z]+)(?P<row>\d+)" [^>]*>
         .*? <(?:\w+:)?v> (?P<says>.*?) </""",
    re.DOTALL | re.VERBOSE,
)


def read_sheets(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """The sheets of a CSV folder or of a workbook, which must exist."""
    if path.is_dir():
        return read_folder(path)
    try:
        return read_workbook(path), []
    except (CalamineError, ElementTree.ParseError, *DAMAGED_FILE_ERRORS):
        return [], [build_finding("unreadable_file", path.name)]


def write_folder(sheets: Iterable[Sheet], folder: Path) -> None:
    """One UTF-8 file a sheet; other files of the folder stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        with (folder / f"{sheet.name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(sheet.rows)


def write_workbook(sheets: Iterable[Sheet], path: Path) -> None:
    """At most 1,048,576 rows a sheet, as Excel has it. Texts stay texts: nothing is a formula."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    workbook = Workbook(path)
    workbook.set_properties({"created": FIXED_CREATION_TIME})
    bold = workbook.add_format({"bold": True, "text_wrap": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    amount = workbook.add_format({"num_format": "#,##0"})
    for sheet in sheets:
        page = workbook.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.rows[0]) - 1, COLUMN_WIDTH)
        for row_index, row in enumerate(sheet.rows):
            for index, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(row_index, index, cell, None if row_index else bold)
                elif isinstance(cell, date):
                    page.write_datetime(row_index, index, cell, day)
                elif isinstance(
                    cell, int | float
                ):  # years are short of the thousands that get separators
                    page.write_number(row_index, index, cell, amount if cell >= 10_000 else None)
    try:
        workbook.close()
    except FileCreateError as error:  # wraps the OSError that says why
        raise error.args[0] from None


# --- CSV


def read_folder(folder: Path) -> tuple[list[Sheet], list[Finding]]:
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() == ".csv" and file.is_file():
            sheet, found = read_csv(file.stem, file.read_bytes())
            sheets.append(sheet)
            findings += found
        elif not file.name.startswith((".", "~$")):
            findings.append(build_finding("unknown_sheet", file.name))
    return sheets, findings


def read_csv(name: str, content: bytes) -> tuple[Sheet, list[Finding]]:
    """One file; a row is a record, as a spreadsheet numbers it. No rows if it cannot be read."""
    table = table_for_sheet(name) or name
    text, code = decode_csv(content)
    findings = [build_finding(code, table)] if code else []
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows: list[SheetRow] = (
            [[*map(unguard_formula, line)] for line in lines]
            if "'" in text
            else [list(line) for line in lines]
        )
        return Sheet(name, rows), findings
    except csv.Error:
        return Sheet(name, []), [*findings, build_finding("bad_csv", table, lines.line_num)]


def decode_csv(content: bytes) -> tuple[str, str | None]:
    """Text from UTF-8, with or without a mark, else from Excel's CSV in China; a finding's code."""
    for encoding, code in (("utf-8-sig", None), ("gb18030", "gb18030")):
        try:
            return content.decode(encoding), code
        except UnicodeDecodeError:
            continue
    return "", "bad_encoding"


# --- workbooks


def read_workbook(path: Path) -> list[Sheet]:
    with CalamineWorkbook.from_path(path) as workbook:
        failed = find_failed_formulas(path)
        sheets = [m.name for m in workbook.sheets_metadata if m.typ is SheetTypeEnum.WorkSheet]
        return [read_worksheet(workbook, name, failed.get(name, {})) for name in sheets]


def read_worksheet(
    workbook: CalamineWorkbook, name: str, failed: dict[tuple[int, int], str]
) -> Sheet:
    page = workbook.get_sheet_by_name(name)
    rows = stringify_times(page.to_python(skip_empty_area=False))
    for (row_index, index), text in failed.items():
        rows[row_index][index] = text
    merged = page.merged_cell_ranges
    if merged is None:
        return Sheet(name, rows)
    return Sheet(name, rows, tuple((*first, *last) for first, last in merged))


def stringify_times(rows: list[list[Any]]) -> list[SheetRow]:
    """Times of day and durations, which no column of a ledger has, become texts."""
    if TIME_TYPES.isdisjoint(map(type, chain.from_iterable(rows))):
        return rows
    return [[str(cell) if type(cell) in TIME_TYPES else cell for cell in row] for row in rows]


def find_failed_formulas(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """The texts of formulas without a result (`#REF!`), by sheet, row and column.

    The reader of workbooks takes them for blanks, and a blank means unknown. Only .xlsx tells.
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as parts:
        return {
            name: find_failed_cells(parts.read(part)) for name, part in sheet_parts(parts).items()
        }


def find_failed_cells(page: bytes) -> dict[tuple[int, int], str]:
    if ERROR_CELL_MARK not in page:  # looked for first, since the whole pattern takes its time
        return {}
    return {
        (int(cell["row"]) - 1, column_index(cell["column"])): cell["says"].decode()
        for cell in FAILED_FORMULA_PATTERN.finditer(page)
    }


def sheet_parts(parts: zipfile.ZipFile) -> dict[str, str]:
    """The part of the file that holds each sheet; namespaces differ between editions of .xlsx."""
    names = set(parts.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    links = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found: dict[str, str] = {}
    for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).findall(".//{*}sheet"):
        link = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        target = targets.get(link, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            found[sheet.get("name", "")] = part
    return found


def column_index(letters: bytes) -> int:
    """A, B, …, Z, AA are 0, 1, …, 25, 26."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1
