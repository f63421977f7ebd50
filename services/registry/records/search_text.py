"""Search texts: what a search of a kind looks in, and the key of its names in order of pinyin.

Both are made of a row wherever one is written. A search text has lines: the name, the codes, then
the initials of the name in all its readings (重庆站: `zqz`, `cqz`, `tqz`). All are folded, as what
is searched for is: NFKC, without spaces, in lower case.
"""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import cycle, product
from math import prod
from typing import Any, NamedTuple

from services.registry.tables import NAME_ORDER, SEARCH_TEXT
from shared.facts.kind import FactKind
from shared.ledger.sheets import fold_name

LINE_BREAK = "\n"  # which no folded text has
# Any mix of readings is in a line, where so many letters suffice; a name with more mixes has these
# lines, with any mix of successive polyphones: of four with two initials each, of two with up to
# four (a dozen rare characters have more). A very long name has fewer, down to one line.
INITIAL_LETTERS, INITIAL_LINES = 320, 16
MAX_INITIAL_LETTERS = 4096
MAX_ORDERED_CHARACTERS = 64  # of a name; what has more in common is in order of recording


class Reading(NamedTuple):
    """Initials of all readings of a character, and its usual reading, with the tone as a digit."""

    initials: str
    usual: str


def derive_search_columns(kind: FactKind, values: Mapping[str, Any]) -> dict[str, str]:
    """Derive the columns that the table of a searched kind has beside those of its facts."""
    if not kind.searched:
        return {}
    name, *codes = (values[column] for column in kind.searched)
    return build_search_columns(name, codes)


def build_search_columns(name: str, codes: Sequence[str | None]) -> dict[str, str]:
    folded = fold_name(name)
    readings = [*map(read_character, folded)]
    lines = [folded, *(fold_name(code) for code in codes if code)]
    lines += mix_initials([initials for initials, _ in readings if initials])
    usual = [reading.usual for reading in readings[:MAX_ORDERED_CHARACTERS]]
    return {SEARCH_TEXT: LINE_BREAK.join(lines), NAME_ORDER: " ".join(usual)}


@cache
def read_character(character: str) -> Reading:
    """Read a folded character; what is neither Chinese nor a Latin letter or digit is silent."""
    if character.isascii():
        return Reading(character if character.isalnum() else "", character)
    pinyin, style = load_pinyin()
    found = pinyin(character, style=style, heteronym=True, errors="ignore")
    sounds = found[0] if found else []
    initials = dict.fromkeys(sound[0] for sound in sounds if "a" <= sound[0] <= "z")
    return Reading("".join(initials), sounds[0] if sounds else character)


@cache
def load_pinyin() -> tuple[Any, Any]:
    """Load the dictionary of characters, when it is needed, without that of phrases."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    return pinyin, Style.TONE3


def mix_initials(choices: Sequence[str]) -> list[str]:
    """Mix the initials of characters into lines of one for each, so that mixes are among the lines.

    Polyphones take turns in some classes; a line chooses one initial for each class. So successive
    polyphones, as many as there are classes, are in every mix, however long the name is.
    """
    length = max(1, len(choices))
    most = max(1, min(max(INITIAL_LINES, INITIAL_LETTERS // length), MAX_INITIAL_LETTERS // length))
    sizes = class_sizes([len(initials) for initials in choices if len(initials) > 1], most)
    number, turns = prod(sizes), cycle(range(len(sizes) or 1))
    columns = "".join(  # the letters of each character, line after line
        initials * number if len(initials) == 1 else spread_initials(initials, next(turns), sizes)
        for initials in choices
    )
    return [*dict.fromkeys(columns[line::number] for line in range(number) if columns)]


@cache
def spread_initials(initials: str, turn: int, sizes: tuple[int, ...]) -> str:
    """The initials that the mixes choose for a polyphone of a class; the first where there is none.

    A mix is one number for each class.
    """
    mixes = product(*map(range, sizes))
    return "".join(initials[mix[turn] % len(initials) if mix else 0] for mix in mixes)


def class_sizes(numbers: Sequence[int], most: int) -> tuple[int, ...]:
    """The most classes whose choices make no more lines than that: of each its largest number."""
    for classes in range(min(len(numbers), most.bit_length() - 1), 0, -1):
        sizes = tuple(max(numbers[turn::classes]) for turn in range(classes))
        if prod(sizes) <= most:
            return sizes
    return ()
