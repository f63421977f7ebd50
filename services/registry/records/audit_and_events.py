"""Audit row and event of a change: the one for those who check, the other for those who follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.tables import SCHEMA, Audit, Event
from shared.database.audit import audit_insert_sql, write_audit_row
from shared.http.tokens import Caller

# Expressions for the columns that are the same in every row of a statement.
AUDIT_PARAMETERS = {
    **{name: f"%({name})s::text" for name in ("who", "role", "address", "request_id", "office")},
    **{name: f"%({name})s::text" for name in ("action", "subject")},
    "region_code": "%(audit_region)s::text",  # `region_code` is the fact's own, where it has one
}
# Both rows of each `change` (before, after, at) of a statement, as two more of its `WITH`.
AUDIT_AND_EVENT_SQL = f"""
    event AS (
        INSERT INTO {SCHEMA}.events (kind, subject, region_code, office, data, at)
        SELECT %(action)s::text, %(subject)s::text, %(audit_region)s::text, %(office)s::text, after,
            at FROM change
    ), trail AS (
        {audit_insert_sql(SCHEMA, AUDIT_PARAMETERS, "change")}
    )"""


async def store_audit_and_event(
    session: AsyncSession,
    action: str,
    subject: str,
    *,
    who: Caller,
    at: datetime,
    region: str,
    office: str,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> None:
    """Write both rows of a change in its own transaction; `before` is what it replaced, if any."""
    replaced: dict[str, Any] = {} if before is None else {"before": before}
    states = {**replaced, "after": after}
    await write_audit_row(session, Audit, action, subject, region, who, at, office=office, **states)
    session.add(
        Event(
            kind=action, subject=subject, region_code=region, office=office, data=dict(after), at=at
        )
    )
