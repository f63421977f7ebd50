"""Response model of events."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class LatestChange(BaseModel):
    """When facts changed last; who reads a run known at an earlier moment reads an old one."""

    changed_at: datetime | None = Field(title="最近变动时刻")


class EventRead(BaseModel):
    """Something that happened, for whoever follows."""

    id: int = Field(title="编号")
    kind: str = Field(title="事件")
    subject: str = Field(title="对象")
    region_code: str | None = Field(title="行政区划代码")
    office: str = Field(title="办公室")
    data: dict[str, Any] = Field(title="内容")
    at: datetime = Field(title="时刻")
