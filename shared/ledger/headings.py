"""The header of a sheet: which row it is, and what each of its headings may mean.

Titles may stand above the header. A header is one row, or two where group headings stand above
the names; a money unit is found in the name, in the group's heading, in a row of units below, or in
the titles.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS
from shared.ledger.money_units import MoneyUnit, find_title_units, read_unit, split_unit
from shared.ledger.sheets import (
    Cell,
    Sheet,
    SheetRow,
    cell_text,
    columns_by_name,
    fold_name,
    is_blank,
    remove_invisible,
    strip_spaces,
)

MAX_HEADER_LENGTH = 200  # characters of a header or a title that are looked at
PLAIN_UNIT = "元"  # what amounts are in where nothing is said
HEADER_SEARCH_ROWS = 20  # how far down a header is looked for
HEADER_DECORATION = re.compile(
    r"^\*|\*$|\(?%\)?$"
)  # the mark of a required column, the sign of per cent
YEAR_BEFORE_NAME = re.compile(r"(?P<year>20\d\d)(?P<name>年?度?.+)")
UNIT_HEADINGS = frozenset({"单位", "计量单位", "金额单位", "货币单位"})
UNITS_BELOW = re.compile(r"\(?(?:%|年|年月|年、月|年月日|年/月/日|个|项|亩|平方米|-|/)\)?")


@dataclass(frozen=True)
class Heading:
    """The heading of one column: its text, the names it may mean, its money unit.

    `dated` are the names that it means in tables of years, where it begins with `year`.
    """

    text: str
    names: tuple[str, ...]
    unit: MoneyUnit | None
    year: int | None = None
    dated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """The headings of a sheet, the units of its titles, and the index of the first row below."""

    headings: list[Heading]
    title_units: list[MoneyUnit]
    rows: tuple[SheetRow, ...]
    end: int


def find_header(sheet: Sheet, table: str) -> Header | None:
    """The header, or None where no row names a column of the table."""
    row_index = find_header_row(sheet, table)
    if row_index is None:
        return None
    end = row_index + 1
    below = sheet.rows[end] if end < len(sheet.rows) else []
    units = read_units_below(below)
    headings = build_headings(sheet, row_index, units)
    titles = titles_above(sheet.rows[:row_index])
    rows = tuple(sheet.rows[max(row_index - 1, 0) : end])
    units_told = find_title_units([*titles, *units_in_column(headings, sheet.rows[end:])])
    return Header(headings, units_told, rows, end + bool(units))


def titles_above(rows: list[SheetRow]) -> list[str]:
    """The titles: texts that stand alone in their row, and others that speak of a unit."""
    found = []
    for row in rows:
        texts = [cell_text(cell)[:MAX_HEADER_LENGTH] for cell in row if not is_blank(cell)]
        found += [text for text in texts if len(texts) == 1 or "单位" in fold_name(text)]
    return found


def texts_above(rows: list[SheetRow]) -> list[str]:
    """All texts of the rows above a header; a label that ends in a colon goes with what follows."""
    found = []
    for row in rows:
        label = ""
        for text in (cell_text(cell)[:MAX_HEADER_LENGTH] for cell in row if not is_blank(cell)):
            label += text
            if not fold_name(text).endswith(":"):
                found.append(label)
                label = ""
        found += [label] if label else []
    return found


def units_in_column(headings: Sequence[Heading], rows: Iterable[SheetRow]) -> list[str]:
    """What a column headed 单位 says of units, in the manner of a title; each once."""
    index = next((i for i, h in enumerate(headings) if h.names[0] in UNIT_HEADINGS), None)
    if index is None:
        return []
    filled = [cell_at(row, index) for row in rows if not all(map(is_blank, row))]
    texts = {cell_text(cell) for cell in filled if not is_blank(cell)}
    if texts and len(filled) > sum(not is_blank(cell) for cell in filled) + 1:
        texts.add(PLAIN_UNIT)  # of the rows that say none; one may be a total
    return [f"单位:{text}" for text in sorted(texts)]


def find_header_row(sheet: Sheet, table: str) -> int | None:
    """The index of the header's lower row: of the first rows the one that names most columns."""
    counts = [
        len(
            {c.name for heading in build_headings(sheet, i) if (c := match_heading(heading, table))}
        )
        for i in range(min(HEADER_SEARCH_ROWS, len(sheet.rows)))
    ]
    return counts.index(max(counts)) if any(counts) else None


def match_heading(heading: Heading, table: str) -> Column | None:
    """The column that a heading names; one of amounts also by a name without its year."""
    names = columns_by_name(table)
    column = next((names[name] for name in heading.names if name in names), None)
    if column or not heading.dated or year_column(table) is None:
        return column
    amounts = (names[name] for name in heading.dated if name in names)
    return next((column for column in amounts if column.kind is ColumnType.yuan), None)


def year_column(table: str) -> Column | None:
    """The column that says the year of a row: that of years, else the day that its key has."""
    key = [column for column in FACT_COLUMNS[table] if column.name in FACT_KINDS[table].key]
    years = [column for column in key if column.kind is ColumnType.year]
    days = [column for column in key if column.kind is ColumnType.day and column.required]
    return next(iter(years + days), None)


def names_of_references(table: str) -> Mapping[str, Column]:
    """The columns of ids of others, by headings that say a name instead: 责任单位, 项目名称."""
    own = columns_by_name(table)
    names: dict[str, Column] = {}
    for column in FACT_COLUMNS[table]:
        if column.refers and column.title.endswith("编号") and column.kind is ColumnType.text:
            title = column.title.removesuffix("编号")
            for name in (title, f"{title}名称"):
                if name not in own and name != FACT_KINDS[column.refers].zh:
                    names[name] = column
    return names


def build_headings(
    sheet: Sheet, row_index: int, units: Mapping[int, MoneyUnit] | None = None
) -> list[Heading]:
    """The headings of the columns, if row `row_index` is the (lower) row of the header."""
    own, above = sheet.rows[row_index], sheet.rows[row_index - 1] if row_index else []
    groups = spread_group_headings(sheet, row_index - 1) if row_index else []
    return [
        build_heading(
            cell_text(cell_at(above if is_blank(cell_at(own, index)) else own, index)),
            cell_text(cell_at(groups, index)),
            (units or {}).get(index),
        )
        for index in range(max(len(own), len(above)))
    ]


def build_heading(text: str, group: str, unit_below: MoneyUnit | None) -> Heading:
    name, unit = split_unit(HEADER_DECORATION.sub("", fold_name(text[:MAX_HEADER_LENGTH])))
    group, unit_of_group = split_unit(fold_name(group[:MAX_HEADER_LENGTH]))
    names = (name, group + name, name + group)
    seen = strip_spaces(remove_invisible(text))
    dated = YEAR_BEFORE_NAME.fullmatch(name)
    if not dated:
        return Heading(seen, names, unit or unit_of_group or unit_below)
    rest = dated["name"]
    bare = rest.removeprefix("年").removeprefix("度")
    without_year = (rest, rest.removeprefix("年"), f"年度{bare}", f"本年{bare}", bare)
    year = int(dated["year"])
    return Heading(seen, names, unit or unit_of_group or unit_below, year, without_year)


def read_units_below(row: SheetRow) -> dict[int, MoneyUnit]:
    """The units of money in a row of units below the header; none where it is another row."""
    folded = {i: fold_name(cell_text(cell)) for i, cell in enumerate(row) if not is_blank(cell)}
    units = {}
    for index, text in folded.items():
        unit = read_unit(text.strip("()"))
        if unit and unit.factor:
            units[index] = unit
        elif not UNITS_BELOW.fullmatch(text) and text not in UNIT_HEADINGS:
            return {}
    return units


def spread_group_headings(sheet: Sheet, row_index: int) -> SheetRow:
    """Row `row_index` with each heading above the whole of its group.

    A workbook says by its merged cells how far a group reaches; in a CSV file, where they are
    lost, it reaches to the next heading. What stands alone in the first column is a title.
    """
    row = list(sheet.rows[row_index])
    if all(map(is_blank, row[1:])):
        return []
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
