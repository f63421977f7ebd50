"""Requests and responses of schemes."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from shared.http.json_bodies import Body
from shared.http.questions import QuestionFields

LONGEST_TEXT = 200_000  # characters of a scheme: fifty times the built-in ones
EXAMPLE_SCHEME = """id: our-county
zh: 示例办法
source: 本县文件
lights: yinchuan-2025
pillars:
  - id: progress
    zh: 进度
    weight: 100
    metrics:
      - id: investment_completion
        points: {rule: proportional}
"""
SchemeYaml = Annotated[str, Field(max_length=LONGEST_TEXT, examples=[EXAMPLE_SCHEME])]


class SchemeText(Body):
    """A scheme as an office writes it: YAML."""

    text: SchemeYaml = Field(title="方案原文（YAML）")


class SchemeAsk(QuestionFields, SchemeText):
    """The scheme is for the region of an office, by default the caller's own, and below it."""


class SchemeRead(BaseModel):
    id: str = Field(title="编号")
    version: int = Field(title="版本")
    zh: str = Field(title="名称")
    source: str = Field(title="来源")
    notes: str = Field(title="说明")
    lights: str = Field(title="亮灯规则")
    document: dict[str, Any] = Field(title="内容")
    region: str = Field(default="", title="行政区划")
    text: str | None = Field(default=None, title="原文（YAML）")
    kept_by: str | None = Field(default=None, title="录入人")
    kept_at: datetime | None = Field(default=None, title="录入时刻")


class SchemeLine(BaseModel):
    """A line of a section: what it is about, its rule, and how its figure is computed."""

    name: str = Field(title="名称")
    text: str = Field(title="规则")
    computed: str | None = Field(title="算法")


class SchemeSection(BaseModel):
    title: str = Field(title="标题")
    note: str | None = Field(title="说明")
    lines: list[SchemeLine] = Field(title="各条")


class SchemeWords(BaseModel):
    """A scheme in plain words."""

    id: str = Field(title="编号")
    version: int = Field(title="版本")
    zh: str = Field(title="名称")
    source: str = Field(title="来源")
    notes: str = Field(title="说明")
    sections: list[SchemeSection] = Field(title="各节")


class MistakeRead(BaseModel):
    """A mistake of a scheme; line and column count from 1, and are null of the whole."""

    line: int | None = Field(title="行")
    column: int | None = Field(title="列")
    detail: str = Field(title="说明")


class SchemeChecked(BaseModel):
    """Whether a scheme can be kept, and every mistake that is in it."""

    valid: bool = Field(title="可用")
    id: str | None = Field(title="编号")
    version: int | None = Field(title="版本")
    zh: str | None = Field(title="名称")
    mistakes: list[MistakeRead] = Field(title="错误")
