"""The flat sheet of an office: suggested, asked about, read, corrected, undone, written back."""

from datetime import date
from pathlib import Path

import pytest

from shared.ledger.sheets import Sheet
from shared.mapping.changes import compare_part, merge_part, undo_part
from shared.mapping.export import lay_out
from shared.mapping.layout_writer import write_layouts
from shared.mapping.mapped_reading import read_mapped
from shared.mapping.proposal import propose_mapping
from tests.paths import ROOT
from tests.shared.mapping.made_sheets import (
    NOTHING,
    codes_of,
    flat_sheet,
    keys_of,
    propose,
    read,
    read_back,
    rows_of,
    stored_units,
    unit_answers,
    write_sheet,
)

PUBLISHED = ROOT / "tests/shared/mapping/40a_flat_office_ledger.xlsx"
END = date(2022, 9, 30)


def test_its_columns_are_all_known_by_their_words() -> None:
    proposal = propose_mapping([flat_sheet()])
    assert proposal.mapping
    assert proposal.findings == ()
    assert {each.is_sure for each in proposal.suggestions["台账"]} == {True}
    assert {c.header: c.to for c in proposal.mapping.sheets[0].columns if c.to} == {
        "项目名称": "projects.name",
        "建设性质": "projects.nature",
        "建设起止年限": "milestones.period",
        "总投资": "projects.total_investment_yuan",
        "{年}年计划投资": "plans.planned_yuan",
        "1-{月}月完成投资": "progress.invested_ytd_yuan",
        "形象进度": "progress.note",
        "存在问题": "problems.summary",
        "责任单位": "projects.unit_id",
    }


def test_only_units_that_are_not_stored_are_asked() -> None:
    assert keys_of(read(flat_sheet())) == ["unit:住建局", "unit:水利局", "unit:交通局"]
    assert keys_of(read(flat_sheet(), stored_units())) == []


def test_its_figures_are_those_of_the_sheet_in_yuan() -> None:
    reading = read(flat_sheet(), stored_units())
    assert rows_of(reading, "projects", "name", "unit_id", "nature", "total_investment_yuan") == [
        ("东区学校", "U01", "new", 120_000_000),
        ("城北水厂", "U02", "new", 80_000_000),
        ("滨河公路", "U03", "continuing", 300_000_000),
    ]
    assert rows_of(reading, "plans", "project_id", "year", "planned_yuan") == [
        ("P001", 2022, 60_000_000),
        ("P002", 2022, 40_000_000),
        ("P003", 2022, 100_000_000),
    ]
    assert rows_of(reading, "progress", "as_of", "invested_ytd_yuan", "note") == [
        (END, 45_000_000, "主体已完工"),
        (END, 10_000_000, "正在办理施工许可"),
        (END, 80_000_000, "路基完成80%"),
    ]
    assert rows_of(reading, "milestones", "project_id", "kind", "planned_on") == [
        ("P002", "started", date(2022, 8, 31)),
        ("P002", "completed", date(2024, 6, 30)),
        ("P003", "started", date(2021, 3, 31)),
        ("P003", "completed", date(2023, 10, 31)),
    ]
    assert rows_of(reading, "problems", "project_id", "summary", "raised_on") == [
        ("P002", "用地手续未批复", None),
        ("P003", "征地未完成", None),
    ]


def test_what_is_not_read_is_told() -> None:
    found = read(flat_sheet(), stored_units()).findings
    told = [(f.code, f.row, f.column) for f in found]
    assert told == [
        ("column_ignored", None, "序号"),
        ("column_ignored", None, "包联领导"),
        ("total_rows", 4, None),
        ("section_rows", 5, None),
        ("year_without_month", 6, "建设起止年限"),
    ]


def test_a_printed_total_that_is_no_sum_is_told() -> None:
    sheet = flat_sheet()
    sheet.rows[3][4] = 50_001
    (wrong,) = [f for f in read(sheet, stored_units()).findings if f.code == "total_mismatch"]
    assert (wrong.row, wrong.column, wrong.value) == (4, "总投资", "50001")


def test_the_published_sheet_reads_with_three_questions() -> None:
    sheets = read_back(PUBLISHED)
    mapping = propose(*sheets)
    first = read_mapped(mapping, sheets, NOTHING)
    assert keys_of(first) == ["unit:住建局", "unit:水利局", "unit:交通局"]
    reading = read_mapped(mapping, sheets, NOTHING, unit_answers())
    assert reading.is_ready
    assert rows_of(reading, "progress", "project_id", "invested_ytd_yuan") == [
        ("P001", 45_000_000),
        ("P002", 10_000_000),
        ("P003", 80_000_000),
    ]


# --- the next month


def test_the_next_month_asks_nothing_and_changes_only_its_own_columns() -> None:
    reading = read_mapped(propose(flat_sheet()), [flat_sheet()], NOTHING, unit_answers())
    stored = merge_part(reading.part, NOTHING)
    october = read_mapped(reading.mapping, [flat_sheet(10)], stored)
    assert october.is_ready
    changes = {each.table: each for each in compare_part(october.part, stored)}
    assert list(changes["progress"].new) == [
        ("P001", date(2022, 10, 31)),
        ("P002", date(2022, 10, 31)),
        ("P003", date(2022, 10, 31)),
    ]
    others = [each for name, each in changes.items() if name != "progress"]
    assert [(each.new, each.changed) for each in others] == [([], [])] * len(others)


def test_a_correction_says_what_was_and_what_will_be() -> None:
    stored = merge_part(read(flat_sheet(), stored_units()).part, stored_units())
    sheet = flat_sheet()
    sheet.rows[5][4], sheet.rows[8][10] = 12_500, ""
    sheet.rows[3][4] = 50_500
    reading = read(sheet, stored)
    assert codes_of(reading).count("total_mismatch") == 0
    (change,) = [c for each in compare_part(reading.part, stored) for c in each.changed]
    assert (change.row, change.key, change.title) == (6, ("P001",), "总投资")
    assert (change.before, change.after) == ("12,000万元", "12,500万元")


def test_a_project_that_the_sheet_leaves_out_is_not_mentioned_and_stays() -> None:
    stored = merge_part(read(flat_sheet(), stored_units()).part, stored_units())
    sheet = flat_sheet()
    del sheet.rows[6]
    reading = read(sheet, stored)
    changes = {each.table: each for each in compare_part(reading.part, stored)}
    assert changes["projects"].not_mentioned == [("P002",)]
    assert merge_part(reading.part, stored).tables["projects"].equals(stored.tables["projects"])


def test_undone_it_is_as_if_it_had_not_been() -> None:
    before = stored_units()
    after = merge_part(read(flat_sheet(), before).part, before)
    undone = undo_part(before, after, after)
    assert {n: t.to_pylist() for n, t in undone.tables.items()} == {
        n: t.to_pylist() for n, t in before.tables.items()
    }


# --- written back


def test_written_back_it_has_the_offices_own_layout(tmp_path: Path) -> None:
    reading = read(flat_sheet(), stored_units())
    stored = merge_part(reading.part, stored_units())
    write_layouts(lay_out(reading.mapping, stored, END), tmp_path / "back.xlsx")
    (back,) = read_back(tmp_path / "back.xlsx")
    (first,) = read_back(write_sheet(tmp_path / "first.xlsx", flat_sheet()))
    assert texts(back)[:3] == texts(first)[:3]
    assert [row[0] for row in texts(back)[3:]] == [row[0] for row in texts(first)[3:]]
    assert [row[4:7] for row in texts(back)[5:7]] == [row[4:7] for row in texts(first)[5:7]]
    assert back.rows[3][4:7] == [50_000.0, 20_000.0, 13_500.0]
    assert back.merged == first.merged


def texts(sheet: Sheet) -> list[list[str]]:
    return [[str(cell or "") for cell in row] for row in sheet.rows]


def test_written_back_and_read_again_nothing_changes(tmp_path: Path) -> None:
    reading = read(flat_sheet(), stored_units())
    stored = merge_part(reading.part, stored_units())
    write_layouts(lay_out(reading.mapping, stored, END), tmp_path / "back.xlsx")
    again = read_mapped(reading.mapping, read_back(tmp_path / "back.xlsx"), stored)
    assert again.is_ready
    assert [(c.new, c.changed) for c in compare_part(again.part, stored)] == [([], [])] * 5


def test_of_a_month_that_nobody_reported_the_export_says_nothing(tmp_path: Path) -> None:
    reading = read(flat_sheet(), stored_units())
    stored = merge_part(reading.part, stored_units())
    (laid_out,) = lay_out(reading.mapping, stored, date(2022, 10, 31))
    assert laid_out.sheet.rows[2][6] == "1-10月完成投资"
    assert [row[6] for row in laid_out.sheet.rows[3:]] == [None] * 6


@pytest.mark.parametrize("unit", ["单位：亿元", "单位：元", "单位：千元"])
def test_the_unit_of_the_sheets_line_counts(unit: str) -> None:
    factor = {"单位：亿元": 10**8, "单位：元": 1, "单位：千元": 1000}[unit]
    reading = read(flat_sheet(unit=unit), stored_units())
    assert rows_of(reading, "plans", "planned_yuan")[0] == (6000 * factor,)
