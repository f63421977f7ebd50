"""Imports of ledgers: upload, checked preview, applied in the background, all or nothing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.ledger import rules
from services.registry.ledger.files import (
    add_findings,
    build_workbook,
    read_upload,
    stopped_reading,
)
from services.registry.ledger.schemas import ImportRead, ImportState
from services.registry.periods.service import load_closing
from services.registry.records import ledger_merge, queries
from services.registry.records.addresses import RecordQuestion
from services.registry.records.audit_and_events import store_audit_and_event
from services.registry.records.ledger_check import check_against_records
from services.registry.records.ledger_doubts import RowsBeside, find_doubts
from services.registry.records.visibility import caller_scope
from services.registry.tables import METADATA, SCHEMA, Import
from shared.child_processes.errors import ChildKilled
from shared.child_processes.limits import DOCUMENT, LARGEST_UPLOAD, upload_limits
from shared.clock import LOCAL_TIMEZONE
from shared.database import jobs, outbox
from shared.database.sessions import Sessions
from shared.facts.packed_facts import LedgerPart, unpack_part
from shared.facts.tables import FACT_KINDS, Facts, sheet_title
from shared.http.heavy_work import HeavyWork
from shared.http.idempotency import ReadSessionFactory
from shared.http.list_orders import ListOrder, order_page
from shared.http.pages import Paging, build_page
from shared.http.tokens import Caller
from shared.http.uploads import StoredUpload
from shared.ledger.findings import Finding
from shared.problems import NotFound, Problem

APPLY = "apply_import"  # the job's name
IMPORTS = METADATA.tables[f"{SCHEMA}.imports"]
QUESTION_COUNT = sa.func.jsonb_array_length(IMPORTS.c.questions)
LARGE_COLUMNS = {"facts", "file", "questions"}
READ_COLUMNS: list[sa.ColumnElement[Any]] = [
    *(column for column in IMPORTS.c if column.name not in LARGE_COLUMNS),
    sa.case((sa.func.jsonb_typeof(IMPORTS.c.questions) == "array", QUESTION_COUNT), else_=0).label(
        "open_questions"
    ),
]


@dataclass(frozen=True)
class Uploader:
    """One who uploads ledgers: reads beside the write, and a child that reads the file."""

    reading: ReadSessionFactory
    work: HeavyWork
    who: Caller


async def store_upload(
    session: AsyncSession, name: str, upload: StoredUpload, by: Uploader, *, now: datetime
) -> ImportRead:
    """Check an uploaded ledger in a child process, and keep it; meanwhile no connection is held."""
    if upload.size > LARGEST_UPLOAD:
        raise rules.LedgerTooLarge(
            f"不得超过 {LARGEST_UPLOAD} 字节", f"At most {LARGEST_UPLOAD} bytes."
        )
    who, limits = by.who, upload_limits(upload.size)
    async with by.reading() as reading:
        stored = await queries.load_stored_records(reading, who.office)
    try:
        found = await by.work(who, limits, read_upload, upload.path, name, stored)
    except ChildKilled as killed:
        found = stopped_reading(name, limits, killed)
    if found.facts is not None:
        part = await asyncio.to_thread(unpack_part, found.facts)
        today = now.astimezone(LOCAL_TIMEZONE).date()
        beside, closing = (
            RowsBeside(part, who.office),
            await load_closing(session, who.office, today),
        )
        told = await check_against_records(
            session, part, part.tables, who, who.office, beside.collect, closing
        )
        told += await find_doubts(session, beside, today)
        found = add_findings(found, told)

    uploaded = Import(
        uploaded_at=now,
        uploaded_by=who.name,
        region_code=who.region,
        office=who.office,
        name=name,
        digest=upload.digest,
        errors=found.errors,
        warnings=found.warnings,
        findings=found.located_findings(),
        counts=found.counts,
        facts=found.facts,
    )

    session.add(uploaded)
    await session.flush()
    return build_import_read({**uploaded.model_dump(exclude=LARGE_COLUMNS), "open_questions": 0})


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


async def load_packed_facts(session: AsyncSession, import_id: int) -> bytes | None:
    """Load the facts of an import; None once they are applied."""
    return await session.scalar(sa.select(IMPORTS.c.facts).where(IMPORTS.c.id == import_id))


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
        after={"digest": row["digest"], "changes": counts},
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
    query = sa.select(*READ_COLUMNS).where(IMPORTS.c.id == import_id, import_region_condition(who))
    if lock:
        query = query.with_for_update()
    row = (await (await session.connection()).execute(query)).mappings().first()
    if row is None:
        raise NotFound("没有这次导入", "There is no such import.")
    return dict(row)


async def list_imports(
    session: AsyncSession, who: Caller, paging: Paging, order: ListOrder, *, with_totals: bool
) -> dict[str, Any]:
    """A page of the imports of the caller's region."""
    listed = [column for column in READ_COLUMNS if column.name != "findings"]
    visible, latest_first = import_region_condition(who), order is ListOrder.latest
    query = sa.select(*listed).where(visible)
    query = order_page(query, paging, IMPORTS.c.id, falling=latest_first)
    rows = (await (await session.connection()).execute(query)).mappings()
    found = [{**row, "state": rules.import_state(dict(row))} for row in rows]
    totals = None
    if with_totals:
        count = sa.select(sa.func.count()).select_from(IMPORTS).where(visible)
        totals = {"count": await session.scalar(count)}
    page = build_page(found, paging, lambda row: row["id"])
    return {**page, "totals": totals}


async def import_changes(session: AsyncSession, import_id: int, who: Caller) -> Mapping[str, Any]:
    """Changes of an import by table: those that it made, or would make now.

    Raises NotFound, and LedgerRefused when the ledger has errors.
    """
    row = await find_import(session, import_id, who)
    refuse_errors(row)
    content = await load_packed_facts(session, import_id)
    if content is None:
        return rules.count_rows(row["changes"] or {})
    part = await asyncio.to_thread(unpack_part, content)
    changes = await ledger_merge.preview_merge(session, part, row["office"])
    return rules.count_rows({name: asdict(change) for name, change in changes.items()})


async def export_workbook(sessions: Sessions, work: HeavyWork, who: Caller) -> bytes:
    """Export what the caller may see of its own office, as a workbook to import again."""
    own = RecordQuestion(who.office, caller_scope(who))
    async with sessions.begin() as session:
        tables = {name: await queries.load_fact_table(session, name, own) for name in FACT_KINDS}
    return await work(who, DOCUMENT, build_workbook, Facts(tables))


def import_region_condition(who: Caller) -> sa.ColumnElement[bool]:
    return IMPORTS.c.region_code.startswith(who.region) | (IMPORTS.c.office == who.office)


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


def build_import_read(row: Mapping[str, Any], *, english: bool = False) -> ImportRead:
    """Build the response from a row of `imports` without its facts."""
    state, done, findings = rules.import_state(row), row["progress"] or {}, row["findings"]
    progress = {name: {"done": done.get(name, 0), "of": of} for name, of in row["counts"].items()}
    total = {key: sum(each[key] for each in progress.values()) for key in ("done", "of")}
    derived = {
        "state": state,
        "finding_groups": rules.group_findings(row["findings"]),
        "progress": progress if state is ImportState.applying else None,
        "progress_total": total if state is ImportState.applying else None,
        "findings": [{**each, "sheet_title": sheet_title(each["sheet"])} for each in findings],
        "problem": row["problem"]["en" if english else "zh"]
        if state is ImportState.failed
        else None,
    }
    return ImportRead.model_validate({**row, **derived})
