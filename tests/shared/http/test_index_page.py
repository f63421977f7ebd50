"""`/`: every place that it tells of is there."""

import re

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.idempotency import AnswerColumns
from shared.http.tokens import Issuer


@pytest.fixture
def app(issuer: Issuer, server: str) -> FastAPI:
    keys, sessions = KeySet([issuer.key]), create_sessions(server)
    return create_service_app("Shell", sessions=sessions, keys=keys, answers=AnswerColumns)


def client(app: FastAPI, accept: str) -> httpx.AsyncClient:
    transport, headers = httpx.ASGITransport(app, root_path="/shell"), {"accept": accept}
    return httpx.AsyncClient(transport=transport, base_url="http://origin", headers=headers)


async def test_programs_are_told_as_json(app: FastAPI) -> None:
    async with client(app, "*/*") as asking:
        told = (await asking.get("/")).json()
        assert told["title"] == "Shell"
        assert set(told["links"]) == {"docs", "openapi", "live", "ready", "metrics"}
        for address in told["links"].values():
            assert (await asking.get(address.removeprefix("/shell"))).status_code == 200
    await app.state.sessions.kw["bind"].dispose()


async def test_people_get_a_page_in_chinese(app: FastAPI) -> None:
    async with client(app, "text/html,*/*;q=0.8") as asking:
        answer = await asking.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in answer.headers["vary"].split(", ")
    assert '<a href="/shell/docs">接口说明</a>' in answer.text
    assert len(re.findall("<a ", answer.text)) == 5
