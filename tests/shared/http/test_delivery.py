"""Delivery: tags, 304s, what may be kept, compression, parts, HEAD."""

import gzip
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import StreamingResponse
from joserfc.jwk import KeySet

from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.delivery import GZIP_LEAST_BYTES, THREAD_BYTES, accepts_gzip, never_changes
from shared.http.idempotency import AnswerColumns
from shared.http.tokens import Issuer
from shared.problems import Conflict

LONG, SHORT = ["重点项目"] * GZIP_LEAST_BYTES, ["重点项目"]
PDF = bytes(range(256)) * 8
PLAIN = {"accept-encoding": "identity"}
CHUNKS = [b"a" * 1000, b"", b"b" * THREAD_BYTES, b"c"]
router = APIRouter()


@router.get("/long")
async def read_long() -> list[str]:
    return LONG


@router.get("/short")
async def read_short() -> list[str]:
    return SHORT


@router.put("/long")
async def put_long(response: Response) -> list[str]:
    response.headers["etag"] = '"8"'
    return LONG


@router.get("/version")
async def read_version(response: Response) -> list[str]:
    response.headers["etag"] = '"7"'
    return SHORT


@router.get("/settled")
@never_changes
async def read_settled() -> list[str]:
    return SHORT


@router.get("/own")
async def read_own(response: Response) -> list[str]:
    response.headers["cache-control"] = "no-store"
    response.headers["vary"] = "Accept"
    return LONG


@router.get("/document.pdf")
async def print_document() -> Response:
    return Response(PDF, media_type="application/pdf")


@router.get("/stream")
async def stream() -> StreamingResponse:
    def parts() -> Iterator[bytes]:
        yield from CHUNKS

    return StreamingResponse(parts(), media_type="application/x-ndjson")


@router.get("/conflict")
async def contradict() -> None:
    raise Conflict("已有一份" * GZIP_LEAST_BYTES)


@pytest.fixture
def app(issuer: Issuer, server: str) -> FastAPI:
    keys, sessions = KeySet([issuer.key]), create_sessions(server)
    return create_service_app("Shell", router, sessions=sessions, keys=keys, answers=AnswerColumns)


async def ask(app: FastAPI, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """An answer as it was sent, with the headers that were asked with and no others."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shell") as client:
        request = client.build_request(method, path, headers=PLAIN | named)
        answer = await client.send(request, stream=True)
        answer._content = b"".join([part async for part in answer.aiter_raw()])
        return answer


# --- compression


async def test_a_long_answer_is_compressed_where_that_is_accepted(app: FastAPI) -> None:
    plain, packed = await ask(app, "/long"), await ask(app, "/long", accept_encoding="br, gzip")
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 10
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-length"] == str(len(packed.content))
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


async def test_a_short_answer_is_not(app: FastAPI) -> None:
    answer = await ask(app, "/short", accept_encoding="gzip")
    assert answer.json() == SHORT
    assert "content-encoding" not in answer.headers


async def test_a_long_error_is_compressed_and_never_kept(app: FastAPI) -> None:
    answer = await ask(app, "/conflict", accept_encoding="gzip")
    assert (answer.status_code, answer.headers["content-encoding"]) == (409, "gzip")
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_a_document_is_compressed_already(app: FastAPI) -> None:
    answer = await ask(app, "/document.pdf", accept_encoding="gzip")
    assert answer.content == PDF
    assert "vary" not in answer.headers


async def test_a_stream_is_compressed_part_by_part(app: FastAPI) -> None:
    plain, packed = await ask(app, "/stream"), await ask(app, "/stream", accept_encoding="gzip")
    assert plain.content == b"".join(CHUNKS) == gzip.decompress(packed.content)
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-length" not in packed.headers
    assert len(packed.content) < 1000


@pytest.mark.parametrize(
    ("header", "accepts"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, *", False),
        ("*;q=0", False),
        ("x-gzip", False),
        ("identity", False),
        ("", False),
    ],
)
def test_whoever_takes_gzip_says_so(header: str, accepts: bool) -> None:
    assert accepts_gzip(header) is accepts


# --- tags


@pytest.mark.parametrize("path", ["/long", "/short", "/version", "/document.pdf", "/openapi.json"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
async def test_what_is_known_is_not_sent_again(app: FastAPI, path: str, coding: str) -> None:
    first = await ask(app, path, accept_encoding=coding)
    tag = first.headers["etag"]
    for condition in (tag, f'"other", {tag}', f"W/{tag.removeprefix('W/')}", "*"):
        again = await ask(app, path, accept_encoding=coding, if_none_match=condition)
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "cache-control", "vary"):
            assert again.headers.get(name) == first.headers.get(name)
        assert not [name for name in again.headers if name.startswith("content-")]
    changed = await ask(app, path, accept_encoding=coding, if_none_match='"other"')
    assert (changed.status_code, changed.content) == (200, first.content)


async def test_a_tag_is_of_the_content_and_weak_where_the_bytes_are_others(app: FastAPI) -> None:
    plain, packed = await ask(app, "/long"), await ask(app, "/long", accept_encoding="gzip")
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    known = await ask(app, "/long", if_none_match=packed.headers["etag"])
    assert known.status_code == 304


async def test_a_version_is_the_tag_also_of_what_is_written(app: FastAPI) -> None:
    assert (await ask(app, "/version")).headers["etag"] == '"7"'
    written = await ask(app, "/long", "PUT", if_none_match='"8"', accept_encoding="gzip")
    assert (written.status_code, written.headers["etag"]) == (200, 'W/"8"')


async def test_an_error_is_never_known(app: FastAPI) -> None:
    assert (await ask(app, "/conflict", if_none_match="*")).status_code == 409
    assert (await ask(app, "/nowhere", if_none_match="*")).status_code == 404


# --- what may be kept


@pytest.mark.parametrize(
    ("path", "headers", "kept"),
    [
        ("/short", {}, "no-cache"),
        ("/short", {"authorization": "Bearer x"}, "private, no-cache"),
        ("/stream", {"authorization": "Bearer x"}, "private, no-cache"),
        ("/settled", {"authorization": "Bearer x"}, "private, max-age=31536000, immutable"),
        ("/own", {"authorization": "Bearer x"}, "no-store"),
        ("/nowhere", {"authorization": "Bearer x"}, "no-store"),
    ],
)
async def test_an_answer_says_how_long_it_may_be_kept(
    app: FastAPI, path: str, headers: dict[str, str], kept: str
) -> None:
    assert (await ask(app, path, **headers)).headers["cache-control"] == kept


async def test_an_answer_says_on_what_it_depends(app: FastAPI) -> None:
    assert (await ask(app, "/own")).headers["vary"] == "Accept, Accept-Encoding"
    answer = await ask(app, "/document.pdf", authorization="Bearer x")
    assert answer.headers["vary"] == "Authorization"


# --- HEAD


@pytest.mark.parametrize(
    "path", ["/long", "/short", "/version", "/document.pdf", "/stream", "/openapi.json", "/docs"]
)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
async def test_head_is_get_without_its_body(app: FastAPI, path: str, coding: str) -> None:
    whole = await ask(app, path, accept_encoding=coding)
    head = await ask(app, path, "HEAD", accept_encoding=coding, range="bytes=0-1")
    assert (head.status_code, head.content) == (200, b"")
    assert without_id(head) == without_id(whole)


async def test_head_of_an_error_is_an_error(app: FastAPI) -> None:
    head = await ask(app, "/conflict", "HEAD")
    assert (head.status_code, head.content) == (409, b"")
    assert head.headers["content-type"] == "application/problem+json"


async def test_other_methods_are_refused_as_before(app: FastAPI) -> None:
    answer = await ask(app, "/short", "DELETE")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


async def test_heads_are_counted_at_their_route(app: FastAPI) -> None:
    await ask(app, "/short", "HEAD")
    counted = (await ask(app, "/metrics")).text
    assert 'bairi_requests_total{method="HEAD",route="/short",status="200"} 1.0' in counted


def without_id(answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


# --- parts of documents


async def test_a_document_is_sent_in_parts(app: FastAPI) -> None:
    whole = await ask(app, "/document.pdf")
    assert whole.headers["accept-ranges"] == "bytes"
    part = await ask(app, "/document.pdf", range="bytes=16-31")
    assert (part.status_code, part.content) == (206, PDF[16:32])
    assert part.headers["content-range"] == f"bytes 16-31/{len(PDF)}"
    assert part.headers["content-length"] == "16"
    assert part.headers["etag"] == whole.headers["etag"]
    assert (await ask(app, "/document.pdf", range="bytes=-16")).content == PDF[-16:]


async def test_a_part_that_is_not_there_is_a_problem(app: FastAPI) -> None:
    answer = await ask(app, "/document.pdf", range=f"bytes={len(PDF)}-")
    assert (answer.status_code, answer.json()["type"]) == (416, "/problems/range-not-satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(PDF)}"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_download_goes_on_only_with_the_same_document(app: FastAPI) -> None:
    tag = (await ask(app, "/document.pdf")).headers["etag"]
    same = await ask(app, "/document.pdf", range="bytes=0-3", if_range=tag)
    assert (same.status_code, same.content) == (206, PDF[:4])
    other = await ask(app, "/document.pdf", range="bytes=0-3", if_range='"other"')
    assert (other.status_code, other.content) == (200, PDF)
    known = await ask(app, "/document.pdf", range="bytes=0-3", if_none_match=tag)
    assert known.status_code == 304


async def test_only_documents_have_parts(app: FastAPI) -> None:
    answer = await ask(app, "/long", range="bytes=0-3")
    assert (answer.status_code, answer.json()) == (200, LONG)
    assert "accept-ranges" not in answer.headers


# --- files of the page `/docs`


async def test_files_are_known_and_compressed_too(app: FastAPI) -> None:
    path = "/docs/assets/swagger-ui.css"
    plain, packed = await ask(app, path), await ask(app, path, accept_encoding="gzip")
    assert zlib.decompress(packed.content, 31) == plain.content
    tag = packed.headers["etag"]
    assert tag == f"W/{plain.headers['etag']}"
    assert (await ask(app, path, if_none_match=tag)).status_code == 304
