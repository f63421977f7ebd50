"""The three services over ASGI on one real database, with a golden ledger imported by the API."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.notifier.letters.worker import run_print_job
from services.notifier.main import build_app
from services.notifier.settings import IssuingOffice
from services.registry.main import build_app as build_registry
from services.scoring.main import build_app as build_scoring
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from tests.databases import database
from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, imported, speaking, zipped
from tests.scoring.service.registry import connected

OFFICE = IssuingOffice(any_day=True)
LETTERHEAD = {"name": "岚县重点项目建设领导小组办公室", "agency_words": {"default": "岚重办"}}
NotifierWith = Callable[[IssuingOffice], FastAPI]


@pytest.fixture(scope="session")
async def others(
    server: str, issuer: Issuer
) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """A registry and a scoring service, as the notifier asks them."""
    async with (
        database(server, "notified", "registry", "scoring") as url,
        connected(url) as sessions,
    ):
        registry = build_registry(sessions, KeySet([issuer.key]))
        office = speaking(registry, issuer)("office")
        await imported(office, zipped(GOLDEN / "small"))
        named = await office.put(f"/v1/offices/{REGION}", json=LETTERHEAD)
        assert named.status_code == 201, named.text
        async with speaking(registry, issuer)("inspector", "") as http:
            scoring = build_scoring(sessions, KeySet([issuer.key]), http)
            async with speaking(scoring, issuer)("inspector", "") as asked:
                yield http, asked


@asynccontextmanager
async def notifier_database(server: str, name: str) -> AsyncIterator[Sessions]:
    async with database(server, name, "notifier") as url, connected(url) as sessions:
        yield sessions


@pytest.fixture(scope="session")
async def swept(
    server: str, issuer: Issuer, others: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> AsyncIterator[As]:
    """Clients of a notifier, the letters of the campaign gone out in one sweep of all its days."""
    async with notifier_database(server, "swept") as sessions:
        as_ = speaking(build_app(sessions, KeySet([issuer.key]), *others, OFFICE), issuer)
        answer = await as_("office").post("/v1/sweeps", json=CAMPAIGN)
        assert answer.status_code == 200, answer.text
        await print_all(sessions)
        yield as_


async def print_all(sessions: Sessions) -> None:
    """Do what the worker of prints would."""
    await run_print_job(sessions, Job({}))


@pytest.fixture
async def sessions(server: str) -> AsyncIterator[Sessions]:
    """A database of the test's own, where commits are commits."""
    async with notifier_database(server, f"notifier_{uuid4().hex}") as made:
        yield made


@pytest.fixture
def notifier_with(
    sessions: Sessions,
    issuer: Issuer,
    others: tuple[httpx.AsyncClient, httpx.AsyncClient],
) -> NotifierWith:
    return lambda office: build_app(sessions, KeySet([issuer.key]), *others, office)


@pytest.fixture
def office(notifier_with: NotifierWith, issuer: Issuer) -> httpx.AsyncClient:
    return speaking(notifier_with(OFFICE), issuer)("office")


CAMPAIGN = {"from_on": "2022-09-15", "to_on": "2022-12-25"}
