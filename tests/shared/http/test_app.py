"""The shell: problems in two languages, request ids, health, tokens."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from joserfc.jwk import KeySet
from pydantic import BaseModel, Field

from shared.database.embedded_postgres import run_embedded_server
from shared.database.postgres_programs import DatabaseUnavailable
from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.auth import AuthenticatedCaller
from shared.http.idempotency import AnswerColumns
from shared.http.tokens import Caller, ExpectedNames, Issuer, Role
from shared.problems import Conflict

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
        "errors": [],
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


HOSTILE = {
    "nested": "eyJ" + "W" * 400 + ".e30.AA",
    "a list": "WyJhbGciXQ.e30.AA",
    "no signature": "eyJhbGciOiJub25lIn0.e30.",
    "long": "a" * 100_000,
    "not ASCII": "\xe9\xff.e30.AA",
    "no text": "",
}


@pytest.mark.parametrize("token", HOSTILE.values(), ids=list(HOSTILE))
async def test_a_hostile_token_is_an_unknown_caller_and_no_failure(
    app: FastAPI, token: str
) -> None:
    bearer = {b"authorization": f"Bearer {token}".encode("latin-1")}
    answer = await client(app).get("/who", headers=bearer)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthorized")


async def test_a_service_may_expect_another_issuer(app: FastAPI, issuer: Issuer) -> None:
    app.state.token_names = ExpectedNames("https://sso.example.gov.cn")
    token = issuer.issue(OFFICE, now=datetime.now(UTC), lasts=HOUR)  # noqa: TID251
    answer = await client(app).get("/who", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_two_programs_do_not_share_a_folder(server: str, server_folder: Path) -> None:
    with pytest.raises(DatabaseUnavailable), run_embedded_server(server_folder):
        pass
