"""The nature of projects that the name of a sheet or its titles say of all its rows."""

import re
from collections.abc import Iterable

from shared.ledger.sheets import fold_name
from shared.ledger.vocabularies import known_words
from shared.mapping.targets import NATURE, find_target

# 新建 of a place is none; 前期 and 储备 are often work, not what the projects are.
NATURE_WORD = re.compile(
    r"(?:新建|新开工|续建|结转)(?![区县市镇乡村路街])|(?:前期|储备|预备)项目|^(?:前期|储备|预备)$"
)


def nature_said(sheet: str, titles: Iterable[str]) -> str | None:
    """The one nature that a sheet's name says, else its titles; None where they say two."""
    of_name, of_titles = find_natures([sheet]), find_natures(titles)
    found = of_name or of_titles
    if of_name and len(of_titles) == 1:
        found = of_name | of_titles
    return next(iter(found)) if len(found) == 1 else None


def find_natures(texts: Iterable[str]) -> set[str]:
    target = find_target(NATURE)
    known = known_words(target.column) if target else {}
    found = (word for text in texts for word in NATURE_WORD.findall(fold_name(text)))
    return {known[word] for word in found if word in known}
