"""What is sent is read strictly: nothing is dropped, guessed, or a failure of ours."""

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Query, UploadFile
from joserfc.jwk import KeySet
from pydantic import Field

from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.idempotency import AnswerColumns, IdempotentRoute
from shared.http.json_bodies import Body
from shared.http.service_route import ServiceRoute
from shared.notation import DAY_NOTATION, DECIMAL_NOTATION
from tests.openapi.documents import NOWHERE

JSON = {"content-type": "application/json"}
router = APIRouter(route_class=ServiceRoute)
writes = APIRouter(route_class=IdempotentRoute)


class Form(Body):
    count: int = 0
    text: str = ""
    share: Annotated[Decimal, DECIMAL_NOTATION] = Decimal(0)
    on: Annotated[date, DAY_NOTATION] = date(2026, 5, 4)
    below: dict[str, int] = Field(default={})


@router.get("/lists")
async def show(unit_id: str = "", limit: int = 5, as_of: Annotated[list[str], Query()] = []) -> Any:  # noqa: B006
    return [unit_id, limit, as_of]


@router.get("/things/{thing_id}")
async def show_thing(thing_id: str) -> str:
    return thing_id


@writes.post("/forms")
async def send(form: Form | None = None) -> Form | None:
    return form


@router.post("/files")
async def upload(file: UploadFile) -> str | None:
    return file.filename


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = create_service_app(
        "Shell",
        router,
        writes,
        sessions=create_sessions(NOWHERE),
        keys=KeySet([]),
        answers=AnswerColumns,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shell")


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("unitid=U1", [("unitid", "unknown_parameter", "没有参数“unitid”，是不是“unit_id”")]),
        ("UNIT_ID=U1", [("UNIT_ID", "unknown_parameter", "没有参数“UNIT_ID”，是不是“unit_id”")]),
        (
            "zzz",
            [("zzz", "unknown_parameter", "没有参数“zzz”，有：unit_id、limit、as_of")],
        ),
        ("limit=1&limit=1", [("limit", "repeated_parameter", "参数“limit”只写一次")]),
        (
            "limit=1&limit=1&q=",
            [
                ("limit", "repeated_parameter", "参数“limit”只写一次"),
                ("q", "unknown_parameter", "没有参数“q”，有：unit_id、limit、as_of"),
            ],
        ),
        ("=1", [("", "unknown_parameter", "没有参数“”，有：unit_id、limit、as_of")]),
    ],
)
async def test_a_parameter_that_is_unknown_or_there_twice_is_refused(
    client: httpx.AsyncClient, query: str, errors: list[tuple[str, str, str]]
) -> None:
    answer = await client.get(f"/lists?{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert answer.json()["errors"] == [
        {"pointer": f"#/{name}", "code": code, "detail": detail} for name, code, detail in errors
    ]


async def test_an_unknown_parameter_is_told_in_english(client: httpx.AsyncClient) -> None:
    english = {"accept-language": "en"}
    found = [
        (await client.get(path, headers=english)).json()["errors"][0]["detail"]
        for path in ("/lists?unitid=1", "/lists?zz=1", "/things/1?of=2", "/lists?limit=1&limit=2")
    ]
    assert found == [
        "There is no parameter “unitid”; is it “unit_id”?",
        "There is no parameter “zz”; there are: unit_id, limit, as_of.",
        "There is no parameter “of”; this takes none.",
        "The parameter “limit” takes one value.",
    ]


async def test_known_parameters_and_lists_are_taken(client: httpx.AsyncClient) -> None:
    answer = await client.get("/lists?unit_id=%E7%94%B2&as_of=1&as_of=2")
    assert (answer.status_code, answer.json()) == (200, ["甲", 5, ["1", "2"]])


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
async def test_no_operation_ignores_a_parameter(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"{path}?verbose=1")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "unknown_parameter"


@pytest.mark.parametrize(
    "odd", ["%", "%4", "%zz", "%ff", "%00", "%0a", "%7f", "%ED%A0%80", "%C0%80", "%F4%90%80%80"]
)
async def test_what_is_no_text_stands_in_no_address(client: httpx.AsyncClient, odd: str) -> None:
    for path, query, name in (
        (b"/things/a", f"unit_id={odd}", "query"),
        (f"/things/a{odd}".encode(), "", "path"),
    ):
        target = b"/lists" if query else path
        url = client.base_url.copy_with(raw_path=target + (b"?" + query.encode() if query else b""))
        answer = await client.get(url)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == f"#/{name}"
        assert answer.json()["errors"][0]["code"] == "unreadable_address"


# --- bodies -------------------------------------------------------------------------------------


async def sent(client: httpx.AsyncClient, body: str | bytes, **headers: str) -> Any:
    content = body.encode() if isinstance(body, str) else body
    answer = await client.post("/forms", content=content, headers=JSON | headers)
    found = answer.json()
    return found if answer.is_success else (answer.status_code, found["errors"][0]["code"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "json_invalid"),
        ("{'count': 1}", "json_invalid"),
        ('{"count": 01}', "json_invalid"),
        ('{"share": NaN}', "json_invalid"),
        ('{"share": -Infinity}', "json_invalid"),
        ('{"text": "\\ud800"}', "json_invalid"),
        ('{"text": "a\nb"}', "json_invalid"),
        ('{"below":' * 100_000, "json_invalid"),
        ("[" * 100_000 + "]" * 100_000, "json_invalid"),
        ('{"count": 1, "count": 1}', "repeated_key"),
        ('{"below": {"a": 1, "\\u0061": 2}}', "repeated_key"),
        (b"\xef\xbb\xbf{}", "byte_order_mark"),
        ('{"text": "甲"}'.encode("gbk"), "not_utf8"),
        ("{}".encode("utf-16"), "not_utf8"),
        (b'{"text": "\xed\xa0\x80"}', "not_utf8"),
        ('{"count": 1234567890123456}', "precision_lost"),
        ('{"count": ' + "9" * 5000 + "}", "json_invalid"),
        ('{"share": 0.1234567890123456}', "precision_lost"),
        ('{"share": 1234567890.123456}', "precision_lost"),
    ],
)
async def test_a_body_that_cannot_be_read_says_why(
    client: httpx.AsyncClient, body: str | bytes, code: str
) -> None:
    assert await sent(client, body) == (400, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"count": true}', "int_type"),
        ('{"count": "1"}', "int_type"),
        ('{"count": 1.0}', "int_type"),
        ('{"count": null}', "int_type"),
        ('{"text": 1}', "string_type"),
        ('{"share": true}', "decimal_type"),
        ('{"share": "1_000"}', "decimal_parsing"),
        ('{"share": " 1"}', "decimal_parsing"),
        ('{"share": "１"}', "decimal_parsing"),
        ('{"share": 1e400}', "finite_number"),
        ('{"on": 1777852800}', "date_type"),
        ('{"on": "1777852800"}', "date_parsing"),
        ('{"on": "2026-05-04T00:00:00"}', "date_parsing"),
        ('{"on": "2026-02-30"}', "date_parsing"),
        ('{"below": {"a": false}}', "int_type"),
        ('{"below": []}', "dict_type"),
        ('{"other": 1}', "extra_forbidden"),
        ("[]", "model_type"),
        ('"x"', "model_type"),
    ],
)
async def test_no_kind_of_value_stands_for_another(
    client: httpx.AsyncClient, body: str, code: str
) -> None:
    assert await sent(client, body) == (422, code)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ('{"text": "a\\u0000"}', ["#/text"]),
        ('{"text": "a\\u001B"}', ["#/text"]),
        ('{"text": "a\\uFFFE", "below": {"\\u007f": 1}}', ["#/text", "#/below"]),
        ('{"list": ["a", "b\x7f"]}', ["#/list/1"]),
    ],
)
async def test_a_text_that_nobody_can_keep_is_pointed_at(
    client: httpx.AsyncClient, body: str, pointers: list[str]
) -> None:
    answer = await client.post("/forms", content=body.encode(), headers=JSON)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == pointers
    assert {each["code"] for each in answer.json()["errors"]} == {"unwritable_text"}


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        ('{"count": -0}', {"count": 0}),
        ('{"share": 0.30000000000000000}', {"share": "0.3"}),
        ('{"share": 0.000000000123456789012345}', {"share": "1.23456789012345E-10"}),
        ('{"share": "0.1234567890123456789"}', {"share": "0.1234567890123456789"}),
        ('{"share": 7}', {"share": "7"}),
        ('{"share": -123456789012345e-15}', {"share": "-0.123456789012345"}),
        ('{"on": "2026-05-05"}', {"on": "2026-05-05"}),
        ('{"text": "\\ud83d\\ude00"}', {"text": "😀"}),
        (' {"text": "1"} ', {"text": "1"}),
        ('{"text": "a\\u000a\\\\u0000"}', {"text": "a\n\\u0000"}),
    ],
)
async def test_what_is_right_is_taken_as_it_is(
    client: httpx.AsyncClient, body: str, taken: dict[str, Any]
) -> None:
    found = await sent(client, body)
    assert {name: found[name] for name in taken} == taken


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/json; charset=UTF-8", 200),
        ("Application/JSON", 200),
        ("application/json; charset=gbk", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("json", 415),
        ("", 415),
    ],
)
async def test_content_is_of_the_media_type_that_is_expected(
    client: httpx.AsyncClient, media_type: str, status: int
) -> None:
    answer = await client.post("/forms", content=b"{}", headers={"content-type": media_type})
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("media_type", ["application/json", "application/x-www-form-urlencoded"])
async def test_a_file_comes_as_a_part(client: httpx.AsyncClient, media_type: str) -> None:
    answer = await client.post("/files", content=b"{}", headers={"content-type": media_type})
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported-media-type")
    assert (await client.post("/files", files={"file": ("a.zip", b"x")})).json() == "a.zip"
    assert (await client.post("/files")).status_code == 422


async def test_a_form_has_the_parts_that_are_known_and_each_once(client: httpx.AsyncClient) -> None:
    file = ("a.zip", b"x")
    for parts, code in (
        ([("file", file), ("fil", file)], "unknown_parameter"),
        ([("file", file), ("file", file)], "repeated_parameter"),
    ):
        answer = await client.post("/files", files=parts)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


@pytest.mark.parametrize("body", ["", "null"])
async def test_no_body_is_none(client: httpx.AsyncClient, body: str) -> None:
    assert await sent(client, body) is None


async def test_a_name_with_a_slash_is_pointed_at(client: httpx.AsyncClient) -> None:
    answer = await client.post("/forms", content=json.dumps({"a/b~c": 1}), headers=JSON)
    assert answer.json()["errors"] == [
        {"pointer": "#/a~1b~0c", "code": "extra_forbidden", "detail": "没有这个字段"}
    ]
