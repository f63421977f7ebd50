"""A whole ledger: what is taken, what is refused, and that all of it is said at once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.facts.projects import Plan, Progress, Project
from shared.facts.tables import FACT_KINDS, Facts
from shared.ledger.findings import LedgerRejected
from shared.ledger.reader import parse_ledger, read_ledger
from shared.ledger.sheets import Cell, Sheet
from shared.reference import region_codes
from tests.paths import GOLDEN
from tests.shared.ledger.sound_ledger import REGIONS, codes, csv_folder, places, reading, reading_of


@pytest.mark.parametrize("name", ["small", "county"])
def test_the_golden_ledgers_have_no_errors(name: str) -> None:
    found = read_ledger(GOLDEN / name, region_codes())
    assert found.errors == ()
    assert set(codes(found)) == {"unknown_region", "percent_over_100"}
    assert all(found.counts.values())


def test_facts_are_typed_and_words_are_those_of_the_wire() -> None:
    found = reading(
        projects="""
            项目编号,项目名称,责任单位编号,建设性质,重点级别,专项,总投资（万元）,是否产业项目
            P001,沙棘深加工项目,U01,新建,省级;市级,三个一批;能源革命,1234.5,是
        """,
        progress="""
            project_id,as_of,invested_ytd_yuan,physical_pct,note
            P001,2022年9月,,55%,主体施工
        """,
    )
    [project] = found.facts.rows(Project)
    assert found.findings == ()
    assert (project.nature, project.total_investment_yuan) == ("new", 12_345_000)
    assert [*project.key_levels] == ["province", "city"]
    assert [*project.programs] == ["three_batches", "能源革命"]
    assert (project.is_industrial, project.is_secret) == (True, None)
    [progress] = found.facts.rows(Progress)
    assert (progress.as_of, progress.physical_pct) == (date(2022, 9, 30), Decimal(55))
    assert progress.invested_ytd_yuan is None


def test_columns_and_tables_that_are_not_there_are_blank() -> None:
    found = reading()
    assert found.counts["units"] == 2
    assert found.counts["plans"] == 0
    assert found.facts.rows(Plan) == []
    assert [*found.facts.rows(Project)[0].key_levels] == []


def test_nothing_is_half_applied() -> None:
    found = reading(pauses="project_id,from_on\nP001,2022-02-30\nP002,2022-03-01")
    assert found.facts == Facts.from_columns({})
    assert found.counts["pauses"] == 2
    with pytest.raises(LedgerRejected, match="停工：第2行“from_on”栏“2022-02-30”：没有这一天"):
        found.accepted()


def test_a_sound_ledger_is_accepted() -> None:
    found = reading()
    assert found.accepted() is found.facts


def test_every_finding_comes_at_once_in_order_of_sheet_row_and_column() -> None:
    found = reading(
        pauses="project_id,from_on\nP009,2022-02-30",
        plans="planned_yuan,year,project_id\n-1,22,P001\nx,2022,P009",
        units="unit_id,name,kind,group\nU01,,局,\nU02,东村镇,乡镇,g",
    )
    assert places(found) == [
        ("missing_value", "units", 2, "name"),
        ("bad_word", "units", 2, "kind"),
        ("missing_value", "units", 2, "group"),
        ("negative_money", "plans", 2, "planned_yuan"),
        ("bad_year", "plans", 2, "year"),
        ("bad_money", "plans", 3, "planned_yuan"),
        ("unknown_reference", "plans", 3, "project_id"),
        ("unknown_reference", "pauses", 2, "project_id"),
        ("no_such_date", "pauses", 2, "from_on"),
    ]


def test_one_mistake_does_not_cascade() -> None:
    found = reading(
        projects="project_id,name,unit_id,nature\nP001,沙棘,U01,改建",
        plans="project_id,year,m01\nP001,2022,x",
        funds="project_id,source,event\n#REF!,专项债,到位",
    )
    assert codes(found) == ["bad_word", "bad_money", "formula_error", "fund_not_counted"]


def test_a_missing_sheet_or_key_column_is_said_once() -> None:
    assert places(reading(units="name,kind,group\n发改局,部门,g")) == [
        ("missing_column", "units", None, None)
    ]
    assert places(reading(units="")) == [("no_header", "units", None, None)]


def test_sheets_and_columns_that_are_not_of_the_ledger_are_said_and_not_read() -> None:
    found = reading(
        Sheet2="",
        说明="填表说明",
        clearance="project_id\nP001",
        units="序号,unit_id,name,kind,group",
    )
    assert [p[:2] for p in places(found) if p[0] != "unknown_reference"] == [
        ("unknown_column", "units"),
        ("unknown_sheet", "说明"),
        ("later_sheet", "clearance"),
    ]


def test_a_table_stands_in_one_sheet_only() -> None:
    assert codes(reading(项目="project_id\nP001")) == ["duplicate_sheet"]


def test_totals_that_do_not_add_up_are_said_in_yuan() -> None:
    found = reading(
        plans="""
            项目编号,年度,年度计划投资（万元）
            P001,2022,100
            小计,,100
            P002,2022,200.5
            小计,,200
            合计,,300.5
            总计,,1亿元
        """
    )
    assert [(f.row, f.value, f.expected) for f in found.findings] == [
        (5, "200", "与各行之和不符，各行之和为 2005000 元，本行为 2000000 元"),
        (7, "1亿元", "与各行之和不符，各行之和为 3005000 元，本行为 100000000 元"),
    ]


def test_of_a_secret_project_nothing_is_repeated() -> None:
    found = reading(
        projects="""
            project_id,name,unit_id,nature,is_secret,total_investment_yuan
            P001,某某秘密工程,U09,改建,是,一亿
        """
    )
    assert codes(found) == ["secret_project"]
    assert "某某" not in str(found.findings[0])
    assert "P001" not in str(found.findings[0])


def test_true_and_one_are_told_apart_and_zero_has_no_sign() -> None:
    """To Python 1, 1.0 and true are equal, and so are 0 and −0."""
    header: list[Cell] = ["project_id", "from_on", "to_on", "approved"]
    pauses: list[list[Cell]] = [[f"P00{n}", date(2022, 3, n), None, -0.0] for n in (1, 2)]
    found = reading(
        funds=[
            ["project_id", "source", "event", "amount_yuan", "on"],
            ["P001", "专项债", "到位", 1.0, date(2022, 3, 1)],
            ["P001", "专项债", "到位", True, date(2022, 3, 1)],
            ["P001", "专项债", "到位", 1, date(2022, 3, 1)],
        ],
        pauses=[header, *pauses],
    )
    assert places(found) == [("bad_money", "funds", 3, "amount_yuan")]
    assert found.counts["pauses"] == 2


def test_excel_s_chinese_csv_is_read_with_a_warning(tmp_path: Path) -> None:
    folder = csv_folder(tmp_path)
    text = (folder / "units.csv").read_text("utf-8")
    (folder / "units.csv").write_bytes(text.encode("gb18030"))
    assert places(reading_of(folder)) == [("gb18030", "units", None, None)]


@pytest.mark.parametrize(
    ("change", "code", "row"),
    [
        (lambda text: b"\xef\xbb\xbf" + text, None, None),
        (lambda text: text.replace(b"\n", b"\r\n"), None, None),
        (lambda text: text + b"\n,,,\n\n", None, None),
        (lambda text: text + b"\xff\xff\xff", "bad_encoding", None),
        (lambda text: text.replace(b"U02", b'"U02'), "bad_csv", 3),
        (lambda text: b"", "no_header", None),
    ],
)
def test_a_csv_file_is_read_whole_or_refused_whole(
    tmp_path: Path, change: Callable[[bytes], bytes], code: str | None, row: int | None
) -> None:
    units = csv_folder(tmp_path) / "units.csv"
    units.write_bytes(change(units.read_bytes()))
    assert places(reading_of(tmp_path)) == ([(code, "units", row, None)] if code else [])


def test_other_files_of_a_folder_are_said_and_not_read(tmp_path: Path) -> None:
    csv_folder(tmp_path)
    (tmp_path / "说明.docx").touch()
    (tmp_path / ".DS_Store").touch()
    (tmp_path / "~$台账.xlsx").touch()
    found = reading_of(tmp_path).findings
    assert [(f.code, f.sheet, f.count) for f in found] == [
        ("unknown_sheet", "说明.docx", 1),
        ("hidden_files", ".DS_Store", 2),
    ]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.dates(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(
        ["单位编号", "项目编号", "总投资（万元）", "累计计划（亿元）", "1月", "合计", "P1"]
    ),
)
MERGES = st.lists(st.tuples(*[st.integers(0, 6)] * 4), max_size=3).map(tuple)


@given(
    st.dictionaries(
        st.sampled_from([*FACT_KINDS, "项目", "Sheet1"]),
        st.tuples(st.lists(st.lists(CELLS, max_size=6), max_size=6), st.none() | MERGES),
    )
)
def test_no_sheets_break_the_reading(given_sheets: dict[str, Any]) -> None:
    sheets = [Sheet(name, rows, merged) for name, (rows, merged) in given_sheets.items()]
    found = parse_ledger(sheets, REGIONS)
    assert all(str(finding) for finding in found.findings)


def test_a_ledger_that_is_not_there_is_no_finding(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        reading_of(tmp_path / "ledger.xlsx")
