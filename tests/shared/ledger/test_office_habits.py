"""Habits of offices: names for ids, words of two meanings, sheets called otherwise; and limits."""

from collections import Counter
from decimal import Decimal

import pytest

from shared.facts.projects import Plan, Project
from shared.facts.tables import FACT_COLUMNS
from shared.ledger.cells import build_cell_reader
from shared.ledger.sheets import Cell, table_for_sheet
from tests.shared.ledger.sound_ledger import places, reading


def test_the_name_of_a_unit_stands_for_its_id() -> None:
    found = reading(
        projects="""
            项目编号,项目名称,责任单位,建设性质
            P001,沙棘,发展和改革局,new
            P002,污水,U02,new
            P003,道路, 东 村 镇 ,new
            P004,学校,西村镇,new
        """
    )
    assert [(f.code, f.row, f.column, f.value) for f in found.findings] == [
        ("unknown_name", 5, "责任单位", "西村镇")
    ]
    sound = reading(
        projects="项目编号,项目名称,责任单位,建设性质\nP001,沙棘,发展和改革局,new\nP002,污水,东村镇,新建",
        plans="项目名称,年度,年度计划投资（元）\n沙棘,2022,5\n污水,2022,6",
    )
    assert [p.unit_id for p in sound.accepted().rows(Project)] == ["U01", "U02"]
    assert [p.project_id for p in sound.facts.rows(Plan)] == ["P001", "P002"]


def test_a_name_that_several_have_is_asked_for() -> None:
    found = reading(
        units="unit_id,name,kind,group\nU01,东村镇,township,g\nU02,东村镇,township,g",
        projects="项目编号,项目名称,责任单位,建设性质\nP001,沙棘,东村镇,new",
    )
    assert places(found) == [("name_not_unique", "projects", 2, "责任单位")]


def test_names_beside_ids_are_a_column_that_is_not_read() -> None:
    found = reading(
        plans="项目编号,项目名称,年度\nP001,沙棘,2022\nP002,,2022",
    )
    assert [(f.code, f.column, f.count) for f in found.findings] == [
        ("unknown_column", "项目名称", 1)
    ]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("项目表", "projects"),
        ("重点项目", "projects"),
        ("重点项目表", "projects"),
        ("1.项目", "projects"),
        ("一、项目", "projects"),
        ("项目（2022）", "projects"),
        ("项目（2022年）", "projects"),
        ("附件1 项目", "projects"),
        ("附件1：重点项目台账", "projects"),
        (" 项目\u200b ", "projects"),
        ("2022年年度计划", "plans"),
        ("重点项目年度计划", "plans"),
        ("项目 (2)", None),
        ("2022年台账", None),
        ("说明", None),
        ("重点", None),
    ],
)
def test_sheets_are_called_as_people_call_them(name: str, table: str | None) -> None:
    assert table_for_sheet(name) == table


def test_a_sheet_called_after_its_table_goes_before_one_called_like_it() -> None:
    other = "项目编号,项目名称,责任单位编号,建设性质\nP009,旧项目,U01,new"
    found = reading(重点项目=other)
    assert [(f.code, f.sheet, f.count) for f in found.findings] == [
        ("unknown_sheet", "重点项目", 2)
    ]
    assert [p.project_id for p in found.facts.rows(Project)] == ["P001", "P002"]


COLUMNS = {column.name: column for columns in FACT_COLUMNS.values() for column in columns}


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("nature", "新开工", "new"),
        ("nature", "拟开工", "new"),
        ("nature", "续建项目", "continuing"),
        ("nature", "前期项目", "preliminary"),
        ("key_levels", "省市重点", ("province", "city")),
        ("key_levels", "省市县重点", ("province", "city", "county")),
        ("key_levels", "省级、市级", ("province", "city")),
        ("key_levels", "县（区）级", ("county",)),
        ("is_industrial", "属于", True),
        ("is_industrial", "不属于", False),
        ("is_industrial", "√", True),
        ("is_industrial", "×", False),
    ],
)
def test_what_has_one_meaning_is_understood(column: str, cell: str, value: object) -> None:
    assert build_cell_reader(COLUMNS[column])(cell).value == value


@pytest.mark.parametrize("word", ["在建", "停工", "已竣工", "谋划"])
def test_a_word_of_two_meanings_is_asked_for_with_the_reason(word: str) -> None:
    found = build_cell_reader(COLUMNS["nature"])(word)
    assert found.code == "doubtful_word"
    assert found.details["why"]
    assert found.details["words"] == "新建、续建、前期、储备"


def test_doubtful_words_are_of_no_vocabulary() -> None:
    for column in COLUMNS.values():
        read = build_cell_reader(column)
        for word in column.words.doubts() if column.words and column.closed else ():
            assert read(word).code == "doubtful_word"


def test_marks_that_nobody_sees_are_told_once_a_column_and_stay_in_free_text() -> None:
    found = reading(
        projects="""
            project_id,name,unit_id,nature
            P001\u200b,沙\u200b棘,U01\u200e,ne\u00adw
            P\u202a002,污水,U02,new
        """
    )
    assert [(f.code, f.column, f.count) for f in found.findings] == [
        ("invisible_characters", "project_id", 2),
        ("invisible_characters", "unit_id", 1),
        ("invisible_characters", "nature", 1),
    ]
    first, second = found.facts.rows(Project)
    assert (first.project_id, first.name, first.unit_id) == ("P001", "沙\u200b棘", "U01")
    assert second.project_id == "P002"


def test_words_of_a_column_of_per_cent_join_the_note() -> None:
    found = reading(
        progress="""
            project_id,as_of,physical_pct,note
            P001,2022-09-30,约80%,已封顶
            P002,2022-09-30,55%,
        """
    )
    assert [(f.code, f.count) for f in found.findings] == [("words_as_note", 1)]
    table = found.facts.tables["progress"].to_pylist()
    assert [row["note"] for row in table] == ["已封顶；约80%", None]
    assert [row["physical_pct"] for row in table] == [None, Decimal(55)]


def test_a_thousand_errors_of_a_column_are_told_and_the_others_counted() -> None:
    header: list[Cell] = ["project_id", "year", "planned_yuan"]
    plans: list[list[Cell]] = [["P009", 2000, "五百"] for _ in range(1_500)]
    found = reading(plans=[header, *plans])
    told = Counter((f.code, f.column) for f in found.errors)
    assert told == {
        ("bad_money", "planned_yuan"): 1_001,
        ("unknown_reference", "project_id"): 1_001,
        ("duplicate_key", "project_id"): 1_001,
    }
    assert sum(f.count for f in found.errors) == 1_500 * 2 + 1_499
    [last] = [f for f in found.errors if f.code == "bad_money" and f.count > 1]
    assert (last.row, last.count, last.value) == (1_002, 500, None)
    assert last.expected.endswith("（从本行起还有 500 处，不再逐一列出）")


def test_a_habit_of_a_column_is_told_once_with_its_rows() -> None:
    text = "\n".join(f"P00{n},2022-0{n}-01,待定" for n in (1, 2))
    found = reading(pauses=f"project_id,from_on,to_on\n{text}")
    assert [(f.row, f.count, f.expected) for f in found.findings] == [
        (2, 2, "已按空白（未知）读取（第2、3行）")
    ]
