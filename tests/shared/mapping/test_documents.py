"""Mappings as YAML: read back as they are, changed by people, wrong ones told by line."""

import re

import pytest

from shared.mapping.documents import (
    MappingMistake,
    mapping_shapes,
    parse_mapping,
    parse_mapping_document,
    write_mapping,
)
from shared.mapping.headers import read_header
from shared.mapping.mapped_reading import read_mapped
from shared.mapping.questions import format_meaning, parse_meaning
from tests.shared.mapping.made_sheets import (
    NOTHING,
    flat_sheet,
    propose,
    reserve_plan,
    stored_units,
    unit_answers,
)

MAPPING = propose(flat_sheet())
TEXT = write_mapping(MAPPING)


@pytest.mark.parametrize("sheet", [flat_sheet(), reserve_plan()], ids=["flat", "plan"])
def test_what_is_written_reads_as_the_same(sheet: object) -> None:
    mapping = propose(sheet)  # type: ignore[arg-type]
    assert parse_mapping(write_mapping(mapping)) == mapping


def test_answers_are_kept_in_it() -> None:
    kept = read_mapped(MAPPING, [flat_sheet()], NOTHING, unit_answers()).mapping
    again = parse_mapping(write_mapping(kept))
    assert again == kept
    assert read_mapped(again, [flat_sheet()], NOTHING).is_ready


def test_it_has_a_line_for_each_header_and_comments_do_not_matter() -> None:
    assert "\n  - header: '{年}年计划投资'\n    to: plans.planned_yuan\n    year: header\n" in TEXT
    assert parse_mapping(TEXT.replace("columns:", "columns:  # 各列")) == MAPPING


def test_a_file_is_recognised_by_the_shape_of_its_headers() -> None:
    october = read_header(flat_sheet(10))
    assert october
    assert mapping_shapes(MAPPING) == (october.shape,)


def line_of(text: str) -> int:
    return next(i for i, line in enumerate(TEXT.splitlines(), 1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("to: plans.planned_yuan", "too: plans.planned_yuan", "不认识“too”，是不是“to”？"),
        ("span: year", "span: years", "span：应为 'year', 'month', 'ever' or 'ask'"),
        ("total: top", "total: middle", "total：应为 'top' or 'bottom'"),
    ],
)
def test_what_is_wrong_is_told_by_line_with_what_was_expected(
    old: str, new: str, told: str
) -> None:
    with pytest.raises(MappingMistake) as caught:
        parse_mapping(TEXT.replace(old, new), "M.yaml")
    assert f"M.yaml 第 {line_of(old)} 行" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["", "- 1", "sheets: [", "name: a\nname: b\nsheets: []", "*a"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(MappingMistake):
        parse_mapping(text)


def test_a_word_that_no_milestone_has_is_asked_about_and_not_stored() -> None:
    plan = reserve_plan()
    written = write_mapping(propose(plan)).replace(
        "to: permits.granted_on\n    kind: site", "to: milestones.actual_on\n    kind: sight"
    )
    asked = read_mapped(parse_mapping(written), [plan], stored_units()).questions
    assert "column:储备计划:前期手续 › 选址" in [each.key for each in asked]


@pytest.mark.parametrize(
    "meaning",
    [
        "plans.planned_yuan",
        "milestones.actual_on;kind=started;year=title",
        "progress.invested_ytd_yuan;span=month;as_of=header;blank_months=zero",
        "funds.amount_yuan;source=special_bond;event=arrived",
        "ignored=不导入",
    ],
)
def test_a_meaning_is_one_text(meaning: str) -> None:
    column = parse_meaning("列", meaning)
    assert column
    assert parse_meaning("列", format_meaning(column)) == column


@pytest.mark.parametrize(
    "meaning", ["", "plans", "plans.nothing", "units.name;x=1", "plans.planned_yuan;span=weeks"]
)
def test_a_meaning_that_cannot_be_is_none(meaning: str) -> None:
    assert parse_meaning("列", meaning) is None


def test_the_same_is_said_of_json_in_both_languages() -> None:
    column = {"header": "总投资", "too": "x"}
    document = {"sheets": [{"sheet": "台账", "columns": [column, {"header": ""}, 3]}], "name": 5}
    with pytest.raises(MappingMistake) as told:
        parse_mapping_document(document)
    assert "sheets.0.columns.0.too：不认识“too”，是不是“to”？" in told.value.detail
    assert "name：应为 文字" in told.value.detail
    assert "sheets.0.columns.1.header：应为 至少 1 个字" in told.value.detail
    assert not re.search("[A-Z]", told.value.detail)
    assert "sheets.0.columns.1.header: String should have at least 1" in told.value.en
    assert not re.search("[\u4e00-\u9fff]", told.value.en)
