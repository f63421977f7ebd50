"""One cell to one value, by the kind of its column.

Blank is unknown (None, and no words in a list), never zero.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial
from typing import Any, TypeGuard

from shared.facts.columns import Column, Kind
from shared.facts.words import Word
from shared.ledger.dates import read_day
from shared.ledger.sheets import (
    UNWRITABLE,
    Cell,
    Read,
    as_text,
    clean,
    folded,
    half_width,
    is_blank,
)

Reader = Callable[[Cell], Read]

LONGEST_TEXT = 32_767  # characters in a cell of a workbook
EXACT_DIGITS = 10**15  # a workbook keeps 15 digits of a number
YUAN_LIMIT = 10**13  # 10 万亿元; the engine multiplies and sums yuan in 64 bits
YUAN_IN = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
FIRST_YEAR, LAST_YEAR = 1950, 2199
EXACT = Context(prec=80)
PERCENT_LIMIT = 1000
FIGURE_LIMIT = 10**15
FOURTH_PLACE = Decimal("0.0001")

MONEY = re.compile(
    r"""[¥]?\s* (?P<minus>[-−])?\s* [¥]?\s*
        (?P<whole>[0-9]{1,3}(?:,[0-9]{3})+ | [0-9]{1,20}) (?P<part>\.[0-9]{1,20})?
        \s* (?P<unit>(?P<times>千|万|百万|千万|亿)?元?)""",
    re.VERBOSE,
)
PLAIN_ID = re.compile("[A-Z0-9_-]{0,50}[A-Z0-9]", re.ASCII | re.IGNORECASE)
PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,20})?)\s*%?")
FIGURE = re.compile(
    r"(?P<minus>[-−]?)\s*(?P<digits>([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,20})(\.[0-9]{1,20})?)\s*%?"
)
YEAR = re.compile(r"([0-9]{4})\s*年?度?")
FORMULA_ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)")
BETWEEN_WORDS = re.compile("[;；、,，]")

NOTHING = frozenset(
    ("-", "--", "—", "——", "–", "/", "\\", "无", "暂无", "待定", "未定", "n/a", "null", "none")
)
YES = ("true", "是", "1", "yes", "y", "√", "✓")
NO = ("false", "否", "0", "no", "n", "×", "✗")
FLAGS: Mapping[str, bool] = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)


def reader(column: Column, factor: int = 1) -> Reader:
    """How the cells of a column are read; amounts without a unit count `factor` yuan each."""
    convert = converter(column, factor)
    nothing = () if column.kind is Kind.words else None
    may_say_nothing = column.kind is not Kind.text or column.refers is not None

    def read(cell: Cell) -> Read:
        if cell is None:
            return Read(nothing)
        if isinstance(cell, str):
            text = clean(cell)
            if not text:
                return Read(nothing)
            if FORMULA_ERROR.fullmatch(text):
                return Read(None, "formula_error")
            if may_say_nothing and folded(cell) in NOTHING:
                return Read(nothing, "read_as_blank")
        return convert(cell)

    return read


def regular(column: Column, factor: int, cells: Iterable[Cell]) -> dict[Cell, Any]:
    """The values of cells that need no care: plain ids, and the whole amounts of a workbook.

    Most cells that differ in a large ledger are such. A reader reads them as the same values.
    """
    if column.kind is Kind.yuan:
        most = YUAN_LIMIT // factor
        return {
            cell: int(cell) * factor
            for cell in cells
            if isinstance(cell, float) and 0 <= cell < most and cell.is_integer()
        }
    if column.kind is Kind.text:
        texts = (cell for cell in cells if isinstance(cell, str) and PLAIN_ID.fullmatch(cell))
        return {text: text for text in texts if text.lower() not in NOTHING}
    return {}


def converter(column: Column, factor: int) -> Reader:
    match column.kind:
        case Kind.text:
            return partial(read_text, normal=column.name.endswith(("_id", "_code", "_uscc")))
        case Kind.word:
            return partial(read_word, column=column, known=known_words(column))
        case Kind.words:
            return partial(read_words, column=column, known=known_words(column))
        case Kind.flag:
            return read_flag
        case Kind.day:
            return read_day
        case Kind.yuan:
            return partial(read_yuan, factor=factor)
        case Kind.year:
            return read_year
        case Kind.percent:
            return read_percent
        case Kind.figure:
            return read_figure


def read_text(cell: Cell, normal: bool) -> Read:
    """Text as it is written; ids and codes in their `normal` form (NFKC)."""
    if is_number(cell) and abs(cell) >= EXACT_DIGITS:
        return Read(None, "precision_lost")
    text = as_text(cell)
    text = clean(unicodedata.normalize("NFKC", text) if normal else text)
    if len(text) > LONGEST_TEXT:
        return Read(None, "text_too_long", {"most": LONGEST_TEXT})
    return Read(None, "unwritable_text") if UNWRITABLE.search(text) else Read(text or None)


def known_words(column: Column) -> Mapping[str, str]:
    """The word of the wire for everything that people write for it."""
    words = column.words or ()
    return {folded(name): word.value for word in words for name in (word.value, *word.zh)}


def read_word(cell: Cell, column: Column, known: Mapping[str, str]) -> Read:
    """A word of the vocabulary; where that is open, also any other word, as it is written."""
    text = clean(as_text(cell))
    word = known.get(folded(text))
    if word is None and column.closed:
        return Read(None, "bad_word", {"words": "、".join(map(usual, column.words or ()))})
    return Read(None, "unwritable_text") if UNWRITABLE.search(text) else Read(word or text)


def usual(word: Word) -> str:
    return word.zh[0]


def read_words(cell: Cell, column: Column, known: Mapping[str, str]) -> Read:
    """Several words in their order, each once."""
    pieces = (piece for piece in BETWEEN_WORDS.split(as_text(cell)) if not is_blank(piece))
    reads = [read_word(piece, column, known) for piece in pieces]
    wrong = next((read for read in reads if read.code), None)
    return wrong or Read(tuple(dict.fromkeys(read.value for read in reads)))


def read_flag(cell: Cell) -> Read:
    flag = FLAGS.get(folded(as_text(cell)))
    return Read(flag, None if flag is not None else "bad_flag")


def read_yuan(cell: Cell, factor: int) -> Read:
    """Whole yuan, exactly; at least 0 and below `YUAN_LIMIT`. A unit in the cell wins."""
    if is_number(cell):
        return whole_yuan(Decimal(as_text(cell)), factor)
    match = MONEY.fullmatch(figures(cell))
    if match is None:
        return Read(None, "bad_money")
    number = Decimal(match["whole"].replace(",", "") + (match["part"] or ""))
    if match["unit"]:
        factor = YUAN_IN[match["times"] or ""]
    return whole_yuan(-number if match["minus"] else number, factor)


def whole_yuan(number: Decimal, factor: int) -> Read:
    yuan = EXACT.multiply(number, factor)
    if yuan < 0:
        return Read(None, "negative_money")
    if yuan >= YUAN_LIMIT:
        return Read(None, "money_too_large")
    if yuan != int(yuan):
        return Read(None, "not_whole_yuan")
    return Read(int(yuan))


def read_year(cell: Cell) -> Read:
    match = YEAR.fullmatch(figures(cell))
    year = int(match[1]) if match else 0
    return Read(year) if FIRST_YEAR <= year <= LAST_YEAR else Read(None, "bad_year")


def read_percent(cell: Cell) -> Read:
    """Per cent below 1000, four decimals. Works can exceed their plan, so above 100 only warns.

    A workbook shows its number 0.55 as 55% where the cell is formatted so: hence a doubt.
    """
    match = PERCENT.fullmatch(figures(cell))
    if match is None:
        return Read(None, "bad_percent")
    percent = Decimal(match[1])
    rounded = percent.quantize(FOURTH_PLACE, ROUND_HALF_UP)
    if rounded >= PERCENT_LIMIT:
        return Read(None, "bad_percent")
    if rounded > 100:
        return Read(rounded, "percent_over_100")
    if is_number(cell) and 0 < rounded <= 1:
        doubt = {"percent": f"{rounded.normalize():f}", "hundredfold": f"{rounded * 100:.10g}"}
        return Read(rounded, "percent_fraction", doubt)
    return Read(rounded, None if rounded == percent else "percent_rounded")


def read_figure(cell: Cell) -> Read:
    """A number of statistics, to four decimals; a sign of per cent says nothing new."""
    match = FIGURE.fullmatch(figures(cell))
    number = Decimal(match["digits"].replace(",", "")) if match else Decimal(FIGURE_LIMIT)
    rounded = number.quantize(FOURTH_PLACE, ROUND_HALF_UP, EXACT)
    if match is None or rounded >= FIGURE_LIMIT:
        return Read(None, "bad_figure")
    value = -rounded if match["minus"] and rounded else rounded
    return Read(value, None if rounded == number else "percent_rounded")


def is_number(cell: Cell) -> TypeGuard[int | float]:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def figures(cell: Cell) -> str:
    """A number or text in ordinary digits and signs; nothing for a cell that holds neither."""
    return half_width(as_text(cell)) if is_number(cell) or isinstance(cell, str) else ""
