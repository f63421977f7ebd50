"""A city's reserve plan: a header of three rows, section rows, months as numbers, totals on top."""

from datetime import date
from pathlib import Path

import pytest

from shared.facts.tables import Facts
from shared.ledger.sheets import Sheet
from shared.mapping.changes import compare_part, merge_part
from shared.mapping.export import lay_out
from shared.mapping.headers import read_header
from shared.mapping.layout_writer import write_layouts
from shared.mapping.mapped_reading import MappedReading, read_mapped
from tests.shared.mapping.made_sheets import (
    codes_of,
    keys_of,
    propose,
    read_back,
    reserve_plan,
    rows_of,
    stored_units,
    write_sheet,
)

START = "column:储备计划:计划开工月份"
ANSWER = {START: "milestones.planned_on;kind=started;year=title"}
JUNE = date(2022, 6, 30)


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    (sheet,) = read_back(write_sheet(tmp_path / "plan.xlsx", reserve_plan()))
    return sheet


def answered(sheet: Sheet, stored: Facts | None = None) -> MappedReading:
    return read_mapped(propose(sheet), [sheet], stored or stored_units(), ANSWER)


def test_the_header_of_three_rows_is_read_with_its_groups(sheet: Sheet) -> None:
    header = read_header(sheet)
    assert header
    assert (header.first, header.end, header.rows) == (2, 5, 3)
    assert [column.path for column in header.columns][5:10] == [
        ("计划开工月份",),
        ("投资", "截至2021年底累计完成投资"),
        ("投资", "2022年", "计划投资"),
        ("投资", "2022年当月完成投资", "1月"),
        ("投资", "2022年当月完成投资", "2月"),
    ]


def test_a_month_without_a_year_is_asked_about_and_nothing_else(sheet: Sheet) -> None:
    asked = read_mapped(propose(sheet), [sheet], stored_units()).questions
    assert [(q.key, q.column) for q in asked] == [(START, "F")]
    assert asked[0].options[0].value == ANSWER[START]


def test_months_alone_are_summed_up_to_cumulative_reports(sheet: Sheet) -> None:
    reading = answered(sheet)
    assert reading.is_ready
    amounts = rows_of(reading, "progress", "project_id", "as_of", "invested_ytd_yuan")
    assert [a for a in amounts if a[0] == "P001"] == [
        ("P001", date(2022, month, day), amount * 1_000_000)
        for month, day, amount in (
            (1, 31, 10),
            (2, 28, 30),
            (3, 31, 30),
            (4, 30, 60),
            (5, 31, 85),
            (6, 30, 100),
        )
    ]
    assert len(amounts) == 12


def test_the_months_of_the_plan_are_their_last_days_in_its_year(sheet: Sheet) -> None:
    assert rows_of(answered(sheet), "milestones", "project_id", "kind", "planned_on") == [
        ("P001", "started", JUNE.replace(month=3, day=31)),
        ("P002", "started", date(2022, 5, 31)),
    ]


def test_what_was_done_before_is_of_the_year_after_the_headers(sheet: Sheet) -> None:
    plans = rows_of(answered(sheet), "plans", "year", "planned_yuan", "prior_invested_yuan")
    assert plans == [(2022, 240_000_000, 150_000_000), (2022, 600_000_000, 1_000_000_000)]


def test_approvals_are_permits_by_default(sheet: Sheet) -> None:
    assert rows_of(answered(sheet), "permits", "project_id", "kind", "granted_on") == [
        ("P001", "initiation", date(2021, 11, 30)),
        ("P001", "site", date(2021, 12, 6)),
        ("P002", "initiation", date(2020, 5, 31)),
    ]
    assert codes_of(answered(sheet)).count("permit_or_milestone") == 1


def test_an_approval_may_be_chosen_to_be_a_milestone(sheet: Sheet) -> None:
    key = "column:储备计划:前期手续 › 立项"
    choice = {**ANSWER, key: "milestones.actual_on;kind=initiated"}
    reading = read_mapped(propose(sheet), [sheet], stored_units(), choice)
    dates = rows_of(reading, "milestones", "kind", "actual_on")
    assert ("initiated", date(2021, 11, 30)) in dates
    assert {kind for (kind,) in rows_of(reading, "permits", "kind")} == {"site"}


def test_totals_of_the_plan_and_its_sections_are_checked(sheet: Sheet) -> None:
    assert "total_mismatch" not in codes_of(answered(sheet))
    sheet.rows[6][4] = 13.0
    wrong = [f for f in answered(sheet).findings if f.code == "total_mismatch"]
    assert [(f.row, f.column) for f in wrong] == [(7, "总投资")]


def test_written_back_and_read_again_nothing_changes(sheet: Sheet, tmp_path: Path) -> None:
    reading = answered(sheet)
    stored = merge_part(reading.part, stored_units())
    write_layouts(lay_out(reading.mapping, stored, JUNE), tmp_path / "back.xlsx")
    (back,) = read_back(tmp_path / "back.xlsx")
    header, first = read_header(back), read_header(sheet)
    assert header
    assert first
    assert header.shape == first.shape
    assert back.rows[5][:2] == ["合计（2个）", ""]
    assert back.rows[5][4] == 42.0
    again = read_mapped(reading.mapping, [back], stored)
    assert keys_of(again) == []
    assert [(c.new, c.changed) for c in compare_part(again.part, stored)] == [([], [])] * 5


def test_in_july_the_export_has_a_month_more(sheet: Sheet) -> None:
    reading = answered(sheet)
    stored = merge_part(reading.part, stored_units())
    (laid_out,) = lay_out(reading.mapping, stored, date(2022, 7, 31))
    assert laid_out.sheet.rows[4][8:15] == [f"{month}月" for month in range(1, 8)]
    assert laid_out.sheet.rows[3][8] == "2022年当月完成投资"
    assert (3, 8, 3, 14) in (laid_out.sheet.merged or ())
