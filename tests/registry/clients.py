"""Whoever calls, and what they send."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
from fastapi import FastAPI
from sqlalchemy import text

from services.registry.worker import build_worker_config
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.facts.tables import FACT_KINDS, Facts
from shared.http.tokens import Caller, Issuer, Role
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.paths import GOLDEN
from tests.response_checks import documented

REGION = "990101"
As = Callable[..., httpx.AsyncClient]


def speaking(app: FastAPI, issuer: Issuer) -> As:
    def client(role: str, region: str = REGION, unit_id: str | None = None) -> httpx.AsyncClient:
        who = Caller(f"the {role}", Role(role), region, unit_id)
        token = issuer.issue(who, now=datetime.now(UTC), lasts=timedelta(hours=1))  # noqa: TID251
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url="http://registry",
            headers={"authorization": f"Bearer {token}"},
            event_hooks={"response": [documented(app)]},
        )

    return client


@cache
def ledger(name: str) -> Facts:
    return read_ledger(GOLDEN / name, region_codes()).accepted()


def zipped(folder: Path, **changed: str) -> bytes:
    """The CSV files of a folder, some of them replaced."""
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
    files |= {f"{name}.csv": text for name, text in changed.items()}
    return zipped_files(files)


def zipped_files(files: Mapping[str, str]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in files.items():
            out.writestr(name, text)
    return sink.getvalue()


async def upload(client: httpx.AsyncClient, content: bytes) -> dict[str, Any]:
    answer = await client.post("/v1/imports", files={"file": ("ledger.zip", content)})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def imported(client: httpx.AsyncClient, content: bytes) -> dict[str, Any]:
    """Upload and apply; the changes by table."""
    applied = await apply(client, (await upload(client, content))["id"])
    assert applied["state"] == "applied", applied
    found: dict[str, Any] = applied["changes"]
    return found


async def apply(client: httpx.AsyncClient, import_id: int) -> dict[str, Any]:
    """Ask for it, do the job, and read what became of it."""
    asked = await client.post(f"/v1/imports/{import_id}/apply")
    assert asked.status_code == 202, asked.text
    await do_jobs(client)
    found: dict[str, Any] = (await client.get(f"/v1/imports/{import_id}")).json()
    return found


async def do_jobs(client: httpx.AsyncClient) -> None:
    """What a worker would do, in the test's own transaction, which no worker can see."""
    assert isinstance(client._transport, httpx.ASGITransport)
    app = client._transport.app
    assert isinstance(app, FastAPI)
    await jobs_done(app.state.sessions)


async def jobs_done(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        taken = text("DELETE FROM registry.jobs RETURNING id, entrypoint, payload")
        found = sorted(await (await session.connection()).execute(taken))
    for _, name, payload in found:
        await build_worker_config(sessions).handlers[name](Job(json.loads(payload), is_last=True))


async def facts_of(client: httpx.AsyncClient, **asked: str) -> Facts:
    return Facts({name: await table_of(client, name, **asked) for name in FACT_KINDS})


async def table_of(client: httpx.AsyncClient, name: str, **asked: str) -> pa.Table:
    answer = await client.get(f"/v1/facts/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    return pa.ipc.open_stream(answer.content).read_all()


def rows(facts: Facts, name: str) -> list[str]:
    """The rows of a table in an order of their own, to compare by."""
    return sorted(map(repr, facts.tables[name].to_pylist()))


async def items(client: httpx.AsyncClient, path: str, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get(path, params={"limit": 200, **asked})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def put(client: httpx.AsyncClient, path: str, **fact: Any) -> None:
    answer = await client.put(f"/v1/{path}", json=fact)
    assert answer.status_code in (200, 201), answer.text


async def card(client: httpx.AsyncClient, project: str, **asked: str) -> dict[str, Any]:
    answer = await client.get(f"/v1/projects/{project}", params={"view": "card", **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
