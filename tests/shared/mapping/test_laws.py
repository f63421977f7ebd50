"""Laws of mappings: what holds for any sheet, order of columns and rows, unit and answer."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.facts.tables import Facts
from shared.ledger.sheets import Cell, FailedCell, Sheet
from shared.mapping.changes import compare_part, merge_part, undo_part
from shared.mapping.documents import parse_mapping, write_mapping
from shared.mapping.export import lay_out
from shared.mapping.mapped_reading import read_mapped
from shared.mapping.proposal import propose_mapping
from shared.mapping.vocabulary import CLEAR_WORDS
from tests.shared.mapping.made_sheets import NOTHING, flat_sheet, propose, read, stored_units

WIDTH = 11  # columns of the flat sheet
HEAD, ROWS = 2, (5, 6, 8)  # its header, and its rows of projects
MAPPING = propose(flat_sheet())
STORED = merge_part(read(flat_sheet(), stored_units()).part, stored_units())
WORDS = sorted(CLEAR_WORDS)

headings = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["2022年计划投资", "1-9月完成投资", "6月", "完成投资", "备注", "", "其中", "13月"]
    ),
    st.text(max_size=6),
)
cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.sampled_from(["无", "合计", "一、新建项目（2个）", "2022.8-2024.6", "住建局", "9月", "√"]),
    st.text(max_size=8),
    st.integers(-5, 10**16),
    st.floats(),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2050, 1, 1)),
    st.just(FailedCell("#REF!", "formula_error")),
)
rows = st.lists(st.lists(cells, max_size=8), max_size=8)
titles = st.lists(
    st.sampled_from(["2022年台账（截至9月30日）", "单位：万元", "单位：美元", "x"]), max_size=3
)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Any sheet: titles, rows of headings with some words of headers, rows of any cells."""
    head: list[list[Cell]] = [
        [*draw(st.lists(headings, min_size=2, max_size=8))] for _ in range(draw(st.integers(1, 3)))
    ]
    above: list[list[Cell]] = [[title] for title in draw(titles)]
    body = [*above, *head, *draw(rows)]
    ranges = st.tuples(*[st.integers(0, 6)] * 4).map(
        lambda r: (min(r[0], r[2]), min(r[1], r[3]), max(r[0], r[2]), max(r[1], r[3]))
    )
    merged = draw(st.none() | st.lists(ranges, max_size=4).map(tuple))
    inside = merged and tuple(m for m in merged if m[0] < len(body))
    return Sheet(draw(st.sampled_from(["Sheet1", "9月", "台账"])), body, inside)


@given(st.lists(sheets(), min_size=1, max_size=2))
@settings(max_examples=150, deadline=None)
def test_any_sheet_is_read_or_asked_about_and_written_back(found: list[Sheet]) -> None:
    proposal = propose_mapping(found)
    if proposal.mapping is None:
        assert proposal.findings
        return
    mapping = parse_mapping(write_mapping(proposal.mapping))
    assert mapping == proposal.mapping
    reading = read_mapped(mapping, found, STORED)
    merged = merge_part(reading.part, STORED)
    lay_out(reading.mapping, merged, date(2022, 9, 30))


def arrange(order: Sequence[int], of_rows: Sequence[int] = ROWS) -> Sheet:
    """The flat sheet with its columns, and the rows of its projects, in another order."""
    sheet = flat_sheet()
    for index in (HEAD, *ROWS):
        sheet.rows[index] = [sheet.rows[index][i] for i in order]
    body = [sheet.rows[i] for i in of_rows]
    return Sheet("台账", [*sheet.rows[: HEAD + 1], *body], sheet.merged)


def facts_of(sheet: Sheet, stored: Facts) -> dict[str, list[tuple[Any, ...]]]:
    tables = read_mapped(MAPPING, [sheet], stored).part.facts.tables
    return {
        name: sorted(tuple(map(repr, row.values())) for row in table.to_pylist())
        for name, table in tables.items()
    }


@given(st.permutations(range(WIDTH)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_columns_does_not_matter(order: list[int]) -> None:
    assert facts_of(arrange(order), STORED) == facts_of(arrange(range(WIDTH)), STORED)


@given(st.permutations(ROWS))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    wanted = facts_of(arrange(range(WIDTH)), STORED)
    assert facts_of(arrange(range(WIDTH), order), STORED) == wanted


@given(st.sampled_from([("元", 10_000), ("千元", 10), ("百万元", 0.01), ("亿元", 0.0001)]))
@settings(deadline=None)
def test_the_unit_of_money_does_not_matter(unit: tuple[str, float]) -> None:
    sheet = flat_sheet(unit=f"单位：{unit[0]}")
    for index in (3, *ROWS):
        amounts = slice(4, 7)
        sheet.rows[index][amounts] = [
            round(float(str(cell)) * unit[1], 8) for cell in sheet.rows[index][amounts]
        ]
    assert facts_of(sheet, STORED) == facts_of(flat_sheet(), STORED)


numbers = st.lists(st.integers(0, 10**6), min_size=3, max_size=3)


@given(numbers, numbers)
@settings(max_examples=40, deadline=None)
def test_applied_twice_is_applied_once_and_undone_is_as_before(
    planned: list[int], done: list[int]
) -> None:
    sheet = flat_sheet()
    for index, plan, amount in zip(ROWS, planned, done, strict=True):
        sheet.rows[index][5:7] = [plan, amount]
    part = read_mapped(MAPPING, [sheet], STORED).part
    once = merge_part(part, STORED)
    assert merge_part(part, once) == once
    again = compare_part(read_mapped(MAPPING, [sheet], once).part, once)
    assert [(each.new, each.changed) for each in again] == [([], [])] * len(again)
    undone = undo_part(STORED, once, once)
    assert {n: t.to_pylist() for n, t in undone.tables.items()} == {
        n: t.to_pylist() for n, t in STORED.tables.items()
    }


@given(st.dictionaries(st.text(max_size=12), st.text(min_size=1, max_size=6), max_size=4))
@settings(max_examples=60, deadline=None)
def test_an_answer_to_what_is_not_asked_changes_no_fact(answers: dict[str, str]) -> None:
    reading = read_mapped(MAPPING, [flat_sheet()], STORED, answers)
    assert reading.part == read_mapped(MAPPING, [flat_sheet()], STORED).part


def test_without_stored_units_no_project_has_one() -> None:
    reading = read_mapped(MAPPING, [flat_sheet()], NOTHING)
    assert set(reading.part.facts.tables["projects"]["unit_id"].to_pylist()) == {None}
