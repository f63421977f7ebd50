"""Events as they are answered."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class EventRead(BaseModel):
    """Something that happened, for whoever follows."""

    id: int
    kind: str
    subject: str
    region_code: str | None
    data: dict[str, Any]
    at: datetime
