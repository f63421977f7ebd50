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
from services.registry.records.report_context import parse_context, parse_policy
from services.registry.records.report_rules import (
    ReportState,
    WaitCause,
    evidence_day,
    find_wait_causes,
    report_place,
)
from services.registry.records.report_statements import report_lines_sql
from services.registry.records.report_steps import replace_waiting, store_step
from services.registry.records.resource import VERSION
from services.registry.records.rules import WriteStep
from services.registry.records.statements import OFFICE_SQL, Statement, compile_statement
from services.registry.records.writes import (
    PreparedWrite,
    Reporter,
    WriteResult,
    WriteSpec,
    build_key_taken,
    check_and_decide_step,
    lost_write,
    prepare_write,
    record_region,
    store_row,
)
from services.registry.review_tables import Report
from services.registry.tables import SCHEMA
from shared.database import outbox
from shared.database.outbox import BEGIN_WRITE_SQL
from shared.database.sessions import get_driver_connection
from shared.facts.belonging import PROJECT_ID
from shared.http.tokens import Caller
from shared.plausibility.findings import Implausibility
from shared.plausibility.judgement import judge

TAKE_TURN = compile_statement(BEGIN_WRITE_SQL.format(schema=SCHEMA, office=OFFICE_SQL))


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
class JudgedWrite:
    """What a write finds and what becomes of it: without `causes` it counts.

    `waiting` is what waits at its `place` already.
    """

    context: RecordLine
    step: WriteStep
    place: str | None
    waiting: Mapping[str, Any] | None
    findings: tuple[Implausibility, ...] = ()
    causes: tuple[WaitCause, ...] = ()

    def takes_back(self, who: Caller) -> bool:
        """Whether it sends again what counts, and its unit has something else waiting there."""
        return (
            self.step is WriteStep.nothing
            and self.waiting is not None
            and self.waiting["unit_id"] == who.only_unit
        )


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
    driver = await get_driver_connection(session)
    async with driver.transaction():
        if values["office"] == who.office:  # into another's nobody may write
            await driver.execute(TAKE_TURN.text, who.office)
        judged = await judge_write(driver, spec, write, question, today)
        if judged.step is WriteStep.nothing and not judged.takes_back(who):
            return WriteResult(judged.context, judged.step)
        if not (judged.causes or judged.waiting):
            return await record_judged(driver, spec, write, judged, why)
    # Something begins or ends to wait, which is rarer: again, in the session's own transaction.
    at = await outbox.begin_write(session, SCHEMA, who.office)
    judged = await judge_write(driver, spec, write, question, today)
    if judged.step is WriteStep.nothing:
        if judged.waiting and judged.takes_back(who):
            await replace_waiting(session, judged.waiting["id"], who, at)
        return WriteResult(judged.context, judged.step)
    if judged.causes:
        report = await store_report(session, write, judged, why=why, at=at, today=today)
        return await load_waiting_report(driver, write.spec.kind.name, report, question)
    if judged.waiting:
        await replace_waiting(session, judged.waiting["id"], who, at)
    return await record_judged(driver, spec, write, judged, why)


async def judge_write(
    driver: Any, spec: ReportSpec, write: PreparedWrite, question: RecordQuestion, today: date
) -> JudgedWrite:
    """Judge a write in the office's turn; errors are those of `record_fact`."""
    kind, look = write.spec.kind, spec.context_query
    place = report_place(kind, write.subject, write.parameters.get(VERSION))
    context = await driver.fetchrow(
        look.text, *look.arguments({**write.parameters, "place": place})
    )

    step = check_and_decide_step(write, context)

    waiting, last_decision = part_place(context["report_place"])
    if step is WriteStep.nothing:
        return JudgedWrite(context, step, place, waiting)
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

    return JudgedWrite(context, step, place, waiting, findings, tuple(causes))


async def record_judged(
    driver: Any, spec: ReportSpec, write: PreparedWrite, judged: JudgedWrite, why: str
) -> WriteResult:
    row = await store_row(driver, write, judged.context, why, Reporter(write.who.name))
    if row is None:
        again = {**write.parameters, "place": judged.place}
        look = spec.context_query
        raise lost_write(write, await driver.fetchrow(look.text, *look.arguments(again)))
    return WriteResult(row, judged.step)


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


async def store_report(
    session: AsyncSession,
    write: PreparedWrite,
    judged: JudgedWrite,
    *,
    why: str,
    at: datetime,
    today: date,
) -> int:
    """Store what waits, in place of what waited there; what is sent again is there already."""
    kind, who, waiting = write.spec.kind, write.who, judged.waiting
    fact, corrects = build_fact_document(write.fact), judged.context["version"]
    if waiting and is_same_report(waiting, fact, corrects, who):
        found: int = waiting["id"]
        return found
    if waiting:
        await replace_waiting(session, waiting["id"], who, at)
    report = Report(
        office=who.office,
        region_code=record_region(kind, judged.context, write.values) or who.region,
        kind=kind.name,
        subject=write.subject,
        place=judged.place,
        project_id=write.values.get(PROJECT_ID),
        fact=fact,
        why=why,
        corrects=corrects,
        causes=[*judged.causes],
        findings=[finding.document() for finding in judged.findings],
        reported_by=who.name,
        reported_for=who.region,
        unit_id=who.only_unit or None,
        role=who.role,
        reported_at=at,
    )
    session.add(report)
    await session.flush()
    day = evidence_day(kind, write.fact, today)
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
