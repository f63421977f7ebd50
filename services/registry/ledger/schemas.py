"""Imports as they are answered: what a ledger holds, what is wrong, what it changed."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel


class State(StrEnum):
    refused = "refused"  # 有错误，不能导入
    checked = "checked"  # 已检查，可以导入
    applying = "applying"  # 正在导入
    applied = "applied"  # 已导入
    failed = "failed"  # 导入不成，一行也没有导入，可以再试


class FindingRead(BaseModel):
    """One remark on one place of the ledger, as on the command line."""

    level: Literal["error", "warning"]
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


class ProgressRead(BaseModel):
    """Rows of a table."""

    done: int
    of: int


class ProblemRead(BaseModel):
    """Why it could not be applied (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


class ImportListed(BaseModel):
    """A ledger that was uploaded: what is in it, what it changed."""

    id: int
    state: State
    uploaded_at: datetime
    uploaded_by: str
    name: str
    digest: str
    errors: int
    warnings: int
    counts: Mapping[str, int]
    asked_at: datetime | None
    asked_by: str | None
    applied_at: datetime | None
    applied_by: str | None
    changes: Mapping[str, ChangeRead] | None


class ImportRead(ImportListed):
    """With what is wrong with it, how far it has come, and why it could not be applied."""

    findings: list[FindingRead]
    progress: Mapping[str, ProgressRead] | None
    problem: ProblemRead | None
