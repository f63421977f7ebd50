"""Files as offices send them, to sheets: formats, archives, folders and what is not read."""

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from shared.ledger.file_problems import (
    BINARY_WORKBOOK,
    DAMAGED,
    EMPTY,
    ENCRYPTED,
    SAME_NAMES,
    ReadSheets,
)
from shared.ledger.files import read_sheets
from shared.ledger.sheets import Cell, FailedCell, Sheet, cell_text

INTAKE = Path(__file__).parent / "intake"
TABLES = {"单位", "项目", "年度计划", "节点", "进度"}


def cells_of(path: Path) -> dict[str, list[list[Cell]]]:
    sheets, _ = read_sheets(path)
    return {sheet.name: sheet.rows for sheet in sheets}


def sheet_of(path: Path, name: str) -> Sheet:
    return next(sheet for sheet in read_sheets(path)[0] if sheet.name == name)


def told(found: ReadSheets) -> list[tuple[str, str, int]]:
    return [(finding.code, finding.sheet, finding.count) for finding in found[1]]


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def changed_workbook(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The clean workbook with one part changed."""
    with zipfile.ZipFile(INTAKE / "00_base.xlsx") as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    return archive(path, contents | {part: change(contents[part])})


# --- the copies


@pytest.mark.parametrize(
    "name",
    [
        "00_base.xlsx",
        "14e_appledouble",
        "14l_lock_file",
        "15a_windows_gbk_names.zip",
        "15c_macos.zip",
        "15d_workbook_in_zip.zip",
        "15e_backslash_paths.zip",
        "15f_utf8_flag_control.zip",
        "15g_upper_case_CSV.zip",
        "30a_base.xls",
        "30g_base.ods",
    ],
)
def test_every_kind_of_file_has_the_same_tables(name: str) -> None:
    assert cells_of(INTAKE / name).keys() == TABLES


def test_archives_by_whatever_packer_hold_the_same_cells() -> None:
    control = cells_of(INTAKE / "15f_utf8_flag_control.zip")
    for name in ("15a_windows_gbk_names.zip", "15e_backslash_paths.zip"):
        assert cells_of(INTAKE / name) == control


@pytest.mark.parametrize("name", ["30a_base.xls", "30g_base.ods"])
def test_other_formats_hold_the_cells_of_xlsx(name: str) -> None:
    def plain(cells: dict[str, list[list[Cell]]]) -> list[str]:
        rows = [row for sheet in cells.values() for row in sheet]
        return [",".join(cell_text(cell) for cell in row).rstrip(",") for row in rows]

    assert plain(cells_of(INTAKE / name)) == plain(cells_of(INTAKE / "00_base.xlsx"))


def test_a_workbook_beside_csv_files_joins_them() -> None:
    sheets, _ = read_sheets(INTAKE / "15i_csv_and_a_workbook.zip")
    assert sorted(s.name for s in sheets) == sorted([*TABLES, "单位", "项目"])


def test_hidden_and_lock_files_are_told_once() -> None:
    assert told(read_sheets(INTAKE / "14e_appledouble")) == [("hidden_files", "._单位.csv", 5)]
    assert told(read_sheets(INTAKE / "14l_lock_file")) == [("hidden_files", "~$项目.csv", 1)]


def test_formulas_without_a_value_are_failed_cells() -> None:
    rows = sheet_of(INTAKE / "01_formula_no_cache.xlsx", "进度").rows
    assert {cell.code for row in rows for cell in row if isinstance(cell, FailedCell)} == {
        "formula_without_value"
    }


@pytest.mark.parametrize("name", ["30c_error_cells.xls", "60c_error_no_refs.xlsx"])
def test_error_cells_are_failed_cells(name: str) -> None:
    failed = [
        cell
        for rows in cells_of(INTAKE / name).values()
        for row in rows
        for cell in row
        if isinstance(cell, FailedCell)
    ]
    assert failed == [FailedCell("#REF!", "formula_error"), FailedCell("#DIV/0!", "formula_error")]


def test_numbers_are_the_texts_that_a_person_sees() -> None:
    percents = cells_of(INTAKE / "10_percent_cells.xlsx")["进度"]
    assert [text for row in percents for text in row if "%" in str(text)] == ["60%", "100%", "10%"]
    zeros = cells_of(INTAKE / "11_leading_zeros.xlsx")["单位"]
    assert [row[0] for row in zeros[1:]] == ["001", "002", "003"]


def test_hidden_rows_and_merged_ranges_and_the_calendar_are_given() -> None:
    assert sheet_of(INTAKE / "05a_hidden_rows.xlsx", "项目").hidden_rows == {4}
    merged = sheet_of(INTAKE / "06d_merged_planned_start.xlsx", "节点").merged
    assert merged == ((1, 2, 3, 2),)
    assert sheet_of(INTAKE / "02b_1904_serials_general.xlsx", "节点").counts_from_1904
    assert not sheet_of(INTAKE / "00_base.xlsx", "节点").counts_from_1904


def test_a_far_cell_is_told_and_the_other_sheets_are_read() -> None:
    found = read_sheets(INTAKE / "13_space_in_last_cell.xlsx")
    assert told(found) == [("sheet_too_large", "projects", 1)]
    assert "XFD1048576" in found[1][0].expected
    assert {sheet.name for sheet in found[0]} == TABLES - {"项目"}


# --- neighbours


def test_what_a_workbook_hides_and_shows_is_told(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "a.xlsx")
    page = book.add_worksheet("项目")
    page.write_row(0, 0, ["a", "b"])
    page.write(1, 0, 0.123, book.add_format({"num_format": "0.00%"}))
    page.write(1, 1, 7, book.add_format({"num_format": '"P"000'}))
    page.write(2, 1, 1234.5, book.add_format({"num_format": "#,##0.00"}))
    page.set_column(1, 1, 10, None, {"hidden": True})
    page.set_row(2, 15, None, {"hidden": True})
    page.write_formula(3, 0, "=A1", None, "")
    secret = book.add_worksheet("单位")
    secret.write(0, 0, "x")
    secret.hide()
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=项目!$A$1:$A$3"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()
    found = read_sheets(tmp_path / "a.xlsx")
    project = found[0][0]
    assert project.rows[1] == ["12.3%", "P007"]
    assert project.rows[2][1] == 1234.5
    assert project.hidden_rows == {2}
    assert project.hidden_columns == {1}
    assert found[0][1].is_hidden
    assert told(found) == [("sheet_without_cells", "图", 1), ("hidden_sheet_imported", "单位", 1)]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "编号,名称\n1,甲\n"),
        ("gb18030", "编号;名称\n1;甲\n"),
        ("utf-16", "编号\t名称\r\n1\t甲\r\n"),
        ("utf-8", "编号,名称\r1,甲\r"),
        ("utf-8", "sep=;\n编号;名称\n1;甲\n"),
    ],
)
def test_csv_is_read_in_every_dress(tmp_path: Path, encoding: str, text: str) -> None:
    (tmp_path / "单位.CSV").write_bytes(text.encode(encoding))
    assert cells_of(tmp_path) == {"单位": [["编号", "名称"], ["1", "甲"]]}


def test_nothing_of_an_archive_is_dropped_in_silence(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as inner:
        inner.writestr("单位.csv", "a")
    path = archive(
        tmp_path / "a.zip",
        {"台账/单位.csv": b"a", "里.zip": packed.getvalue(), "图.png": b"\x89PNG", "空.csv": b""},
    )
    found = read_sheets(path)
    assert told(found) == [("unknown_sheet", "图.png", 1), ("unread_archive", "里.zip", 1)]
    assert [sheet.name for sheet in found[0]] == ["单位", "空"]


def test_folders_in_a_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "旧").mkdir()
    (tmp_path / "单位.csv").write_text("a")
    assert told(read_sheets(tmp_path)) == [("unread_folder", "旧", 1)]


def test_the_unicode_path_of_a_name_is_heeded(tmp_path: Path) -> None:
    raw, name = b"_.csv", "单位.csv".encode()
    field = b"\x01" + zlib.crc32(raw).to_bytes(4, "little") + name
    item = zipfile.ZipInfo("_.csv")
    item.extra = b"up" + len(field).to_bytes(2, "little") + field
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr(item, "a")
    assert cells_of(tmp_path / "a.zip") == {"单位": [["a"]]}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", EMPTY),
        (b"PK\x03\x04", DAMAGED),
        (b"PK\x05\x06" + bytes(18), EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), ENCRYPTED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), DAMAGED),
        ((INTAKE / "00_base.xlsx").read_bytes()[:5000], DAMAGED),
    ],
    ids=["empty", "cut", "no files", "encrypted", "no workbook", "truncated"],
)
def test_what_cannot_be_read_says_why_by_the_name_given(
    tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / "upload").write_bytes(content)
    sheets, findings = read_sheets(tmp_path / "upload", "台账.xlsx")
    assert sheets == []
    assert [(f.code, f.sheet, f.expected) for f in findings] == [
        ("unreadable_file", "台账.xlsx", why)
    ]


def test_a_binary_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xlsb", {"xl/workbook.bin": b"", "[Content_Types].xml": b""})
    assert [finding.expected for finding in read_sheets(path)[1]] == [BINARY_WORKBOOK]


def test_a_name_twice_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"x/单位.csv": b"a", "x\\单位.csv": b"b"})
    assert [finding.expected for finding in read_sheets(path)[1]] == [SAME_NAMES]


def test_strict_open_xml_is_read_as_the_transitional(tmp_path: Path) -> None:
    with zipfile.ZipFile(INTAKE / "00_base.xlsx") as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    for name, content in contents.items():
        contents[name] = content.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
    strict = archive(tmp_path / "strict.xlsx", contents)
    assert cells_of(strict) == cells_of(INTAKE / "00_base.xlsx")


@pytest.mark.parametrize(
    "change",
    [
        lambda part: b'<!DOCTYPE a [<!ENTITY a "a">]>' + part.replace(b"12000", b"&a;"),
        lambda part: part.replace(b'r="B2"', b'r="A2"'),
        lambda part: part[:900],
        lambda part: part.replace(b"<sheetData>", b"<sheetData>" + b"<c>" * 200_000),
        lambda part: part.replace(b"<sheetData>", b"<sheetData>" + b'<c t="e"' * 200_000),
        lambda part: part + b" " * 60_000_000,
    ],
    ids=["entities", "cell twice", "cut", "deep", "no end", "bomb"],
)
def test_a_damaged_sheet_is_refused_whole(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    path = changed_workbook(tmp_path / "a.xlsx", "xl/worksheets/sheet2.xml", change)
    found = read_sheets(path)
    assert ("unreadable_file", "projects", 1) in told(found)
    assert "项目" not in {sheet.name for sheet in found[0]}
