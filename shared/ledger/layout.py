"""Where things stand in a sheet: its header, the columns that it names, the rows that are data.

Titles may stand above the header. A header is one row, or two where group headings stand above
the names; a money unit is found in the name, in the group's heading or in the titles.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from shared.facts.columns import Column, Kind
from shared.facts.tables import COLUMNS
from shared.ledger.cells import YUAN_IN
from shared.ledger.findings import Finding, finding
from shared.ledger.sheets import (
    Cell,
    Row,
    Sheet,
    as_text,
    clean,
    column_names,
    folded,
    is_blank,
)

SEARCHED_ROWS = 20  # how far down a header is looked for
TIMES = "(?P<times>千|万|百万|千万|亿)?元"
UNIT = re.compile(rf"[(\[]?(?:(?:金额)?单位:)?{TIMES}[)\]]?$")
UNIT_OF_TITLES = re.compile(rf"(?<![报任])单位:(?:人民币)?{TIMES}(?=$|[)\],;、])", re.MULTILINE)
DECORATION = re.compile(r"^\*|\*$|\(?%\)?$")  # the mark of a required column, the sign of per cent
GRAND_TOTALS = frozenset({"合计", "总计", "共计"})
SUBTOTALS = frozenset({"小计"})


@dataclass(frozen=True)
class Heading:
    """What stands above one column: as written; the names it may mean; its money unit in yuan."""

    written: str
    names: tuple[str, ...]
    factor: int | None


@dataclass(frozen=True)
class Field:
    """A column that is read from cell `index` of a row; its amounts count `factor` yuan each."""

    column: Column
    index: int
    header: str
    factor: int


@dataclass(frozen=True)
class Total:
    """A total row and the data rows that it sums up, `first` to before `last`."""

    number: int
    cells: Row
    first: int
    last: int


@dataclass(frozen=True)
class Layout:
    """A sheet laid out; `numbers` are the numbers of the data rows as the person sees them."""

    table: str
    fields: tuple[Field, ...]
    numbers: list[int]
    rows: list[Row]
    totals: list[Total]


def lay_out(sheet: Sheet, table: str) -> tuple[Layout | None, list[Finding]]:
    """The layout of a sheet that is not blank; None when it has no header of this table."""
    at = header_row(sheet, table)
    if at is None:
        titles = "、".join(column.title for column in COLUMNS[table][:3])
        return None, [finding("no_header", table, titles=titles)]
    header = headings(sheet, at)
    fields, findings = named_fields(header, table)
    layout = Layout(table, tuple(fields), *data_rows(sheet, at + 1))
    return layout, findings + list(nameless_cells(layout, header))


# --- the header


def header_row(sheet: Sheet, table: str) -> int | None:
    """The lower row of the header: of the first rows the one that names most columns."""
    names = column_names(table)
    counts = [
        len({column.name for heading in headings(sheet, at) if (column := meant(heading, names))})
        for at in range(min(SEARCHED_ROWS, len(sheet.rows)))
    ]
    return counts.index(max(counts)) if any(counts) else None


def meant(heading: Heading, names: Mapping[str, Column]) -> Column | None:
    return next((names[name] for name in heading.names if name in names), None)


def headings(sheet: Sheet, at: int) -> list[Heading]:
    """What stands above each column if row `at` is the (lower) row of the header."""
    own, above = sheet.rows[at], sheet.rows[at - 1] if at else []
    groups = group_headings(sheet, at - 1) if at else []
    titles = "\n".join(folded(as_text(cell)) for row in sheet.rows[:at] for cell in row if cell)
    unit = UNIT_OF_TITLES.search(titles)
    return [
        heading(
            as_text(cell_at(above if is_blank(cell_at(own, index)) else own, index)),
            as_text(cell_at(groups, index)),
            YUAN_IN[unit["times"] or ""] if unit else None,
        )
        for index in range(max(len(own), len(above)))
    ]


def heading(written: str, group: str, factor_of_titles: int | None) -> Heading:
    name, factor = split_unit(DECORATION.sub("", folded(written)))
    group, factor_of_group = split_unit(folded(group))
    names = (name, group + name, name + group)
    return Heading(clean(written), names, factor or factor_of_group or factor_of_titles)


def split_unit(name: str) -> tuple[str, int | None]:
    """`总投资(万元)` is 总投资 in 10,000 yuan; a name that ends in `_yuan` says yuan itself."""
    unit = UNIT.search(name)
    if unit:
        return name[: unit.start()], YUAN_IN[unit["times"] or ""]
    return name, 1 if name.endswith("_yuan") else None


def group_headings(sheet: Sheet, at: int) -> Row:
    """Row `at` with each heading above the whole of its group.

    A workbook says by its merged cells how far a group reaches; in a CSV file, where they are
    lost, it reaches to the next heading.
    """
    row = list(sheet.rows[at])
    for first_row, first, last_row, last in sheet.merged or ():
        if first_row <= at <= last_row:
            row[first : last + 1] = [cell_at(sheet.rows[first_row], first)] * (last + 1 - first)
    if sheet.merged is None:
        row += [None] * (len(sheet.rows[at + 1]) - len(row))
        for index in range(1, len(row)):
            row[index] = row[index - 1] if is_blank(row[index]) else row[index]
    return row


def cell_at(row: Row, index: int) -> Cell:
    return row[index] if index < len(row) else None


def named_fields(header: list[Heading], table: str) -> tuple[list[Field], list[Finding]]:
    """The columns that a header names, and what is wrong with it."""
    names = column_names(table)
    fields: dict[str, Field] = {}
    findings = []
    for index, heading in enumerate(header):
        column = meant(heading, names)
        if column is None:
            if heading.written:
                findings.append(finding("unknown_column", table, column=heading.written))
        elif column.name in fields:
            first = fields[column.name].header
            findings.append(finding("duplicate_column", table, column=heading.written, first=first))
        else:
            if column.kind is Kind.yuan and not heading.factor and column.name not in heading.names:
                findings.append(finding("unit_assumed", table, column=heading.written))
            fields[column.name] = Field(column, index, heading.written, heading.factor or 1)
    missing = [c for c in COLUMNS[table] if c.required and c.name not in fields]
    findings += [finding("missing_column", table, title=c.title, name=c.name) for c in missing]
    return list(fields.values()), findings


# --- the rows below it


def data_rows(sheet: Sheet, first: int) -> tuple[list[int], list[Row], list[Total]]:
    """The numbers and cells of the data rows, and the total rows; blank rows are passed over.

    A subtotal sums up what follows the total row before it. A grand total sums up all above it, or
    all below where it stands on top.
    """
    numbers: list[int] = []
    rows: list[Row] = []
    totals: list[Total] = []
    below = filled_down(sheet, first)[first:]
    # Read once for all the rows that open with it, since few do with a blank or a total.
    usual = {cell for cell in {row[0] for row in below if row} if opens_data(cell)}
    for number, row in enumerate(below, first + 1):
        if row and row[0] in usual:
            numbers.append(number)
            rows.append(row)
            continue
        opening = next((cell for cell in row if not is_blank(cell)), None)
        word = total_word(opening)
        if word in GRAND_TOTALS:
            totals.append(Total(number, row, 0, len(rows)))
        elif word in SUBTOTALS:
            totals.append(Total(number, row, totals[-1].last if totals else 0, len(rows)))
        elif opening is not None:
            numbers.append(number)
            rows.append(row)
    on_top = [replace(total, last=len(rows)) for total in totals if total.last == 0]
    return numbers, rows, on_top + totals[len(on_top) :]


def opens_data(cell: Cell) -> bool:
    return not is_blank(cell) and total_word(cell) not in GRAND_TOTALS | SUBTOTALS


def total_word(cell: Cell) -> str:
    return folded(cell).rstrip(":") if isinstance(cell, str) else ""


def filled_down(sheet: Sheet, first: int) -> list[Row]:
    """The rows with a text that is merged over several data rows in each of them.

    Numbers and dates stay where they are: an amount merged over three rows is one amount.
    """
    rows = list(sheet.rows)
    for first_row, index, last_row, _ in sheet.merged or ():
        text = cell_at(rows[first_row], index) if first <= first_row < len(rows) else None
        if isinstance(text, str):
            for at in range(first_row + 1, min(last_row + 1, len(rows))):
                rows[at] = [*rows[at][:index], text, *rows[at][index + 1 :]]
    return rows


def nameless_cells(layout: Layout, header: list[Heading]) -> Iterator[Finding]:
    """What stands under no name: an error where a row is longer than the header, else a warning."""
    for number, row in zip(layout.numbers, layout.rows, strict=True):
        if len(row) > len(header) and (
            beyond := [c for c in row[len(header) :] if not is_blank(c)]
        ):
            yield finding("ragged_row", layout.table, number, value=as_text(beyond[0]))
    for index, heading in enumerate(header):
        if not heading.written and any(not is_blank(cell_at(r, index)) for r in layout.rows):
            yield finding("column_without_header", layout.table, column=letters(index))


def letters(index: int) -> str:
    """The column as a workbook names it: A, B, …, Z, AA."""
    before, last = divmod(index, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)
