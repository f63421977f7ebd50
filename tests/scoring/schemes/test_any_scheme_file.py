"""Whatever is wrong with a scheme file, it is told as mistakes with places, never as a trace."""

from copy import deepcopy
from random import Random
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.schemes.scheme_files import parse_document
from tests.scoring.schemes.test_writing_a_rule_book import EXAMPLE

JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 10**20, "", "x", "target", "a, b", "[0, 1)", "count(", "2022-13-45"),
    *([], {}, [[]], [None], ["x", 1], {"a": 1}, {"id": 5}, [{}], [{"id": "x"}], {"rule": "x"}),
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything below a document."""
    keys: Any = (
        node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    )
    return [found for key in keys for found in [(*path, key), *places(node[key], (*path, key))]]


def changed(document: Any, chance: Random) -> Any:
    """The document with something replaced, left out or added."""
    path = chance.choice(places(document))
    inside = document
    for key in path[:-1]:
        inside = inside[key]
    match chance.choice(["replace", "replace", "leave out", "add"]):
        case "replace":
            inside[path[-1]] = deepcopy(chance.choice(JUNK))
        case "leave out":
            del inside[path[-1]]
        case "add" if isinstance(inside, dict):
            name = chance.choice(["groups", "when", "id", "points", "marks", "x"])
            inside[name] = deepcopy(chance.choice(JUNK))
        case "add":
            inside.append(deepcopy(chance.choice([*JUNK, inside[0]])))
    return document


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9).map(Random), st.integers(1, 4))
def test_a_changed_rule_book_is_read_or_its_mistakes_are_told(chance: Random, times: int) -> None:
    document = yaml.safe_load(EXAMPLE)
    for _ in range(times):
        document = changed(document, chance)
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    try:
        made = parse_document(text, Scheme, "any.yaml")
    except SchemeMistake as mistake:
        lines = [line for line in mistake.detail.split("\n") if not line.startswith("    ")]
        assert lines
        assert [line for line in lines if not line.startswith("any.yaml 第 ")] == []
        assert all("Input should" not in line and "valid" not in line for line in lines)
    else:
        assert Scheme.model_validate_json(made.model_dump_json()) == made
