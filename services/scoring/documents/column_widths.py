"""The widths of a table's columns on paper, and the size of its characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from statistics import fmean

from services.scoring.documents.bulletin import Cell, Column, Table
from shared.paper.titles import text_width

FONT_SIZES = (10.5, 9.0, 8.0, 7.0)  # 五号, 小五 and two that only crowded tables need
CELL_INSET = 0.3  # left and right of a cell's text, in characters
WIDEST_TEXT = 50.0  # a text of more characters is broken into lines anyway
RARE_FACTOR = 2.0  # times the mean: a text that is longer may be broken, since few are
NARROWEST_TEXT = 6.0  # into which names are broken rather than set smaller
HEAD_LINES, SHORT_TITLE = 2, 6
TableRow = tuple[Cell, ...]


@dataclass(frozen=True)
class Layout:
    """The widths of columns in points, which fill the area, and the size of characters."""

    widths: tuple[float, ...]
    size: float


def lay_out_tables(tables: Sequence[Table], area: float) -> list[Layout]:
    """A layout for each table, the same for the same columns. `area` is a width in points."""
    alike: dict[tuple[Column, ...], list[Table]] = {}
    for table in tables:
        alike.setdefault(table.columns, []).append(table)
    layouts = {
        columns: lay_out_columns(columns, [row for table in of for row in table.rows], area)
        for columns, of in alike.items()
    }
    return [layouts[table.columns] for table in tables]


def lay_out_columns(columns: Sequence[Column], rows: Sequence[TableRow], area: float) -> Layout:
    """The layout of the largest size at which no figure needs a second line.

    Columns that are narrower than the area are spread over it; in wider ones texts are broken.
    """
    wanted, least = measure_columns(columns, rows)
    for size in FONT_SIZES:
        available = area / size
        if sum(least) <= available:
            widths = distribute_widths(wanted, least, available)
            return Layout(tuple(size * each for each in widths), size)
    scale = area / sum(least)
    return Layout(tuple(scale * each for each in least), min(FONT_SIZES[-1], scale))


def distribute_widths(
    wanted: Sequence[float], least: Sequence[float], available: float
) -> list[float]:
    """Widths that fill `available`: all stretched alike, or each between least and wanted."""
    if sum(wanted) <= available:
        return [each * available / sum(wanted) for each in wanted]
    spare = (available - sum(least)) / (sum(wanted) - sum(least))
    return [low + spare * (high - low) for low, high in zip(least, wanted, strict=True)]


def measure_columns(
    columns: Sequence[Column], rows: Sequence[TableRow]
) -> tuple[list[float], list[float]]:
    """The wanted and the least widths, in characters.

    At the wanted ones only heads and very long texts are broken; below the least ones a table
    cannot be read.
    """
    wanted, least = [], []
    for index, column in enumerate(columns):
        long = [text_width(row[index].text) for row in rows] or [0.0]
        head = max(2.0, head_width(column.title))
        usual = (
            max(long)
            if column.is_figure
            else min(max(long), RARE_FACTOR * fmean(long), WIDEST_TEXT)
        )
        wide = max(head, usual)
        wanted.append(wide)
        least.append(
            wide if column.is_figure else max(head, min(wide, least_text_width(rows, index)))
        )
    for run in head_groups(columns):
        spanner = head_width(columns[run[0]].spanner)
        missing = max(0.0, spanner - sum(least[index] for index in run)) / len(run)
        for index in run:
            least[index] += missing
            wanted[index] = max(wanted[index], least[index])
    return [each + 2 * CELL_INSET for each in wanted], [each + 2 * CELL_INSET for each in least]


def head_width(title: str) -> float:
    """The width of a title, in characters: a short one takes one line, a longer one two."""
    whole = text_width(title)
    return whole if whole <= SHORT_TITLE else ceil(whole / HEAD_LINES)


def least_text_width(rows: Sequence[TableRow], index: int) -> float:
    """The least width of a column of texts that breaks no word of Latin letters or digits."""
    words = [word for row in rows for word in latin_words(row[index].text)]
    return max([NARROWEST_TEXT, *map(text_width, words)])


def latin_words(text: str) -> list[str]:
    """Runs of ASCII characters: codes, numbers, dates."""
    return ["".join(run) for plain, run in groupby(text, str.isascii) if plain]


def head_groups(columns: Sequence[Column]) -> list[list[int]]:
    """The indexes of neighbouring columns under one spanner."""
    runs = groupby(range(len(columns)), key=lambda index: columns[index].spanner)
    return [list(run) for spanner, run in runs if spanner]
