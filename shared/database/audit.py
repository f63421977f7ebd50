"""Every write leaves a row: who, when, from where, what before, what after. The database itself
refuses to change or delete one (see the migrations).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


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
