"""Imports as they are answered: what a ledger holds, what is wrong, what it changed."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, Field

from shared.words import Word


class State(Word):
    refused = "refused", "有错误，不能导入"
    checked = "checked", "已检查，可以导入"
    applied = "applied", "已导入"


class Level(Word):
    error = "error", "错误"
    warning = "warning", "提醒"


class FindingRead(BaseModel):
    """One remark on one place of the ledger, as on the command line."""

    level: Level = Field(title="级别")
    code: str = Field(title="代码")
    sheet: str = Field(title="表")
    row: int | None = Field(title="行")
    column: str | None = Field(title="列")
    value: str | None = Field(title="内容")
    expected: str = Field(title="应为")


class ChangeRead(BaseModel):
    """Rows; a corrected row is one superseded and one added."""

    added: int = Field(title="新增行数")
    superseded: int = Field(title="取代行数")


class ImportRead(BaseModel):
    """A ledger that was uploaded: what is in it, what is wrong with it, what it changed."""

    id: int = Field(title="编号")
    state: State = Field(title="状态")
    uploaded_at: datetime = Field(title="上传时刻")
    uploaded_by: str = Field(title="上传人")
    name: str = Field(title="文件名")
    digest: str = Field(title="文件摘要")
    errors: int = Field(title="错误数")
    warnings: int = Field(title="提醒数")
    counts: Mapping[str, int] = Field(title="各表行数")
    findings: list[FindingRead] = Field(title="逐条说明")
    applied_at: datetime | None = Field(title="导入时刻")
    applied_by: str | None = Field(title="导入人")
    changes: Mapping[str, ChangeRead] | None = Field(title="各表变动")
