"""A bulletin (通报) as it is printed: every text that stands in it, and nothing else.

What is a figure is told by its column, so that a workbook has numbers where paper has their texts.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

DEFAULT_OFFICE_NAME = "重点项目建设领导小组办公室"  # whose name stands over bulletins
CellColour = Literal["", "green", "yellow", "red"]


class Cell(NamedTuple):
    """A printed text, and the colour of the light that it tells of."""

    text: str
    colour: CellColour = ""


@dataclass(frozen=True)
class Column:
    """`over` is the title that stands over this column and its neighbours with the same one."""

    title: str
    over: str = ""
    is_figure: bool = False


DASH = "—"  # in a cell that has nothing to say


def is_centred(column: Column, cell: Cell) -> bool:
    """Words begin at the left; figures, lights and dashes stand in the middle."""
    return column.is_figure or bool(cell.colour) or cell.text == DASH


@dataclass(frozen=True)
class Table:
    """A table with its caption, which may be empty.

    On paper a group of units has a table of its own; in a workbook tables of the same `sheet` and
    columns are one, with the group in a column.
    """

    caption: str
    sheet: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    group: str = ""


@dataclass(frozen=True)
class BulletinPart:
    """Paragraphs, then tables; `landscape` where the tables are wide."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    landscape: bool = False


@dataclass(frozen=True)
class Bulletin:
    """The whole document: opening paragraphs, numbered parts, signature, annexes.

    `note` stands under the title: what kind of copy this is.
    """

    office: str
    title_lines: tuple[str, ...]
    addressee: str
    opening: tuple[str, ...]
    parts: tuple[BulletinPart, ...]
    closing: str
    signed_on: date
    annexes: tuple[BulletinPart, ...]
    note: str = ""

    @property
    def title(self) -> str:
        return "".join(self.title_lines)


@dataclass(frozen=True)
class TableBuilder:
    """A table while it is made: columns first, then rows of texts or cells."""

    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def add(self, *cells: str | Cell) -> None:
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells for {len(self.columns)} columns")
        self.rows.append(tuple(Cell(c) if isinstance(c, str) else c for c in cells))

    def made(self, caption: str, sheet: str, group: str = "") -> Table:
        return Table(caption, sheet, self.columns, tuple(self.rows), group)


def text_columns(*titles: str) -> tuple[Column, ...]:
    """Columns of words."""
    return tuple(Column(title) for title in titles)


def figure_columns(*titles: str, over: str = "") -> tuple[Column, ...]:
    """Columns of numbers."""
    return tuple(Column(title, over, is_figure=True) for title in titles)


NUMERALS = "〇一二三四五六七八九"


def chinese_numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十: how parts are numbered, below 100."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else ("" if tens == 1 else NUMERALS[tens]) + "十"
    return ten + (NUMERALS[ones] if ones or not tens else "")
