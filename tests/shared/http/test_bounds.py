"""Bounds of what a request brings, and of what is told about it."""

import json

import httpx
import pytest
from fastapi import APIRouter
from joserfc.jwk import KeySet

from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.idempotency import AnswerColumns
from shared.http.json_bodies import Body
from shared.http.limits import OTHER_BODIES
from shared.http.service_route import ServiceRoute
from tests.openapi.documents import NOWHERE

JSON = {"content-type": "application/json"}
router = APIRouter(route_class=ServiceRoute)


class Note(Body):
    text: str = ""


@router.post("/notes")
async def send(note: Note) -> Note:
    return note


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = create_service_app(
        "Shell", router, sessions=create_sessions(NOWHERE), keys=KeySet([]), answers=AnswerColumns
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shell")


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
async def test_a_body_has_a_megabyte_at_most(
    client: httpx.AsyncClient, more: int, status: int
) -> None:
    content = b"{}".ljust(OTHER_BODIES.max_bytes + more)
    answer = await client.post("/notes", content=content, headers=JSON)
    assert answer.status_code == status, answer.text
    assert "body-too-large" in answer.text or status == 200


@pytest.mark.parametrize("number", [100, 101, 5000])
async def test_a_hundred_errors_are_told_and_the_rest_counted(
    client: httpx.AsyncClient, number: int
) -> None:
    keys = {f"key{n}": "1" for n in range(number)}
    of_body = await client.post("/notes", content=json.dumps(keys), headers=JSON)
    of_query = await client.post("/notes", params=keys)
    for answer in (of_body, of_query):
        assert answer.status_code == 422, answer.text
        assert len(answer.json()["errors"]) == 100
        assert answer.json()["detail"].startswith(f"有 {number} 处")
        assert ("列出前 100 处" in answer.json()["detail"]) is (number > 100)
