"""Likeness of names: which stored names a person may mean by one that none of them is."""

import re
from collections import defaultdict
from collections.abc import Mapping

from rapidfuzz import fuzz, process

from shared.ledger.sheets import fold_name

LEAST_LIKENESS = 75  # of two names, for a person to be asked whether they are one
LEAST_INSIDE = 2  # characters of a name that stands in another
LONGEST_NAME = 60  # characters in which other names are looked for
MAX_OPTIONS = 8
BRACKETS = str.maketrans("[]【】〔〕{}《》〈〉", "()()()()()()")
DROPPED = re.compile(r"项目|工程|建设|[()]")


def fold_project(name: str) -> str:
    """The form in which names are compared exactly: width, spaces and kinds of brackets aside."""
    return fold_name(name.translate(BRACKETS))


def bare_name(name: str) -> str:
    """The form in which names are compared for likeness."""
    return DROPPED.sub("", fold_project(name))


class LikeNames:
    """Names by id, among which those like another are found, also in thousands."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = {key: name for key, name in names.items() if name}
        self.ids: dict[str, list[str]] = defaultdict(list)
        for key, name in self.names.items():
            self.ids[name].append(key)
        self.joined = "\n".join(self.ids)

    def rank(self, name: str) -> list[str]:
        """The ids of names like one, the likest first: those in it, those that it is in, alike."""
        found = dict.fromkeys(self.find_inside(name[:LONGEST_NAME]), 100.0)
        alike = process.extract(
            name, self.names, scorer=fuzz.ratio, limit=MAX_OPTIONS, score_cutoff=LEAST_LIKENESS
        )
        found |= {key: max(score, found.get(key, 0)) for _, score, key in alike}
        return sorted(found, key=lambda key: (-found[key], key))[:MAX_OPTIONS]

    def find_inside(self, name: str) -> list[str]:
        if len(name) < LEAST_INSIDE:
            return []
        pieces = {
            name[i:j] for i in range(len(name)) for j in range(i + LEAST_INSIDE, len(name) + 1)
        }
        around = [other for other in self.ids if name in other] if name in self.joined else []
        return [
            key for each in (*sorted(pieces & self.ids.keys()), *around) for key in self.ids[each]
        ]
