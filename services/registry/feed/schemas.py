"""Events and audit rows as they are answered."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from shared.tokens import Role


class EventRead(BaseModel):
    """Something that happened, for whoever follows."""

    id: int
    kind: str
    subject: str
    region_code: str | None
    data: dict[str, Any]
    at: datetime


class AuditRead(BaseModel):
    """A write: who, when, from where, what before, what after."""

    id: int
    at: datetime
    who: str
    role: Role
    address: str
    request_id: str
    action: str
    subject: str
    region_code: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
