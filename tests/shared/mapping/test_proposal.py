"""What a mapping cannot hold, or a sheet does not say, is told where a mapping is proposed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from shared.ledger.sheets import Sheet, SheetRow
from shared.mapping.mapped_reading import read_mapped
from shared.mapping.model import MAX_COLUMNS, MAX_NAME, MAX_SECTIONS, MAX_SHEETS, MAX_TITLES
from shared.mapping.proposal import propose_mapping
from tests.shared.mapping.made_sheets import flat_sheet, stored_units

HEADER: SheetRow = ["项目名称", "责任单位", "总投资"]
ROW: SheetRow = ["东区学校", "住建局", 12_000]
DIGITS = "一二三四五六七八九"


def with_sections(count: int) -> Sheet:
    """A sheet of which every row of data has a section of its own."""
    rows: list[SheetRow] = [HEADER]
    for i in range(count):
        rows += [[f"{DIGITS[i // 9]}十{DIGITS[i % 9]}、续建项目"], [f"东区学校{i}", *ROW[1:]]]
    return Sheet("台账", rows)


def with_titles(count: int) -> Sheet:
    above: list[SheetRow] = [[f"第{i}处说明", None, None] for i in range(count // 5)]
    for row in above:
        row += ["第一期材料"] * 4
    return Sheet("台账", [["2022年重点项目台账"], *above, HEADER, ROW])


def with_columns(count: int) -> Sheet:
    return Sheet("台账", [[*HEADER, *(f"其他{i}甲" for i in range(count - 3))], ROW])


def told(*sheets: Sheet) -> list[tuple[str, str]]:
    return [(each.code, each.sheet) for each in propose_mapping(sheets).findings]


def test_of_more_sheets_than_a_mapping_holds_the_others_are_told() -> None:
    sheets = [replace(flat_sheet(), name=f"表{i}") for i in range(MAX_SHEETS + 2)]
    proposal = propose_mapping(sheets)
    assert proposal.mapping
    kept, left = sheets[:MAX_SHEETS], sheets[MAX_SHEETS:]
    assert [each.sheet for each in proposal.mapping.sheets] == [each.name for each in kept]
    assert [*proposal.suggestions] == [each.name for each in kept]
    assert told(*sheets) == [("sheet_beyond_mapping", each.name) for each in left]
    assert str(MAX_SHEETS) in proposal.findings[0].expected


@pytest.mark.parametrize(
    ("make", "most", "rows"),
    [(with_sections, MAX_SECTIONS, MAX_SECTIONS + 10), (with_titles, MAX_TITLES, 1)],
)
def test_of_a_longer_layout_the_rest_is_told_and_every_row_is_read(
    make: Callable[[int], Sheet], most: int, rows: int
) -> None:
    within, beyond = propose_mapping([make(most - 1)]), propose_mapping([make(most + 10)])
    assert within.mapping
    assert within.findings == ()
    assert beyond.mapping
    [finding] = beyond.findings
    assert finding.code == "layout_beyond_mapping"
    assert f"前 {most} 处" in finding.expected
    reading = read_mapped(beyond.mapping, [make(most + 10)], stored_units())
    assert reading.part.facts.tables["projects"].num_rows == rows


def test_a_sheet_of_more_columns_is_not_mapped_and_others_are() -> None:
    wide = with_columns(MAX_COLUMNS + 1)
    assert propose_mapping([with_columns(MAX_COLUMNS)]).mapping
    alone = propose_mapping([wide])
    assert alone.mapping is None
    assert alone.suggestions == {}
    [finding] = alone.findings
    assert (finding.code, finding.sheet) == ("beyond_mapping", "台账")
    assert finding.expected.endswith(f"列：最多 {MAX_COLUMNS} 项")
    beside = propose_mapping([wide, replace(flat_sheet(), name="别的")])
    assert beside.mapping
    assert [each.sheet for each in beside.mapping.sheets] == ["别的"]
    assert beside.findings == alone.findings


def test_a_name_longer_than_any_is_cut_and_of_a_sheet_it_is_told() -> None:
    proposal = propose_mapping([flat_sheet()], "台" * (MAX_NAME + 1))
    assert proposal.mapping
    assert proposal.mapping.name == "台" * MAX_NAME
    [finding] = propose_mapping([replace(flat_sheet(), name="台" * (MAX_NAME + 1))]).findings
    assert finding.expected.endswith(f"表名：最多 {MAX_NAME} 个字符")


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        ([], "no_header", None),
        ([["字" * 10_000, "词" * 10_000, "句" * 10_000], [1, 2, 3]], "no_header", None),
        ([["甲乙", "丙丁", "戊己"], ["庚", "辛", "壬"]], "no_known_heading", 1),
    ],
)
def test_where_nothing_is_mapped_it_says_why_and_what_was_expected(
    rows: list[SheetRow], code: str, row: int | None
) -> None:
    proposal = propose_mapping([Sheet("表", rows)])
    assert proposal.mapping is None
    [finding] = proposal.findings
    assert (finding.level, finding.code, finding.row) == ("error", code, row)
    assert "项目名称" in finding.expected


def test_beside_a_ledger_a_sheet_without_a_header_is_nothing_to_tell() -> None:
    assert told(flat_sheet(), Sheet("说明", [["填表说明"]])) == []
