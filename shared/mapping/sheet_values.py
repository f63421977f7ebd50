"""The values of a mapped sheet: each column read as its target is, its rows told apart.

Rows, totals, merged cells and findings of cells follow the rules of ledgers.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.facts.columns import Column, ColumnType
from shared.ledger.cells import CellReader, build_cell_reader, is_in_words, is_number
from shared.ledger.dates import WITHOUT_YEAR
from shared.ledger.findings import FINDING_ERRORS, Finding, build_finding, limit_findings
from shared.ledger.headings import cell_at
from shared.ledger.layout import SheetField, SheetLayout, find_hidden, find_rows_passed_over
from shared.ledger.merged_cells import fill_merged
from shared.ledger.rows import NUMERALS, RowKind, SortedRows, TotalRow, sort_rows
from shared.ledger.sheets import Cell, cell_text, fold_name, is_blank, to_half_width
from shared.ledger.table_values import cell_findings
from shared.ledger.totals import check_totals
from shared.ledger.validation import ParsedTable
from shared.ledger.vocabularies import known_words
from shared.mapping.headers import HeadedColumn, SheetHeader
from shared.mapping.model import ColumnMapping
from shared.mapping.patterns import make_count_hole
from shared.mapping.targets import NATURE, UNIT_NAMES, Target, find_target

MONTH_ALONE = re.compile(r"[1-9]|1[0-2]")
SECTION_OPENING = re.compile(
    rf"(?:第[{NUMERALS}]+[类批部章]|\(?[{NUMERALS}]{{1,3}}\)?[、.,:]?|\d{{1,2}}[、.])"
)
LEVELS = tuple(
    re.compile(p) for p in (rf"第?[{NUMERALS}]+[、.,:类批部章]", rf"\([{NUMERALS}]+\)", r"\d")
)
SECTION_COUNT = re.compile(r"\(?(?:共|计)?\d+(?:个|项|处)?(?:项目)?\)?$")
FIGURES = frozenset({ColumnType.yuan, ColumnType.count, ColumnType.percent, ColumnType.figure})


@dataclass(frozen=True)
class MappedColumn:
    """A column of a sheet with its mapping; `factor` yuan are one of its amounts.

    `year` is that of its values, where it needs one; months alone are read as of this year.
    """

    headed: HeadedColumn
    mapping: ColumnMapping
    target: Target
    factor: int = 1
    year: int | None = None

    @property
    def name(self) -> str:
        """Its name among the columns of its sheet."""
        return self.headed.letter

    @property
    def read_as(self) -> Column:
        """The column as its cells are read: names of units and words asked about are texts."""
        column = self.target.column
        is_name = self.target.name in UNIT_NAMES
        is_word = column.closed and column.kind is ColumnType.word
        if not (is_name or is_word):
            return replace(column, required=False)
        name = "name" if is_name else column.name
        return Column(name, column.title, ColumnType.text, required=False)


@dataclass(frozen=True)
class SheetValues:
    """The values of a sheet by letter of column, a list with one for each row of data.

    `sections` are the titles that say a nature of projects, `natures` what they say of each row.
    """

    values: Mapping[str, list[Any]]
    in_words: Mapping[str, list[str | None]]
    numbers: Sequence[int]
    natures: Sequence[str | None]
    sections: Mapping[str, str]
    has_section_totals: bool
    findings: Sequence[Finding]
    letters: Mapping[str, str]
    failed: frozenset[tuple[int, str]]


def read_values(header: SheetHeader, columns: Sequence[MappedColumn]) -> SheetValues:
    """The values of a sheet by its mapped columns."""
    sheet, name = header.sheet, header.sheet.name
    ledger_header = header.as_ledger_header()
    telling = frozenset(c.headed.index for c in columns if c.read_as.kind not in FIGURES)
    texts = frozenset(c.headed.index for c in columns if c.read_as.kind is ColumnType.text)
    rows = sort_rows(sheet, ledger_header, telling, texts)
    findings = []
    is_amount = {c.headed.index: c.target.is_amount for c in columns}
    by_index = {c.headed.index: c for c in columns}
    for code, number, index, cells in fill_merged(sheet, header.end, rows, is_amount):
        findings.append(build_finding(code, name, number, by_index[index].headed.text, cells=cells))
    sections = find_sections(header, rows)
    fields = tuple(
        SheetField(replace(c.read_as, name=c.name), c.headed.index, c.headed.text, c.factor)
        for c in columns
    )
    letters = {column.text: column.letter for column in header.columns}
    summed = section_totals(header, rows, frozenset(is_amount))
    totals = [*rows.totals, *summed]
    layout = SheetLayout(
        name, fields, rows.numbers, rows.rows, totals, sheet.counts_from_1904, letters
    )
    findings += [*find_rows_passed_over(rows, name), *find_hidden(sheet, layout)]
    values: dict[str, list[Any]] = {}
    in_words: dict[str, list[str | None]] = {}
    written_cells: dict[str, list[Cell]] = {}
    failed: set[tuple[int, str]] = set()
    for column, field in zip(columns, fields, strict=True):
        written = [as_text(cell_at(row, field.index)) for row in rows.rows]
        read_cell = build_reader(column, counts_from_1904=sheet.counts_from_1904)
        reads = {cell: read_cell(cell) for cell in set(written)}
        words = {
            c for c, r in reads.items() if column.read_as.words_to and r.code and is_in_words(c)
        }
        codes = {c: r.code for c, r in reads.items() if r.code and c not in words}
        findings += cell_findings(layout, field, written, codes, reads)
        errors = {cell for cell, code in codes.items() if code in FINDING_ERRORS}
        failed |= {(i, column.name) for i, cell in enumerate(written) if cell in errors}
        values[column.name] = [None if c in words else reads[c].value for c in written]
        if words:
            in_words[column.name] = [cell_text(c).strip() if c in words else None for c in written]
        written_cells[column.name] = written
    headers = {field.column.name: field.header for field in fields}
    table = ParsedTable(name, rows.numbers, values, headers, written_cells, frozenset(failed))
    findings += limit_findings(check_totals(layout, table))
    natures = row_natures(sections, rows.numbers)
    return SheetValues(
        values,
        in_words,
        rows.numbers,
        natures,
        {make_count_hole(s.title): s.nature for s in sections.values() if s.nature},
        bool(summed),
        findings,
        letters,
        frozenset(failed),
    )


def build_reader(column: MappedColumn, *, counts_from_1904: bool = False) -> CellReader:
    """A reader for the cells of a column; months without a year are of the column's."""
    read = build_cell_reader(column.read_as, column.factor, counts_from_1904)
    year = column.year
    if column.read_as.kind is not ColumnType.day or year is None:
        return read
    return lambda cell: read(add_year(cell, year))


def add_year(cell: Cell, year: int) -> Cell:
    """`8`, `8月`, `8月15日` in the year of the column; others as they are."""
    text = to_half_width(cell_text(cell)) if is_number(cell) or isinstance(cell, str) else ""
    if MONTH_ALONE.fullmatch(text):
        return f"{year}年{text}月"
    return f"{year}年{text}" if WITHOUT_YEAR.fullmatch(text) else cell


def as_text(cell: Cell) -> Cell:
    return cell_text(cell) if isinstance(cell, bool) else cell


# --- sections


@dataclass(frozen=True)
class Section:
    """A row that heads those below it: its title as it is written, its level, its nature."""

    title: str
    level: int
    nature: str | None


def find_sections(header: SheetHeader, rows: SortedRows) -> dict[int, Section]:
    """The sections of a sheet by the number of their row."""
    found = {}
    for number in rows.passed_over.get(RowKind.section, ()):
        cells = [c for c in header.sheet.rows[number - 1] if isinstance(c, str)]
        texts = [cell.strip() for cell in cells if not is_blank(cell)]
        bare = [SECTION_COUNT.sub("", SECTION_OPENING.sub("", fold_name(t), 1)) for t in texts]
        title = next((word for word in bare if word), "")
        level = next((i for i, p in enumerate(LEVELS) if p.match(fold_name(texts[0]))), len(LEVELS))
        written = texts[0] if bare[0] else "、".join(t.rstrip("、.") for t in texts[:2])
        found[number] = Section(written, level, nature_of(title))
    return found


def row_natures(sections: Mapping[int, Section], numbers: Sequence[int]) -> list[str | None]:
    """The nature that the sections above each row say, the innermost that says one."""
    levels: dict[int, str | None] = {}
    natures: dict[int, str | None] = {}
    for number in sorted({*sections, *numbers}):
        if number in sections:
            section = sections[number]
            levels = {level: n for level, n in levels.items() if level < section.level}
            levels[section.level] = section.nature
        natures[number] = next((levels[i] for i in sorted(levels, reverse=True) if levels[i]), None)
    return [natures[number] for number in numbers]


def nature_of(title: str) -> str | None:
    """The nature of projects that a section's title says."""
    target = find_target(NATURE)
    known = known_words(target.column) if target else {}
    return known.get(title) or known.get(title.removesuffix("类"))


def section_totals(
    header: SheetHeader, rows: SortedRows, columns: Collection[int]
) -> list[TotalRow]:
    """The totals that stand in the rows of sections, over the rows up to the next section."""
    numbers = rows.passed_over.get(RowKind.section, [])
    found = []
    for i, number in enumerate(numbers):
        spans = []
        for after in (*numbers[i + 1 :], None):
            inside = [
                p for p, n in enumerate(rows.numbers) if n > number and (after is None or n < after)
            ]
            if inside:
                spans.append((inside[0], inside[-1] + 1))
        cells = header.sheet.rows[number - 1]
        if spans and any(is_number(cell_at(cells, index)) for index in columns):
            found.append(TotalRow(number, cells, *spans[0], tuple(spans[1:])))
    return found
