"""A bulletin as it is printed: every text of it, and nothing else.

A column says whether it holds figures, so that a workbook has numbers where paper has texts.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

DEFAULT_OFFICE_NAME = "重点项目建设领导小组办公室"  # whose name stands over bulletins
CellColour = Literal["", "green", "yellow", "red"]


class Cell(NamedTuple):
    """A printed text, and the colour of the light that it names, if any."""

    text: str
    colour: CellColour = ""


@dataclass(frozen=True)
class Column:
    """`spanner` is the title over this column and over neighbours with the same one."""

    title: str
    spanner: str = ""
    is_figure: bool = False


DASH = "—"  # in a cell without a value


def is_centred(column: Column, cell: Cell) -> bool:
    """Words are aligned left; figures, lights and dashes are centred."""
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

    `note` is printed under the title: the kind of copy that this is.
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
    """A builder of a table: columns first, then rows of texts or cells."""

    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def add(self, *cells: str | Cell) -> None:
        """Append a row. Raises ValueError unless there is a cell for each column."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells for {len(self.columns)} columns")
        self.rows.append(tuple(Cell(c) if isinstance(c, str) else c for c in cells))

    def build(self, caption: str, sheet: str, group: str = "") -> Table:
        return Table(caption, sheet, self.columns, tuple(self.rows), group)


def text_columns(*titles: str) -> tuple[Column, ...]:
    """Columns of words."""
    return tuple(Column(title) for title in titles)


def figure_columns(*titles: str, spanner: str = "") -> tuple[Column, ...]:
    """Columns of numbers."""
    return tuple(Column(title, spanner, is_figure=True) for title in titles)


NUMERALS = "〇一二三四五六七八九"


def chinese_numeral(number: int) -> str:
    """The number of a part, below 100: 1 → 一, 12 → 十二, 20 → 二十."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else ("" if tens == 1 else NUMERALS[tens]) + "十"
    return ten + (NUMERALS[ones] if ones or not tens else "")
