"""What the documents promise to whoever generates a front end from them."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.facts.words import LABELS_KEY
from shared.http.app import API_VERSION
from tests.openapi.breaking_changes import breaking_changes, may_break
from tests.openapi.documents import COMMITTED, RELEASED, WHOLE, committed, documents, operations

VERBS = (
    "list|read|record|correct|upload|apply|export|stream|begin|explain|repeat|publish|print|edit|"
    "acknowledge|issue|preview|check"
)
NAME = re.compile(rf"({VERBS})(_[a-z]+)+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
JSON = "application/json"
NAMES = (*SERVICE_NAMES, WHOLE)
made = cache(documents)


def walk(node: Any, place: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a document with its place; what stands in an example is not looked at."""
    if isinstance(node, list):
        for number, each in enumerate(node):
            yield from walk(each, f"{place}/{number}")
    if isinstance(node, dict):
        yield place, node
        for key, value in node.items():
            if key not in ("example", "examples"):
                yield from walk(value, f"{place}/{key}")


def differences(one: Any, other: Any, place: str = "#") -> Iterator[str]:
    """The places where two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key not in one or key not in other:
                yield f"{place}/{key} {'is new' if key in other else 'is gone'}"
            else:
                yield from differences(one[key], other[key], f"{place}/{key}")
    elif one != other:
        yield f"{place}: {str(one)[:200]} → {str(other)[:200]}"


def all_operations() -> list[Any]:
    found = [operations(made()[name]) for name in SERVICE_NAMES]
    return [pytest.param(name, *of, id=name) for each in found for name, of in each.items()]


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_document_is_the_one_that_is_served(name: str) -> None:
    """Else: `make openapi`, and look at what it changed."""
    assert [*differences(committed(COMMITTED)[name], made()[name])] == []


@pytest.mark.parametrize("name", SERVICE_NAMES)
def test_nothing_breaks_since_the_last_release_or_the_version_was_raised(name: str) -> None:
    last = max(
        (path.name for path in RELEASED.iterdir()),
        key=lambda version: tuple(map(int, version.split("."))),
    )
    broken = breaking_changes(committed(RELEASED / last)[name], made()[name])
    assert broken == [] or may_break(last, API_VERSION)


@pytest.mark.parametrize("name", NAMES)
def test_every_document_is_of_this_version(name: str) -> None:
    assert (made()[name]["openapi"], made()[name]["info"]["version"]) == ("3.1.0", API_VERSION)


@pytest.mark.parametrize("name", NAMES)
def test_every_enumeration_has_a_chinese_label_for_each_word(name: str) -> None:
    found = {place: node for place, node in walk(made()[name]) if {"enum", "const"} & node.keys()}
    assert found
    for place, node in found.items():
        assert set(node.get(LABELS_KEY, {})) == set(node.get("enum", [node.get("const")])), place
        assert all(CHINESE.search(label) for label in node[LABELS_KEY].values()), place


def test_an_open_vocabulary_has_labels_for_the_words_it_knows() -> None:
    permit = made()["registry"]["components"]["schemas"]["PermitRead"]["properties"]["kind"]
    assert permit["type"] == "string"
    assert permit[LABELS_KEY]["eia"] == "环评"


def test_operations_have_names_of_their_own_in_all_documents() -> None:
    names = [name for service in SERVICE_NAMES for name in operations(made()[service])]
    paths = [item for name in SERVICE_NAMES for item in made()[name]["paths"].values()]
    assert len(names) == len(set(names)) == sum(map(len, paths))
    assert sorted(operations(made()[WHOLE])) == sorted(names)


@pytest.mark.parametrize(("name", "method", "path", "operation"), all_operations())
def test_an_operation_says_what_it_is(name: str, method: str, path: str, operation: Any) -> None:
    assert NAME.fullmatch(name), "a verb and a noun"
    assert CHINESE.search(operation["summary"])
    assert operation["tags"]
    assert all(CHINESE.search(tag) for tag in operation["tags"])


@pytest.mark.parametrize(("name", "method", "path", "operation"), all_operations())
def test_an_operation_says_how_it_may_refuse(
    name: str, method: str, path: str, operation: Any
) -> None:
    answers = operation["responses"].keys()
    takes = {each["name"] for each in operation.get("parameters", ())}
    assert {"default"}.isdisjoint(answers), "exact statuses"
    assert ("401" in answers) == ("security" in operation)
    assert ("412" in answers) == ("If-Match" in takes)
    assert ("409" in answers) >= ("Idempotency-Key" in takes)
    assert ("422" in answers) == bool(takes or "requestBody" in operation)
    assert ("400" in answers) == ("requestBody" in operation)


# --- examples


def examples(document: Any) -> Iterator[tuple[str, Any, Any]]:
    """Every example with its place and its schema: of bodies, answers, parameters, and fields."""
    for place, node in walk(document):
        if "example" in node:
            yield place, node["schema"], node["example"]
        for example in node.get("examples", ()):
            yield place, {k: v for k, v in node.items() if k != "examples"}, example


@pytest.mark.parametrize("name", NAMES)
def test_every_example_fits_its_schema(name: str) -> None:
    document, seen = made()[name], 0
    for place, schema, example in examples(document):
        whole = {**schema, "components": document["components"]}
        check = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        assert [error.message for error in check.iter_errors(example)] == [], place
        seen += 1
    assert seen


@pytest.mark.parametrize(("name", "method", "path", "operation"), all_operations())
def test_every_json_that_goes_in_or_comes_out_has_an_example(
    name: str, method: str, path: str, operation: Any
) -> None:
    """Else: `make openapi` records one; for a new body it may ask for a line in `BODIES`."""
    body = operation.get("requestBody", {}).get("content", {}).get(JSON)
    assert body is None or "example" in body
    done = [of for status, of in operation["responses"].items() if status.startswith("2")]
    answers = [of["content"][JSON] for of in done if JSON in of.get("content", {})]
    assert not answers or any("example" in answer for answer in answers)
    for parameter in operation.get("parameters", ()):
        assert parameter["in"] != "path" or "example" in parameter or not answers
