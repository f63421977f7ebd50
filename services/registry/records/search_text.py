"""Search texts: what a search of a kind looks in, and the key of its names in order of pinyin.

Both are made of a row wherever one is written. A search text has lines: the name, the codes, then
the initials of the name in all its readings (重庆站: `zqz`, `cqz`, `tqz`). All are folded, as what
is searched for is: NFKC, without spaces, in lower case.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, product
from math import prod
from typing import Any, NamedTuple

from services.registry.tables import NAME_ORDER, SEARCH_TEXT
from shared.facts.kind import FactKind
from shared.ledger.sheets import fold_name

LINE_BREAK = "\n"  # which no folded text has
# Any mix of readings is in a line; of a name with more mixes than lines any mix of successive
# polyphones: five where they have two initials each, two whichever they are, as no character has
# more than seven. A long name has fewer lines, one where it has more letters than that.
MAX_INITIAL_LINES = 49
MAX_INITIAL_LETTERS = 4096
MAX_ORDERED_CHARACTERS = 64  # of a name; what has more in common is in order of recording


class Reading(NamedTuple):
    """Initials of all readings of a character, and its usual reading, with the tone as a digit."""

    initials: tuple[str, ...]
    usual: str


def derive_search_columns(kind: FactKind, values: Mapping[str, Any]) -> dict[str, str]:
    """Derive the columns that the table of a searched kind has beside those of its facts."""
    if not kind.searched:
        return {}
    name, *codes = (values[column] for column in kind.searched)
    return build_search_columns(name, codes)


def build_search_columns(name: str, codes: Sequence[str | None]) -> dict[str, str]:
    folded = fold_name(name)
    readings = [read_character(character) for character in folded]
    choices = [reading.initials for reading in readings if reading.initials]
    lines = chain((folded,), (fold_name(code) for code in codes if code), mix_initials(choices))
    return {
        SEARCH_TEXT: LINE_BREAK.join(lines),
        NAME_ORDER: " ".join(reading.usual for reading in readings[:MAX_ORDERED_CHARACTERS]),
    }


@cache
def read_character(character: str) -> Reading:
    """Read a folded character; what is neither Chinese nor a Latin letter or digit is silent."""
    if character.isascii():
        return Reading((character,) if character.isalnum() else (), character)
    from pypinyin import Style, pinyin  # not at the top: it loads a dictionary

    found = pinyin(character, style=Style.TONE3, heteronym=True, errors="ignore")
    sounds = found[0] if found else []
    initials = dict.fromkeys(sound[0] for sound in sounds if "a" <= sound[0] <= "z")
    return Reading(tuple(initials), sounds[0] if sounds else character)


def mix_initials(choices: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield lines of initials, one of each character's, so that mixes of them are among the lines.

    Polyphones take turns in some classes; a line chooses one for each class. So successive
    polyphones, as many as there are classes, are in every mix, however long the name is.
    """
    polyphones = [place for place, initials in enumerate(choices) if len(initials) > 1]
    most = max(1, min(MAX_INITIAL_LINES, MAX_INITIAL_LETTERS // max(1, len(choices))))
    sizes = class_sizes([len(choices[place]) for place in polyphones], most)
    line = [initials[0] for initials in choices]
    lines = set()
    for chosen in product(*map(range, sizes)):
        if chosen:
            for turn, place in enumerate(polyphones):
                initials = choices[place]
                line[place] = initials[chosen[turn % len(chosen)] % len(initials)]
        lines.add("".join(line))
    return iter(sorted(lines - {""}))


def class_sizes(numbers: Sequence[int], most: int) -> list[int]:
    """The most classes whose choices make no more lines than that: of each its largest number."""
    for classes in range(min(len(numbers), most.bit_length() - 1), 0, -1):
        sizes = [max(numbers[turn::classes]) for turn in range(classes)]
        if prod(sizes) <= most:
            return sizes
    return []
