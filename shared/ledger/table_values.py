"""The values of a sheet, column by column, and the findings of its cells."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import compress
from typing import Any

from shared.facts.columns import MAX_TEXT_LENGTH, Column, ColumnType
from shared.facts.tables import FACT_COLUMNS
from shared.ledger.cells import (
    build_cell_reader,
    convert_plain_cells,
    is_free_text,
    is_in_words,
)
from shared.ledger.findings import (
    COLUMN_WARNINGS,
    FINDING_ERRORS,
    MAX_TOLD,
    Finding,
    build_finding,
    collect_findings,
    count_others,
    limit_findings,
)
from shared.ledger.headings import cell_at, year_column
from shared.ledger.layout import SheetField, SheetLayout
from shared.ledger.sheets import (
    INVISIBLE_CHARACTER,
    Cell,
    ParsedCell,
    cell_text,
    strip_spaces,
)
from shared.ledger.validation import ParsedTable


def parse_table(layout: SheetLayout) -> tuple[ParsedTable, list[Finding]]:
    """The values of a sheet, column by column. A blank in a required column is an error.

    The cells of a large ledger repeat, so each that differs is read once.
    """
    fields = {field.column.name: field for field in layout.fields}
    columns: dict[str, list[Any]] = {}
    findings: list[Finding] = []
    failed_cells: set[tuple[int, str]] = set()
    cells = cells_by_column(layout)
    in_words: dict[str, set[Cell]] = {}
    for column in FACT_COLUMNS[layout.table]:
        if column.name not in fields:
            blank = () if column.kind is ColumnType.words else None
            columns[column.name] = [blank] * len(layout.rows)
            continue
        field, written = fields[column.name], cells[column.name]
        differing = set(written)
        read_cell = build_cell_reader(column, field.factor, layout.counts_from_1904)
        values = convert_plain_cells(column, field.factor, differing)
        reads = {cell: read_cell(cell) for cell in differing - values.keys()}
        if column.words_to:
            in_words[column.name] = {
                cell for cell, found in reads.items() if found.code and is_in_words(cell)
            }
            reads |= dict.fromkeys(in_words[column.name], ParsedCell(None))
        values |= {cell: found.value for cell, found in reads.items()}
        columns[column.name] = [*map(values.__getitem__, written)]
        codes = {
            cell: code
            for cell, found in reads.items()
            if (code := cell_finding_code(column, found))
        }
        if codes:
            findings += cell_findings(layout, field, written, codes, reads)
            errors = {cell for cell, code in codes.items() if code in FINDING_ERRORS}
            failed_cells |= {(i, column.name) for i, cell in enumerate(written) if cell in errors}
        if not is_free_text(column):
            marked: set[Cell] = {
                c for c in reads if isinstance(c, str) and INVISIBLE_CHARACTER.search(c)
            }
            findings += column_finding("invisible_characters", layout, field, written, marked)
    headers = {name: field.header for name, field in fields.items()}
    for name, words in in_words.items():
        findings += move_words(layout, fields[name], cells[name], words, columns)
    findings += limit_findings(differing_years(layout, columns, failed_cells))
    table = ParsedTable(
        layout.table, layout.numbers, columns, headers, cells, frozenset(failed_cells)
    )
    return table, findings


def has_invisible(cell: Cell) -> bool:
    """Whether a cell has characters that nobody sees."""
    return isinstance(cell, str) and INVISIBLE_CHARACTER.search(cell) is not None


def cells_by_column(layout: SheetLayout) -> dict[str, list[Cell]]:
    """The cells of each column that is read; true and false as the texts that a person sees.

    To Python they are equal to 1 and 0, and would be taken for the values of those.
    """
    rows, cells = layout.rows, {}
    shortest = min(map(len, rows), default=0)
    for header in layout.fields:
        index = header.index
        found = [r[index] if index < shortest else cell_at(r, index) for r in rows]
        if bool in set(map(type, found)):
            found = [cell_text(cell) if isinstance(cell, bool) else cell for cell in found]
        cells[header.column.name] = found
    return cells


def cell_finding_code(column: Column, read_cell: ParsedCell) -> str | None:
    """The code of a cell's finding, if any."""
    if column.required and read_cell.value is None and read_cell.code not in FINDING_ERRORS:
        return "missing_value"
    return read_cell.code


def cell_findings(
    layout: SheetLayout,
    field: SheetField,
    written: list[Cell],
    codes: Mapping[Cell, str],
    reads: Mapping[Cell, ParsedCell],
) -> Iterator[Finding]:
    """The findings of the cells of a column: at most 1,000 a code, habits told once."""
    counts: Counter[str] = Counter()
    others: dict[str, Finding] = {}
    habits: dict[str, list[int]] = {}
    for index in compress(range(len(written)), map(codes.__contains__, written)):
        cell, number = written[index], layout.numbers[index]
        code = codes[cell]
        counts[code] += 1
        if code in COLUMN_WARNINGS:
            habits.setdefault(code, []).append(index)
            continue
        if code in others:
            continue
        text, details = cell_text(cell) or None, reads[cell].details
        found = build_finding(code, layout.table, number, field.header, text, **details)
        if counts[code] > MAX_TOLD:
            others[code] = found
        else:
            yield found
    for code, indices in habits.items():
        yield tell_once(code, layout, field, written, indices)
    yield from (count_others(found, counts[code] - MAX_TOLD) for code, found in others.items())


def column_finding(
    code: str, layout: SheetLayout, field: SheetField, written: list[Cell], cells: set[Cell]
) -> Iterator[Finding]:
    """One finding for all the cells of a column that are among `cells`."""
    if cells:
        indices = [index for index, cell in enumerate(written) if cell in cells]
        yield tell_once(code, layout, field, written, indices)


def tell_once(
    code: str, layout: SheetLayout, field: SheetField, written: list[Cell], indices: list[int]
) -> Finding:
    numbers = [layout.numbers[index] for index in indices]
    target = field.column.words_to
    columns = FACT_COLUMNS.get(layout.table, ())  # none where it is an office's own sheet
    title = next((c.title for c in columns if c.name == target), "")
    text = cell_text(written[indices[0]]) or None
    found = build_finding(code, layout.table, numbers[0], field.header, text, title=title)
    return collect_findings(found, numbers)


def move_words(
    layout: SheetLayout,
    field: SheetField,
    written: list[Cell],
    words: set[Cell],
    columns: dict[str, list[Any]],
) -> Iterator[Finding]:
    """Append what a column of figures says in words to the text column declared for them."""
    if not words or field.column.words_to is None:
        return
    texts = columns[field.column.words_to] = [*columns[field.column.words_to]]
    for index, cell in enumerate(written):
        if cell in words:
            text = strip_spaces(cell_text(cell))
            texts[index] = f"{texts[index]}；{text}" if texts[index] else text
            if len(texts[index]) > MAX_TEXT_LENGTH:
                location = layout.table, layout.numbers[index], field.header
                yield build_finding("text_too_long", *location, most=MAX_TEXT_LENGTH)
    yield from column_finding("words_as_note", layout, field, written, words)


def differing_years(
    layout: SheetLayout, columns: Mapping[str, list[Any]], failed: set[tuple[int, str]]
) -> Iterator[Finding]:
    """Findings of amounts under a heading that names another year than their row."""
    dated = year_column(layout.table)
    for field in layout.fields if dated else ():
        if field.year is None or dated is None:
            continue
        amounts = columns[field.column.name]
        for index, value in enumerate(columns[dated.name]):
            year = getattr(value, "year", value)
            if year is not None and amounts[index] is not None and year != field.year:
                failed.add((index, field.column.name))
                location = layout.table, layout.numbers[index], field.header
                details = {"heading": field.year, "year": year}
                yield build_finding("year_differs", *location, None, **details)
