"""Numbers whose formats show another thing: the text that is seen, a failed cell, or the number."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from shared.ledger.files import read_sheets
from shared.ledger.number_formats import parse_number_format
from shared.ledger.sheets import Cell, FailedCell

FAILED = "format_not_understood"
ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '
PLAIN_FORMATS = """General|0_ ;[Red]\\-0\\ |#,##0;-#,##0;;@
00.00|G/通用格式|@|0|0.00|#|#,##0|#,##0.00|0.00_ |0
#,##0.00_);(#,##0.00)|#,##0.00_);[Red](#,##0.00)|0.00;[Red]0.00|[Red]0.0;[Blue]-0.0|¥#,##0.00
"¥"#,##0|"¥"#,##0;"¥"\\-#,##0|￥#,##0.00|[$¥-804]#,##0.00|[$￥-804]#,##0.00;[$￥-804]-#,##0.00
[$CNY]\\ #,##0.00|[DBNum1][$-804]General|[$-804]0.00|# ?/?|# ??/??|0.00E+00|##0.0E+0
[>100]0.00;[Red]0.0|_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-|0.00;-0.00;"-"|h:mm|mm:ss.0|yyyy-m-d
m"月"d"日"|yyyy"年"m"月"d"日"|[h]:mm:ss|0.00;@""".replace("\n", "|").split("|")


@pytest.mark.parametrize("code", [*PLAIN_FORMATS, ACCOUNTING])
def test_usual_formats_show_the_number(code: str) -> None:
    assert parse_number_format(code) is None


SHOWN = [
    ('0"元"', 12_000, "12000元"),
    ('#,##0"元"', 12_000, "12000元"),
    ('0"元"', -5, "-5元"),
    ('"¥"#,##0.00"万元"', 12.5, "12.5万元"),
    ('0.0"亿元"', 1.2, "1.2亿元"),
    ('0"万元"', 12_000.5, "12000.5万元"),
    ('General"万元"', 3, "3万元"),
    ("000", 7, "007"),
    ("000", -7, None),
    ('"P"000', 7, "P007"),
    ('"P"0', 7, "P7"),
    ('"P"0', 7.5, FAILED),
    ("\\P0", 7, "P7"),
    ('"XM"General', 12, "XM12"),
    ('"XM"@', 12, "XM12"),
    ('"2022-"#', 5, "2022-5"),
    ("0000-0000", 12_345, "0001-2345"),
    ("000-00000000", 1_012_345_678, "010-12345678"),
    ('00"A"0', 123, "12A3"),
    ('0"年水利项目"', 2022, "2022年水利项目"),
    ('0000"年"00"月"00"日"', 20_220_915, "2022年09月15日"),
    ("0!.0,", 12_000, FAILED),
    ("0!.0,", 0, None),
    ("0\\.0,", 12_000, FAILED),
    ('0!.0,"万元"', 12_000, FAILED),
    ("0!.0000", 12_000, FAILED),
    ("#,##0,", 12_000, FAILED),
    ("#,##0.00,", 12_000, FAILED),
    ("0.00,,", 12_000, FAILED),
    ("$#,##0", 12, FAILED),
    ('"US$"#,##0', 12, FAILED),
    ("[$$-409]#,##0", 12, FAILED),
    ("[$€-2]\\ #,##0", 12, FAILED),
    ("[$¥-411]#,##0", 12, FAILED),
    ("0%", 0.6, "60%"),
    ('0"%"', 55, "55%"),
    ("0;0", 5, None),
    ("0;0", -5, FAILED),
    ("0;;", -5, FAILED),
    (";;;", 5, FAILED),
    ('0;-0;"无"', 0, "无"),
    ('0;-0;"无"', -3, None),
    ('[=1]"是";[=0]"否";General', 1, "是"),
    ('[=1]"是";[=0]"否";General', 2, None),
    ('[>=10000]0!.0,"万";0', 9_000, None),
    ('[>=10000]0!.0,"万";0', 90_000, FAILED),
    ('[>=100]0"万元";0"元"', 90, "90元"),
    ('yyyy"年"m"月"', 44_805, "2022-09"),
    ('[DBNum1][$-804]yyyy"年"m"月";@', 44_805, "2022-09"),
    ("mmm-yy", 44_805, "2022-09"),
    ("yyyy", 44_805, "2022"),
]


@pytest.mark.parametrize(("code", "number", "seen"), SHOWN)
def test_other_formats_show_what_is_seen(code: str, number: float, seen: str | None) -> None:
    shown = parse_number_format(code)
    assert shown
    cell = shown.show(number)
    assert (cell.code if isinstance(cell, FailedCell) else cell) == seen


DAY = date(2022, 9, 1)
DAYS: list[tuple[str | int, Cell]] = [
    ('yyyy"年"m"月"', "2022-09"),
    ("yyyy-mm", "2022-09"),
    ("yyyy.mm", "2022-09"),
    ("yyyy/m", "2022-09"),
    ("mmm-yy", "2022-09"),
    (17, "2022-09"),
    (57, "2022-09"),
    (14, DAY),
    ('m"月"d"日"', DAY),
    ("yyyy-mm-dd", DAY),
]


@pytest.mark.parametrize("from_1904", [False, True])
def test_a_workbook_tells_months_texts_and_failures(tmp_path: Path, from_1904: bool) -> None:
    path = tmp_path / "ledger.xlsx"
    book = Workbook(path, {"date_1904": from_1904})
    page = book.add_worksheet("项目")
    for row, (code, _) in enumerate(DAYS):
        page.write_datetime(row, 0, DAY, book.add_format({"num_format": code}))
    page.write_number(0, 1, 12_000, book.add_format({"num_format": '0"元"'}))
    page.write_formula(1, 1, "=A1", book.add_format({"num_format": "0.0,"}), 12_000)
    page.write_number(2, 1, 12_000, book.add_format({"num_format": ACCOUNTING}))
    page.write_string(3, 1, "甲", book.add_format({"num_format": "0.0,"}))
    book.close()
    rows = read_sheets(path)[0][0].rows
    assert [row[0] for row in rows] == [seen for _, seen in DAYS]
    assert [row[1] for row in rows[:4]] == ["12000元", FailedCell("12000", FAILED), 12_000, "甲"]


ODS_STYLES = """
<number:number-style style:name="N1"><number:number number:decimal-places="0"
 number:min-integer-digits="1"/><number:text>元</number:text></number:number-style>
<number:number-style style:name="N2"><number:number number:decimal-places="1"
 number:min-integer-digits="1" number:display-factor="1000"/></number:number-style>
<number:currency-style style:name="N3P0"><number:currency-symbol>￥</number:currency-symbol>
<number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/>
</number:currency-style>
<number:currency-style style:name="N3"><number:text>-</number:text>
<number:currency-symbol>￥</number:currency-symbol><number:number number:decimal-places="2"
 number:min-integer-digits="1"/><style:map style:condition="value()&gt;=0"
 style:apply-style-name="N3P0"/></number:currency-style>
<number:date-style style:name="N4"><number:year number:style="long"/><number:text>年</number:text>
<number:month/><number:text>月</number:text></number:date-style>
<number:date-style style:name="N5"><number:year/><number:month/><number:day/></number:date-style>
<number:percentage-style style:name="N6"><number:number number:decimal-places="0"
 number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<number:number-style style:name="N7"><number:number number:min-integer-digits="1"/>
</number:number-style>
"""
ODS_CELLS: list[tuple[str, str, Cell]] = [
    ("N1", 'float" office:value="12000', "12000元"),
    ("N2", 'float" office:value="12000', FailedCell("12000", FAILED)),
    ("N3", 'currency" office:currency="CNY" office:value="12.5', 12.5),
    ("N3", 'currency" office:currency="CNY" office:value="-12.5', -12.5),
    ("N7", 'currency" office:currency="USD" office:value="12.5', FailedCell("12.5", FAILED)),
    ("N4", 'date" office:date-value="2022-09-01', "2022-09"),
    ("N5", 'date" office:date-value="2022-09-01', DAY),
    ("N6", 'float" office:value="0.55', "55%"),
    ("N7", 'float" office:value="12.5', 12.5),
]


def test_an_ods_tells_them_too(tmp_path: Path) -> None:
    styles = "".join(
        f'<style:style style:name="c{index}" style:family="table-cell"'
        f' style:data-style-name="N{index}"/>'
        for index in range(1, 8)
    )
    cells = "".join(
        f'<table:table-row><table:table-cell table:style-name="c{style[1]}"'
        f' office:value-type="{value}"/></table:table-row>'
        for style, value, _ in ODS_CELLS
    )
    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"), ("style", "style"), ("table", "table"), ("number", "datastyle"),
        )
    )  # fmt: skip
    content = (
        f"<office:document-content{names}><office:automatic-styles>{ODS_STYLES}{styles}"
        '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="项目">'
        f"{cells}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "ledger.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    rows = read_sheets(path)[0][0].rows
    assert [row[0] for row in rows] == [seen for *_, seen in ODS_CELLS]
