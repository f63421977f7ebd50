"""Imports of ledgers: upload, checked preview, applied in the background, all or nothing."""

import asyncio
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.ledger import rules
from services.registry.ledger.schemas import ImportRead, ImportState
from services.registry.records import ledger_merge, queries
from services.registry.records.addresses import RecordQuestion
from services.registry.records.audit_and_events import store_audit_and_event
from services.registry.records.visibility import caller_scope
from services.registry.tables import METADATA, SCHEMA, Import
from shared.database import jobs, outbox
from shared.facts.packed_facts import pack_facts, unpack_facts
from shared.facts.tables import FACT_KINDS, Facts
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.ledger.reader import LedgerReading, read_ledger
from shared.ledger.writer import write_ledger
from shared.problems import NotFound, Problem
from shared.reference import region_codes

MAX_UPLOAD_BYTES = 200 * 1024 * 1024  # of an upload
APPLY = "apply_import"  # the job's name
IMPORTS = METADATA.tables[f"{SCHEMA}.imports"]
COLUMNS_WITHOUT_FACTS = [
    column for column in IMPORTS.c if column.name != "facts"
]  # which are large


async def store_upload(
    session: AsyncSession, name: str, content: bytes, *, who: Caller, now: datetime
) -> ImportRead:
    if len(content) > MAX_UPLOAD_BYTES:
        raise rules.LedgerTooLarge(
            f"不得超过 {MAX_UPLOAD_BYTES} 字节", f"At most {MAX_UPLOAD_BYTES} bytes."
        )
    units_above = await queries.load_units_above(session, who.office)
    reading, facts = await asyncio.to_thread(read_upload, name, content, units_above)

    uploaded = Import(
        uploaded_at=now,
        uploaded_by=who.name,
        region_code=who.region,
        office=who.office,
        name=name,
        digest=hashlib.sha256(content).hexdigest(),
        errors=len(reading.errors),
        warnings=len(reading.warnings),
        findings=[asdict(finding) for finding in reading.findings],
        counts=dict(reading.counts),
        facts=facts,
    )

    session.add(uploaded)
    await session.flush()
    return build_import_read(uploaded.model_dump(exclude={"facts"}))


# --- applying ----------------------------------------------------------------------------------


async def enqueue_import(
    session: AsyncSession, import_id: int, *, who: Caller, now: datetime, english: bool
) -> ImportRead:
    """Have the ledger applied in the background; repeated requests only read the state.

    Raises NotFound, OtherOffice, and LedgerRefused when the ledger has errors.
    """
    row = await find_import(session, import_id, who, lock=True)
    rules.refuse_other_office(row, who.office)
    refuse_errors(row)
    state = rules.import_state(row)
    if state is ImportState.applied:
        return build_import_read(row, english=english)

    if state is not ImportState.applying:
        started = {"asked_at": now, "asked_by": who.name, "progress": {}, "problem": None}
        await update_import(session, import_id, started)
    # Also while it is being applied, in case its job was lost; a job that is there stays the only.
    # The job of a failed attempt may be there for a moment yet: it has another key.
    asked_at = row["asked_at"] if state is ImportState.applying else now
    payload, key = {"import_id": import_id, "who": asdict(who)}, f"imports/{import_id}/{asked_at}"
    await jobs.enqueue_job(session, SCHEMA, APPLY, payload, key=key)
    return build_import_read(await find_import(session, import_id, who), english=english)


async def load_packed_facts(session: AsyncSession, import_id: int) -> bytes | None:
    """Load the facts of an import; None once they are applied."""
    return await session.scalar(sa.select(IMPORTS.c.facts).where(IMPORTS.c.id == import_id))


async def apply_import(
    session: AsyncSession,
    import_id: int,
    facts: Facts,
    who: Caller,
    on_table_merged: ledger_merge.ProgressCallback,
) -> None:
    """Merge the facts of an import into the records, once."""
    office = (await find_import(session, import_id, who))["office"]
    at = await outbox.begin_write(session, SCHEMA, office)
    row = await find_import(session, import_id, who)
    if row["applied_at"]:
        return

    changes = await ledger_merge.merge_ledger(
        session,
        facts,
        who,
        f"imports/{import_id}",
        office=office,
        at=at,
        on_table_merged=on_table_merged,
    )

    by_table = {name: asdict(change) for name, change in changes.items()}
    applied = {"applied_at": at, "applied_by": who.name, "facts": None, "changes": by_table}
    await update_import(session, import_id, applied)
    await store_audit_and_event(
        session,
        "ledger.imported",
        f"imports/{import_id}",
        who=who,
        at=at,
        region=row["region_code"],
        office=office,
        after={"digest": row["digest"], "changes": by_table},
    )


async def store_progress(session: AsyncSession, import_id: int, rows: Mapping[str, int]) -> None:
    """Store merged rows by table; in a transaction of its own, so that readers see them."""
    await update_import(session, import_id, {"progress": dict(rows)})


async def store_failure(session: AsyncSession, import_id: int, problem: Problem) -> None:
    path = f"/v1/imports/{import_id}"
    bodies = {"zh": problem.body(path), "en": problem.body(path, english=True)}
    await update_import(session, import_id, {"problem": bodies})


async def update_import(session: AsyncSession, import_id: int, values: Mapping[str, Any]) -> None:
    statement = sa.update(IMPORTS).where(IMPORTS.c.id == import_id).values(values)
    await (await session.connection()).execute(statement)


# --- reading -----------------------------------------------------------------------------------


async def find_import(
    session: AsyncSession, import_id: int, who: Caller, *, lock: bool = False
) -> Mapping[str, Any]:
    query = sa.select(*COLUMNS_WITHOUT_FACTS).where(
        IMPORTS.c.id == import_id, import_region_condition(who)
    )
    if lock:
        query = query.with_for_update()
    row = (await (await session.connection()).execute(query)).mappings().first()
    if row is None:
        raise NotFound("没有这次导入", "There is no such import.")
    return dict(row)


async def load_imports(
    session: AsyncSession, who: Caller, paging: Paging
) -> Sequence[Mapping[str, Any]]:
    """Load the next imports of the caller's region, one more than a page has."""
    listed = [column for column in COLUMNS_WITHOUT_FACTS if column.name != "findings"]
    query = sa.select(*listed).where(IMPORTS.c.id > paging.after, import_region_condition(who))
    query = query.order_by(IMPORTS.c.id).limit(paging.limit + 1)
    rows = (await (await session.connection()).execute(query)).mappings()
    return [{**row, "state": rules.import_state(dict(row))} for row in rows]


async def import_changes(session: AsyncSession, import_id: int, who: Caller) -> Mapping[str, Any]:
    """Changes of an import by table: those that it made, or would make now.

    Raises NotFound, and LedgerRefused when the ledger has errors.
    """
    row = await find_import(session, import_id, who)
    refuse_errors(row)
    content = await load_packed_facts(session, import_id)
    if content is None:
        made: Mapping[str, Any] = row["changes"] or {}
        return made
    facts = await asyncio.to_thread(unpack_facts, content)
    changes = await ledger_merge.preview_merge(session, facts, row["office"])
    return {name: asdict(change) for name, change in changes.items()}


async def export_workbook(session: AsyncSession, who: Caller) -> bytes:
    """Export what the caller may see of its own office, as a workbook to import again."""
    own = RecordQuestion(who.office, caller_scope(who))
    facts = Facts({name: await queries.load_fact_table(session, name, own) for name in FACT_KINDS})
    return await asyncio.to_thread(build_workbook, facts)


def import_region_condition(who: Caller) -> sa.ColumnElement[bool]:
    return IMPORTS.c.region_code.startswith(who.region) | (IMPORTS.c.office == who.office)


def refuse_errors(row: Mapping[str, Any]) -> None:
    if row["errors"]:
        raise rules.LedgerRefused(
            f"有 {row['errors']} 处错误",
            f"{row['errors']} error(s).",
            findings=row["findings"],
        )


def build_import_read(row: Mapping[str, Any], *, english: bool = False) -> ImportRead:
    """Build the response from a row of `imports` without its facts."""
    state, done = rules.import_state(row), row["progress"] or {}
    progress = {name: {"done": done.get(name, 0), "of": of} for name, of in row["counts"].items()}
    derived = {
        "state": state,
        "progress": progress if state is ImportState.applying else None,
        "problem": row["problem"]["en" if english else "zh"]
        if state is ImportState.failed
        else None,
    }
    return ImportRead.model_validate({**row, **derived})


def read_upload(
    name: str, content: bytes, units_above: frozenset[str]
) -> tuple[LedgerReading, bytes | None]:
    """Read an uploaded ledger, and pack its facts if they may be applied."""
    reading = read_ledger_bytes(name, content, units_above)
    return reading, None if reading.errors else pack_facts(reading.facts)


def read_ledger_bytes(name: str, content: bytes, units_above: frozenset[str]) -> LedgerReading:
    """Read an archive or a workbook as the command line does; findings call it by its name."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "ledger"
        path.write_bytes(content)
        return read_ledger(path, region_codes(), units_above, name=name)


def build_workbook(facts: Facts) -> bytes:
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "ledger.xlsx"
        write_ledger(facts, path)
        return path.read_bytes()
