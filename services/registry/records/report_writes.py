"""Writing of what a unit or field officer reports: it counts at once, or waits for the office.

It is judged in the office's turn of writing, so that of two at once the second knows the first.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.addresses import RecordQuestion
from services.registry.records.queries import RecordLine, fetch_records
from services.registry.records.report_rules import (
    ReportState,
    ReviewMode,
    WaitCause,
    evidence_day,
    find_wait_causes,
    report_place,
)
from services.registry.records.report_statements import report_lines_sql
from services.registry.records.report_steps import replace_waiting, store_step
from services.registry.records.rules import WriteStep
from services.registry.records.statements import Statement, compile_statement
from services.registry.records.thresholds import parse_thresholds
from services.registry.records.writes import (
    PreparedWrite,
    Reporter,
    WriteResult,
    WriteSpec,
    build_key_taken,
    check_and_decide_step,
    prepare_write,
    record_region,
    store_row,
)
from services.registry.review_tables import Report
from services.registry.tables import SCHEMA
from shared.database import outbox
from shared.database.sessions import get_driver_connection
from shared.facts.belonging import PROJECT_ID
from shared.facts.columns import ColumnType
from shared.facts.kind import FactKind
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import Caller
from shared.plausibility.context import NO_PROJECT, ProjectContext, build_context
from shared.plausibility.findings import Implausibility
from shared.plausibility.judgement import judge
from shared.plausibility.thresholds import PlausibilityThresholds

MAX_POLICIES = 1024  # of offices, that are kept parsed


@dataclass(frozen=True)
class ReportSpec:
    """How what is reported of a kind is written, and found when it waits."""

    write: WriteSpec
    context_query: Statement
    void_query: Statement


@dataclass(frozen=True)
class WaitingReport:
    """A report that waits, as its JSON."""

    id: int
    line: str


@dataclass(frozen=True)
class ReviewPolicy:
    """What an office reviews of a kind, and what it takes for possible."""

    mode: ReviewMode
    thresholds: PlausibilityThresholds


async def report_fact(
    session: AsyncSession,
    spec: ReportSpec,
    values: Mapping[str, Any],
    question: RecordQuestion,
    *,
    who: Caller,
    why: str,
    expected: int | None,
    today: date,
) -> WriteResult | WaitingReport:
    """Record what a unit or field officer reports, or have it wait where the rules say so.

    Arguments and errors are those of `record_fact`.
    """
    write = prepare_write(spec.write, values, question, who, expected)
    kind = spec.write.kind
    place = report_place(kind, write.subject, values.get("version"))
    at = None
    if values["office"] == who.office:  # into another's nobody may write
        at = await outbox.begin_write(session, SCHEMA, who.office)
    driver, look = await get_driver_connection(session), spec.context_query
    asked = look.arguments({**write.parameters, "place": place})
    context = await driver.fetchrow(look.text, *asked)

    step = check_and_decide_step(write, context)

    assert at is not None
    if step is WriteStep.nothing:
        return WriteResult(context, step)
    waiting, last_decision = part_place(context["report_place"])
    if waiting and not await is_report_visible(driver, kind.name, waiting["id"], question):
        raise build_key_taken()
    is_voided = False
    if context["report_voids"] and context["version"] is None:
        void = spec.void_query
        is_voided = await driver.fetchval(void.text, *void.arguments(write.parameters))
    policy = parse_policy(context["report_settings"] or "{}")
    facts = parse_context(context["report_facts"])

    findings = judge(kind, write.fact, facts, policy.thresholds, today)
    causes = find_wait_causes(
        policy.mode,
        findings,
        current=context if context["version"] is not None else None,
        is_voided=is_voided,
        last_decision=last_decision,
    )

    if causes:
        report = await store_report(
            session,
            write,
            context,
            waiting,
            causes,
            findings,
            place=place,
            why=why,
            at=at,
            day=evidence_day(kind, write.fact, today),
        )
        return await load_waiting_report(driver, kind.name, report, question)
    if waiting:
        await replace_waiting(session, waiting["id"], who, at)
    row = await store_row(driver, write, context, why, Reporter(who.name))
    if row is None:
        raise build_key_taken()
    return WriteResult(row, step)


def part_place(reports: str | None) -> tuple[dict[str, Any] | None, str | None]:
    """The report that waits at a place, and the office's last decision there."""
    found: list[dict[str, Any]] = json.loads(reports or "[]")
    waiting = next((each for each in found if each["decision"] is None), None)
    decisions = [each["decision"] for each in found if each["decision"] is not None]
    return waiting, decisions[-1] if decisions else None


async def is_report_visible(
    connection: Any, name: str, report_id: int, question: RecordQuestion
) -> bool:
    values = {"report_id": report_id}
    return bool(await fetch_records(connection, report_query(name), values, question))


@lru_cache(MAX_POLICIES)
def parse_policy(settings: str) -> ReviewPolicy:
    """Parse what an office has set of reviews; what it has not is the default."""
    found = json.loads(settings)
    return ReviewPolicy(
        ReviewMode(found.get("review") or ReviewMode.findings),
        parse_thresholds(found.get("plausibility")),
    )


def parse_context(tables: str | None) -> ProjectContext:
    """Parse the facts of a project as the database writes them into JSON."""
    if tables is None:
        return NO_PROJECT
    found: dict[str, list[dict[str, Any]] | None] = json.loads(tables)
    return build_context(
        {
            name: [parse_row(FACT_KINDS[name], row) for row in rows or ()]
            for name, rows in found.items()
        }
    )


def parse_row(kind: FactKind, row: Mapping[str, Any]) -> dict[str, Any]:
    days = {column.name for column in kind.columns if column.kind is ColumnType.day}
    return {
        name: date.fromisoformat(value) if value and name in days else value
        for name, value in row.items()
    }


async def store_report(
    session: AsyncSession,
    write: PreparedWrite,
    context: RecordLine,
    waiting: Mapping[str, Any] | None,
    causes: list[WaitCause],
    findings: tuple[Implausibility, ...],
    *,
    place: str | None,
    why: str,
    at: datetime,
    day: date,
) -> int:
    """Store what waits, in place of what waited there; what is sent again is there already."""
    kind, who = write.spec.kind, write.who
    fact = build_fact_document(write.fact)
    if waiting and is_same_report(waiting, fact, context["version"], who):
        found: int = waiting["id"]
        return found
    if waiting:
        await replace_waiting(session, waiting["id"], who, at)
    report = Report(
        office=who.office,
        region_code=record_region(kind, context, write.values) or who.region,
        kind=kind.name,
        subject=write.subject,
        place=place,
        project_id=write.values.get(PROJECT_ID),
        fact=fact,
        why=why,
        corrects=context["version"],
        causes=[*causes],
        findings=[finding.document() for finding in findings],
        reported_by=who.name,
        reported_for=who.region,
        unit_id=who.only_unit or None,
        role=who.role,
        reported_at=at,
    )
    session.add(report)
    await session.flush()
    await store_step(session, report, ReportState.waiting, who, at, day=day)
    assert report.id is not None
    return report.id


def build_fact_document(fact: Mapping[str, Any]) -> dict[str, Any]:
    """A fact as JSON: days and decimals are texts, of which a row is made again exactly."""
    found: dict[str, Any] = json.loads(json.dumps(fact, ensure_ascii=False, default=str))
    return found


def is_same_report(
    waiting: Mapping[str, Any], fact: Mapping[str, Any], corrects: int | None, who: Caller
) -> bool:
    """Whether what is sent waits already, as of this reporter and over the same version."""
    same = (waiting["fact"], waiting["corrects"], waiting["reported_by"])
    return same == (fact, corrects, who.name)


@lru_cache
def report_query(name: str) -> Statement:
    """Query of one report of a kind, `report_id`."""
    return compile_statement(report_lines_sql(name, "report.id = %(report_id)s::bigint"))


async def load_waiting_report(
    connection: Any, name: str, report_id: int, question: RecordQuestion
) -> WaitingReport:
    values = {"report_id": report_id}
    (row,) = await fetch_records(connection, report_query(name), values, question)
    return WaitingReport(report_id, row["line"])
