"""The shell: problems in two languages, request ids, health, tokens."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from pydantic import BaseModel, Field

from shared.database.embedded_postgres import run_embedded_server
from shared.database.postgres_programs import DatabaseUnavailable
from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.auth import AuthenticatedCaller
from shared.http.idempotency import AnswerColumns
from shared.http.jwks import RenewableKeySet
from shared.http.tokens import Caller, Issuer, Role, verify_token
from shared.problems import Conflict, Unauthorized

NOW = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
OFFICE = Caller("王芳", Role.office, "990101")
HOUR = timedelta(hours=1)
router = APIRouter()


class Form(BaseModel):
    kind: str = Field(min_length=2)
    on: str


@router.post("/forms")
async def send(form: Form) -> Form:
    return form


@router.get("/conflict")
async def contradict() -> None:
    raise Conflict("已有一份", "There is one already.", other=7)


@router.get("/failure")
async def fail() -> None:
    raise RuntimeError("a secret of ours")


@router.get("/who")
async def tell(who: AuthenticatedCaller) -> str:
    return f"{who.name} {who.role} {who.region} {who.address}"


@pytest.fixture
def app(issuer: Issuer, server: str) -> FastAPI:
    sessions = create_sessions(server)
    return create_service_app(
        "Shell", router, sessions=sessions, keys=KeySet([issuer.key]), answers=AnswerColumns
    )


def client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://shell")


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("", "与已有记录冲突", "已有一份"),
        ("en-GB", "The request contradicts what is already recorded.", "There is one already."),
    ],
)
async def test_problems_speak_chinese_or_english(
    app: FastAPI, language: str, title: str, detail: str
) -> None:
    answer = await client(app).get("/conflict", headers={"accept-language": language})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/conflict",
        "title": title,
        "status": 409,
        "detail": detail,
        "instance": "/conflict",
        "other": 7,
    }


async def test_an_unfit_request_points_at_its_fields(app: FastAPI) -> None:
    answer = await client(app).post("/forms", json={"kind": "x"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "#/kind", "code": "string_too_short", "detail": "不能少于 2 个字符"},
        {"pointer": "#/on", "code": "missing", "detail": "不能缺少"},
    ]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/nowhere", 404, "not-found"), ("PUT", "/conflict", 405, "method-not-allowed")],
)
async def test_what_the_framework_refuses_is_a_problem_too(
    app: FastAPI, method: str, path: str, status: int, code: str
) -> None:
    answer = await client(app).request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")


async def test_a_failure_tells_its_number_and_no_secrets(app: FastAPI) -> None:
    answer = await client(app).get("/failure", headers={"x-request-id": "r-7"})
    assert answer.status_code == 500
    assert "r-7" in answer.json()["detail"]
    assert "secret" not in answer.text


async def test_a_request_keeps_its_id_or_gets_one(app: FastAPI) -> None:
    async with client(app) as asking:
        given = await asking.get("/health/live", headers={"x-request-id": "abc-1"})
        assert given.headers["x-request-id"] == "abc-1"
        forged = await asking.get("/health/live", headers={"x-request-id": "a b\tc"})
        assert len(forged.headers["x-request-id"]) == 32


async def test_ready_is_when_the_database_answers(app: FastAPI) -> None:
    assert (await client(app).get("/health/ready")).json() == {
        "status": "ok",
        "account": "service",
    }
    await app.state.sessions.kw["bind"].dispose()


async def test_without_a_database_it_is_not_ready(issuer: Issuer) -> None:
    sessions = create_sessions(
        "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    )  # nobody listens there
    keys = KeySet([issuer.key])
    app = create_service_app("Shell", sessions=sessions, keys=keys, answers=AnswerColumns)
    answer = await client(app).get("/health/ready")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-ready")


async def test_a_caller_is_known_by_the_token(app: FastAPI, issuer: Issuer) -> None:
    token = issuer.issue(OFFICE, now=datetime.now(UTC), lasts=HOUR)  # noqa: TID251
    bearer = {"authorization": f"Bearer {token}"}
    assert (await client(app).get("/who", headers=bearer)).json() == "王芳 office 990101 127.0.0.1"
    assert (await client(app).get("/who")).status_code == 401


def claims(**changed: Any) -> dict[str, Any]:
    sound = {
        "sub": "王芳",
        "aud": "bairi",
        "exp": NOW.timestamp() + 60,
        "role": "office",
        "region": "99",
    }
    return {name: value for name, value in (sound | changed).items() if value is not None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": NOW.timestamp() - 60},
        {"exp": None},
        {"aud": "another"},
        {"aud": None},
        {"sub": None},
        {"role": "king"},
        {"role": None},
        {"region": None},  # nobody has the whole country by leaving something out
        {"region": "%"},
        {"region": 99},
    ],
)
def test_a_wrong_token_is_nobody(issuer: Issuer, wrong: dict[str, Any]) -> None:
    keys = KeySet([issuer.key])
    head = {"alg": "Ed25519", "kid": issuer.key.kid}
    sound = jwt.encode(head, claims(), issuer.key, ["Ed25519"])
    assert verify_token(sound, keys, now=NOW) == Caller("王芳", Role.office, "99")
    token = jwt.encode(head, claims(**wrong), issuer.key, ["Ed25519"])
    with pytest.raises(Unauthorized):
        verify_token(token, keys, now=NOW)


def test_another_key_signs_for_nobody(issuer: Issuer) -> None:
    other = OKPKey.generate_key("Ed25519")
    token = jwt.encode({"alg": "Ed25519", "kid": issuer.key.kid}, claims(), other, ["Ed25519"])
    with pytest.raises(Unauthorized):
        verify_token(token, KeySet([issuer.key]), now=NOW)


def test_a_token_that_was_good_is_not_good_for_ever(issuer: Issuer) -> None:
    keys = KeySet([issuer.key])
    token = issuer.issue(OFFICE, now=NOW, lasts=HOUR)
    for _ in range(2):
        assert verify_token(token, keys, now=NOW) == OFFICE
        with pytest.raises(Unauthorized):
            verify_token(token, keys, now=NOW + 2 * HOUR)
    with pytest.raises(Unauthorized):
        verify_token(token, KeySet([OKPKey.generate_key("Ed25519")]), now=NOW)
    head, claims, signature = token.split(".")
    with pytest.raises(Unauthorized):
        verify_token(f"{head}.{claims}.{signature[::-1]}", keys, now=NOW)


def test_the_published_keys_hold_no_secret(issuer: Issuer, tmp_path: Path) -> None:
    assert "d" not in issuer.public["keys"][0]
    (tmp_path / "jwks.json").write_text(json.dumps(issuer.public))
    token = issuer.issue(OFFICE, now=NOW, lasts=HOUR)
    assert verify_token(token, RenewableKeySet(str(tmp_path / "jwks.json")), now=NOW) == OFFICE


def test_two_programs_do_not_share_a_folder(server: str, server_folder: Path) -> None:
    with pytest.raises(DatabaseUnavailable), run_embedded_server(server_folder):
        pass
