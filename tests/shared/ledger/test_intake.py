"""Ledgers as they came in, each a clean one with one thing changed, read as a person reads it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME, find_scheme, resolve_lights
from shared.facts.projects import Milestone, Plan, Progress, Project
from shared.facts.tables import FACT_KINDS, Facts
from shared.ledger.files import read_sheets
from shared.ledger.reader import LedgerReading, parse_ledger, read_ledger
from shared.ledger.sheets import FailedCell, Sheet
from shared.reference import region_codes

INTAKE = Path(__file__).parent / "intake"


def read_case(name: str) -> LedgerReading:
    return read_ledger(INTAKE / name, region_codes())


def sheets_of(name: str) -> list[Sheet]:
    sheets, findings = read_sheets(INTAKE / name)
    assert findings == []
    return sheets


def told(found: LedgerReading) -> Counter[str]:
    """How many sheets, rows or cells each code tells of."""
    return sum((Counter({f.code: f.count}) for f in found.findings), Counter())


@pytest.fixture(scope="module")
def base() -> Facts:
    return read_case("00_base.xlsx").accepted()


def sorted_rows(facts: Facts, table: str) -> list[str]:
    return sorted(map(repr, facts.rows(FACT_KINDS[table].model)))


def differing_tables(found: LedgerReading, base: Facts) -> set[str]:
    facts = found.accepted()
    return {name for name in FACT_KINDS if sorted_rows(facts, name) != sorted_rows(base, name)}


def test_the_clean_ledger_says_nothing_and_has_the_points_of_the_county(base: Facts) -> None:
    scheme = find_scheme(DEFAULT_SCHEME)
    result = score_facts(base, scheme, resolve_lights(scheme), date(2022, 9, 30))
    points = {
        standing.unit_id: round(float(standing.total or 0), 2)
        for standings in result.groups.values()
        for standing in standings
    }
    assert points == {"U02": 64.44, "U01": 51.67, "U03": 24.17}
    assert read_case("00_base.xlsx").findings == ()


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("02a_1904_dates.xlsx", {}),
        ("03a_unit_in_title.xlsx", {}),
        ("03c_unit_in_title.xlsx", {}),
        ("03h_unit_in_header.xlsx", {}),
        ("03i_unit_in_header.xlsx", {}),
        ("03l_unit_in_header.xlsx", {}),
        ("03o_unit_in_header.xlsx", {}),
        ("04a_section_rows.xlsx", {"section_rows": 2}),
        ("04b_total_with_count.xlsx", {"total_rows": 1}),
        ("04c_signature_and_note_rows.xlsx", {"note_rows": 2}),
        ("04d_repeated_header.xlsx", {"repeated_headers": 1}),
        ("04g_subtotals_above_their_rows.xlsx", {}),
        ("04i_subtotals_below_control.xlsx", {}),
        ("07a_invisible_in_ids.xlsx", {"invisible_characters": 3}),
        ("09b_dates_43_seconds_early.xlsx", {"next_day": 8}),
        ("40e_year_in_header.xlsx", {}),
        ("30a_base.xls", {}),
        ("30g_base.ods", {}),
    ],
)
def test_it_is_read_as_the_clean_ledger_is(name: str, codes: dict[str, int], base: Facts) -> None:
    found = read_case(name)
    assert differing_tables(found, base) == set()
    assert told(found) == codes


def test_serial_numbers_count_from_1904_in_any_format(base: Facts) -> None:
    sheets = [replace(s, counts_from_1904=True) for s in sheets_of("02b_1904_serials_general.xlsx")]
    assert differing_tables(parse_ledger(sheets, region_codes()), base) == set()


def hide(sheets: list[Sheet], rows: frozenset[int]) -> Iterator[Sheet]:
    for sheet in sheets:
        is_meant = sheet.name in ("项目", "年度计划")
        yield replace(sheet, hidden_rows=rows) if is_meant else sheet


def test_a_hidden_row_is_imported_with_a_warning() -> None:
    sheets = hide(sheets_of("05a_hidden_rows.xlsx"), frozenset({4}))
    found = parse_ledger(sheets, region_codes())
    assert [str(f) for f in found.findings] == [
        "项目：第5行：第5行是隐藏的行，内容已导入，请核对",
        "年度计划：第5行：第5行是隐藏的行，内容已导入，请核对",
    ]
    assert [p.project_id for p in found.facts.rows(Project)] == ["P001", "P002", "P003", "P099"]


def test_a_merged_number_year_or_date_fills_its_rows() -> None:
    found = read_case("06_merged_number_year_date.xlsx")
    facts = found.accepted()
    assert [p.unit_id for p in facts.rows(Project)] == ["101", "101", "103"]
    assert [p.year for p in facts.rows(Plan)] == [2022] * 3
    assert [p.as_of for p in facts.rows(Progress)] == [date(2022, 9, 30)] * 3
    assert found.findings == ()


def test_a_merged_planned_start_is_that_of_its_control() -> None:
    merged = read_case("06d_merged_planned_start.xlsx").accepted()
    control = read_case("06d_control_not_merged.xlsx").accepted()
    assert merged.rows(Milestone) == control.rows(Milestone)
    assert [m.planned_on for m in merged.rows(Milestone)] == [date(2022, 8, 1)] * 3


def test_an_id_that_differs_by_a_mark_that_nobody_sees_is_a_duplicate() -> None:
    found = read_case("07c_same_id_twice_with_mark.xlsx")
    assert told(found) == {"invisible_characters": 1, "duplicate_key": 1}


@pytest.mark.parametrize("name", ["14h_month_2022.10", "14m_month_number_2022.10.xlsx"])
def test_a_month_that_may_be_october_is_asked_for(name: str) -> None:
    [error] = read_case(name).errors
    assert (error.code, error.sheet, error.row, error.column) == (
        "ambiguous_month",
        "milestones",
        4,
        "计划日期",
    )


def test_physical_progress_in_words_is_the_note() -> None:
    found = read_case("40d_physical_progress_in_words.xlsx")
    assert told(found) == {"words_as_note": 3}
    assert [(p.physical_pct, p.note) for p in found.accepted().rows(Progress)] == [
        (None, "主体完工，二次结构施工"),
        (None, "路基完成80%"),
        (None, "未开工"),
    ]


def test_texts_of_per_cent_are_per_cent() -> None:
    sheets = {sheet.name: sheet for sheet in sheets_of("10_percent_cells.xlsx")}
    for row, percent in zip(sheets["进度"].rows[1:], ["60%", "100%", "10%"], strict=True):
        row[3] = percent
    found = parse_ledger(sheets.values(), region_codes())
    assert found.findings == ()
    percents = [p.physical_pct for p in found.facts.rows(Progress)]
    assert percents == [Decimal(60), Decimal(100), Decimal(10)]


def test_a_cell_without_a_value_is_an_error_where_the_column_is_read() -> None:
    failed = FailedCell("=A1*2", "formula_without_value")
    sheets = {sheet.name: sheet for sheet in sheets_of("00_base.xlsx")}
    header, *units = sheets["单位"].rows
    header.append("说明")
    for row in units:
        row.append(failed)
    sheets["年度计划"].rows.append(["合计", None, failed])
    sheets["进度"].rows[2][3] = failed
    errors = parse_ledger(sheets.values(), region_codes()).errors
    assert [(e.code, e.sheet, e.row, e.column, e.value) for e in errors] == [
        ("formula_without_value", "progress", 3, "形象进度", "=A1*2")
    ]
