"""How wide the columns of a table are on paper, and how large its characters."""

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
    """A layout for each table; those of the same columns are laid out alike. `area` in points."""
    alike: dict[tuple[Column, ...], list[Table]] = {}
    for table in tables:
        alike.setdefault(table.columns, []).append(table)
    found = {
        columns: lay_out_columns(columns, [row for table in of for row in table.rows], area)
        for columns, of in alike.items()
    }
    return [found[table.columns] for table in tables]


def lay_out_columns(columns: Sequence[Column], rows: Sequence[TableRow], area: float) -> Layout:
    """The largest size at which figures stand on one line each.

    Where all is narrower than the area, it is spread over it; where it is wider, texts are broken.
    """
    wanted, least = measure_columns(columns, rows)
    for size in FONT_SIZES:
        holds = area / size
        if sum(least) <= holds:
            return Layout(
                tuple(size * each for each in distribute_widths(wanted, least, holds)), size
            )
    scale = area / sum(least)
    return Layout(tuple(scale * each for each in least), min(FONT_SIZES[-1], scale))


def distribute_widths(wanted: Sequence[float], least: Sequence[float], holds: float) -> list[float]:
    """Widths that fill what there is: more than wanted for all alike, or less where it can be."""
    if sum(wanted) <= holds:
        return [each * holds / sum(wanted) for each in wanted]
    spare = (holds - sum(least)) / (sum(wanted) - sum(least))
    return [low + spare * (high - low) for low, high in zip(least, wanted, strict=True)]


def measure_columns(
    columns: Sequence[Column], rows: Sequence[TableRow]
) -> tuple[list[float], list[float]]:
    """In characters: the widths at which nothing is broken but heads and very long texts, and the
    widths that are the least for a table to be read."""
    wanted, least = [], []
    for at, column in enumerate(columns):
        long = [text_width(row[at].text) for row in rows] or [0.0]
        head = max(2.0, head_width(column.title))
        usual = (
            max(long)
            if column.is_figure
            else min(max(long), RARE_FACTOR * fmean(long), WIDEST_TEXT)
        )
        wide = max(head, usual)
        wanted.append(wide)
        least.append(wide if column.is_figure else max(head, min(wide, least_text_width(rows, at))))
    for run in head_groups(columns):
        over = head_width(columns[run[0]].over)
        missing = max(0.0, over - sum(least[at] for at in run)) / len(run)
        for at in run:
            least[at] += missing
            wanted[at] = max(wanted[at], least[at])
    return [each + 2 * CELL_INSET for each in wanted], [each + 2 * CELL_INSET for each in least]


def head_width(title: str) -> float:
    """What a title needs: short ones stand on one line, longer ones on two."""
    whole = text_width(title)
    return whole if whole <= SHORT_TITLE else ceil(whole / HEAD_LINES)


def least_text_width(rows: Sequence[TableRow], at: int) -> float:
    """The least a column of texts may have: no word of Latin letters or digits is broken."""
    words = [word for row in rows for word in latin_words(row[at].text)]
    return max([NARROWEST_TEXT, *map(text_width, words)])


def latin_words(text: str) -> list[str]:
    """Runs of what is no Chinese: codes, numbers, dates."""
    return ["".join(run) for plain, run in groupby(text, str.isascii) if plain]


def head_groups(columns: Sequence[Column]) -> list[list[int]]:
    """The places of neighbours that share a title over them."""
    runs = groupby(range(len(columns)), key=lambda at: columns[at].over)
    return [list(run) for over, run in runs if over]
