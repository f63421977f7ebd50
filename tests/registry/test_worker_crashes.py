"""A worker that is killed in the middle of an import: nothing is half done, and another does it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from services.registry.worker import build_worker_config
from shared.database import jobs
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import Issuer
from tests.databases import owner_of
from tests.paths import GOLDEN, ROOT
from tests.polling import until
from tests.registry.clients import facts_of, ledger, rows, speaking, upload, zipped
from tests.scoring.service.registry import connected

LAST = "pauses"  # the table that is merged last
SOON = timedelta(seconds=1)


@asynccontextmanager
async def worker_process(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli.main", "worker", "registry"),
        cwd=ROOT,
        env={**os.environ, "REGISTRY_DATABASE_URL": url, "REGISTRY_JWKS": "unused"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_an_import_that_a_killed_worker_had_begun_is_done_by_another(
    committing: Callable[[], FastAPI], issuer: Issuer, url: str
) -> None:
    app, url = committing(), url.replace("@/postgres", "@/lasting")
    office = speaking(app, issuer)("office")
    place = f"/v1/imports/{(await upload(office, zipped(GOLDEN / 'county')))['id']}"

    async def state() -> dict[str, Any]:
        found: dict[str, Any] = (await office.get(place)).json()
        return found

    async def before_the_last() -> dict[str, Any] | None:
        progress: dict[str, Any] = (await state())["progress"]
        others = [part for name, part in progress.items() if name != LAST]
        return progress if all(part["done"] == part["of"] for part in others) else None

    async with worker_process(url) as process:
        async with held_up(url):
            await office.post(f"{place}/apply")
            progress = await until(before_the_last)
            assert progress[LAST]["done"] == 0 < progress[LAST]["of"]
            assert (await office.get("/v1/projects")).json()["items"] == []
            process.send_signal(signal.SIGKILL)
            await process.wait()
        assert (await state())["state"] == "applying"

    async def applied() -> bool:
        return bool((await state())["state"] == "applied")

    stopped = asyncio.Event()
    async with jobs.open_worker_sessions(url) as own:
        running = asyncio.create_task(
            jobs.run_worker(build_worker_config(own), stopped, heartbeat=SOON)
        )
        await until(applied)
        stopped.set()
        await running
    found, expected = await facts_of(office), ledger("county")
    assert [rows(found, name) for name in FACT_KINDS] == [
        rows(expected, name) for name in FACT_KINDS
    ]
    events = (await office.get("/v1/events")).json()["items"]
    assert [event["kind"] for event in events] == ["ledger.imported"]


@asynccontextmanager
async def held_up(url: str) -> AsyncIterator[None]:
    """Nobody gets at the last table of a merge meanwhile; its owner sees to it."""
    async with connected(owner_of(url)) as sessions, sessions.begin() as session:
        lock = text(f"LOCK TABLE registry.{LAST} IN ACCESS EXCLUSIVE MODE")
        await (await session.connection()).execute(lock)
        yield
