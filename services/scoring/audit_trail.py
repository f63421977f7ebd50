"""The audit trail of scoring: every write leaves its row in the write's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.tables import Audit
from shared.database.audit import write_audit_row
from shared.http.tokens import Caller


async def store_audit_row(
    session: AsyncSession,
    action: str,
    subject: str,
    region: str,
    who: Caller,
    at: datetime,
    **states: Mapping[str, Any] | None,
) -> None:
    """Write the row of a change of scoring; `states` are `before` and `after`, where known."""
    await write_audit_row(session, Audit, action, subject, region, who, at, **states)
