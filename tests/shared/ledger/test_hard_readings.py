"""What was read wrong in silence, and what was made to take long: one test a kind."""

import io
import zipfile
from pathlib import Path

import pytest

from shared.facts.projects import Milestone, Project
from shared.ledger.money_units import find_title_units
from shared.ledger.reader import LedgerReading, parse_ledger
from shared.ledger.sheets import Cell, Sheet
from tests.shared.ledger.sound_ledger import (
    REGIONS,
    SOUND,
    codes,
    places,
    reading,
    reading_of,
    rows,
)

INTAKE = Path(__file__).parent / "intake"


@pytest.mark.parametrize("word", ["合计", "小计", "累计", "总计："])
def test_a_row_with_an_id_and_a_date_is_data_whatever_its_first_cell_says(word: str) -> None:
    found = reading(
        milestones=f"标段,project_id,kind,planned_on\n{word},P001,started,2022-03-15\n"
        "一标段,P002,started,2022-05-01"
    )
    assert [m.project_id for m in found.accepted().rows(Milestone)] == ["P001", "P002"]


@pytest.mark.parametrize("title", ["涉密", "是否涉密项目", "是否为涉密项目", "密级", "保密等级"])
@pytest.mark.parametrize("mark", ["是", "机密", "秘密"])
def test_a_secret_project_is_refused_however_the_column_is_headed(title: str, mark: str) -> None:
    header = f"project_id,name,unit_id,nature,{title}"
    found = reading(projects=f"{header}\nP001,东区学校,U01,new,{mark}")
    assert found.errors


@pytest.mark.parametrize(
    "title",
    [
        "单位：（万元）",
        "单位：【万元】",
        "投资单位：万元",
        "计算单位：万元",
        "金额：万元",
        "货币：万元",
        "（万元、%）",
        "以万元为单位",
        "本表单位为万元",
        "总投资以万元计",
        "万元",
    ],
)
def test_a_title_says_the_unit_in_other_words(title: str) -> None:
    assert [unit.factor for unit in find_title_units([title])] == [10_000]


@pytest.mark.parametrize(
    "title", ["2022年亿元以上重点项目台账", "填报单位：万元镇", "千万元级项目"]
)
def test_a_title_with_money_in_a_name_says_no_unit(title: str) -> None:
    assert find_title_units([title]) == []


def test_rows_without_a_unit_take_none_from_their_neighbours() -> None:
    header = "project_id,name,unit_id,nature,总投资,金额单位"
    found = reading(
        projects=f"{header}\nP001,甲,U01,new,12000,\nP002,乙,U01,new,1,亿元\n"
        "P003,丙,U01,new,2,亿元\nP004,丁,U01,new,15000,"
    )
    assert "units_differ" in codes(found)


@pytest.mark.parametrize("name", ["9月进度", "投资进度", "进度（9月）"])
def test_a_sheet_with_the_header_of_a_table_is_not_left_out_in_silence(name: str) -> None:
    found = read_sheets_named(name, "project_id,as_of,invested_ytd_yuan\nP001,2022-09-30,1")
    assert ("unnamed_sheet", name, None, None) in places(found) or found.counts["progress"] == 1
    other = read_sheets_named("会议纪要", "议题,内容\n一,二")
    assert codes(other) == ["unknown_sheet"]


def read_sheets_named(name: str, text: str) -> LedgerReading:
    sheets = [
        *(Sheet(table, rows(cells)) for table, cells in SOUND.items()),
        Sheet(name, rows(text)),
    ]
    return parse_ledger(sheets, REGIONS)


def test_a_long_text_in_a_column_of_figures_takes_no_time_and_is_told_in_part() -> None:
    header = "project_id,name,unit_id,nature,总投资（万元）"
    found = reading(projects=f"{header}\nP001,甲,U01,new,{'亿' * 30_000}")
    [error] = found.errors
    assert (error.code, len(error.value or "")) == ("bad_money", 501)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_the_error_of_a_formula(number: float) -> None:
    header: list[Cell] = ["project_id", "name", "unit_id", "nature", "总投资（万元）"]
    found = reading(projects=[header, ["P001", "甲", "U01", "new", number]])
    assert [f.code for f in found.errors] == ["formula_error"]


def test_what_shared_texts_claim_of_their_number_is_not_believed(tmp_path: Path) -> None:
    source = io.BytesIO((INTAKE / "00_base.xlsx").read_bytes())
    path = tmp_path / "ledger.xlsx"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w") as after:
        for item in before.infolist():
            after.writestr(item, before.read(item))
        after.writestr(
            "xl/sharedStrings.xml",
            '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
            'main" count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>',
        )
    assert [p.project_id for p in reading_of(path).accepted().rows(Project)] == [
        *("P001", "P002", "P003"),
    ]
