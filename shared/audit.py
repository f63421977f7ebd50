"""Every write leaves a row: who, when, from where, what before, what after. The database itself
refuses to change or delete one (see the migrations).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from shared.logs import REQUEST_ID
from shared.tokens import Caller


class AuditColumns(SQLModel):
    """`action` is what was done (`progress.recorded`), `subject` to what (`projects/P001`)."""

    id: int | None = Field(
        default=None, sa_type=BigInteger, primary_key=True, sa_column_args=[Identity(always=True)]
    )
    at: datetime = Field(sa_type=DateTime(timezone=True))
    who: str
    role: str
    address: str
    request_id: str
    action: str
    subject: str = Field(index=True)
    region_code: str | None = Field(default=None, index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSONB)


def by(who: Caller) -> dict[str, str]:
    """The columns that say who, and from where."""
    return {
        "who": who.name,
        "role": who.role,
        "address": who.address,
        "request_id": REQUEST_ID.get(),
    }
