"""CSV files: encodings, separators and records as spreadsheets write them."""

import codecs
import csv
import io
from collections.abc import Iterable
from pathlib import Path

from shared.ledger.file_problems import MAX_COLUMNS, FileProblem, ReadSheets, cell_name
from shared.ledger.findings import build_finding
from shared.ledger.sheets import Sheet, SheetRow, table_for_sheet, unguard_formula

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SEPARATORS = ",\t;"
SEPARATOR_LINE = "sep="  # Excel's own first line
LINES_LOOKED_AT = 20


def read_csv(name: str, content: bytes) -> ReadSheets:
    """One file; a row is a record, as a spreadsheet numbers it. No rows if it cannot be read."""
    table = table_for_sheet(name) or name
    text, code = decode_csv(content)
    findings = [build_finding(code, table)] if code else []
    separator, text = detect_separator(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [bounded_row(line, lines.line_num) for line in lines]
    except csv.Error:
        return [Sheet(name, [])], [*findings, build_finding("bad_csv", table, lines.line_num)]
    except FileProblem as problem:
        return [Sheet(name, [])], [*findings, build_finding(problem.code, table, **problem.details)]
    if "'" in text:
        rows = [[unguard_formula(c) if isinstance(c, str) else c for c in row] for row in rows]
    return [Sheet(name, rows)], findings


def decode_csv(content: bytes) -> tuple[str, str | None]:
    """Text from UTF-8, with or without a mark, from Excel's Unicode text, else from Excel's CSV in
    China; with a finding's code."""
    if content.startswith(UTF16_MARKS):
        encodings: tuple[tuple[str, str | None], ...] = (("utf-16", None),)
    else:
        encodings = (("utf-8-sig", None), ("gb18030", "gb18030"))
    for encoding, code in encodings:
        try:
            return content.decode(encoding), code
        except UnicodeDecodeError:
            continue
    return "", "bad_encoding"


def detect_separator(text: str) -> tuple[str, str]:
    """The separator that the first line with any has most of, and the text without Excel's note."""
    if text[: len(SEPARATOR_LINE)].lower() == SEPARATOR_LINE and len(text) > len(SEPARATOR_LINE):
        line, _, rest = text.partition("\n")
        if len(line.rstrip()) == len(SEPARATOR_LINE) + 1:
            return line[len(SEPARATOR_LINE)], rest
    for _, line in zip(range(LINES_LOOKED_AT), io.StringIO(text, newline=""), strict=False):
        separator = max(SEPARATORS, key=line.count)
        if separator in line:
            return separator, text
    return ",", text


def bounded_row(line: list[str], number: int) -> SheetRow:
    """The cells of a record without far blanks."""
    if len(line) <= MAX_COLUMNS:
        return [*line]
    while len(line) > MAX_COLUMNS and not line[-1].strip():
        line.pop()
    if len(line) > MAX_COLUMNS:
        cell = cell_name(number - 1, len(line) - 1)
        raise FileProblem("sheet_too_large", cell=cell, columns=MAX_COLUMNS)
    return [*line]


def write_folder(sheets: Iterable[Sheet], folder: Path) -> None:
    """One UTF-8 file a sheet; other files of the folder stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        with (folder / f"{sheet.name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(sheet.rows)
