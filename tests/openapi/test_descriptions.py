"""What the documents say in words: all of it, in both languages, and nothing that nobody reads."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.http.descriptions.texts import (
    describe_document,
    join_languages,
    list_described,
    list_operations,
    load_texts,
)
from tests.openapi.documents import WHOLE, documents

BOTH_LANGUAGES = re.compile(r"[^\n]*[\u4e00-\u9fff].*。\n\n[^\u4e00-\u9fff\n].+\.", re.DOTALL)
made = cache(documents)


def described() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every operation, parameter and property of the services, with the names of its row."""
    for name in SERVICE_NAMES:
        for operation_id, operation in list_operations(made()[name]):
            yield (operation_id,), operation
        yield from list_described(made()[name])


def test_every_operation_parameter_and_property_is_described_in_both_languages() -> None:
    """Else: a row in `glossary.csv` or `operations.csv` of shared/http/descriptions."""
    texts = {names[0]: node.get("description", "") for names, node in described()}
    assert len(texts) > 1000
    assert [name for name, text in texts.items() if not BOTH_LANGUAGES.fullmatch(text)] == []


def test_every_row_of_the_glossary_describes_something() -> None:
    glossary, used = load_texts("glossary"), set()
    for names, node in described():
        row = next((name for name in names if name in glossary), None)
        if row is not None and node["description"] == join_languages(*glossary[row]):
            used.add(row)
    assert [row for row in glossary if row not in used] == []


def test_every_row_of_an_operation_describes_one() -> None:
    operations = dict(list_operations(made()[WHOLE]))
    assert [row for row in load_texts("operations") if row not in operations] == []
    for name, (zh, en) in load_texts("operations").items():
        assert operations[name]["description"].startswith(zh)
        assert en in operations[name]["description"]


@pytest.mark.parametrize("name", [*SERVICE_NAMES, WHOLE])
def test_tags_are_declared_in_the_order_of_a_days_work(name: str) -> None:
    declared = {tag["name"]: tag["description"] for tag in made()[name]["tags"]}
    used = {tag for _, operation in list_operations(made()[name]) for tag in operation["tags"]}
    assert [*declared] == [tag for tag in load_texts("tags") if tag in used]
    assert {*declared} == used
    assert all(BOTH_LANGUAGES.fullmatch(text) for text in declared.values())


def test_the_merged_document_uses_every_tag() -> None:
    assert [tag["name"] for tag in made()[WHOLE]["tags"]] == [*load_texts("tags")]


def document_with(description: str | None) -> dict[str, Any]:
    parameter = {"name": "limit", "in": "query"}
    if description is not None:
        parameter["description"] = description
    operation = {"operationId": "list_nothing", "parameters": [parameter]}
    return {"paths": {"/": {"get": operation}}, "components": {"schemas": {}}}


@pytest.mark.parametrize(
    ("written", "is_kept"),
    [(None, False), ("最多几条。", False), ("At most.", False), ("最多几条。\n\nAt most.", True)],
)
def test_a_description_in_both_languages_is_kept(written: str | None, *, is_kept: bool) -> None:
    document, glossary = document_with(written), load_texts("glossary")
    describe_document(document)
    (parameter,) = document["paths"]["/"]["get"]["parameters"]
    kept = written if is_kept else join_languages(*glossary["?limit"])
    assert parameter["description"] == kept


def test_a_row_of_one_place_says_something_else_than_the_row_of_the_word() -> None:
    glossary = load_texts("glossary")
    plain = {name: text for name, text in glossary.items() if "." not in name}
    repeated = [
        name
        for name, text in glossary.items()
        if "." in name and text == plain.get(name.rpartition(".")[2])
    ]
    assert repeated == []
