"""`/metrics`: counts by route template, seconds, connections; each application its own."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from joserfc.jwk import KeySet
from prometheus_client.parser import text_string_to_metric_families

from shared.database.sessions import Session, create_sessions
from shared.http.app import create_service_app
from shared.http.idempotency import AnswerColumns

inner = APIRouter(prefix="/things")
router = APIRouter(prefix="/v1")


@inner.get("/{thing_id}")
async def read_thing(thing_id: int) -> int:
    return thing_id


@inner.post("/fail")
async def fail() -> None:
    raise RuntimeError("by itself")


@inner.get("/held/now")
async def hold(session: Session, thing: str = "") -> str:
    """What `/metrics` says while this request holds a connection."""
    await session.connection()
    return await scraped(APPS[-1])


router.include_router(inner)
APPS: list[FastAPI] = []


@pytest.fixture
def app(server: str) -> FastAPI:
    sessions = create_sessions(server)
    made = create_service_app(
        "Shell", router, sessions=sessions, keys=KeySet([]), answers=AnswerColumns
    )
    APPS.append(made)
    return made


def client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://shell")


async def scraped(app: FastAPI) -> str:
    async with client(app) as asking:
        answer = await asking.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return answer.text


def values(text: str, sample: str) -> dict[tuple[str, ...], float]:
    return {
        tuple(of.labels[name] for name in sorted(of.labels)): of.value
        for family in text_string_to_metric_families(text)
        for of in family.samples
        if of.name == sample
    }


async def test_requests_are_counted_by_template_and_status(app: FastAPI) -> None:
    async with client(app) as asking:
        for path in ("/v1/things/1", "/v1/things/2", "/v1/things/x", "/nowhere/7", "/nowhere/8"):
            await asking.get(path)
        await asking.post("/v1/things/fail")
        await asking.request("BREW", "/v1/things/1")
    text = await scraped(app)
    assert values(text, "bairi_requests_total") == {
        ("GET", "/v1/things/{thing_id}", "200"): 2,
        ("GET", "/v1/things/{thing_id}", "422"): 1,
        ("GET", "other", "404"): 2,
        ("POST", "/v1/things/fail", "500"): 1,
        ("other", "/v1/things/{thing_id}", "405"): 1,
    }
    assert "nowhere" not in text, "nobody makes up labels"


async def test_seconds_fall_into_buckets(app: FastAPI) -> None:
    async with client(app) as asking:
        await asking.get("/health/live")
    text = await scraped(app)
    assert values(text, "bairi_request_seconds_count") == {("GET", "/health/live"): 1}
    assert 0 < values(text, "bairi_request_seconds_sum")["GET", "/health/live"] < 60


async def test_connections_in_use_are_those_of_this_moment(app: FastAPI) -> None:
    async with client(app) as asking:
        held = (await asking.get("/v1/things/held/now")).json()
    assert values(held, "bairi_database_connections_in_use") == {(): 1}
    assert values(await scraped(app), "bairi_database_connections_in_use") == {(): 0}
    await app.state.sessions.kw["bind"].dispose()


async def test_applications_of_one_process_do_not_mix(app: FastAPI, server: str) -> None:
    other = create_service_app(
        "Other", sessions=create_sessions(server), keys=KeySet([]), answers=AnswerColumns
    )
    async with client(app) as asking:
        await asking.get("/health/live")
    assert values(await scraped(other), "bairi_requests_total") == {}
