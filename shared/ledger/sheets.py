"""Sheets as they were read, and the names of sheets and columns.

A cell is what a CSV file or a workbook can hold. Workbooks show Chinese names, CSV files English
ones; both are read in both, and case, spaces, line breaks and full-width forms do not matter.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS


@dataclass(frozen=True)
class FailedCell:
    """A cell without a usable value: `text` is what a person sees in it, `code` the finding."""

    text: str
    code: str

    def __str__(self) -> str:
        return self.text


Cell = str | int | float | bool | date | datetime | FailedCell | None
SheetRow = list[Cell]
MergedRange = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0


LATER_TABLES = frozenset({"teams", "activities", "clearance", "assets", "incentives"})

TITLE_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "单位代码": "单位编号",
        "责任单位代码": "责任单位编号",
        "主管单位代码": "主管单位编号",
        "审批单位代码": "审批单位编号",
        "办理单位代码": "办理单位编号",
        "国家代码": "项目代码",
        "投资项目代码": "项目代码",
        "区划代码": "行政区划代码",
        "信用代码": "统一社会信用代码",
        "年份": "年度",
        **dict.fromkeys(("涉密", "是否涉密项目", "是否为涉密项目", "密级", "保密等级"), "是否涉密"),
        "项目编码": "项目编号",
        "单位编码": "单位编号",
        "责任单位编码": "责任单位编号",
        "项目业主": "建设单位",
        "业主单位": "建设单位",
        "总投资额": "总投资",
        "年度计划投资额": "年度计划投资",
        "本年完成投资额": "本年完成投资",
        "项目总投资": "总投资",
    }
)

# Control characters (all but tab and line breaks), halves of pairs and what is no character: the
# database, XML or the fonts refuse them.
CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
FORMULA_SIGNS = frozenset("=+-@\t\r＝＋－＠")
SIGNED_NUMBER = re.compile(r"[+-]*([0-9]+(\.[0-9]*)?)?", re.ASCII)
UNWRITABLE_CHARACTER = re.compile(rf"[{CONTROLS}\ud800-\udfff\ufffe\uffff]")
WRITABLE_PATTERN = (
    rf"^[^{CONTROLS}\ufffe\uffff]*$"  # the same for a schema; halves are no text for one
)

# Format characters that nobody sees: marks of direction, joiners, soft hyphens, byte order marks.
INVISIBLES = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
INVISIBLE_CHARACTER = re.compile(f"[{INVISIBLES}]")
OUTER_SPACES = " \u3000\xa0\t\r\n" + "".join(
    character for character in map(chr, range(0x10000)) if INVISIBLE_CHARACTER.match(character)
)
# What stands around the name of a sheet: `附件1 项目`, `1.项目`, `2022年重点项目`, `项目(2022年)`.
SHEET_NAME_PATTERN = re.compile(
    r"(?:附[件表]\d*[:.、-]?)?(?:\d{1,2}[.、-]|[一二三四五六七八九十]{1,3}、)?"
    r"(?:\d{4}年度?)?(?:重点项目(?!$|表$|台账$)|重点(?=项目))?(?P<name>.+?)(?:\(\d{4}年?度?\))?"
)

HALF_WIDTH_FORMS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("￥"): ord("¥")}


@dataclass(frozen=True)
class Sheet:
    """Rows of cells from the very first row. `merged` is None where the file cannot tell (CSV).

    Rows and columns are counted from 0; `counts_from_1904` tells how serial numbers are meant.
    """

    name: str
    rows: list[SheetRow]
    merged: tuple[MergedRange, ...] | None = None
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    counts_from_1904: bool = False


class ParsedCell(NamedTuple):
    """The value of one cell; `code` names an error or warning, `details` explain it."""

    value: Any = None
    code: str | None = None
    details: Mapping[str, object] = MappingProxyType({})


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not strip_spaces(cell))


def replace_unwritable(text: str) -> str:
    """The text with a mark in place of each character that cannot be stored or printed."""
    return UNWRITABLE_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


def strip_spaces(text: str) -> str:
    """The text without the spaces at both ends: ordinary, full-width, no-break, invisible."""
    return text.strip().strip(OUTER_SPACES)


def remove_invisible(text: str) -> str:
    """The text without the format characters that nobody sees."""
    return text if text.isascii() else INVISIBLE_CHARACTER.sub("", text)


def to_half_width(text: str) -> str:
    """Figures as a keyboard types them. Not NFKC, which makes 50001 of 5000 and a footnote ①."""
    return strip_spaces(text.translate(HALF_WIDTH_FORMS))


def fold_name(text: str) -> str:
    """The form in which names are compared: NFKC, without what is not seen, in lower case."""
    normal = unicodedata.normalize("NFKC", remove_invisible(text))
    return "".join(normal.split()).casefold()


def cell_text(cell: Cell) -> str:
    """The cell as a person sees it; numbers with 15 significant digits, as Excel shows them."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return str(cell).upper()
    return f"{cell or 0:.15g}" if isinstance(cell, int | float) else str(cell)  # −0 shows as 0


def table_for_sheet(name: str) -> str | None:
    """The table that a sheet or file of this name holds: `projects`, 项目, 项目表, 附件1 项目."""
    tables, folded = tables_by_sheet_name(), fold_name(name)
    match = None if folded in tables else SHEET_NAME_PATTERN.fullmatch(folded)
    return tables.get(match["name"] if match else folded)


def is_plain_sheet_name(name: str) -> bool:
    """Whether a sheet is called after its table, with nothing around the name."""
    return fold_name(name) in tables_by_sheet_name()


@cache
def tables_by_sheet_name() -> Mapping[str, str]:
    return {table: table for table in FACT_KINDS} | {
        title + ending: table
        for table, title in ((kind.name, kind.zh) for kind in FACT_KINDS.values())
        for ending in ("", "表", "台账")
    }


@cache
def columns_by_name(table: str) -> Mapping[str, Column]:
    """The columns of a table by every folded name they may have in a header, without units."""
    columns = FACT_COLUMNS[table]
    titles = {fold_name(c.title): c for c in columns}
    aliases = {
        fold_name(alias): titles[title] for alias, title in TITLE_ALIASES.items() if title in titles
    }
    bare = {c.name.removesuffix("_yuan"): c for c in columns if c.kind is ColumnType.yuan}
    return aliases | bare | titles | {c.name: c for c in columns}


def is_formula_like(text: str) -> bool:
    """True of a text that a spreadsheet would compute, behind any apostrophes: not of a number or
    of a lone sign.
    """
    shown = text.lstrip("'")
    return shown[:1] in FORMULA_SIGNS and not SIGNED_NUMBER.fullmatch(shown)


def guard_formula(text: str) -> str:
    """A text of CSV with an apostrophe before it where a spreadsheet would compute it."""
    return f"'{text}" if is_formula_like(text) else text


def unguard_formula(text: str) -> str:
    """The text as it was before `guard_formula`, whatever it was."""
    return text[1:] if text[:1] == "'" and is_formula_like(text) else text
