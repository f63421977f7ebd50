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
from shared.http.components import reachable_schemas
from tests.openapi.breaking_changes import breaking_changes, may_break
from tests.openapi.documents import COMMITTED, RELEASED, WHOLE, committed, documents, operations
from tests.paths import ROOT

VERBS = (
    "list|read|record|correct|upload|apply|export|stream|begin|explain|repeat|publish|print|edit|"
    "acknowledge|issue|preview|check|accept|return|withdraw|decide|revoke|disable|enable|change|remove|"
    "end|void|undo|answer"
)
NAME = re.compile(rf"({VERBS})(_[a-z]+)+")
CLASS_NAME = re.compile(r"([A-Z][a-z]+)+")
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


def all_operations() -> dict[str, tuple[str, str, Any]]:
    """Method, path and operation by the operation's id, in all services."""
    return {key: of for name in SERVICE_NAMES for key, of in operations(made()[name]).items()}


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
    assert broken == [] or "- **Breaking:**" in changes_by_version()["Unreleased"]


def changes_by_version() -> dict[str, str]:
    """The sections of the change log."""
    sections = (ROOT / "CHANGELOG.md").read_text("utf-8").split("\n## ")[1:]
    return {head: changes for head, _, changes in (each.partition("\n") for each in sections)}


def test_every_release_has_its_section_in_the_change_log() -> None:
    released = {path.name for path in RELEASED.iterdir()}
    assert released
    assert released <= changes_by_version().keys()


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


@pytest.mark.parametrize("name", NAMES)
def test_components_are_called_by_their_classes(name: str) -> None:
    schemas = made()[name]["components"]["schemas"]
    assert schemas
    assert {key: schema["title"] for key, schema in schemas.items()} == {
        key: key for key in schemas
    }
    assert [key for key in schemas if not CLASS_NAME.fullmatch(key)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_other_title_is_a_chinese_label(name: str) -> None:
    inside = {
        place: node["title"]
        for place, node in walk(made()[name])
        if isinstance(node.get("title"), str) and place.count("/") != 3 and place != "#/info"
    }
    assert inside
    assert {place: title for place, title in inside.items() if not CHINESE.search(title)} == {}


def test_the_merged_document_has_the_components_of_all_services() -> None:
    for kind in ("schemas", "responses", "securitySchemes"):
        parts = [made()[name]["components"][kind] for name in SERVICE_NAMES]
        merged = {key: part for own in parts for key, part in own.items()}
        assert made()[WHOLE]["components"][kind] == merged


def test_every_answer_says_that_it_has_all_its_properties() -> None:
    document = made()[WHOLE]
    answers = [of["responses"] for _, _, of in operations(document).values()]
    answered = reachable_schemas(
        [answers, document["components"]["responses"]], document["components"]["schemas"]
    )
    schemas = {name: document["components"]["schemas"][name] for name in answered}
    optional = {
        name: {*schema.get("properties", ())} - {*schema.get("required", ())}
        for name, schema in schemas.items()
    }
    assert len(schemas) > 100
    assert {name: names for name, names in optional.items() if names} == {}


@pytest.mark.parametrize("name", NAMES)
def test_the_head_says_whose_it_is_and_where_it_is_served(name: str) -> None:
    info, servers = made()[name]["info"], made()[name]["servers"]
    assert info["license"]["identifier"] == "Apache-2.0"
    assert info["contact"]["name"]
    assert CHINESE.match(info["description"])
    assert servers[0]["url"] == ("/" if name == WHOLE else f"/{name}")


def test_operations_have_names_of_their_own_in_all_documents() -> None:
    names = [name for service in SERVICE_NAMES for name in operations(made()[service])]
    paths = [item for name in SERVICE_NAMES for item in made()[name]["paths"].values()]
    assert len(names) == len(set(names)) == sum(map(len, paths))
    assert sorted(operations(made()[WHOLE])) == sorted(names)


def test_every_operation_has_a_verb_a_noun_and_chinese_words() -> None:
    def is_told(name: str, operation: Any) -> bool:
        said = [operation["summary"], *operation["tags"]]
        return bool(NAME.fullmatch(name) and operation["tags"] and all(map(CHINESE.search, said)))

    assert all_operations()
    told = {name: is_told(name, operation) for name, (_, _, operation) in all_operations().items()}
    assert [name for name, is_right in told.items() if not is_right] == []


def refusals(operation: Any) -> dict[str, bool]:
    """What an operation must tell of how it may refuse, and whether it does."""
    answers = operation["responses"].keys()
    takes = {each["name"] for each in operation.get("parameters", ())}
    has_body = "requestBody" in operation
    return {
        "exact statuses": {"default"}.isdisjoint(answers),
        "401": ("401" in answers) == bool(operation["security"]),
        "412": ("412" in answers) == ("If-Match" in takes),
        "409": ("409" in answers) >= ("Idempotency-Key" in takes),
        "422": "422" in answers,
        "400": ("400" in answers) == has_body,
        "415": ("415" in answers) == has_body,
    }


def test_every_operation_says_how_it_may_refuse() -> None:
    told = {name: refusals(operation) for name, (_, _, operation) in all_operations().items()}
    assert [
        (name, what) for name, of in told.items() for what, is_told in of.items() if not is_told
    ] == []


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


def without_example(operation: Any) -> list[str]:
    """What of an operation should have an example and has none."""
    found = []
    body = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if body is not None and "example" not in body:
        found.append("body")
    done = [of for status, of in operation["responses"].items() if status.startswith("2")]
    answers = [of["content"][JSON] for of in done if JSON in of.get("content", {})]
    if answers and not any("example" in answer for answer in answers):
        found.append("answer")
    if answers:
        given = operation.get("parameters", ())
        found += [of["name"] for of in given if of["in"] == "path" and "example" not in of]
    return found


def test_every_json_that_goes_in_or_comes_out_has_an_example() -> None:
    """Else: `make openapi` records one; for a new body it may ask for a line in `BODIES`."""
    lacking = {
        name: without_example(operation) for name, (_, _, operation) in all_operations().items()
    }
    assert {name: what for name, what in lacking.items() if what} == {}
