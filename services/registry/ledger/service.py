"""Imports of ledgers: upload, checked preview, applied in the background, all or nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.ledger import rules
from services.registry.ledger.files import (
    UploadReading,
    add_findings,
    build_workbook,
    read_upload,
    stopped_reading,
)
from services.registry.ledger.kept_imports import (
    LARGE_COLUMNS,
    build_import_read,
    find_import,
    load_packed_facts,
    update_import,
)
from services.registry.ledger.own_sheets import (
    MAX_SHEET_BYTES,
    choose_mapping,
    keep_names,
    read_own_sheet,
)
from services.registry.ledger.schemas import ImportRead, ImportState
from services.registry.ledger.stored_ids import find_unmentioned, refuse_taken_ids
from services.registry.periods.service import load_closing
from services.registry.records import ledger_merge, queries
from services.registry.records.addresses import RecordQuestion
from services.registry.records.audit_and_events import store_audit_and_event
from services.registry.records.ledger_check import check_against_records
from services.registry.records.ledger_doubts import RowsBeside, find_doubts
from services.registry.records.visibility import caller_scope
from services.registry.tables import SCHEMA, Import
from services.registry.uploaders import Uploader
from shared.child_processes.errors import ChildKilled
from shared.child_processes.limits import DOCUMENT, LARGEST_UPLOAD, upload_limits
from shared.clock import LOCAL_TIMEZONE
from shared.database import jobs, outbox
from shared.database.sessions import Sessions
from shared.facts.belonging import PROJECTS
from shared.facts.packed_facts import LedgerPart, unpack_part
from shared.facts.tables import FACT_KINDS, Facts
from shared.http.heavy_work import HeavyWork
from shared.http.tokens import Caller
from shared.http.uploads import StoredUpload
from shared.ledger.findings import Finding
from shared.problems import Problem

APPLY = "apply_import"  # the job's name
NO_CHANGE = {"added": 0, "superseded": 0}


async def store_upload(
    session: AsyncSession,
    name: str,
    upload: StoredUpload,
    mapping: str | None,
    by: Uploader,
    *,
    now: datetime,
) -> ImportRead:
    """Check an uploaded ledger in a child process, and keep it; meanwhile no connection is held.

    An own sheet of the office is read by the mapping that is named, or that its headers are known
    by; its file is kept while there is something to answer. Raises NotFound, LedgerTooLarge.
    """
    refuse_large(upload, LARGEST_UPLOAD if mapping is None else MAX_SHEET_BYTES)
    who, limits = by.who, upload_limits(upload.size)
    kept = None
    try:
        kept = await choose_mapping(upload, name, mapping, by)
        if kept is not None:
            found, _ = await read_own_sheet(upload, name, kept, {}, by)
        else:
            async with by.reading() as reading:
                stored = await queries.load_stored_records(reading, who.office)
            found = await by.work(who, limits, read_upload, upload.path, name, stored)
    except ChildKilled as killed:
        found = stopped_reading(name, limits, killed)
    found = await check_reading(session, found, who, now)

    uploaded = Import(
        uploaded_at=now,
        uploaded_by=who.name,
        region_code=who.region,
        office=who.office,
        name=name,
        digest=upload.digest,
        file=await asyncio.to_thread(upload.path.read_bytes) if kept else None,
        **reading_values(found),
    )

    session.add(uploaded)
    await session.flush()
    return build_import_read(
        uploaded.model_dump(exclude=LARGE_COLUMNS) | {"open_questions": len(found.questions or ())}
    )


def refuse_large(upload: StoredUpload, largest: int) -> None:
    if upload.size > largest:
        raise rules.LedgerTooLarge(f"不得超过 {largest} 字节", f"At most {largest} bytes.")


async def check_reading(
    session: AsyncSession, found: UploadReading, who: Caller, now: datetime
) -> UploadReading:
    """A reading with what the records say of its facts."""
    if found.facts is None:
        return found
    part = await asyncio.to_thread(unpack_part, found.facts)
    today = now.astimezone(LOCAL_TIMEZONE).date()
    beside, closing = RowsBeside(part, who.office), await load_closing(session, who.office, today)
    told = await check_against_records(
        session, part, part.tables, who, who.office, beside.collect, closing
    )
    told += await find_doubts(session, beside, today)
    return add_findings(found, told)


def reading_values(found: UploadReading) -> dict[str, Any]:
    """What a row of `imports` keeps of a reading."""
    return {
        "errors": found.errors,
        "warnings": found.warnings,
        "findings": found.located_findings(),
        "counts": found.counts,
        "facts": found.facts,
        "mapping": found.mapping,
        "questions": found.questions or None,
    }


# --- applying ----------------------------------------------------------------------------------


async def enqueue_import(
    session: AsyncSession, import_id: int, *, who: Caller, now: datetime, english: bool
) -> ImportRead:
    """Have the ledger applied in the background; repeated requests only read the state.

    Raises NotFound, OtherOffice, and LedgerRefused when the ledger has errors.
    """
    row = await find_import(session, import_id, who, lock=True)
    rules.refuse_other_office(row, who.office)
    rules.refuse_open_questions(row)
    refuse_errors(row)
    state = rules.import_state(row)
    if state is ImportState.undone:
        raise rules.ImportUndone("请重新上传台账", "Upload the ledger again.")
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


async def apply_import(
    session: AsyncSession,
    import_id: int,
    part: LedgerPart,
    who: Caller,
    on_table_merged: ledger_merge.ProgressCallback,
) -> None:
    """Merge the facts of an import into the records, once."""
    office = (await find_import(session, import_id, who))["office"]
    at = await outbox.begin_write(session, SCHEMA, office)
    row = await find_import(session, import_id, who)
    if row["applied_at"]:
        return

    await refuse_taken_ids(session, row, office)
    completed = [name for name in part.tables if part.absent(name)]  # by records as they are now
    refuse_findings(await check_against_records(session, part, completed, who, office))
    changes = await ledger_merge.merge_ledger(
        session,
        part,
        who,
        f"imports/{import_id}",
        office=office,
        at=at,
        on_table_merged=on_table_merged,
    )

    by_table = {name: asdict(change) for name, change in changes.items()}
    # Of the trail, for which nothing is erased, only the counts.
    counts = {name: {"added": c.added, "superseded": c.superseded} for name, c in changes.items()}
    applied = {"applied_at": at, "applied_by": who.name, "changes": by_table}
    applied |= {"facts": None, "file": None, "questions": None}
    await update_import(session, import_id, applied)
    await keep_names(session, row, who)
    await store_audit_and_event(
        session,
        "ledger.imported",
        f"imports/{import_id}",
        who=who,
        at=at,
        region=row["region_code"],
        office=office,
        after={"digest": row["digest"], "changes": counts},
    )


async def store_progress(session: AsyncSession, import_id: int, rows: Mapping[str, int]) -> None:
    """Store merged rows by table; in a transaction of its own, so that readers see them."""
    await update_import(session, import_id, {"progress": dict(rows)})


async def store_failure(session: AsyncSession, import_id: int, problem: Problem) -> None:
    path = f"/v1/imports/{import_id}"
    bodies = {"zh": problem.body(path), "en": problem.body(path, english=True)}
    await update_import(session, import_id, {"problem": bodies})


# --- reading -----------------------------------------------------------------------------------


async def import_changes(session: AsyncSession, import_id: int, who: Caller) -> Mapping[str, Any]:
    """Changes of an import by table: those that it made, or would make now.

    Raises NotFound, and LedgerRefused when the ledger has errors.
    """
    row = await find_import(session, import_id, who)
    rules.refuse_open_questions(row)
    refuse_errors(row)
    content = await load_packed_facts(session, import_id)
    if content is None:
        return rules.count_rows(row["changes"] or {})
    part = await asyncio.to_thread(unpack_part, content)
    changes = await ledger_merge.preview_merge(session, part, row["office"])
    counted = rules.count_rows({name: asdict(change) for name, change in changes.items()})
    if row["mapping"] is None:
        return counted
    unmentioned = await find_unmentioned(session, part, row["office"])
    return {**counted, PROJECTS: {**counted.get(PROJECTS, NO_CHANGE), **unmentioned}}


async def export_workbook(sessions: Sessions, work: HeavyWork, who: Caller) -> bytes:
    """Export what the caller may see of its own office, as a workbook to import again."""
    own = RecordQuestion(who.office, caller_scope(who))
    async with sessions.begin() as session:
        tables = {name: await queries.load_fact_table(session, name, own) for name in FACT_KINDS}
    return await work(who, DOCUMENT, build_workbook, Facts(tables))


def refuse_errors(row: Mapping[str, Any]) -> None:
    if row["errors"]:
        raise rules.LedgerRefused(
            f"有 {row['errors']} 处错误",
            f"{row['errors']} error(s).",
            findings=row["findings"],
        )


def refuse_findings(findings: Sequence[Finding]) -> None:
    """Raise LedgerRefused for what the records say of a ledger by now."""
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        told = "；".join(map(str, errors[: rules.MAX_ERRORS_TOLD]))
        raise rules.LedgerRefused(told, f"The records have changed since: {told}")
