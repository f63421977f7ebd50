"""Words of vocabularies as people write them."""

import re
from collections.abc import Iterable, Mapping

from shared.facts.columns import Column
from shared.facts.words import Word
from shared.ledger.sheets import (
    UNWRITABLE_CHARACTER,
    Cell,
    ParsedCell,
    cell_text,
    fold_name,
    is_blank,
    strip_spaces,
)

MAX_RUN_ON = 20  # characters of words without anything between them
WORD_SEPARATORS = re.compile("[;；、,，]")


def known_words(column: Column) -> Mapping[str, str]:
    """The words of the wire by every spelling of theirs."""
    words = column.words or ()
    return {fold_name(name): word.value for word in words for name in (word.value, *word.zh)}


def parse_word_cell(cell: Cell, column: Column, known: Mapping[str, str]) -> ParsedCell:
    """A word of the vocabulary; where that is open, also any other word, as it is written."""
    text = strip_spaces(cell_text(cell))
    word = known.get(fold_name(text))
    if word is None and column.words and column.closed:
        words = "、".join(map(first_spelling, column.words))
        doubts = {fold_name(name): why for name, why in column.words.doubts().items()}
        if why := doubts.get(fold_name(text)):
            return ParsedCell(None, "doubtful_word", {"why": why, "words": words})
        return ParsedCell(None, "bad_word", {"words": words})
    return (
        ParsedCell(None, "unwritable_text")
        if UNWRITABLE_CHARACTER.search(text)
        else ParsedCell(word or text)
    )


def first_spelling(word: Word) -> str:
    return word.zh[0]


def parse_words_cell(cell: Cell, column: Column, known: Mapping[str, str]) -> ParsedCell:
    """Several words in their order, each once; a closed vocabulary tells those that run on."""
    pieces = [piece for piece in WORD_SEPARATORS.split(cell_text(cell)) if not is_blank(piece)]
    if column.closed:
        pieces = [word for piece in pieces for word in split_run_on(fold_name(piece), known)]
    reads = [parse_word_cell(piece, column, known) for piece in pieces]
    wrong = next((read for read in reads if read.code), None)
    return wrong or ParsedCell(tuple(dict.fromkeys(read.value for read in reads)))


def split_run_on(text: str, known: Iterable[str]) -> list[str]:
    """`省市重点` is 省 and 市重点; the text itself where it is no run of words, or one."""
    one = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    if len(text) > MAX_RUN_ON or text in known or not re.fullmatch(f"(?:{one})+", text):
        return [text]
    return re.findall(one, text)
