"""A workbook as offices keep it, read from a real file."""

from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from shared.facts.projects import Milestone, Plan, Unit
from tests.shared.ledger.sound_ledger import places, reading_of


@pytest.fixture
def office_workbook(tmp_path: Path) -> Path:
    """Titles, a unit for the sheet, a header of two merged rows, merged ids, totals, blank rows."""
    path = tmp_path / "重点项目台账.xlsx"
    book = Workbook(path)
    day = book.add_format({"num_format": "yyyy年m月d日"})
    units = book.add_worksheet("单位")
    units.write_row(1, 1, ["单位编号", "单位名称", "单位类别", "组别"])
    units.write_row(2, 1, ["U01", "发展和改革局", "部门", "县直部门组"])
    projects = book.add_worksheet("项目")
    projects.write_row(0, 0, ["项目编号", "项目名称", "责任单位编号", "建设性质"])
    projects.write_row(2, 0, ["P001", "沙棘深加工项目", "U01", "新建"])
    plans = book.add_worksheet("年度计划")
    plans.merge_range("A1:E1", "2022年重点项目年度计划")
    plans.write("E2", "单位：万元")
    plans.merge_range("A3:A4", "项目编号")
    plans.merge_range("B3:B4", "年度")
    plans.merge_range("C3:D3", "投资")
    plans.write_row("C4", ["年度计划投资", "以前年度完成投资"])
    plans.write_row("A5", ["P001", 2022, 0.1 + 0.2, 100])
    plans.write_row("A6", ["P001", 2023, 200])
    plans.merge_range("A7:B7", "合  计")
    plans.write_row("C7", [200.3, 100])
    milestones = book.add_worksheet("节点")
    milestones.write_row(0, 0, ["项目编号", "节点", "计划日期"])
    milestones.merge_range("A2:A3", "P001")
    milestones.write_row("B2", ["开工"])
    milestones.write_row("B3", ["竣工", "2022.9"])
    milestones.write_datetime("C2", date(2022, 3, 1), day)
    book.add_worksheet("Sheet2")
    book.close()
    return path


def test_it_is_read_as_it_is_meant(office_workbook: Path) -> None:
    found = reading_of(office_workbook)
    assert found.findings == ()
    assert [unit.unit_id for unit in found.facts.rows(Unit)] == ["U01"]
    assert [(plan.year, plan.planned_yuan) for plan in found.facts.rows(Plan)] == [
        (2022, 3_000),
        (2023, 2_000_000),
    ]
    assert [(m.project_id, m.kind, m.planned_on) for m in found.facts.rows(Milestone)] == [
        ("P001", "started", date(2022, 3, 1)),
        ("P001", "completed", date(2022, 9, 30)),
    ]


def test_a_formula_that_failed_in_the_last_cell_is_seen(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "ledger.xlsx")
    units = book.add_worksheet("单位")
    units.write_row(0, 0, ["单位编号", "单位名称", "单位类别", "组别"])
    units.write_row(1, 0, ["U01", "发展和改革局", "部门"])
    units.write_formula(1, 3, "=VLOOKUP(A1,B:B,1)", None, "#N/A")
    book.add_worksheet("项目").write_row(0, 0, ["项目编号", "项目名称", "责任单位编号", "建设性质"])
    book.close()
    assert places(reading_of(tmp_path / "ledger.xlsx")) == [("formula_error", "units", 2, "组别")]
