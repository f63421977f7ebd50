"""Events and audit rows as they are answered."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from shared.tokens import Role


class EventRead(BaseModel):
    """Something that happened, for whoever follows."""

    id: int = Field(title="编号")
    kind: str = Field(title="事件")
    subject: str = Field(title="对象")
    region_code: str | None = Field(title="行政区划代码")
    data: dict[str, Any] = Field(title="内容")
    at: datetime = Field(title="时刻")


class AuditRead(BaseModel):
    """A write: who, when, from where, what before, what after."""

    id: int = Field(title="编号")
    at: datetime = Field(title="时刻")
    who: str = Field(title="何人")
    role: Role = Field(title="角色")
    address: str = Field(title="来自地址")
    request_id: str = Field(title="请求编号")
    action: str = Field(title="操作")
    subject: str = Field(title="对象")
    region_code: str | None = Field(title="行政区划代码")
    before: dict[str, Any] | None = Field(title="之前")
    after: dict[str, Any] | None = Field(title="之后")
