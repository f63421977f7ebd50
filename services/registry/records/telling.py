"""Every change leaves an audit row, for those who check, and an event, for those who follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.tables import Audit, Event
from shared.logs import REQUEST_ID
from shared.tokens import Caller


def tell(
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
