"""The audit trail: every write leaves its row in the write's own transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.tables import Audit
from shared.http.tokens import Caller
from shared.logs import REQUEST_ID


async def store_audit_row(
    session: AsyncSession,
    action: str,
    subject: str,
    region: str,
    who: Caller,
    at: datetime,
    **states: dict[str, Any] | None,
) -> None:
    """What was done to what; `states` are `before` and `after`, where the row tells them."""
    done = {"at": at, "action": action, "subject": subject, "region_code": region, **states}
    by = {"who": who.name, "role": who.role, "address": who.address}
    await session.exec(insert(Audit).values({**done, **by, "request_id": REQUEST_ID.get()}))
