"""The header of an office's sheet: one to three rows, merged or not, below its titles.

Which row begins it is told by the words of headers in it and by how many texts stand side by side;
how far it reaches, by its merged cells, or by the blanks that lower headings fill.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from shared.ledger.headings import (
    HEADER_SEARCH_ROWS,
    MAX_HEADER_LENGTH,
    Header,
    Heading,
    cell_at,
    read_units_below,
    titles_above,
)
from shared.ledger.merged_cells import column_letters
from shared.ledger.money_units import MoneyUnit, find_title_units, split_unit
from shared.ledger.rows import is_passed_over, total_word
from shared.ledger.sheets import (
    Cell,
    MergedRange,
    Sheet,
    SheetRow,
    cell_text,
    fold_name,
    is_blank,
    remove_invisible,
    strip_spaces,
)
from shared.mapping.model import TitleCell
from shared.mapping.patterns import (
    compute_shape,
    fold_pattern,
    make_holes,
    make_pattern,
    number_repeated,
)
from shared.mapping.periods import Period, find_period
from shared.mapping.vocabulary import is_known_heading

MAX_ROWS = 3  # of a header
LEAST_COLUMNS = 3  # of a sheet that a mapping reads
LONGEST_HEADING = 60  # characters; a longer text heads no column


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
                text=make_holes(cell_text(cell)[:MAX_HEADER_LENGTH]),
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
    titles = titles_above(sheet.rows[:first])
    end = last + 1 + bool(units_below)
    return SheetHeader(
        sheet,
        columns,
        tuple(titles),
        tuple(find_title_units(titles)),
        first,
        end,
        bool(units_below),
    )


def find_first_row(sheet: Sheet) -> int | None:
    """The index of the first row of the header: of the first rows the likeliest."""
    scores = [score_row(sheet, i) for i in range(min(HEADER_SEARCH_ROWS, len(sheet.rows)))]
    if not scores or max(scores) < LEAST_COLUMNS:
        return None
    best = scores.index(max(scores))
    while best and is_group_row(sheet, best - 1, best):
        best -= 1
    return best


def score_row(sheet: Sheet, index: int) -> int:
    """How much a row looks like a header: words that head columns count thrice."""
    row = sheet.rows[index]
    texts = [fold_name(cell) for cell in row if isinstance(cell, str) and not is_blank(cell)]
    short = {text for text in texts if len(text) <= LONGEST_HEADING}
    if len(short) < 2 or len(texts) < len([cell for cell in row if not is_blank(cell)]):
        return 0
    return len(short) + 2 * count_known(row)


def is_group_row(sheet: Sheet, above: int, index: int) -> bool:
    """Whether the row above heads groups of the columns of a row, and is no title."""
    row = sheet.rows[above]
    texts = [cell for cell in row if not is_blank(cell)]
    if len(texts) < 2 or not all(isinstance(cell, str) for cell in texts):
        return False
    if any("单位:" in fold_name(str(cell)) for cell in texts):
        return False
    merged = [m for m in sheet.merged or () if m[0] <= above <= m[2]]
    if merged:
        width = max(len(row), len(sheet.rows[index]))
        return any(m[2] >= index or m[1] < m[3] < width - 1 or m[1] > 0 for m in merged)
    return count_known(row) > 0


def count_known(row: SheetRow) -> int:
    """How many cells of a row are words that head columns, or groups of them."""
    texts = [fold_name(cell) for cell in row if isinstance(cell, str) and not is_blank(cell)]
    return sum(is_known_heading(fold_pattern(make_holes(text))) for text in texts)


def find_last_row(sheet: Sheet, first: int) -> int:
    """The index of the last row of the header that begins in a row."""
    last = first
    for top, _, bottom, _ in sheet.merged or ():
        if first <= top <= last and bottom > last and top < len(sheet.rows):
            last = min(bottom, first + MAX_ROWS - 1)
    while last - first < MAX_ROWS - 1 and continues_header(sheet, first, last):
        last += 1
    return last


def continues_header(sheet: Sheet, first: int, last: int) -> bool:
    """Whether the row below has only headings, in columns whose group stands above them."""
    row = cell_row(sheet, last + 1)
    filled = [i for i, cell in enumerate(row) if not is_blank(cell)]
    numbered = [i for i in filled if is_month_number(row[i])]
    if not filled or any(not isinstance(row[i], str) for i in filled if i not in numbered):
        return False
    if read_units_below(row):
        return False
    above = cell_row(sheet, last)
    wide = [
        (left, right)
        for top, left, bottom, right in sheet.merged or ()
        if bottom == last and first <= top and right > left
    ]
    if wide:
        return all(any(left <= i <= right for left, right in wide) for i in filled)
    opening = row[filled[0]]
    if sheet.merged or numbered or is_passed_over(opening) or total_word(opening):
        return False
    # Without merged cells a group reaches over the blanks that follow it.
    below_blanks = sum(is_blank(cell_at(above, i)) for i in filled)
    return count_known(row) > 0 or below_blanks > 1


def cell_row(sheet: Sheet, index: int) -> SheetRow:
    return sheet.rows[index] if index < len(sheet.rows) else []


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


def is_month_number(cell: Cell) -> bool:
    return cell_text(cell).isdigit() and 1 <= int(cell_text(cell)) <= 12


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
    return "".join(strip_spaces(remove_invisible(cell_text(cell)))[:MAX_HEADER_LENGTH].split())


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
