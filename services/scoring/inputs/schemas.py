"""What schemes look like to those who ask."""

from typing import Any

from pydantic import BaseModel, Field


class SchemeRead(BaseModel):
    id: str = Field(title="编号")
    version: int = Field(title="版本")
    zh: str = Field(title="名称")
    source: str = Field(title="来源")
    notes: str = Field(title="说明")
    lights: str = Field(title="亮灯规则")
    document: dict[str, Any] = Field(title="原文")
