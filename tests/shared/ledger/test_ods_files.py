"""Workbooks in .ods, written by hand: what is repeated, hidden, merged, shown and failed."""

import zipfile
from datetime import date
from pathlib import Path

from shared.ledger.file_problems import ENCRYPTED
from shared.ledger.files import read_sheets
from shared.ledger.sheets import FailedCell

HEAD = """<office:document-content xmlns:office="o" xmlns:table="t" xmlns:style="s" xmlns:text="x"
 xmlns:number="n" xmlns:calcext="c"><office:automatic-styles>
<number:number-style style:name="N1"><number:number number:min-integer-digits="3"/>
</number:number-style><style:style style:name="ce1" style:data-style-name="N1"/>
<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>"""
TAIL = "</office:spreadsheet></office:body></office:document-content>"


def workbook(path: Path, tables: str, manifest: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", HEAD + tables + TAIL)
        parts.writestr("META-INF/manifest.xml", manifest)
    return path


def number(value: str, **attributes: str) -> str:
    named = "".join(f' table:{name.replace("_", "-")}="{v}"' for name, v in attributes.items())
    return f'<table:table-cell office:value-type="float" office:value="{value}"{named}/>'


def test_what_a_person_sees_is_read(tmp_path: Path) -> None:
    rows = f"""
    <table:table-column/><table:table-column table:visibility="collapse"/>
    <table:table-column table:default-cell-style-name="ce1" table:number-columns-repeated="9"/>
    <table:table-row>{number("1", number_columns_repeated="2")}{number("7")}
      <table:table-cell table:number-columns-repeated="16000"/></table:table-row>
    <table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
    <table:table-row table:visibility="filter">
      <table:table-cell office:value-type="percentage" office:value="0.123"/>
      <table:table-cell office:value-type="date" office:date-value="2022-03-15"/>
      <table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p>
        </office:annotation><text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p>
      </table:table-cell></table:table-row>
    <table:table-row>
      <table:table-cell table:formula="of:=1/0" office:value-type="string"
        calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
      <table:table-cell table:formula="of:=A9"/>
      {number("2", number_columns_spanned="1", number_rows_spanned="9")}</table:table-row>
    <table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>"""
    tables = f"""<table:table table:name="项目">{rows}</table:table>
    <table:table table:name="单位" table:style-name="ta2"><table:table-row>{number("1")}
    </table:table-row></table:table>"""
    sheets, findings = read_sheets(workbook(tmp_path / "a.ods", tables))
    project, unit = sheets
    assert project.rows == [
        [1.0, 1.0, "007"],
        [],
        [],
        ["12.3%", date(2022, 3, 15), "a  b\nc"],
        [
            FailedCell("#DIV/0!", "formula_error"),
            FailedCell("of:=A9", "formula_without_value"),
            "002",
        ],
    ]
    assert project.hidden_rows == {3}
    assert project.hidden_columns == {1}
    assert project.merged == ((4, 2, 4, 2),)
    assert (project.is_hidden, unit.is_hidden) == (False, True)
    assert [(f.code, f.sheet) for f in findings] == [("hidden_sheet_imported", "单位")]


def test_rows_repeated_without_end_are_refused(tmp_path: Path) -> None:
    tables = f"""<table:table table:name="项目">
    <table:table-row table:number-rows-repeated="1000000">
    {number("1", number_columns_repeated="900")}</table:table-row></table:table>
    <table:table table:name="单位"><table:table-row>{number("1")}</table:table-row></table:table>"""
    sheets, findings = read_sheets(workbook(tmp_path / "a.ods", tables))
    assert [sheet.name for sheet in sheets] == ["单位"]
    assert [(f.code, f.sheet) for f in findings] == [("sheet_too_large", "projects")]


def test_an_encrypted_workbook_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.ods", "", "<manifest:encryption-data/>")
    assert [finding.expected for finding in read_sheets(path)[1]] == [ENCRYPTED]
