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
CITY_NAME = "某市重点项目建设领导小组办公室"
REPORTED, CORRECTED = "P059,2022-08-15,97816506", "P059,2022-08-15,7816506"


@dataclass(frozen=True)
class Registry:
    """The service, and a moment after its first import and before any correction."""

    app: FastAPI
    issuer: Issuer
    then: datetime

    def reader(self) -> httpx.AsyncClient:
        """What the scoring service asks with: it reads everything and writes nothing."""
        return speaking(self.app, self.issuer)("inspector", "")


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
        await name_city(speaking(app, issuer)("office", "9901"))
        then = datetime.fromisoformat((await office.get("/v1/facts")).json()["known_at"])
        if corrected:
            await correct(office, GOLDEN / ledger)
        yield Registry(app, issuer, then)


async def name_city(office: httpx.AsyncClient) -> None:
    """Set the name over the bulletins of the city; its county has the name that is usual."""
    settings = {"name": CITY_NAME, "agency_words": {"default": "市重办"}}
    answer = await office.put("/v1/offices/990100", json=settings)
    assert answer.status_code == 201, answer.text


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
