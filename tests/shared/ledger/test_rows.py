"""Rows that are no data, and rows that are."""

import pytest

from shared.facts.projects import Plan, Project
from shared.ledger.reader import parse_ledger
from shared.ledger.rows import is_passed_over, total_word
from shared.ledger.sheets import Cell, Sheet
from tests.shared.ledger.sound_ledger import REGIONS, SOUND, places, reading, rows

HEADER = "项目编号,项目名称,责任单位编号,建设性质,总投资（万元）"
DATA = "P001,沙棘,U01,new,5"


def codes_and_counts(text: str) -> list[tuple[str, int]]:
    found = reading(projects=f"{HEADER}\n{text}\n{DATA}")
    assert found.errors == ()
    assert [p.project_id for p in found.facts.rows(Project)] == ["P001"]
    return [(f.code, f.count) for f in found.findings]


@pytest.mark.parametrize(
    "row",
    [
        "一、产业项目,,,,",
        "（二）基础设施,,,,",
        "第三类 民生,,,,",
        "一、产业项目（12个）,,,,5",
        "一,产业项目,,,",
        "（一）,产业项目,,,5",
        "1、工业项目,,,,",
    ],
)
def test_titles_of_sections_are_passed_over_and_told(row: str) -> None:
    assert codes_and_counts(row) == [("section_rows", 1)]


@pytest.mark.parametrize(
    "row",
    [
        "填表人：张三,,审核人：李四,,",
        "填表人：,张三,审核人：,李四,",
        ",,审核人：李四,联系电话：123,",
        "注：以批复为准,,,,",
        "备注:以批复为准,,,,",
        "说明：以批复为准,,,,",
        "单位负责人（签字）：,,,,",
        "制表日期：2022年9月30日,,,,",
        "注1：以批复为准,,,,",
    ],
)
def test_notes_and_signatures_are_passed_over_and_told(row: str) -> None:
    assert codes_and_counts(row) == [("note_rows", 1)]


def test_a_header_on_every_page_and_the_numbers_below_it_are_passed_over_and_told() -> None:
    text = f"1,2,3,4,5\n{HEADER}\n（1）,（2）,（3）,（4）,（5）\n{HEADER}\n甲,乙,1,2,3"
    assert codes_and_counts(text) == [("column_numbers", 3), ("repeated_headers", 2)]


@pytest.mark.parametrize(
    "row", ["合计（1个）", "合计:1个项目", "小计 1个", "产业类小计", "共计1项"]
)
def test_totals_with_counts_are_totals_and_told(row: str) -> None:
    assert codes_and_counts(f"{row},,,,5") == [("total_rows", 1)]


@pytest.mark.parametrize("row", ["总计", "合计：", "小 计"])
def test_a_plain_total_needs_no_word(row: str) -> None:
    assert codes_and_counts(f"{row},,,,5") == []


@pytest.mark.parametrize(
    ("row", "first"),
    [
        ("一、二期,沙棘二期,U01,new,5", "一、二期"),
        ("P002,一、二期工程,U01,new,5", "P002"),
        ("说明,说明：二期,U01,new,5", "说明"),
        ("1,2,U01,new,5", "1"),
        ("一,沙棘,U01,new,", "一"),
    ],
)
def test_a_row_with_an_id_and_all_that_is_required_is_data(row: str, first: str) -> None:
    found = reading(projects=f"{HEADER}\n{DATA}\n{row}")
    assert found.findings == ()
    assert [p.project_id for p in found.facts.rows(Project)] == ["P001", first]


def test_a_row_partly_filled_that_cannot_be_told_is_an_error() -> None:
    found = reading(projects=f"{HEADER}\n{DATA}\n产业项目,,,,\n一、产业项目,,U01,,")
    assert {place[:3] for place in places(found)} == {
        ("missing_value", "projects", 3),
        ("missing_value", "projects", 4),
    }


def test_a_text_merged_across_a_row_is_a_title() -> None:
    cells: list[list[Cell]] = [*rows(HEADER), ["产业项目", *[None] * 4], *rows(DATA)]
    sheets = [Sheet(name, rows(text)) for name, text in SOUND.items() if name != "projects"]
    found = parse_ledger([*sheets, Sheet("projects", cells, ((1, 0, 1, 4),))], REGIONS)
    assert [f.code for f in found.findings] == ["section_rows"]


def test_rows_passed_over_are_named_up_to_ten() -> None:
    sections = "\n".join(f"{numeral}、项目,,,," for numeral in "一二三四五六七八九十" * 2)
    found = reading(projects=f"{HEADER}\n{sections}\n{DATA}")
    assert [str(f) for f in found.findings] == [
        "项目：第2行：第2、3、4、5、6、7、8、9、10、11行等 20 行是分组标题，未作为数据导入"
    ]


PLANS = "项目编号,年度,年度计划投资（元）"


@pytest.mark.parametrize(
    "text",
    [
        "小计,,3\nP001,2022,1\nP002,2022,2\n小计,,7\nP001,2023,3\nP002,2023,4",
        "P001,2022,1\nP002,2022,2\n小计,,3\nP001,2023,3\nP002,2023,4\n小计,,7\n合计,,10",
        "合计,,10\n小计,,3\nP001,2022,1\nP002,2022,2\n小计,,7\nP001,2023,3\nP002,2023,4",
        "P001,2022,1\nP002,2022,2\n合计,,3\nP001,2023,3\nP002,2023,4\n合计,,7\n总计,,10",
    ],
)
def test_totals_stand_above_or_below_what_they_sum_up(text: str) -> None:
    found = reading(plans=f"{PLANS}\n{text}")
    assert found.findings == ()
    assert sum(plan.planned_yuan or 0 for plan in found.facts.rows(Plan)) == 10


def test_a_total_that_fits_nowhere_is_told_once() -> None:
    text = "小计,,3\nP001,2022,1\nP002,2022,2\n小计,,8\nP001,2023,3\nP002,2023,4"
    found = reading(plans=f"{PLANS}\n{text}")
    assert places(found) == [("total_mismatch", "plans", 5, "年度计划投资（元）")]


@pytest.mark.parametrize("text", ["P001", "001", "东区学校", "二期", "合计划", "会计"])
def test_usual_openings_are_of_data(text: str) -> None:
    assert not is_passed_over(text)
    assert total_word(text) == ""
