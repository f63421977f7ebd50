"""Files that ask for more than they bring, the same each time they are made."""

import io
import zipfile
from collections.abc import Iterator

from tests.paths import ROOT

INTAKE = ROOT / "tests" / "shared" / "ledger" / "intake"
SHEET = "xl/worksheets/sheet1.xml"
MAX_ROWS, LAST_COLUMN = 1_048_576, "XFD"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FOOT = b"</sheetData></worksheet>"
PART = 1_000_000  # bytes that a bomb is made of


def workbook_with(*sheets: bytes) -> bytes:
    """The sound workbook of the cases of intake, with other content in its first sheets."""
    content, sink = (INTAKE / "00_base.xlsx").read_bytes(), io.BytesIO()
    replaced = {f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, start=1)}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as sound,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
    ):
        for name in sound.namelist():
            out.writestr(name, replaced.get(name, sound.read(name)))
    return sink.getvalue()


def aborting_workbook() -> bytes:
    """A workbook with a single space in its last cell."""
    return (INTAKE / "13_space_in_last_cell.xlsx").read_bytes()


def dense_range() -> bytes:
    """Two cells, seventeen thousand million apart."""
    cells = [
        f'<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>x</t></is></c></row>'
        for row, column in ((1, "A"), (MAX_ROWS, LAST_COLUMN))
    ]
    return workbook_with(HEAD + "".join(cells).encode() + FOOT)


def sparse_sheet() -> bytes:
    """Thousands of rows, each with one cell at the far end."""
    rows = (f'<row r="{n}"><c r="{LAST_COLUMN}{n}"><v>1</v></c></row>' for n in range(1, 20_001))
    return workbook_with(HEAD + "".join(rows).encode() + FOOT)


def error_cells() -> bytes:
    """Cells of errors that never end: a pattern over them may look through all from each."""
    return workbook_with(HEAD + b'<row r="1">' + b'<c r="A1" t="e"><v>#N/A' * 100_000 + FOOT)


def two_million_rows() -> bytes:
    """Two sheets of as many rows as a sheet can have."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, MAX_ROWS + 1))
    sheet = HEAD + rows.encode() + FOOT
    return workbook_with(sheet, sheet)


def deep_archive(levels: int = 30) -> bytes:
    """Archives within archives."""
    content = zipped_parts("units.csv", iter([b"unit_id\n"]))
    for level in range(levels):
        content = zipped_parts(f"{level}.zip", iter([content]))
    return content


def swelling_archive(parts: int = 1000) -> bytes:
    """A gigabyte in a megabyte."""
    return zipped_parts("units.csv", (b"a" * PART for _ in range(parts)))


def zipped_parts(name: str, parts: Iterator[bytes]) -> bytes:
    sink = io.BytesIO()
    with (
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w", force_zip64=True) as out,
    ):
        for part in parts:
            out.write(part)
    return sink.getvalue()
