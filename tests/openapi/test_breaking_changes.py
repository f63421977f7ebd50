"""Made-up pairs of documents: what breaks is named, what does not is passed over."""

from copy import deepcopy
from typing import Any

import pytest

from tests.openapi.breaking_changes import breaking_changes, may_break

COLOURS = {"type": "string", "enum": ["green", "red"]}
FORM = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 20},
        "colour": {"$ref": "#/components/schemas/Colour"},
        "amount": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
    },
    "required": ["name"],
}
ANSWER = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "on": {"type": "string", "format": "date"},
        "colour": {"$ref": "#/components/schemas/Colour"},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Answer"}},
    },
    "required": ["id", "on", "colour"],
}
GET = {
    "operationId": "list_things",
    "parameters": [
        {"in": "query", "name": "kind", "schema": {"type": "string", "enum": ["a", "b"]}}
    ],
    "responses": {
        "200": {
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}
        },
        "404": {"$ref": "#/components/responses/not-found"},
    },
}
POST = {
    "operationId": "add_thing",
    "requestBody": {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Form"}}}
    },
    "responses": {"201": {"description": "done"}},
}
OTHER = {"operationId": "list_others", "responses": {"200": {"description": "done"}}}
OLD: Any = {
    "paths": {"/things": {"get": GET, "post": POST}, "/others": {"get": OTHER}},
    "components": {
        "schemas": {"Form": FORM, "Answer": ANSWER, "Colour": COLOURS},
        "responses": {"not-found": {"content": {"application/problem+json": {}}}},
    },
}
READ, ADD = ("paths", "/things", "get"), ("paths", "/things", "post")
FORMS, ANSWERS = ("components", "schemas", "Form"), ("components", "schemas", "Answer")
GONE: Any = object()


def changed(*changes: tuple[tuple[str | int, ...], Any]) -> Any:
    """The old document with values put in places; GONE takes the place out."""
    new = deepcopy(OLD)
    for (*way, last), value in changes:
        node = new
        for step in way:
            node = node[step]
        if value is GONE:
            del node[last]
        else:
            node[last] = value
    return new


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("paths", "/others"), GONE, ["/others: the path is gone"]),
        (ADD, GONE, ["POST /things: the operation is gone"]),
        (
            (*READ, "operationId"),
            "find_things",
            ["GET /things: list_things is now called find_things"],
        ),
        ((*READ, "security"), [{"token": []}], ["GET /things: needs a token now"]),
        ((*READ, "responses", "404"), GONE, ["GET /things: answers 404 no more"]),
        (
            ("components", "responses", "not-found", "content"),
            {"application/json": {}},
            [
                "GET /things: answer 404: is not application/problem+json any more",
            ],
        ),
        ((*READ, "parameters"), [], ["GET /things: query kind is gone"]),
        ((*READ, "parameters", 0, "required"), True, ["GET /things: query kind is required now"]),
        (
            (*READ, "parameters", 0, "schema", "enum"),
            ["a"],
            ["GET /things: query kind: the words b are gone"],
        ),
        ((*ADD, "requestBody", "required"), True, ["POST /things: a body is required now"]),
        (
            (*ADD, "requestBody", "content"),
            {"text/csv": {}},
            ["POST /things: takes no application/json any more"],
        ),
        ((*FORMS, "properties", "amount"), GONE, ["POST /things: body.amount is gone"]),
        ((*FORMS, "required"), ["name", "amount"], ["POST /things: body.amount is required now"]),
        (
            (*FORMS, "properties", "amount", "anyOf"),
            [{"type": "integer", "minimum": 0}],
            ["POST /things: body.amount: takes no null any more"],
        ),
        (
            (*FORMS, "properties", "amount", "anyOf", 0, "minimum"),
            1,
            ["POST /things: body.amount: minimum is 1 now"],
        ),
        (
            (*FORMS, "properties", "name", "maxLength"),
            10,
            ["POST /things: body.name: maxLength is 10 now"],
        ),
        (
            (*FORMS, "properties", "name", "pattern"),
            "^a",
            ["POST /things: body.name: the pattern is ^a now"],
        ),
        (
            (*FORMS, "additionalProperties"),
            False,
            ["POST /things: body: takes no other fields any more"],
        ),
        ((*ANSWERS, "properties", "on"), GONE, ["GET /things: answer 200.on is gone"]),
        (
            (*ANSWERS, "required"),
            ["id", "on"],
            ["GET /things: answer 200.colour may be missing now"],
        ),
        (
            (*ANSWERS, "properties", "id", "type"),
            "string",
            ["GET /things: answer 200.id: may be string now"],
        ),
        (
            (*ANSWERS, "properties", "on", "format"),
            "date-time",
            ["GET /things: answer 200.on: the format date is date-time now"],
        ),
        (
            (*ANSWERS, "properties", "parts", "items"),
            {"type": "integer"},
            ["GET /things: answer 200.parts[]: may be integer now"],
        ),
        (
            ("components", "schemas", "Colour", "enum"),
            ["green", "red", "blue"],
            ["GET /things: answer 200.colour: may say blue now"],
        ),
        (
            ("components", "schemas", "Colour", "enum"),
            ["green"],
            [
                "GET /things: answer 200.colour: the words red are gone",
                "POST /things: body.colour: the words red are gone",
            ],
        ),
        (
            ("components", "schemas", "Colour"),
            {"type": "string"},
            ["GET /things: answer 200.colour: is no closed vocabulary now"],
        ),
    ],
)
def test_what_breaks_is_named(place: tuple[str | int, ...], value: Any, told: list[str]) -> None:
    assert breaking_changes(OLD, changed((place, value))) == told


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("paths", "/new"), {"get": GET}),
        (("paths", "/things", "delete"), POST),
        ((*READ, "summary"), "列出"),
        ((*READ, "responses", "409"), {"description": "conflict"}),
        ((*READ, "parameters", 0, "schema", "enum"), ["a", "b", "c"]),
        ((*FORMS, "properties", "note"), {"type": "string"}),
        ((*FORMS, "required"), []),
        ((*FORMS, "properties", "name", "maxLength"), 30),
        ((*FORMS, "properties", "name"), {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ((*ANSWERS, "properties", "more"), {"type": "string"}),
        ((*ANSWERS, "properties", "id", "minimum"), 1),
        ((*ANSWERS, "required"), ["id", "on", "colour", "parts"]),
    ],
)
def test_what_only_adds_does_not_break(place: tuple[str | int, ...], value: Any) -> None:
    assert breaking_changes(OLD, changed((place, value))) == []


def test_an_open_vocabulary_of_an_answer_may_have_new_words_and_loses_none() -> None:
    place = ("components", "schemas", "Colour")
    opened = {**COLOURS, "x-open": True}
    old, new = changed((place, opened)), changed((place, {**opened, "enum": ["green", "blue"]}))
    assert breaking_changes(old, new) == [
        "GET /things: answer 200.colour: the words red are gone",
        "POST /things: body.colour: the words red are gone",
    ]


def test_a_vocabulary_is_open_when_it_was_released_as_open() -> None:
    new = {**COLOURS, "enum": ["green", "red", "blue"], "x-open": True}
    assert breaking_changes(OLD, changed((("components", "schemas", "Colour"), new))) == [
        "GET /things: answer 200.colour: may say blue now"
    ]


def test_several_are_told_at_once() -> None:
    new = changed((("paths", "/others"), GONE), ((*READ, "operationId"), "find_things"))
    assert len(breaking_changes(OLD, new)) == 2


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("0.1.0", "0.1.0", False),
        ("0.1.0", "0.1.1", False),
        ("0.1.9", "0.2.0", True),
        ("0.9.0", "1.0.0", True),
        ("1.0.0", "1.9.0", False),
        ("1.9.0", "2.0.0", True),
    ],
)
def test_only_a_raised_version_may_break(old: str, new: str, allowed: bool) -> None:
    assert may_break(old, new) is allowed


CARD = {"type": "object", "title": "Card", "properties": {"view": {"const": "card"}}}
WHOLE = {"type": "object", "title": "Whole", "properties": {"id": {"type": "integer"}}}


def of_two_forms(*forms: Any) -> Any:
    content = {"application/json": {"schema": {"anyOf": [*forms]}}}
    return changed(((*READ, "responses", "200", "content"), content))


def with_property(form: Any) -> Any:
    return {**form, "properties": {**form["properties"], "more": {"type": "string"}}}


def test_each_of_two_forms_of_an_answer_is_compared_with_itself() -> None:
    old = of_two_forms(WHOLE, CARD)
    assert breaking_changes(old, of_two_forms(with_property(WHOLE), with_property(CARD))) == []
    less = breaking_changes(of_two_forms(WHOLE, with_property(CARD)), old)
    assert [place.endswith(".more is gone") for place in less] == [True]
