"""Reports: read by whom their records are for, decided by the office, withdrawn by the reporter."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.addresses import RecordQuestion, parse_filters
from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.queries import QueryConnection, fetch_records
from services.registry.records.report_rules import (
    ReportState,
    refuse_decided,
    refuse_gone,
    refuse_other_unit,
    refuse_stale,
)
from services.registry.records.report_steps import decide_report
from services.registry.records.resource import VERSION
from services.registry.records.rules import WriteStep
from services.registry.records.statements import record_write_query, write_context_query
from services.registry.records.writes import (
    Reporter,
    WriteSpec,
    build_key_taken,
    check_and_decide_step,
    prepare_write,
    store_row,
)
from services.registry.review_tables import Report
from services.registry.reviews import queries
from services.registry.reviews.queries import ReportShape
from services.registry.reviews.rules import compare_fields
from services.registry.reviews.schemas import (
    DecisionForm,
    DecisionRead,
    DecisionResult,
    RefusalRead,
    ReportDetail,
    ReportFieldRead,
    Verdict,
)
from services.registry.tables import SCHEMA
from shared.database import outbox
from shared.database.sessions import get_driver_connection
from shared.facts.tables import FACT_KINDS
from shared.http.pages import Paging, build_page
from shared.http.tokens import Caller
from shared.problems import NotFound, Problem

ReportDocument = Mapping[str, Any]  # a report as its JSON has it


@dataclass(frozen=True)
class FoundReport:
    """A report that the caller may decide about, in the office's turn, which began at `at`."""

    row: Report
    document: ReportDocument
    at: datetime


# --- reading -------------------------------------------------------------------------------------


async def list_reports(
    connection: QueryConnection,
    shape: ReportShape,
    sent: Mapping[str, Any],
    question: RecordQuestion,
    *,
    who: Caller,
    paging: Paging,
    has_totals: bool,
) -> str:
    """List reports as the JSON of a page."""
    values = {
        **parse_filters(FACT_KINDS["projects"], {"project_id": sent["project_id"]}, question, who),
        **parse_filters(FACT_KINDS["units"], {"unit_id": sent["unit_id"]}, question, who),
        **{"state": sent["state"], "stale": sent["stale"]},
        **{"after": paging.after, "limit": paging.limit + 1},
    }
    lines = await fetch_records(connection, queries.report_page_query(shape), values, question)
    page = build_page(lines, paging, lambda line: line["id"])
    totals = "null"
    if has_totals:
        query = queries.report_totals_query(shape)
        ((totals,),) = await fetch_records(connection, query, values, question)
    following = json.dumps(page["next"])
    items = ",".join(line["line"] for line in page["items"])
    return f'{{"items":[{items}],"next":{following},"totals":{totals}}}'


async def read_report(
    connection: QueryConnection, report_id: int, question: RecordQuestion
) -> ReportDetail:
    """Read a report with the records that it compares to. Raises NotFound."""
    document = await find_document(connection, report_id, question)
    kind = FACT_KINDS[document["kind"]]
    versions = {document["corrects"], document["present_version"]} - {None}
    lines = await fetch_records(
        connection, queries.record_versions_query(kind.name), {"versions": [*versions]}, question
    )
    records = {line["version"]: json.loads(line["line"]) for line in lines}
    corrected = records.get(document["corrects"])
    present = records.get(document["present_version"])
    compared = compare_fields(kind, document["record"], corrected, present)
    return ReportDetail(
        **document,
        kind_title=kind.zh,
        corrected=corrected,
        present=present,
        fields=[ReportFieldRead(**each._asdict()) for each in compared],
    )


async def find_document(
    connection: QueryConnection, report_id: int, question: RecordQuestion
) -> ReportDocument:
    values = {"report_id": report_id}
    found = await fetch_records(connection, queries.any_report_query(), values, question)
    if not found:
        raise NotFound("没有这条报送", "There is no such report.")
    document: ReportDocument = json.loads(found[0]["line"])
    return document


# --- deciding ------------------------------------------------------------------------------------


async def find_waiting(
    session: AsyncSession, report_id: int, question: RecordQuestion, who: Caller
) -> FoundReport:
    """Find a report that waits, in the turn of the caller's office.

    Raises NotFound, OutsideRegion for another office's, ReportDecided.
    """
    at = await outbox.begin_write(session, SCHEMA, who.office)
    document = await find_document(await get_driver_connection(session), report_id, question)
    if document["office"] != who.office:
        other = document["office"]
        raise OutsideRegion(f"{other} 的数据只能查看", f"What is of {other} may only be read.")
    refuse_decided(ReportState(document["state"]))
    row = await session.get_one(Report, report_id, populate_existing=True)
    return FoundReport(row, document, at)


async def accept_report(
    session: AsyncSession,
    report_id: int,
    question: RecordQuestion,
    *,
    who: Caller,
    expected: int | None,
) -> ReportDocument:
    """Write what waits as an ordinary record, from now on, as the figure of its reporter.

    `expected` is the present version of its record, which has to be named where that has changed.
    Raises NotFound, OutsideRegion, ReportDecided, Stale, InvalidRequest; then nothing was written.
    """
    found = await find_waiting(session, report_id, question, who)
    report, present = found.row, found.document["present_version"]
    kind = FACT_KINDS[report.kind]
    if not kind.key:
        refuse_gone(corrects=report.corrects, present=present)
    refuse_stale(is_stale=found.document["is_stale"], present=present, expected=expected)
    driver = await get_driver_connection(session)
    values = await queries.load_reported_values(driver, kind.name, report_id)
    address = {"office": report.office, VERSION: report.corrects}
    spec = acceptance_spec(kind.name, report.corrects is not None)
    write = prepare_write(spec, {**values, **address}, question, who, present)
    look = spec.context_query
    context = await driver.fetchrow(look.text, *look.arguments(write.parameters))

    step = check_and_decide_step(write, context)

    version = context["version"]
    # What the office has recorded alike becomes the reporter's own.
    if step is not WriteStep.nothing or context["reported_by"] is None:
        reporter = Reporter(report.reported_by, report.reported_at)
        row = await store_row(driver, write, context, report.why, reporter)
        if row is None:
            raise build_key_taken()
        version = row["version"]
    state = ReportState.accepted
    await decide_report(session, report, state, who=who, at=found.at, version=version)
    return await find_document(driver, report_id, question)


@lru_cache
def acceptance_spec(name: str, is_correction: bool) -> WriteSpec:
    """Statements by which a report of a kind becomes a record."""
    kind = FACT_KINDS[name]
    key = kind.key or ((VERSION,) if is_correction else None)
    return WriteSpec(kind, write_context_query(name, key), record_write_query(name))


async def return_report(
    session: AsyncSession, report_id: int, question: RecordQuestion, *, who: Caller, reason: str
) -> ReportDocument:
    """Return a report to its reporter. Raises NotFound, OutsideRegion, ReportDecided."""
    found = await find_waiting(session, report_id, question, who)
    state = ReportState.returned
    await decide_report(session, found.row, state, who=who, at=found.at, why=reason)
    return await find_document(await get_driver_connection(session), report_id, question)


async def withdraw_report(
    session: AsyncSession, report_id: int, question: RecordQuestion, *, who: Caller
) -> ReportDocument:
    """Withdraw a report of the caller's unit. Raises NotFound, Forbidden, ReportDecided."""
    found = await find_waiting(session, report_id, question, who)
    refuse_other_unit(found.row.unit_id == who.only_unit)
    await decide_report(session, found.row, ReportState.withdrawn, who=who, at=found.at)
    return await find_document(await get_driver_connection(session), report_id, question)


async def decide_one(
    session: AsyncSession,
    form: DecisionForm,
    question: RecordQuestion,
    *,
    who: Caller,
    english: bool,
) -> DecisionRead:
    """Do one of many decisions, or tell why not; then nothing of it was written."""
    try:
        async with session.begin_nested():
            if form.decision is Verdict.accept:
                document = await accept_report(
                    session, form.report_id, question, who=who, expected=None
                )
            else:
                document = await return_report(
                    session, form.report_id, question, who=who, reason=form.reason or ""
                )
    except Problem as problem:
        body = problem.body("", english=english)
        refusal = RefusalRead(**{name: body[name] for name in RefusalRead.model_fields})
        return DecisionRead(
            report_id=form.report_id, result=DecisionResult.refused, report=None, refusal=refusal
        )
    result = DecisionResult(document["state"])
    return DecisionRead.model_validate(
        {"report_id": form.report_id, "result": result, "report": document, "refusal": None}
    )
