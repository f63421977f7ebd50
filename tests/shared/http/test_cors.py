"""Cross-origin requests: none by default, and those of the origins that are named."""

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from shared.http.cors import CorsSettings, allow_origins, parse_origins

ORIGIN = "https://example.gov.cn"
PREFLIGHT = {
    "access-control-request-method": "PUT",
    "access-control-request-headers": "authorization,content-type,if-match,idempotency-key",
}


def app(*origins: str) -> FastAPI:
    made = FastAPI(docs_url=None, redoc_url=None)
    allow_origins(made, origins)
    return made


async def ask(app: FastAPI, method: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return await client.request(method, "/openapi.json", headers=named)


def allowed(answer: httpx.Response) -> list[str]:
    return [name for name in answer.headers if name.startswith("access-control-")]


async def test_by_default_no_other_origin_may_ask() -> None:
    answer = await ask(app(), "GET", origin=ORIGIN)
    assert (answer.status_code, allowed(answer)) == (200, [])
    assert (await ask(app(), "OPTIONS", origin=ORIGIN, **PREFLIGHT)).status_code == 405


async def test_a_named_origin_may_ask_and_read_the_headers_of_an_answer() -> None:
    answer = await ask(app(ORIGIN), "GET", origin=ORIGIN)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answer.headers
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Location", "Retry-After", "X-Request-Id"} <= {*exposed}
    assert "Origin" in answer.headers["vary"]


async def test_a_named_origin_may_write_with_our_headers() -> None:
    answer = await ask(app(ORIGIN), "OPTIONS", origin=ORIGIN, **PREFLIGHT)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "PUT" in answer.headers["access-control-allow-methods"]


async def test_another_origin_may_not() -> None:
    preflight = await ask(app(ORIGIN), "OPTIONS", origin="https://other.cn", **PREFLIGHT)
    assert preflight.status_code == 400
    answer = await ask(app(ORIGIN), "GET", origin="https://other.cn")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", []),
        (ORIGIN, [ORIGIN]),
        (f" {ORIGIN}, http://localhost:5173 ,", [ORIGIN, "http://localhost:5173"]),
    ],
)
def test_origins_stand_between_commas(
    monkeypatch: pytest.MonkeyPatch, text: str, origins: list[str]
) -> None:
    monkeypatch.setenv("CORS_ORIGINS", text)
    assert parse_origins(text) == origins == [*CorsSettings().cors_origins]


@pytest.mark.parametrize(
    "text",
    [
        "*",
        f"{ORIGIN},*",
        "example.gov.cn",
        f"{ORIGIN}/",
        f"{ORIGIN}/page",
        "ftp://example.gov.cn",
        "https://user@example.gov.cn",
        "https://Example.gov.cn",
        "null",
    ],
)
def test_what_no_browser_sends_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("CORS_ORIGINS", text)
    with pytest.raises(ValidationError, match=r"来源|应写作"):
        CorsSettings()
