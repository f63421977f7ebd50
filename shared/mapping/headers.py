"""The header of an office's sheet: one to three rows, merged or not, below its titles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from shared.ledger.headings import (
    MAX_HEADER_LENGTH,
    Header,
    Heading,
    cell_at,
    read_units_below,
    texts_above,
    titles_above,
)
from shared.ledger.merged_cells import column_letters
from shared.ledger.money_units import MoneyUnit, find_title_units, split_unit
from shared.ledger.sheets import (
    Cell,
    MergedRange,
    Sheet,
    SheetRow,
    cell_text,
    fold_name,
    is_blank,
    remove_invisible,
    replace_unwritable,
    strip_spaces,
)
from shared.mapping.header_rows import cell_row, find_first_row, find_last_row, is_month_number
from shared.mapping.model import TitleCell
from shared.mapping.patterns import (
    compute_shape,
    fold_pattern,
    make_holes,
    make_pattern,
    number_repeated,
)
from shared.mapping.periods import Period, find_period


@dataclass(frozen=True)
class HeadedColumn:
    """A column of a sheet: its headings from the outermost group, its pattern, its period."""

    index: int
    path: tuple[str, ...]
    pattern: str
    period: Period | None
    unit: MoneyUnit | None

    @property
    def letter(self) -> str:
        return column_letters(self.index)

    @property
    def has_own_unit(self) -> bool:
        """Whether its unit of money stands in its headings, not in a row of units below."""
        return find_unit(self.path) is not None

    @property
    def text(self) -> str:
        """The header as findings repeat it."""
        return " ".join(self.path)


@dataclass(frozen=True)
class SheetHeader:
    """The header of a sheet: `first` to before `end` are its rows, counted from 0."""

    sheet: Sheet
    columns: tuple[HeadedColumn, ...]
    titles: tuple[str, ...]
    units: tuple[MoneyUnit, ...]
    first: int
    end: int
    units_below: bool

    @property
    def patterns(self) -> tuple[str, ...]:
        return tuple(column.pattern for column in self.columns)

    @property
    def shape(self) -> str:
        return compute_shape(self.patterns)

    @property
    def rows(self) -> int:
        return self.end - self.first - self.units_below

    @cached_property
    def title_cells(self) -> tuple[TitleCell, ...]:
        """The texts above the header where they stand, with holes for their periods."""
        return tuple(
            TitleCell(
                row=number,
                column=column_letters(index),
                text=make_holes(replace_unwritable(cell_text(cell)[:MAX_HEADER_LENGTH])),
            )
            for number, row in enumerate(self.sheet.rows[: self.first], 1)
            for index, cell in enumerate(row)
            if not is_blank(cell)
        )

    def as_ledger_header(self) -> Header:
        """The header as the rules for rows of a ledger know it."""
        width = max((column.index for column in self.columns), default=-1) + 1
        texts = {column.index: column for column in self.columns}
        headings = [
            Heading(texts[i].text, (fold_pattern(texts[i].pattern),), texts[i].unit)
            if i in texts
            else Heading("", ("",), None)
            for i in range(width)
        ]
        rows = tuple(self.sheet.rows[self.first : self.end])
        return Header(headings, list(self.units), rows, self.end)


def read_header(sheet: Sheet) -> SheetHeader | None:
    """The header of a sheet, or None where no row looks like one."""
    first = find_first_row(sheet)
    if first is None:
        return None
    last = find_last_row(sheet, first)
    below = cell_row(sheet, last + 1)
    units_below = read_units_below(below)
    spread = [spread_row(sheet, index, first, last) for index in range(first, last + 1)]
    width = max(map(len, spread))
    paths = {}
    for index in range(width):
        texts = [clean_heading(cell_at(row, index)) for row in spread]
        path = [text for i, text in enumerate(texts) if text and text not in texts[:i]]
        if path:
            paths[index] = tuple(path)
    paths = name_months(paths)
    periods = {i: find_column_period(path) for i, path in paths.items()}
    patterns = number_repeated(map(make_pattern, paths.values()), periods.values())
    columns = tuple(
        HeadedColumn(i, path, pattern, periods[i], find_unit(path) or units_below.get(i))
        for (i, path), pattern in zip(paths.items(), patterns, strict=True)
    )
    above = sheet.rows[:first]
    end = last + 1 + bool(units_below)
    return SheetHeader(
        sheet,
        columns,
        tuple(texts_above(above)),
        tuple(find_title_units(titles_above(above))),
        first,
        end,
        bool(units_below),
    )


def spread_row(sheet: Sheet, index: int, first: int, last: int) -> SheetRow:
    """A row of the header with each heading in all the cells that it is merged over."""
    row = list(cell_row(sheet, index))
    for merged in sheet.merged or ():
        row = spread_heading(sheet, row, merged, index, (first, last))
    if not sheet.merged and index < last:
        below = [cell_row(sheet, i) for i in range(index + 1, last + 1)]
        row += [None] * (max(map(len, below)) - len(row))
        for i in range(1, len(row)):
            if is_blank(row[i]) and any(not is_blank(cell_at(each, i)) for each in below):
                row[i] = row[i - 1]
    return row


def spread_heading(
    sheet: Sheet, row: SheetRow, merged: MergedRange, index: int, rows: tuple[int, int]
) -> SheetRow:
    top, left, bottom, right = merged
    if not (rows[0] <= top <= index <= bottom) or top > rows[1]:
        return row
    row = row + [None] * (right + 1 - len(row))
    row[left : right + 1] = [cell_at(sheet.rows[top], left)] * (right + 1 - left)
    return row


def name_months(paths: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """Headings with 月 after numbers that are the months of a group: 1, 2, 3 side by side."""
    months: dict[tuple[str, ...], list[int]] = {}
    for path in paths.values():
        if len(path) > 1 and is_month_number(path[-1]):
            months.setdefault(path[:-1], []).append(int(path[-1]))
    named = {group for group, found in months.items() if found == [*range(1, len(found) + 1)]}
    return {
        i: (*path[:-1], f"{path[-1]}月")
        if path[:-1] in named and is_month_number(path[-1])
        else path
        for i, path in paths.items()
    }


def clean_heading(cell: Cell) -> str:
    text = strip_spaces(remove_invisible(cell_text(cell)))[:MAX_HEADER_LENGTH]
    return replace_unwritable("".join(text.split()))


def find_column_period(path: Sequence[str]) -> Period | None:
    """The period of a column: that of its own heading, with what only its groups say."""
    year = month = day = None
    for text in reversed(path):
        found = find_period(text)
        if found:
            if month is None and found.month is not None:
                month, day = found.month, found.day
            year = year or found.year
    return Period(year, month, day) if year or month else None


def find_unit(path: Sequence[str]) -> MoneyUnit | None:
    """The unit of money of a column: that of its own heading, else of the nearest group."""
    found = (split_unit(fold_name(text))[1] for text in reversed(path))
    return next((unit for unit in found if unit), None)
