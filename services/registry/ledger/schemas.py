"""Imports as they are answered: what a ledger holds, what is wrong, what it changed."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel

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

    level: Level
    code: str
    sheet: str
    row: int | None
    column: str | None
    value: str | None
    expected: str


class ChangeRead(BaseModel):
    """Rows; a corrected row is one superseded and one added."""

    added: int
    superseded: int


class ImportRead(BaseModel):
    """A ledger that was uploaded: what is in it, what is wrong with it, what it changed."""

    id: int
    state: State
    uploaded_at: datetime
    uploaded_by: str
    name: str
    digest: str
    errors: int
    warnings: int
    counts: Mapping[str, int]
    findings: list[FindingRead]
    applied_at: datetime | None
    applied_by: str | None
    changes: Mapping[str, ChangeRead] | None
