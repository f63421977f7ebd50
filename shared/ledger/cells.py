"""Values of cells, by the kind of their column.

Blank is unknown (None, and no words in a list), never zero.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial
from math import isfinite
from typing import Any, TypeGuard

from shared.facts.columns import MAX_TEXT_LENGTH, Column, ColumnType
from shared.ledger.dates import parse_day_cell
from shared.ledger.money_units import YUAN_PER_UNIT
from shared.ledger.sheets import (
    UNWRITABLE_CHARACTER,
    Cell,
    FailedCell,
    ParsedCell,
    cell_text,
    fold_name,
    remove_invisible,
    strip_spaces,
    to_half_width,
)
from shared.ledger.vocabularies import known_words, parse_word_cell, parse_words_cell

CellReader = Callable[[Cell], ParsedCell]

EXACT_NUMBER_LIMIT = 10**15  # a workbook keeps 15 digits of a number
YUAN_LIMIT = 10**13  # 10 万亿元; the engine multiplies and sums yuan in 64 bits
FIRST_YEAR, LAST_YEAR = 1950, 2199
EXACT_CONTEXT = Context(prec=80)
PERCENT_LIMIT = 1000
FIGURE_LIMIT = 10**15
FOURTH_PLACE = Decimal("0.0001")

MONEY_PATTERN = re.compile(
    r"""[¥]?\s* (?P<minus>[-−])?\s* [¥]?\s*
        (?P<whole>[0-9]{1,3}(?:,[0-9]{3})+ | [0-9]{1,20}) (?P<part>\.[0-9]{1,20})?
        \s* (?P<unit>(?P<times>千|万|百万|千万|亿)?元?)""",
    re.VERBOSE,
)
PLAIN_ID_PATTERN = re.compile("[A-Z0-9_-]{0,50}[A-Z0-9]", re.ASCII | re.IGNORECASE)
PERCENT_CELL_PATTERN = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,20})?)\s*%?")
FIGURE_PATTERN = re.compile(
    r"(?P<minus>[-−]?)\s*(?P<digits>([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,20})(\.[0-9]{1,20})?)\s*%?"
)
COUNT_PATTERN = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(\.0+)?")
YEAR_PATTERN = re.compile(r"([0-9]{4})\s*年?度?")
FORMULA_ERROR_PATTERN = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)")
HAN_PATTERN = re.compile("[\u4e00-\u9fff]")

BLANK_WORDS = frozenset(
    ("-", "--", "—", "——", "–", "/", "\\", "无", "暂无", "待定", "未定", "n/a", "null", "none")
)
TRUE_WORDS = (
    "true",
    "是",
    "1",
    "yes",
    "y",
    "√",
    "✓",
    "✔",
    "☑",
    "有",
    "已",
    "属于",
    "需要",
    "已批准",
)
FALSE_WORDS = (
    *("false", "否", "0", "no", "n", "×", "✗", "✘", "☐", "没有", "未", "不是", "不属于", "不需要"),
    *("无需", "未批准"),
)
SHORT = frozenset(ColumnType) - {ColumnType.text, ColumnType.word, ColumnType.words}
MAX_SHORT_LENGTH = 200  # characters of a figure, a date or a flag
UNREADABLE = "\N{REPLACEMENT CHARACTER}"  # no figure, no date and no flag
FLAG_WORDS: Mapping[str, bool] = dict.fromkeys(TRUE_WORDS, True) | dict.fromkeys(FALSE_WORDS, False)


def build_cell_reader(
    column: Column, factor: int = 1, counts_from_1904: bool = False
) -> CellReader:
    """A reader for the cells of a column; amounts without a unit count `factor` yuan each.

    Characters that nobody sees count nowhere but in free text.
    """
    convert = build_converter(column, factor, counts_from_1904)
    is_free = is_free_text(column)
    nothing = () if column.kind is ColumnType.words else None
    may_say_nothing = column.kind is not ColumnType.text or column.refers is not None

    def read(cell: Cell) -> ParsedCell:
        if cell is None:
            return ParsedCell(nothing)
        if isinstance(cell, FailedCell):
            return ParsedCell(None, cell.code)
        if isinstance(cell, float) and not isfinite(cell):
            return ParsedCell(None, "formula_error")
        if isinstance(cell, str):
            if not is_free:
                cell = remove_invisible(cell)
                if column.kind in SHORT and len(cell) > MAX_SHORT_LENGTH:
                    cell = UNREADABLE  # whatever it is, and no pattern has to find it out
            text = strip_spaces(cell)
            if not text:
                return ParsedCell(nothing)
            if FORMULA_ERROR_PATTERN.fullmatch(text):
                return ParsedCell(None, "formula_error")
            if may_say_nothing and fold_name(cell) in BLANK_WORDS:
                return ParsedCell(nothing, "read_as_blank")
        return convert(cell)

    return read


def convert_plain_cells(column: Column, factor: int, cells: Iterable[Cell]) -> dict[Cell, Any]:
    """The values of cells that need no care: plain ids, and the whole amounts of a workbook.

    Most cells that differ in a large ledger are such. A reader reads them as the same values.
    """
    if column.kind is ColumnType.yuan:
        most = YUAN_LIMIT // factor
        return {
            cell: int(cell) * factor
            for cell in cells
            if isinstance(cell, float) and 0 <= cell < most and cell.is_integer()
        }
    if column.kind is ColumnType.text:
        texts = (
            cell for cell in cells if isinstance(cell, str) and PLAIN_ID_PATTERN.fullmatch(cell)
        )
        return {text: text for text in texts if text.lower() not in BLANK_WORDS}
    return {}


def is_free_text(column: Column) -> bool:
    return column.kind is ColumnType.text and not (column.refers or is_code(column))


def is_code(column: Column) -> bool:
    return column.name.endswith(("_id", "_code", "_uscc"))


def build_converter(column: Column, factor: int, counts_from_1904: bool) -> CellReader:
    match column.kind:
        case ColumnType.text:
            return partial(parse_text_cell, normal=is_code(column))
        case ColumnType.word:
            return partial(parse_word_cell, column=column, known=known_words(column))
        case ColumnType.words:
            return partial(parse_words_cell, column=column, known=known_words(column))
        case ColumnType.flag:
            return parse_flag_cell
        case ColumnType.day:
            return partial(parse_day_cell, counts_from_1904=counts_from_1904)
        case ColumnType.yuan:
            return partial(parse_yuan_cell, factor=factor)
        case ColumnType.count:
            return parse_count_cell
        case ColumnType.year:
            return parse_year_cell
        case ColumnType.percent:
            return parse_percent_cell
        case ColumnType.figure:
            return parse_figure_cell


def parse_text_cell(cell: Cell, normal: bool) -> ParsedCell:
    """Text as it is written; ids and codes in their `normal` form (NFKC)."""
    if is_number(cell) and abs(cell) >= EXACT_NUMBER_LIMIT:
        return ParsedCell(None, "precision_lost")
    text = cell_text(cell)
    text = strip_spaces(unicodedata.normalize("NFKC", text) if normal else text)
    if len(text) > MAX_TEXT_LENGTH:
        return ParsedCell(None, "text_too_long", {"most": MAX_TEXT_LENGTH})
    return (
        ParsedCell(None, "unwritable_text")
        if UNWRITABLE_CHARACTER.search(text)
        else ParsedCell(text or None)
    )


def parse_flag_cell(cell: Cell) -> ParsedCell:
    flag = FLAG_WORDS.get(fold_name(cell_text(cell)))
    return ParsedCell(flag, None if flag is not None else "bad_flag")


def parse_yuan_cell(cell: Cell, factor: int) -> ParsedCell:
    """Whole yuan, exactly; at least 0 and below `YUAN_LIMIT`. A unit in the cell wins."""
    if is_number(cell):
        return convert_to_yuan(Decimal(cell_text(cell)), factor)
    match = MONEY_PATTERN.fullmatch(figure_text(cell))
    if match is None:
        return ParsedCell(None, "bad_money")
    number = Decimal(match["whole"].replace(",", "") + (match["part"] or ""))
    if match["unit"]:
        factor = YUAN_PER_UNIT[match["times"] or ""]
    return convert_to_yuan(-number if match["minus"] else number, factor)


def convert_to_yuan(number: Decimal, factor: int) -> ParsedCell:
    yuan = EXACT_CONTEXT.multiply(number, factor)
    if yuan < 0:
        return ParsedCell(None, "negative_money")
    if yuan >= YUAN_LIMIT:
        return ParsedCell(None, "money_too_large")
    if yuan != int(yuan):
        return ParsedCell(None, "not_whole_yuan")
    return ParsedCell(int(yuan))


def parse_count_cell(cell: Cell) -> ParsedCell:
    """A whole number, at least 0 and below `YUAN_LIMIT`."""
    match = COUNT_PATTERN.fullmatch(figure_text(cell))
    number = int(match[1].replace(",", "")) if match else YUAN_LIMIT
    return ParsedCell(number) if number < YUAN_LIMIT else ParsedCell(None, "bad_count")


def parse_year_cell(cell: Cell) -> ParsedCell:
    match = YEAR_PATTERN.fullmatch(figure_text(cell))
    year = int(match[1]) if match else 0
    return ParsedCell(year) if FIRST_YEAR <= year <= LAST_YEAR else ParsedCell(None, "bad_year")


def parse_percent_cell(cell: Cell) -> ParsedCell:
    """Per cent below 1000, four decimals. Works can exceed their plan, so above 100 only warns.

    A workbook shows its number 0.55 as 55% where the cell is formatted so: hence a doubt.
    """
    match = PERCENT_CELL_PATTERN.fullmatch(figure_text(cell))
    if match is None:
        return ParsedCell(None, "bad_percent")
    percent = Decimal(match[1])
    rounded = percent.quantize(FOURTH_PLACE, ROUND_HALF_UP)
    if rounded >= PERCENT_LIMIT:
        return ParsedCell(None, "bad_percent")
    if rounded > 100:
        return ParsedCell(rounded, "percent_over_100")
    if is_number(cell) and 0 < rounded <= 1:
        doubt = {
            "percent": f"{rounded.normalize():f}",
            "hundredfold": f"{(rounded * 100).normalize():f}",
        }
        return ParsedCell(rounded, "percent_fraction", doubt)
    return ParsedCell(rounded, None if rounded == percent else "percent_rounded")


def parse_figure_cell(cell: Cell) -> ParsedCell:
    """A number of statistics, to four decimals; a sign of per cent says nothing new."""
    match = FIGURE_PATTERN.fullmatch(figure_text(cell))
    number = Decimal(match["digits"].replace(",", "")) if match else Decimal(FIGURE_LIMIT)
    rounded = number.quantize(FOURTH_PLACE, ROUND_HALF_UP, EXACT_CONTEXT)
    if match is None or rounded >= FIGURE_LIMIT:
        return ParsedCell(None, "bad_figure")
    value = -rounded if match["minus"] and rounded else rounded
    return ParsedCell(value, None if rounded == number else "percent_rounded")


def is_in_words(cell: Cell) -> bool:
    """Whether a cell, in a column of figures, says it in Chinese words: `主体完工`, `约80%`."""
    return isinstance(cell, str) and HAN_PATTERN.search(cell) is not None


def is_number(cell: Cell) -> TypeGuard[int | float]:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def figure_text(cell: Cell) -> str:
    """A number or text in ordinary digits and signs; nothing for a cell that holds neither."""
    return to_half_width(cell_text(cell)) if is_number(cell) or isinstance(cell, str) else ""
