"""The layout of a sheet: its header, the columns that it names, the rows of data.

Titles may stand above the header. A header is one row, or two where group headings stand above
the names; a money unit is found in the name, in the group's heading or in the titles.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS
from shared.ledger.cells import YUAN_PER_UNIT
from shared.ledger.findings import Finding, build_finding
from shared.ledger.sheets import (
    Cell,
    Sheet,
    SheetRow,
    cell_text,
    columns_by_name,
    fold_name,
    is_blank,
    strip_spaces,
)

HEADER_SEARCH_ROWS = 20  # how far down a header is looked for
MONEY_UNIT = "(?P<times>千|万|百万|千万|亿)?元"
UNIT_PATTERN = re.compile(rf"[(\[]?(?:(?:金额)?单位:)?{MONEY_UNIT}[)\]]?$")
TITLE_UNIT_PATTERN = re.compile(
    rf"(?<![报任])单位:(?:人民币)?{MONEY_UNIT}(?=$|[)\],;、])", re.MULTILINE
)
HEADER_DECORATION = re.compile(
    r"^\*|\*$|\(?%\)?$"
)  # the mark of a required column, the sign of per cent
GRAND_TOTAL_WORDS = frozenset({"合计", "总计", "共计"})
SUBTOTAL_WORDS = frozenset({"小计"})


@dataclass(frozen=True)
class Heading:
    """The heading of one column: its text, the names it may mean, its money unit in yuan."""

    text: str
    names: tuple[str, ...]
    factor: int | None


@dataclass(frozen=True)
class SheetField:
    """A column that is read from cell `index` of a row; its amounts count `factor` yuan each."""

    column: Column
    index: int
    header: str
    factor: int


@dataclass(frozen=True)
class TotalRow:
    """A total row and the data rows that it sums up, `first` to before `last`."""

    number: int
    cells: SheetRow
    first: int
    last: int


@dataclass(frozen=True)
class SheetLayout:
    """A sheet laid out; `numbers` are the numbers of the data rows as the person sees them."""

    table: str
    fields: tuple[SheetField, ...]
    numbers: list[int]
    rows: list[SheetRow]
    totals: list[TotalRow]


def detect_layout(sheet: Sheet, table: str) -> tuple[SheetLayout | None, list[Finding]]:
    """The layout of a sheet that is not blank; None when it has no header of this table."""
    row_index = find_header_row(sheet, table)
    if row_index is None:
        titles = "、".join(column.title for column in FACT_COLUMNS[table][:3])
        return None, [build_finding("no_header", table, titles=titles)]
    header = build_headings(sheet, row_index)
    fields, findings = resolve_fields(header, table)
    layout = SheetLayout(table, tuple(fields), *collect_data_rows(sheet, row_index + 1))
    return layout, findings + list(find_nameless_cells(layout, header))


# --- the header


def find_header_row(sheet: Sheet, table: str) -> int | None:
    """The index of the header's lower row: of the first rows the one that names most columns."""
    names = columns_by_name(table)
    counts = [
        len(
            {
                column.name
                for heading in build_headings(sheet, row_index)
                if (column := match_heading(heading, names))
            }
        )
        for row_index in range(min(HEADER_SEARCH_ROWS, len(sheet.rows)))
    ]
    return counts.index(max(counts)) if any(counts) else None


def match_heading(heading: Heading, names: Mapping[str, Column]) -> Column | None:
    return next((names[name] for name in heading.names if name in names), None)


def build_headings(sheet: Sheet, row_index: int) -> list[Heading]:
    """The headings of the columns, if row `row_index` is the (lower) row of the header."""
    own, above = sheet.rows[row_index], sheet.rows[row_index - 1] if row_index else []
    groups = spread_group_headings(sheet, row_index - 1) if row_index else []
    titles = "\n".join(
        fold_name(cell_text(cell)) for row in sheet.rows[:row_index] for cell in row if cell
    )
    unit = TITLE_UNIT_PATTERN.search(titles)
    return [
        build_heading(
            cell_text(cell_at(above if is_blank(cell_at(own, index)) else own, index)),
            cell_text(cell_at(groups, index)),
            YUAN_PER_UNIT[unit["times"] or ""] if unit else None,
        )
        for index in range(max(len(own), len(above)))
    ]


def build_heading(text: str, group: str, factor_of_titles: int | None) -> Heading:
    name, factor = split_unit(HEADER_DECORATION.sub("", fold_name(text)))
    group, factor_of_group = split_unit(fold_name(group))
    names = (name, group + name, name + group)
    return Heading(strip_spaces(text), names, factor or factor_of_group or factor_of_titles)


def split_unit(name: str) -> tuple[str, int | None]:
    """`总投资(万元)` is 总投资 in 10,000 yuan; a name that ends in `_yuan` says yuan itself."""
    unit = UNIT_PATTERN.search(name)
    if unit:
        return name[: unit.start()], YUAN_PER_UNIT[unit["times"] or ""]
    return name, 1 if name.endswith("_yuan") else None


def spread_group_headings(sheet: Sheet, row_index: int) -> SheetRow:
    """Row `row_index` with each heading above the whole of its group.

    A workbook says by its merged cells how far a group reaches; in a CSV file, where they are
    lost, it reaches to the next heading.
    """
    row = list(sheet.rows[row_index])
    for first_row, first, last_row, last in sheet.merged or ():
        if first_row <= row_index <= last_row:
            row[first : last + 1] = [cell_at(sheet.rows[first_row], first)] * (last + 1 - first)
    if sheet.merged is None:
        row += [None] * (len(sheet.rows[row_index + 1]) - len(row))
        for index in range(1, len(row)):
            row[index] = row[index - 1] if is_blank(row[index]) else row[index]
    return row


def cell_at(row: SheetRow, index: int) -> Cell:
    return row[index] if index < len(row) else None


def resolve_fields(header: list[Heading], table: str) -> tuple[list[SheetField], list[Finding]]:
    """The columns that a header names, and its findings."""
    names = columns_by_name(table)
    fields: dict[str, SheetField] = {}
    findings = []
    for index, heading in enumerate(header):
        column = match_heading(heading, names)
        if column is None:
            if heading.text:
                findings.append(build_finding("unknown_column", table, column=heading.text))
        elif column.name in fields:
            first = fields[column.name].header
            findings.append(
                build_finding("duplicate_column", table, column=heading.text, first=first)
            )
        else:
            if (
                column.kind is ColumnType.yuan
                and not heading.factor
                and column.name not in heading.names
            ):
                findings.append(build_finding("unit_assumed", table, column=heading.text))
            fields[column.name] = SheetField(column, index, heading.text, heading.factor or 1)
    missing = [c for c in FACT_COLUMNS[table] if c.required and c.name not in fields]
    findings += [
        build_finding("missing_column", table, title=c.title, name=c.name) for c in missing
    ]
    return list(fields.values()), findings


# --- the rows below it


def collect_data_rows(sheet: Sheet, first: int) -> tuple[list[int], list[SheetRow], list[TotalRow]]:
    """The numbers and cells of the data rows, and the total rows; blank rows are passed over.

    A subtotal sums up what follows the total row before it. A grand total sums up all above it, or
    all below where it stands on top.
    """
    numbers: list[int] = []
    rows: list[SheetRow] = []
    totals: list[TotalRow] = []
    below = fill_down_merged(sheet, first)[first:]
    # Read once for all the rows that open with it, since few do with a blank or a total.
    usual = {cell for cell in {row[0] for row in below if row} if is_data_opening(cell)}
    for number, row in enumerate(below, first + 1):
        if row and row[0] in usual:
            numbers.append(number)
            rows.append(row)
            continue
        opening = next((cell for cell in row if not is_blank(cell)), None)
        word = total_word(opening)
        if word in GRAND_TOTAL_WORDS:
            totals.append(TotalRow(number, row, 0, len(rows)))
        elif word in SUBTOTAL_WORDS:
            totals.append(TotalRow(number, row, totals[-1].last if totals else 0, len(rows)))
        elif opening is not None:
            numbers.append(number)
            rows.append(row)
    on_top = [replace(total, last=len(rows)) for total in totals if total.last == 0]
    return numbers, rows, on_top + totals[len(on_top) :]


def is_data_opening(cell: Cell) -> bool:
    return not is_blank(cell) and total_word(cell) not in GRAND_TOTAL_WORDS | SUBTOTAL_WORDS


def total_word(cell: Cell) -> str:
    return fold_name(cell).rstrip(":") if isinstance(cell, str) else ""


def fill_down_merged(sheet: Sheet, first: int) -> list[SheetRow]:
    """The rows with a text that is merged over several data rows in each of them.

    Numbers and dates stay where they are: an amount merged over three rows is one amount.
    """
    rows = list(sheet.rows)
    for first_row, index, last_row, _ in sheet.merged or ():
        text = cell_at(rows[first_row], index) if first <= first_row < len(rows) else None
        if isinstance(text, str):
            for row_index in range(first_row + 1, min(last_row + 1, len(rows))):
                rows[row_index] = [*rows[row_index][:index], text, *rows[row_index][index + 1 :]]
    return rows


def find_nameless_cells(layout: SheetLayout, header: list[Heading]) -> Iterator[Finding]:
    """Findings of cells under no name: an error where a row is longer than the header."""
    for number, row in zip(layout.numbers, layout.rows, strict=True):
        if len(row) > len(header) and (
            beyond := [c for c in row[len(header) :] if not is_blank(c)]
        ):
            yield build_finding("ragged_row", layout.table, number, value=cell_text(beyond[0]))
    for index, heading in enumerate(header):
        if not heading.text and any(not is_blank(cell_at(r, index)) for r in layout.rows):
            yield build_finding("column_without_header", layout.table, column=column_letters(index))


def column_letters(index: int) -> str:
    """The column as a workbook names it: A, B, …, Z, AA."""
    before, last = divmod(index, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)
