"""Module names are nouns of the field or the trade; the words here tell nobody what is inside."""

import pytest

from tests.house.test_house import MODULES, named

# Prepositions, adverbs, adjectives and participles that modules were once called by, and empty
# rooms: whatever has no other name ends in them.
RETIRED = """
    alone apart around beside besides whole together nearest movable broken exact given entered
    judged kept made matter matters later wrong whose such related
    asking changing checking cleaning comparing composing earning entering judging keeping knocking
    measuring merging migrating opening reading running serving telling waiting weighing wording
    writing
    read reads told seen shown printed written forms heads widths mistakes numbers places routes
    scope trail trees
    base common helper helpers manager managers misc util utils
"""
NO_PARTICIPLES = ("feed", "seed", "speed", "shared")  # and yet they end in -ed
FOLDERS_OF_OLD = ("together",)  # the whole system at work, in tests/


def says_nothing(word: str) -> bool:
    participle = word.endswith("ed") and "_" not in word and word not in NO_PARTICIPLES
    return participle or word in RETIRED.split()


@pytest.mark.parametrize("word", ["beside", "utils", "parted"])
def test_a_word_that_says_nothing_is_recognised(word: str) -> None:
    assert says_nothing(word)


def test_no_module_and_no_folder_is_called_by_a_word_that_says_nothing() -> None:
    found = {}
    for path in MODULES:
        *folders, name = named(path).removesuffix(".py").split("/")
        words = {*folders[1:], name.removeprefix("test_")}.difference(FOLDERS_OF_OLD)
        found[named(path)] = [word for word in words if says_nothing(word)]
    assert {name: words for name, words in found.items() if words} == {}
