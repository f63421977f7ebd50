"""Findings in a file as they are read, of a ledger or of an office's own sheet."""

from pydantic import BaseModel, Field

from shared.facts.words import Word


class FindingLevel(Word):
    error = "error", "错误"
    warning = "warning", "提醒"


class FindingRead(BaseModel):
    """One remark on one place of the ledger, as on the command line."""

    level: FindingLevel = Field(title="级别")
    code: str = Field(title="代码")
    sheet: str = Field(title="表")
    sheet_title: str = Field(title="表名")
    row: int | None = Field(title="行")
    column: str | None = Field(title="列")
    value: str | None = Field(title="内容")
    expected: str = Field(title="应为")
    count: int = Field(default=1, title="处数")
    column_letter: str | None = Field(default=None, title="列号")
