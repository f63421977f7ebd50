"""Bytes that no client of HTTP sends: each gets an answer that is no failure of ours."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Annotated

import pytest
from fastapi import APIRouter, Header, UploadFile
from joserfc.jwk import KeySet

from services.cli.server.server import LOOPBACK, run_http_server
from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.auth import AuthenticatedCaller
from shared.http.idempotency import KEY_PATTERN, AnswerColumns
from shared.http.json_bodies import Body
from shared.http.service_route import ServiceRoute
from shared.http.tokens import Issuer
from tests.openapi.documents import NOWHERE

router = APIRouter(route_class=ServiceRoute)
Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=KEY_PATTERN)]
LONG = b"x" * 100_000


class Form(Body):
    text: str = ""


@router.get("/lists")
async def show(unit_id: str = "") -> str:
    return unit_id


@router.get("/things/{thing_id}")
async def show_thing(thing_id: str) -> str:
    return thing_id


@router.get("/who")
async def tell(who: AuthenticatedCaller) -> str:
    return who.name


@router.post("/forms")
async def send(form: Form, key: Key = None) -> str:
    return form.text


@router.post("/files")
async def upload(file: UploadFile) -> str | None:
    return file.filename


@pytest.fixture(scope="module")
async def port(issuer: Issuer) -> AsyncIterator[int]:
    app = create_service_app(
        "Shell",
        router,
        sessions=create_sessions(NOWHERE),
        keys=KeySet([issuer.key]),
        answers=AnswerColumns,
    )
    async with run_http_server(app, LOOPBACK, 0, asyncio.Event()) as address:
        yield int(address.rpartition(":")[2])


async def answer_to(port: int, request: bytes, *, ends: bool = False) -> bytes:
    """The first line of the answer; blank where the caller went away."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        writer.write(request)
        if ends:
            writer.write_eof()
        return await asyncio.wait_for(reader.readline(), 20)
    finally:
        writer.close()


def is_no_failure(first: bytes) -> bool:
    return first.split()[1][:1] in (b"2", b"3", b"4")


def get(target: bytes, *headers: bytes) -> bytes:
    lines = [b"GET " + target + b" HTTP/1.1", b"host: shell", b"connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def post(target: bytes, body: bytes, *headers: bytes) -> bytes:
    lines = [b"POST " + target + b" HTTP/1.1", b"host: shell", b"connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\ncontent-length: %d\r\n\r\n" % len(body) + body


def form(*headers: bytes, body: bytes = b"{}") -> bytes:
    return post(b"/forms", body, b"content-type: application/json", *headers)


def file(disposition: bytes, *, boundary: bytes = b"x") -> bytes:
    head = b"Content-Disposition: form-data; " + disposition
    body = b"--x\r\n" + head + b"\r\n\r\nabc\r\n--x--\r\n"
    return post(b"/files", body, b"content-type: multipart/form-data; boundary=" + boundary)


ODD = [
    b"\x80\xff",
    "甲".encode(),
    "甲".encode("gbk"),
    b"\x01\x7f",
    LONG[:7000],
    b'"',
    b"=?utf-8?q?=41?=",
]
HEADERS = [
    b"authorization",
    b"accept-language",
    b"accept",
    b"accept-encoding",
    b"x-request-id",
    b"idempotency-key",
    b"if-match",
    b"if-none-match",
    b"range",
    b"origin",
    b"cookie",
    b"content-type",
    b"content-encoding",
    b"transfer-encoding",
    b"content-length",
    b"expect",
    b"host",
    b"traceparent",
]
REQUESTS = {
    "sound": get(b"/lists?unit_id=1"),
    "utf-8 in a path": get("/things/甲".encode()),
    "gbk in a path": get(b"/things/\xbc\xd7"),
    "utf-8 in a query": get("/lists?unit_id=甲".encode()),
    "bytes in a query": get(b"/lists?unit_id=\xff\xfe"),
    "nul": get(b"/things/a%00b"),
    "raw nul": get(b"/things/a\x00b"),
    "surrogate": get(b"/things/%ED%A0%80"),
    "broken escape": get(b"/things/%zz?unit_id=%"),
    "backslash": get(b"/things/\\..\\a"),
    "dots": get(b"/things/../../etc/passwd"),
    "escaped dots": get(b"/docs/assets/%2e%2e/%2e%2e/pyproject.toml"),
    "nul in an asset": get(b"/docs/assets/a%00b"),
    "bytes in an asset": get(b"/docs/assets/%ff"),
    "long asset": get(b"/docs/assets/" + LONG[:60_000]),
    "two slashes": get(b"//lists"),
    "absolute": get(b"http://elsewhere/lists"),
    "star": get(b"*"),
    "fragment": get(b"/lists#a"),
    "long path": get(b"/things/" + LONG),
    "long query": get(b"/lists?unit_id=" + LONG),
    "many parameters": get(b"/lists?" + b"&".join(b"a%d=1" % n for n in range(5000))),
    "unknown method": get(b"/lists").replace(b"GET", b"FOO"),
    "method in bytes": get(b"/lists").replace(b"GET", b"G\xffT"),
    "old version": get(b"/lists").replace(b"1.1", b"1.0"),
    "version to come": get(b"/lists").replace(b"1.1", b"9.9"),
    "no http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    "http/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no host": b"GET /lists HTTP/1.1\r\n\r\n",
    "two hosts": get(b"/lists", b"host: other"),
    "no length": form().replace(b"content-length: 2\r\n", b""),
    "negative length": form().replace(b"content-length: 2", b"content-length: -2"),
    "endless length": form().replace(b"content-length: 2", b"content-length: " + b"9" * 40),
    "too short": form(body=b'{"text": "a').replace(b"content-length: 11", b"content-length: 99"),
    "broken chunks": form(b"transfer-encoding: chunked", body=b"zz\r\nab"),
    "length and chunks": form(b"transfer-encoding: chunked", body=b"2\r\n{}\r\n0\r\n\r\n"),
    "body in a get": get(b"/lists", b"content-length: 3") + b"abc",
    "nul in a header": get(b"/lists", b"x-request-id: a\x00b"),
    "line in a header": get(b"/lists", b"x-request-id: a\rb"),
    "nameless header": get(b"/lists", b": a"),
    "many headers": get(b"/lists", *(b"x-%d: 1" % n for n in range(2000))),
    "nul in json": form(body=b'{"text": "a\x00b"}'),
    "escaped nul in json": form(body=b'{"text": "a\\u0000b"}'),
    "odd types": post(b"/forms", b"{}", b"content-type: application/json; charset=\xff"),
    "two types": form(b"content-type: text/plain"),
    "file name in bytes": file(b'name="file"; filename="\xff\xfe"'),
    "file name of nul": file(b'name="file"; filename="a\x00b"'),
    "file name of a surrogate": file(b"name=\"file\"; filename*=utf-8''%ED%A0%80"),
    "file name of no encoding": file(b"name=\"file\"; filename*=zz''%ff"),
    "long file name": file(b'name="file"; filename="' + LONG + b'"'),
    "no name": file(b'filename="a"'),
    "no file": file(b'name="file"'),
    "no disposition": post(
        b"/files", b"--x\r\n\r\nabc\r\n--x--\r\n", b"content-type: multipart/form-data; boundary=x"
    ),
    "another boundary": file(b'name="file"; filename="a"', boundary=b"y"),
    "boundary in bytes": file(b'name="file"; filename="a"', boundary=b"\xff"),
    "no boundary": post(b"/files", b"abc", b"content-type: multipart/form-data"),
}
UNFINISHED = ("endless length", "too short", "broken chunks", "no http", "no length")


@pytest.mark.parametrize("name", REQUESTS)
async def test_bytes_of_any_kind_are_no_failure_of_ours(
    port: int, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    first = await answer_to(port, REQUESTS[name], ends=name in UNFINISHED)
    assert first == b"" if name == "too short" else is_no_failure(first)
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("odd", ODD, ids=repr)
async def test_a_header_of_any_kind_is_no_failure_of_ours(
    port: int, header: bytes, odd: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    first = await answer_to(port, get(b"/who", header + b": " + odd))
    assert is_no_failure(first)
    assert [record.getMessage() for record in caplog.records] == []
