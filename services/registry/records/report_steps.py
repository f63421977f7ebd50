"""Steps of a report's life: each leaves an audit row with the values, and an event without any."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.report_rules import ReportState
from services.registry.review_tables import Report
from services.registry.tables import Audit, Event
from shared.database.audit import write_audit_row
from shared.facts.belonging import PROJECT_ID
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import Caller


async def replace_waiting(session: AsyncSession, report_id: int, who: Caller, at: datetime) -> None:
    """End the waiting of a report by a later one of its place."""
    report = await session.get_one(Report, report_id)
    await decide_report(session, report, ReportState.replaced, who=who, at=at)


async def decide_report(
    session: AsyncSession,
    report: Report,
    state: ReportState,
    *,
    who: Caller,
    at: datetime,
    why: str | None = None,
    version: int | None = None,
) -> None:
    """End the waiting of a report, with its audit row and event, in the office's turn."""
    decided = (
        sa.update(Report)
        .where(col(Report.id) == report.id, col(Report.decided_at).is_(None))
        .values(
            decided_at=at, decided_by=who.name, decision=state, decision_why=why, version=version
        )
    )
    await session.exec(decided)
    await store_step(session, report, state, who, at, decision_why=why, version=version)


async def store_step(
    session: AsyncSession,
    report: Report,
    state: ReportState,
    who: Caller,
    at: datetime,
    *,
    day: date | None = None,
    **details: Any,
) -> None:
    """Write the audit row of a step with the values, and its event without any of them."""
    action = f"report.{state.value}"
    after = {
        **{"report": report.id, "fact": report.fact, "corrects": report.corrects},
        **{"why": report.why, "causes": report.causes, **details},
    }
    await write_audit_row(
        session,
        Audit,
        action,
        report.subject,
        report.region_code,
        who,
        at,
        office=report.office,
        after={name: value for name, value in after.items() if value is not None},
    )
    told = {
        "report": report.id,
        "kind": report.kind,
        PROJECT_ID: report.project_id,
        "day": None if day is None else day.isoformat(),
        "reported_by": report.reported_by,
    }
    # Of a kind without a key the subject has values, which an event does not tell.
    subject = report.subject if FACT_KINDS[report.kind].key else f"reports/{report.id}"
    session.add(
        Event(
            kind=action,
            subject=subject,
            region_code=report.region_code,
            office=report.office,
            data=told,
            at=at,
        )
    )
    await session.flush()
