"""The layout of a sheet: the columns that its header names, the rows of data below it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS
from shared.ledger.findings import Finding, build_finding, cut_value, name_rows
from shared.ledger.headings import (
    Header,
    Heading,
    cell_at,
    find_header,
    match_heading,
    names_of_references,
)
from shared.ledger.merged_cells import column_letters, fill_merged
from shared.ledger.money_units import MoneyUnit
from shared.ledger.rows import SortedRows, TotalRow, sort_rows
from shared.ledger.sheets import Sheet, SheetRow, cell_text, is_blank, replace_unwritable

FIGURES = frozenset({ColumnType.yuan, ColumnType.count, ColumnType.percent, ColumnType.figure})


@dataclass(frozen=True)
class SheetField:
    """A column that is read from cell `index` of a row; its amounts count `factor` yuan each.

    `year` is the one that its heading says; `by_name` where names stand for ids of others.
    """

    column: Column
    index: int
    header: str
    factor: int
    year: int | None = None
    by_name: bool = False


@dataclass(frozen=True)
class SheetLayout:
    """A sheet laid out; `numbers` are the numbers of the data rows as the person sees them.

    `letters` are those of the columns by what findings call them.
    """

    table: str
    fields: tuple[SheetField, ...]
    numbers: list[int]
    rows: list[SheetRow]
    totals: list[TotalRow]
    counts_from_1904: bool
    letters: Mapping[str, str]


def detect_layout(sheet: Sheet, table: str) -> tuple[SheetLayout | None, list[Finding]]:
    """The layout of a sheet that is not blank; None when it has no header of this table."""
    header = find_header(sheet, table)
    if header is None:
        titles = "、".join(column.title for column in FACT_COLUMNS[table][:3])
        return None, [build_finding("no_header", table, titles=titles)]
    fields, findings = resolve_fields(header, table)
    telling = frozenset(f.index for f in fields if f.column.kind not in FIGURES)
    texts = frozenset(f.index for f in fields if f.column.kind is ColumnType.text)
    rows = sort_rows(sheet, header, telling, texts)
    is_amount = {f.index: f.column.kind is ColumnType.yuan for f in fields}
    for code, number, index, cells in fill_merged(sheet, header.end, rows, is_amount):
        column = header.headings[index].text
        findings.append(build_finding(code, table, number, column, cells=cells))
    layout = SheetLayout(
        table,
        tuple(fields),
        rows.numbers,
        rows.rows,
        rows.totals,
        sheet.counts_from_1904,
        name_columns(header.headings),
    )
    findings = [count_unknown(f, layout, header.headings) for f in findings]
    findings += find_rows_passed_over(rows, table)
    findings += find_hidden(sheet, layout)
    return layout, findings + list(find_nameless_cells(layout, header.headings))


def resolve_fields(header: Header, table: str) -> tuple[list[SheetField], list[Finding]]:
    """The columns that a header names, and its findings."""
    fields: dict[str, SheetField] = {}
    findings = []
    for index, (heading, column, by_name) in enumerate(match_headings(header.headings, table)):
        if column is None:
            if heading.text:
                findings.append(build_finding("unknown_column", table, column=heading.text))
        elif column.name in fields:
            first = fields[column.name].header
            findings.append(
                build_finding("duplicate_column", table, column=heading.text, first=first)
            )
        else:
            unit = heading.unit
            if column.kind is ColumnType.yuan:
                unit, found = choose_unit(heading, column, header.title_units, table)
                findings += found
            factor = (unit and unit.factor) or 1
            year = heading.year if not by_name and is_dated(heading, column, table) else None
            fields[column.name] = SheetField(column, index, heading.text, factor, year, by_name)
    return list(fields.values()), findings


def match_headings(
    headings: Sequence[Heading], table: str
) -> list[tuple[Heading, Column | None, bool]]:
    """Each heading with its column, and whether names stand there for ids.

    They do only where the header has no column of the ids themselves.
    """
    matched = [match_heading(heading, table) for heading in headings]
    taken = {column.name for column in matched if column}
    by_name = {name: c for name, c in names_of_references(table).items() if c.name not in taken}
    found = []
    for heading, column in zip(headings, matched, strict=True):
        named = None if column else by_name.get(heading.names[0])
        found.append((heading, column or named, named is not None))
    return found


def is_dated(heading: Heading, column: Column, table: str) -> bool:
    """Whether a heading names its column only without the year before it."""
    return heading.year is not None and match_heading(replace(heading, dated=()), table) != column


def choose_unit(
    heading: Heading, column: Column, titles: Sequence[MoneyUnit], table: str
) -> tuple[MoneyUnit | None, list[Finding]]:
    """The unit of a column of amounts: its own, else that of the titles; and what is wrong."""
    unit = heading.unit
    if unit is None and column.name not in heading.names:
        if len(titles) > 1:
            units = "、".join(unit.text for unit in titles)
            return None, [build_finding("units_differ", table, column=heading.text, units=units)]
        unit = titles[0] if titles else None
        if unit is None:
            return None, [build_finding("unit_assumed", table, column=heading.text)]
    if unit and unit.factor is None:
        told = build_finding("unit_not_understood", table, column=heading.text, unit=unit.text)
        return None, [told]
    return unit, []


def name_columns(headings: Sequence[Heading]) -> dict[str, str]:
    """The letters of each column by its heading; of one that stands twice `C、G`."""
    letters: dict[str, str] = {}
    for index, heading in enumerate(headings):
        letter = column_letters(index)
        told = tell_heading(heading) or letter
        letters[told] = f"{letters[told]}、{letter}" if told in letters else letter
    return letters


def tell_heading(heading: Heading) -> str:
    """A heading as findings repeat it."""
    return replace_unwritable(cut_value(heading.text))


# --- what is told of rows and columns


def count_unknown(found: Finding, layout: SheetLayout, headings: Sequence[Heading]) -> Finding:
    """The finding of a column that is not read with the number of its cells."""
    if found.code != "unknown_column":
        return found
    index = next(
        i
        for i, heading in enumerate(headings)
        if heading.text and tell_heading(heading) == found.column
    )
    count = sum(not is_blank(cell_at(row, index)) for row in layout.rows)
    return replace(found, count=max(count, 1))


def find_rows_passed_over(rows: SortedRows, table: str) -> Iterator[Finding]:
    """One finding for each kind of rows that are no data."""
    for kind, numbers in rows.passed_over.items():
        found = build_finding(kind.value, table, numbers[0], rows=name_rows(numbers))
        yield replace(found, count=len(numbers))


def find_hidden(sheet: Sheet, layout: SheetLayout) -> Iterator[Finding]:
    """Findings of rows and columns that are hidden in the file and read all the same."""
    numbers = [n for n in layout.numbers if n - 1 in sheet.hidden_rows] if sheet.hidden_rows else []
    if numbers:
        found = build_finding("hidden_rows", layout.table, numbers[0], rows=name_rows(numbers))
        yield replace(found, count=len(numbers))
    for field in layout.fields:
        if field.index in sheet.hidden_columns:
            yield build_finding("hidden_columns", layout.table, column=field.header)


def find_nameless_cells(layout: SheetLayout, header: Sequence[Heading]) -> Iterator[Finding]:
    """Findings of cells under no name: an error where a row is longer than the header."""
    for number, row in zip(layout.numbers, layout.rows, strict=True):
        if len(row) > len(header) and (
            beyond := [c for c in row[len(header) :] if not is_blank(c)]
        ):
            yield build_finding("ragged_row", layout.table, number, value=cell_text(beyond[0]))
    for index, heading in enumerate(header):
        if not heading.text and any(not is_blank(cell_at(r, index)) for r in layout.rows):
            yield build_finding("column_without_header", layout.table, column=column_letters(index))
