"""Rows as the version before offices stored them, in tables that its own migrations make.

All ids were of one space then, and a row told only for which region its recorder was.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from tests.databases import database, owner_of
from tests.migration_steps import upgrade_to

BEFORE = {"registry": "0004", "scoring": "0004", "notifier": "0002"}
KEYS: Mapping[str, tuple[str, ...]] = {
    "units": ("unit_id",),
    "projects": ("project_id",),
    "progress": ("project_id", "as_of"),
    "problems": ("problem_id",),
    "indicators": ("region_code", "period", "indicator"),
}
SUBJECTS = {**KEYS, "pauses": ("project_id", "from_on"), "funds": ("unit_id", "project_id")}
FIXED: Mapping[str, dict[str, Any]] = {
    "units": {"name": "单位", "kind": "department", "group": "departments"},
    "projects": {"name": "项目", "nature": "new", "key_levels": [], "programs": []},
    "funds": {"source": "special_bond", "event": "arrived"},
    "indicators": {"indicator": "fixed_asset_investment", "value": 1, "source": "统计局"},
}
THEN = "2022-10-08T01:00:00Z"


@dataclass
class DataOfBefore:
    """A database of before, and what writes into it."""

    connection: AsyncConnection

    async def insert(self, table: str, **values: Any) -> int:
        """Insert a row; its first column is returned."""
        columns = ", ".join(f'"{column}"' for column in values)
        statement = (
            f"INSERT INTO {table} ({columns}) SELECT {columns}"
            f" FROM jsonb_populate_record(NULL::{table}, cast(:row AS jsonb)) RETURNING *"
        )
        inserted = await self.connection.execute(text(statement), {"row": json.dumps(values)})
        return int(inserted.scalar_one())

    async def record(self, kind: str, recorded_for: str, **fact: Any) -> None:
        """Record a fact in place of the one with its key, with its event and its audit row."""
        fact = FIXED.get(kind, {}) | fact
        if kind in KEYS:
            same = " AND ".join(f"{part}::text = :{part}" for part in KEYS[kind])
            await self.connection.execute(
                text(
                    f"UPDATE registry.{kind} SET superseded_at = now()"
                    f" WHERE superseded_at IS NULL AND {same}"
                ),
                {part: fact[part] for part in KEYS[kind]},
            )
        marks = {"recorded_at": THEN, "recorded_by": "甲", "why": "调度"}
        version = await self.insert(f"registry.{kind}", recorded_for=recorded_for, **marks, **fact)
        parts = [fact[part] for part in SUBJECTS[kind] if fact.get(part)]
        event = {
            "subject": "/".join([kind, *parts]),
            "region_code": fact.get("region_code") or recorded_for,
            "at": THEN,
        }
        data = {**fact, "version": version}
        await self.insert("registry.events", kind=f"{kind}.recorded", data=data, **event)
        await self.audit("registry", f"{kind}.recorded", after=data, **event)

    async def audit(self, service: str, action: str, **row: Any) -> None:
        who = {"who": "甲", "role": "office", "address": "127.0.0.1", "request_id": "1"}
        await self.insert(f"{service}.audit", action=action, **who, **row)

    async def upload(self, recorded_for: str, *units: str, applied: bool = False) -> int:
        """An import that names units, and waits, or that was applied."""
        facts = None if applied else "\\x" + pack(pa.table({"unit_id": list(units)})).hex()
        import_id = await self.insert(
            "registry.imports",
            region_code=recorded_for,
            facts=facts,
            applied_at=THEN if applied else None,
            **{"uploaded_at": THEN, "uploaded_by": "甲", "name": "台账.xlsx", "digest": "0"},
            **{"errors": 0, "warnings": 0, "findings": [], "counts": {}},
        )
        if applied:
            event = {"region_code": recorded_for, "at": THEN, "data": {"changes": {}}}
            subject = f"imports/{import_id}"
            await self.insert("registry.events", kind="ledger.imported", subject=subject, **event)
        return import_id

    async def store_run(self, region: str) -> None:
        scheme = {"id": "lanxian-2022", "version": 1, "document": {}, "lights": {}, "region": ""}
        if not await self.scalar("SELECT count(*) FROM scoring.schemes"):
            await self.insert_text("scoring.schemes", **scheme)
        digest = await self.scalar("SELECT digest FROM scoring.entered")
        run = {"scheme_id": "lanxian-2022", "scheme_version": 1, "scheme_region": ""}
        days = {"as_of": "2022-09-30", "known_at": THEN, "created_at": THEN, "created_by": "甲"}
        run_id = await self.insert(
            "scoring.runs",
            **{"region": region, "facts_digest": "0" * 64, "entered_digest": digest, **run, **days},
        )
        await self.insert("scoring.results", run_id=run_id, document="{}", terms={})
        await self.audit(
            "scoring", "run.stored", subject=f"runs/{run_id}", region_code=region, at=THEN
        )

    async def enter(self, region: str, unit_id: str) -> None:
        named = {"region": region, "scheme_id": "lanxian-2022", "kind": "target"}
        target = {"unit_id": unit_id, "metric": "starts", "day": "2022-09-30", "value": "3"}
        await self.insert(
            "scoring.entries",
            **{**named, **target, "reason": "", "entered_by": "甲", "entered_at": THEN},
        )

    async def judge(self, region: str, project_id: str, unit_id: str) -> None:
        light = {"axis": "progress", "colour": "yellow", "reason": "核查"}
        judged = {"judged_on": "2022-09-30", "judged_by": "甲", "judged_at": THEN}
        named = {"region": region, "project_id": project_id, "unit_id": unit_id}
        await self.insert("scoring.judgements", **named, **light, **judged)

    async def issue(self, project_id: str, unit_id: str, region: str) -> None:
        """An assignment for a start that was planned for 15 September, under the next number."""
        number = await self.scalar("SELECT 1 + count(*) FROM notifier.letters")
        about = {"kind": "assignment", "project_id": project_id, "about": "started"}
        days = {"trigger_on": "2022-09-30", "issue_on": "2022-09-30", "issued_at": THEN}
        letter_id = await self.insert(
            "notifier.letters",
            **{**about, **days, "unit_id": unit_id, "region": region, "provisional": False},
            **{"agency_word": "重办", "year": 2022, "sequence": number, "title": "交办函"},
        )
        quotes = {"planned_on": "2022-09-15"}
        await self.insert(
            "notifier.documents",
            **{"letter_id": letter_id, "texts": {}, "quotes": quotes, "known_at": THEN},
            **{"template_version": "1", "pdf": "\\x25504446"},
        )

    async def insert_text(self, table: str, **values: Any) -> None:
        """Insert a row whose first column is no number."""
        columns = ", ".join(f'"{column}"' for column in values)
        statement = (
            f"INSERT INTO {table} ({columns}) SELECT {columns}"
            f" FROM jsonb_populate_record(NULL::{table}, cast(:row AS jsonb))"
        )
        await self.connection.execute(text(statement), {"row": json.dumps(values)})

    async def scalar(self, query: str) -> Any:
        return await self.connection.scalar(text(query))


def pack(*tables: pa.Table) -> bytes:
    """Arrow streams one after another, as imports keep their facts."""
    sink = pa.BufferOutputStream()
    for table in tables:
        with pa.ipc.new_stream(sink, table.schema) as out:
            out.write_table(table)
    return bytes(sink.getvalue())


@asynccontextmanager
async def database_of_before(server: str, name: str) -> AsyncIterator[AsyncEngine]:
    """A database with the tables of all services as they were before offices."""
    async with database(server, name) as url:
        engine = create_async_engine(owner_of(url))
        async with engine.begin() as connection:
            for service, revision in BEFORE.items():
                await connection.run_sync(upgrade_to, service, revision)
        yield engine
        await engine.dispose()
