"""Bodies are taken as their schemas say: no kind of value stands for another."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.http.components import reachable_schemas
from shared.http.json_bodies import JsonText
from shared.http.validation_messages import VALIDATION_MESSAGES
from tests.openapi.documents import services
from tests.paths import ROOT

JSON = "application/json"
PROBES: tuple[Any, ...] = (
    *(True, 0, 1, -1, 1.5, [], [1], ["x"], {}, {"x": 1}, None, 10**14),
    *("", "x", "1", "0.5", "true", "null", "2022-09-30", "2022-09-30T08:00:00+08:00"),
    *("1664496000", "0", "2022-09-30T00:00:00", "20220930", "2022-9-30", "NaN", "1e400"),
)
# What is told of a value of another kind, whatever the value.
ABOUT_KINDS = ("_type", "_parsing", "int_from_float", "enum", "literal_error", "extra_forbidden")
made = cache(services)


def bodies() -> Iterator[tuple[str, Any, Any, Any]]:
    """Every JSON body: its operation, the field that reads it, its schema, and a right one."""
    for service, app in made().items():
        document = app.openapi()
        kept = json.loads((ROOT / "services" / service / "examples.json").read_text("utf-8"))
        for route in iter_route_contexts(app.routes):
            if not isinstance(route.original_route, APIRoute) or not route.body_field:
                continue
            for method in route.methods or ():
                operation = document["paths"][route.path_format][method.lower()]
                content = operation["requestBody"]["content"]
                if JSON in content:
                    schema = {**content[JSON]["schema"], "components": document["components"]}
                    name = operation["operationId"]
                    yield name, route.body_field, schema, kept[name]["body"]


BODIES = {name: rest for name, *rest in bodies()}


def takes_more(schema: Any) -> bool:
    return "properties" in schema and schema.get("additionalProperties") is not False


@pytest.mark.parametrize("name", BODIES)
def test_a_body_takes_no_property_that_nobody_knows(name: str) -> None:
    """Else: a model of the body is no `Body`."""
    schemas = BODIES[name][1]["components"]["schemas"]
    body = {key: value for key, value in BODIES[name][1].items() if key != "components"}
    inside = [body, *(schemas[each] for each in reachable_schemas(body, schemas))]
    assert [of.get("title") for of in inside if takes_more(of)] == []


def resolve(schema: Any, root: Any) -> Any:
    """A schema without its reference; of several the first that has properties or items."""
    while "$ref" in schema:
        schema = root["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    options = [resolve(each, root) for each in schema.get("anyOf", ())]
    return next((each for each in options if {"properties", "items"} & each.keys()), schema)


def places(value: Any, schema: Any, root: Any, path: tuple[Any, ...] = ()) -> Iterator[Any]:
    """The paths of all values of a body, and of the properties that it could have."""
    yield path
    schema = resolve(schema, root)
    if isinstance(value, dict):
        known: Mapping[str, Any] = schema.get("properties", {})
        for name in {**known, **value}:
            below = known.get(name, schema.get("additionalProperties") or {})
            below = below if isinstance(below, dict) else {}
            yield from places(value.get(name), below, root, (*path, name))
    if isinstance(value, list):
        for index, each in enumerate(value[:1]):
            yield from places(each, schema.get("items", {}), root, (*path, index))


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = deepcopy(body)
    at = copy
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return copy


def refusals(field: Any, body: Any) -> list[str]:
    """The codes of what is wrong with a body."""
    _, errors = field.validate(JsonText(json.dumps(body).encode()), {}, loc=("body",))
    return [error["type"] for error in errors]


def is_about_kinds(code: str) -> bool:
    return code.endswith(ABOUT_KINDS)


@pytest.mark.parametrize("name", BODIES)
def test_a_body_takes_what_its_schema_says_and_nothing_else(name: str) -> None:
    field, schema, right = BODIES[name]
    check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert check.is_valid(right)
    assert refusals(field, right) == []
    guessed, refused, told = [], [], set[str]()
    for path in places(right, schema, schema):
        for probe in PROBES:
            body = changed(right, path, probe)
            if body is None:  # is no body
                continue
            codes = refusals(field, body)
            told.update(codes)
            if not codes and not check.is_valid(body):
                guessed.append((path, probe))
            if check.is_valid(body) and any(map(is_about_kinds, codes)):
                refused.append((path, probe, codes))
    assert guessed == []
    assert refused == []
    assert told - VALIDATION_MESSAGES.keys() == set()  # each has a sentence in Chinese


@pytest.mark.parametrize("number", ["1.0", "1e0", "-0.0", "1E2"])
def test_a_whole_number_is_written_without_a_fraction(number: str) -> None:
    field = BODIES["begin_run"][0]
    body = f'{{"as_of": "2022-09-30", "scheme_version": {number}}}'
    _, errors = field.validate(JsonText(body.encode()), {}, loc=("body",))
    assert [error["type"] for error in errors] == ["int_type"]


def test_every_service_has_bodies() -> None:
    assert len(SERVICE_NAMES) == len({name for name in SERVICE_NAMES if made()[name].routes})
    assert len(BODIES) > 25


BOUNDS = ("maxLength", "pattern", "enum", "const", "format")


def boundless_texts(node: Any, root: Any, seen: set[str], place: str = "") -> Iterator[str]:
    """The places of texts in a schema that may be of any length."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        if name not in seen:
            seen.add(name)
            yield from boundless_texts(root["components"]["schemas"][name], root, seen, name)
        return
    if node.get("type") == "string" and not node.keys() & set(BOUNDS):
        yield place
    below = {**node.get("properties", {}), "items": node.get("items")}
    below["additionalProperties"] = node.get("additionalProperties")
    for key, each in below.items():
        if isinstance(each, dict):
            yield from boundless_texts(each, root, seen, f"{place}/{key}")
    for each in node.get("anyOf", ()):
        yield from boundless_texts(each, root, seen, place)


@pytest.mark.parametrize("name", BODIES)
def test_every_text_of_a_body_has_a_bound(name: str) -> None:
    _, schema, _ = BODIES[name]
    assert [*boundless_texts(schema, schema, set())] == []
