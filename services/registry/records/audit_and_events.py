"""Every change leaves an audit row, for those who check, and an event, for those who follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.tables import SCHEMA, Audit, Event
from shared.http.tokens import Caller
from shared.logs import REQUEST_ID

# Both rows of each `change` (before, after, at) of a statement, as two more of its `WITH`.
AUDIT_AND_EVENT_SQL = f"""
    event AS (
        INSERT INTO {SCHEMA}.events (kind, subject, region_code, data, at)
        SELECT %(action)s::text, %(subject)s::text, %(told_region)s::text, after, at FROM change
    ), trail AS (
        INSERT INTO {SCHEMA}.audit
            (at, who, role, address, request_id, action, subject, region_code, before, after)
        SELECT at, %(who)s::text, %(role)s::text, %(address)s::text, %(request_id)s::text,
            %(action)s::text, %(subject)s::text, %(told_region)s::text, before, after FROM change
    )"""


def store_audit_and_event(
    session: AsyncSession,
    action: str,
    subject: str,
    *,
    who: Caller,
    at: datetime,
    region: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any],
) -> None:
    """Write both rows of a change, in its own transaction."""
    audit = Audit(
        at=at,
        who=who.name,
        role=who.role,
        address=who.address,
        request_id=REQUEST_ID.get(),
        action=action,
        subject=subject,
        region_code=region,
        before=dict(before) if before else None,
        after=dict(after),
    )
    event = Event(kind=action, subject=subject, region_code=region, data=dict(after), at=at)
    session.add_all([audit, event])
