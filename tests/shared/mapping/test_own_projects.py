"""Which projects stand in which sheet of an export, and what is told of them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared.facts.tables import Facts
from shared.ledger.sheets import Sheet
from shared.mapping.changes import compare_part, merge_part
from shared.mapping.export import lay_out, lay_out_notes
from shared.mapping.layout_writer import write_layouts
from shared.mapping.mapped_reading import MappedReading, read_mapped
from shared.mapping.own_projects import tell_belonging
from tests.shared.mapping.made_sheets import propose, read_back, stored_project, stored_units

HEADER: list[Any] = ["项目名称", "责任单位", "总投资（万元）"]
SEPTEMBER = date(2022, 9, 30)
OTHERS = stored_units(
    stored_project("P901", "石门公路", nature="new"),
    stored_project("P902", "云峰产业园", nature="preliminary"),
)


def sheet_of(name: str, *projects: str, title: str = "2022年重点项目") -> Sheet:
    rows: list[list[Any]] = [[project, "住建局", 100] for project in projects]
    return Sheet(name, [[title], HEADER, ["合计", "", 100 * len(rows)], *rows], ((0, 0, 0, 2),))


def apply(*sheets: Sheet, **answers: str) -> tuple[MappedReading, Facts]:
    given = {key.replace("__", ":"): value for key, value in answers.items()}
    reading = read_mapped(propose(*sheets), list(sheets), OTHERS, given)
    assert reading.is_ready, reading.questions
    return reading, merge_part(reading.part, OTHERS)


def names_in(reading: MappedReading, facts: Facts) -> list[list[Any]]:
    layouts = lay_out(reading.applied_mapping, facts, SEPTEMBER)
    return [[row[0] for row in each.sheet.rows[2:]] for each in layouts]


def test_sheets_that_say_a_nature_have_the_projects_of_it() -> None:
    two = sheet_of("Sheet1", "城北水厂", title="2022年续建项目"), sheet_of("新建", "东区学校")
    reading, facts = apply(*two)
    assert names_in(reading, facts) == [["合计", "城北水厂"], ["合计", "石门公路", "东区学校"]]
    (left,) = tell_belonging(reading.applied_mapping, facts)
    assert left == "1 个项目不属于任何一张表，没有列出：云峰产业园（P902）"
    totals = [each.sheet.rows[2][2] for each in lay_out(reading.mapping, facts, SEPTEMBER)]
    assert totals == [100, 100]


def test_another_sheet_has_those_that_the_last_import_named() -> None:
    natures = {f"nature__{name}": "new" for name in ("东区学校", "城北水厂", "滨河公路")}
    two = sheet_of("城东", "东区学校", "城北水厂"), sheet_of("城西", "滨河公路")
    reading, facts = apply(*two, **natures)
    assert names_in(reading, facts) == [["合计", "东区学校", "城北水厂"], ["合计", "滨河公路"]]
    (left,) = tell_belonging(reading.applied_mapping, facts)
    assert "石门公路（P901）、云峰产业园（P902）" in left
    turned = [sheet_of("城西", "东区学校"), sheet_of("城东", "滨河公路")]
    again = read_mapped(reading.applied_mapping, turned, facts)
    assert names_in(again, facts) == [["合计", "滨河公路"], ["合计", "东区学校"]]
    alone = read_mapped(reading.applied_mapping, turned[:1], facts)
    assert names_in(alone, facts) == [["合计", "东区学校", "城北水厂"], ["合计", "东区学校"]]


def test_a_sheet_of_which_nothing_is_known_has_all_and_says_so() -> None:
    mapping = propose(sheet_of("台账", "东区学校"))
    (layout,) = lay_out(mapping, OTHERS, SEPTEMBER)
    assert [row[0] for row in layout.sheet.rows[2:]] == ["合计", "石门公路", "云峰产业园"]
    assert tell_belonging(mapping, OTHERS) == ("不知道“台账”有哪些项目，列出了全部 2 个，请核对",)


def test_of_several_sheets_one_with_sections_has_the_natures_of_these() -> None:
    rows: list[list[Any]] = [["一、新建项目"], ["东区学校", "住建局", 100]]
    one = Sheet("城东", [HEADER, *rows], ())
    other = Sheet("城西", [HEADER, ["一、续建项目"], ["城北水厂", "住建局", 100]], ())
    mapping = propose(one, other)
    layouts = lay_out(mapping, OTHERS, SEPTEMBER)
    assert [[row[0] for row in each.sheet.rows[1:]] for each in layouts] == [
        ["一、新建项目", "石门公路"],
        ["一、续建项目"],
    ]


@pytest.mark.parametrize("name", ["新建", "导出说明"])
def test_the_notes_are_a_sheet_that_no_import_reads(name: str, tmp_path: Path) -> None:
    reading, facts = apply(sheet_of(name, "东区学校"), nature__东区学校="new")
    mapping = reading.applied_mapping
    layouts = lay_out(mapping, facts, SEPTEMBER)
    notes = lay_out_notes(tell_belonging(mapping, facts), layouts)
    write_layouts([*layouts, *notes], tmp_path / "back.xlsx")
    back = read_back(tmp_path / "back.xlsx")
    assert [len(sheet.rows[0]) for sheet in back[1:]] == [1]
    again = read_mapped(mapping, back, facts)
    assert again.is_ready
    assert not [c for c in compare_part(again.part, facts) if c.new or c.changed]
