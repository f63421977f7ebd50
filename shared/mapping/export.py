"""The export by a mapping: the office's own layout with the figures of a day.

What it writes reads by the same mapping as what is stored: titles, headers, sections and totals are
told apart there as they are written here.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from shared.facts.tables import Facts
from shared.ledger.headings import titles_above
from shared.ledger.money_units import find_title_units, read_unit, split_unit
from shared.ledger.sheets import Cell, MergedRange, Sheet, SheetRow, fold_name
from shared.mapping.figures import FigureBook, ShownColumn, show_amount, show_cell
from shared.mapping.model import (
    ASK,
    COUNT_HOLE,
    DAY_HOLE,
    MONTH_HOLE,
    YEAR_HOLE,
    ColumnMapping,
    ImportMapping,
    SheetMapping,
)
from shared.mapping.own_projects import divide_by_sheet
from shared.mapping.patterns import LEVELS, REPEATED
from shared.mapping.periods import Period
from shared.mapping.records import Row, StoredRows
from shared.mapping.targets import DAILY, NATURE, PRIOR, find_target

MAX_SHEET_NAME = 31  # characters, as Excel has it
NOTES = "导出说明"


@dataclass(frozen=True)
class LaidOutSheet:
    """A sheet to be written: its cells, how many rows of titles and header, what is merged."""

    sheet: Sheet
    title_rows: int
    header_rows: int
    bold_rows: frozenset[int]


def lay_out(mapping: ImportMapping, facts: Facts, as_of: date) -> list[LaidOutSheet]:
    """The sheets of a mapping, each with its own projects and the figures of a day."""
    book = FigureBook(StoredRows(facts))
    own = divide_by_sheet(mapping, list(book.stored.table("projects").values())).sheets
    pairs = zip(mapping.sheets, own, strict=True)
    return [lay_out_sheet(sheet, book, as_of, projects) for sheet, projects in pairs]


def lay_out_notes(notes: Sequence[str], taken: Sequence[LaidOutSheet]) -> list[LaidOutSheet]:
    """The notes as a sheet of their own, which no import reads; none where there are none."""
    names = {laid_out.sheet.name for laid_out in taken}
    name = next(name for i in range(len(names) + 1) if (name := NOTES + "＊" * i) not in names)
    rows: list[SheetRow] = [[note] for note in notes]
    return [LaidOutSheet(Sheet(name, rows, ()), len(rows), 0, frozenset())] if notes else []


def lay_out_sheet(
    mapping: SheetMapping, book: FigureBook, as_of: date, projects: Sequence[Row]
) -> LaidOutSheet:
    day = shown_day(mapping, as_of)
    titles = title_rows(mapping, day)
    columns = list(show_columns(mapping, titles, day))
    head, merged = header_rows(mapping, columns, len(titles))
    rows, bold = body_rows(mapping, columns, book, day, projects)
    width = len(columns)
    merged += [
        (i, 0, i, width - 1)
        for i, row in enumerate(titles)
        if width > 1 and sum(cell is not None for cell in row) == 1 and row[0] is not None
    ]
    top = len(titles) + len(head)
    name = fill_holes(mapping.sheet, day)[:MAX_SHEET_NAME]
    sheet = Sheet(name, [*titles, *head, *rows], tuple(merged))
    return LaidOutSheet(sheet, len(titles), len(head), frozenset(top + i for i in bold))


def shown_day(mapping: SheetMapping, as_of: date) -> date:
    """The day that an export says: a sheet that says only months is of the last month's end."""
    texts = [title.text for title in mapping.titles] + [c.header for c in mapping.columns]
    says_day = any(DAY_HOLE in text for text in texts)
    is_end = as_of.day == monthrange(as_of.year, as_of.month)[1]
    return as_of if says_day or is_end else as_of.replace(day=1) - timedelta(days=1)


def fill_holes(text: str, day: date, count: int | None = None) -> str:
    for hole, value in ((YEAR_HOLE, day.year), (MONTH_HOLE, day.month), (DAY_HOLE, day.day)):
        text = text.replace(hole, str(value))
    return text if count is None else text.replace(COUNT_HOLE, str(count))


def title_rows(mapping: SheetMapping, day: date) -> list[SheetRow]:
    """The rows above the header, each text where it stood."""
    last = max((title.row for title in mapping.titles), default=0)
    rows: list[SheetRow] = [[None] * len(mapping.columns) for _ in range(last)]
    for title in mapping.titles:
        row, index = rows[title.row - 1], column_index(title.column)
        row += [None] * (index + 1 - len(row))
        row[index] = fill_holes(title.text, day)
    return rows


def column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def show_columns(
    mapping: SheetMapping, titles: Sequence[SheetRow], day: date
) -> Iterator[ShownColumn]:
    """The columns of the sheet on the day, one for each year and month of a pattern."""
    units = [unit.factor for unit in find_title_units(titles_above(list(titles)))]
    for columns in side_by_side(mapping.columns):
        for year, month in periods_of(columns[0], day):
            end = Period(year, month).end(None) or day
            own = day if (year, month) == (day.year, day.month) else end
            for column in columns:
                target = find_target(column.to) if column.to and column.to != ASK else None
                header = fill_holes(REPEATED.sub("", column.header), replace_year(own, year))
                figures = figure_period(column, day, own, year)
                shown = ShownColumn(column, target, tuple(header.split(LEVELS)), *figures)
                yield add_unit(shown, mapping, units)


def side_by_side(columns: Sequence[ColumnMapping]) -> Iterator[list[ColumnMapping]]:
    """Columns one by one, but together those that stand in a group of each month."""

    def group_of(column: ColumnMapping) -> object:
        outer = column.header.split(LEVELS)[0]
        return (outer, column.months, column.years) if MONTH_HOLE in outer else id(column)

    for _, found in groupby(columns, group_of):
        yield list(found)


def periods_of(column: ColumnMapping, day: date) -> list[tuple[int, int]]:
    months = {None: [day.month], "all": list(range(1, 13)), "so_far": list(range(1, day.month + 1))}
    return [
        (day.year + offset, month) for offset in column.years for month in months[column.months]
    ]


def replace_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def figure_period(column: ColumnMapping, day: date, own: date, year: int) -> tuple[int, date]:
    """The year and the day of the figures below a header of a day `own` and a year."""
    if isinstance(column.as_of, date):
        return column.as_of.year, column.as_of
    has_month = MONTH_HOLE in column.header
    if column.to in DAILY and column.has_own_day and not has_month and year != day.year:
        return year, date(year, 12, 31)
    if not column.has_own_year:
        year = column.year if isinstance(column.year, int) else day.year
    elif column.to == PRIOR:
        year += 1
    return year, own if column.months or (column.has_own_day and has_month) else day


def add_unit(shown: ShownColumn, mapping: SheetMapping, units: Sequence[int | None]) -> ShownColumn:
    """The column with the unit of its amounts, which is written where nothing else says it."""
    if not shown.is_amount:
        return shown
    own = next((u for text in reversed(shown.path) if (u := split_unit(fold_name(text))[1])), None)
    if own and own.factor:
        return replace(shown, factor=own.factor)
    for written in (shown.mapping.unit_of_money, mapping.unit_of_money):
        unit = read_unit(fold_name(written)) if written and written != "sheet" else None
        if unit and unit.factor:
            path = shown.path
            if [unit.factor] != list(units):
                path = (*path[:-1], f"{path[-1]}（{unit.text}）")
            return replace(shown, factor=unit.factor, path=path)
    return replace(shown, factor=units[0] if len(units) == 1 and units[0] else 1)


def header_rows(
    mapping: SheetMapping, columns: Sequence[ShownColumn], first: int
) -> tuple[list[SheetRow], list[MergedRange]]:
    """The rows of the header with groups merged over their columns, and columns down to the end."""
    depth = max((len(column.path) for column in columns), default=1)
    rows: list[SheetRow] = [[None] * len(columns) for _ in range(depth)]
    merged: list[MergedRange] = []
    for index, column in enumerate(columns):
        for level, text in enumerate(column.path):
            is_last = level == len(column.path) - 1
            starts = index == 0 or columns[index - 1].path[: level + 1] != column.path[: level + 1]
            if is_last:
                rows[level][index] = text
                if depth - 1 > level:
                    merged.append((first + level, index, first + depth - 1, index))
            elif starts or len(columns[index - 1].path) - 1 == level:
                rows[level][index] = text
                end = index
                while (
                    end + 1 < len(columns)
                    and columns[end + 1].path[: level + 1] == column.path[: level + 1]
                    and len(columns[end + 1].path) - 1 > level
                ):
                    end += 1
                if end > index:
                    merged.append((first + level, index, first + level, end))
    return rows, merged


def body_rows(
    mapping: SheetMapping,
    columns: Sequence[ShownColumn],
    book: FigureBook,
    day: date,
    projects: Sequence[Row],
) -> tuple[list[SheetRow], list[int]]:
    """The rows of projects by section, with totals; and which of them are no projects."""
    rows: list[SheetRow] = []
    bold: list[int] = []

    def add_total(label: str, of: Sequence[Row], *, with_sums: bool) -> None:
        bold.append(len(rows))
        rows.append(total_row(fill_holes(label, day, len(of)), columns, of, book, day, with_sums))

    total = mapping.total_label or "合计"
    if mapping.total == "top":
        add_total(total, projects, with_sums=True)
    number = 0
    for label, members in divide_projects(mapping.sections, projects):
        if label:
            add_total(label, members, with_sums=mapping.section_totals)
        for project in members:
            number += 1
            rows.append([project_cell(c, project, number, book, day) for c in columns])
    if mapping.total == "bottom":
        add_total(total, projects, with_sums=True)
    return rows, bold


def divide_projects(
    sections: Mapping[str, str], projects: Sequence[Row]
) -> Iterator[tuple[str, list[Row]]]:
    """The projects of each section, those of no section first."""
    nature = NATURE.partition(".")[2]
    yield "", [p for p in projects if p[nature] not in sections.values()]
    for label, word in sections.items():
        yield label, [p for p in projects if p[nature] == word]


def project_cell(
    column: ShownColumn, project: Row, number: int, book: FigureBook, day: date
) -> Cell:
    match column.mapping.derived:
        case "index":
            return number
        case "completion":
            return as_number(book.completion([project["project_id"]], day))
        case "time_progress":
            return as_number(round(Decimal(day.month * 100) / 12, 2))
    return show_cell(column, book.value(column, project), book.stored)


def total_row(
    label: str,
    columns: Sequence[ShownColumn],
    projects: Sequence[Row],
    book: FigureBook,
    day: date,
    with_sums: bool,
) -> SheetRow:
    """A row of sums: its label first, amounts of those that are known."""
    row: SheetRow = [label]
    for column in columns[1:]:
        known = [book.value(column, p) for p in projects] if column.is_amount else []
        amounts = [value for value in known if value is not None]
        if with_sums and amounts:
            row.append(show_amount(sum(amounts), column.factor))
        elif with_sums and column.mapping.derived == "completion":
            row.append(as_number(book.completion([p["project_id"] for p in projects], day)))
        else:
            row.append(None)
    return row


def as_number(value: Decimal | None) -> Cell:
    return None if value is None else float(value)
