"""What schemes look like to those who ask."""

from typing import Any

from pydantic import BaseModel


class SchemeRead(BaseModel):
    id: str
    version: int
    zh: str
    source: str
    notes: str
    lights: str
    document: dict[str, Any]
