"""Real registries, each on a database of its own, with a ledger imported over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.registry.main import build_app
from shared.database.sessions import Sessions, create_sessions
from shared.http.tokens import Issuer
from tests.databases import database
from tests.paths import GOLDEN
from tests.registry.clients import REGION, imported, speaking, zipped

OFFICE_NAME = "重点项目建设领导小组办公室"
OFFICE_NAMES = {"990100": "某市重点项目建设领导小组办公室"}
REPORTED, CORRECTED = "P059,2022-08-15,97816506", "P059,2022-08-15,7816506"


@dataclass(frozen=True)
class Registry:
    """The service, and a moment after its first import and before any correction."""

    app: FastAPI
    issuer: Issuer
    then: datetime

    def reader(self) -> httpx.AsyncClient:
        """What the scoring service asks with: it reads everything and writes nothing."""
        client = speaking(self.app, self.issuer)("inspector", "")
        return httpx.AsyncClient(
            transport=WithOfficeNames(httpx.ASGITransport(self.app)),
            base_url=client.base_url,
            headers=client.headers,
            event_hooks=client.event_hooks,
        )


class WithOfficeNames(httpx.AsyncBaseTransport):
    """A registry that tells the names of offices, too: by code, else all the same one."""

    def __init__(self, registry: httpx.AsyncBaseTransport) -> None:
        self.registry = registry

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/v1/offices/"):
            return office_settings(request.url.path.rsplit("/", 1)[1])
        return await self.registry.handle_async_request(request)


def office_settings(office: str) -> httpx.Response:
    return httpx.Response(
        200,
        json={
            **{"office": office, "name": OFFICE_NAMES.get(office, OFFICE_NAME), "version": None},
            **{"agency_words": {"default": "重办"}, "contact": None, "telephone": None},
            "signers": {},
        },
    )


@asynccontextmanager
async def registry_with(
    ledger: str, server: str, issuer: Issuer, *, corrected: bool = False, database_name: str = ""
) -> AsyncIterator[Registry]:
    """A golden ledger; `corrected`: a report of August was a tenth of what was first said."""
    name = database_name or f"registry_{ledger}{'_corrected' if corrected else ''}"
    async with database(server, name, "registry") as url, connected(url) as sessions:
        app = build_app(sessions, KeySet([issuer.key]))
        office = speaking(app, issuer)("office", REGION)
        await imported(office, zipped(GOLDEN / ledger))
        then = datetime.fromisoformat((await office.get("/v1/facts")).json()["known_at"])
        if corrected:
            await correct(office, GOLDEN / ledger)
        yield Registry(app, issuer, then)


async def correct(office: httpx.AsyncClient, ledger: Path) -> None:
    progress = (ledger / "progress.csv").read_text(encoding="utf-8")
    assert REPORTED in progress
    changed = zipped(ledger, progress=progress.replace(REPORTED, CORRECTED))
    assert await imported(office, changed) == {"progress": {"added": 1, "superseded": 1}}


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Sessions]:
    sessions = create_sessions(url)
    try:
        yield sessions
    finally:
        await sessions.kw["bind"].dispose()
