"""Requests and responses of undoing an import."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, Field

from services.registry.ledger.schemas import ChangeRead
from shared.facts.words import Word
from shared.http.json_bodies import Body
from shared.http.printable_lines import Reason


class UndoForm(Body):
    """Why an import is undone."""

    why: Reason = Field(title="原因")


class UseReason(Word):
    corrected = "corrected", "后来已更正或作废"
    referred = "referred", "后来登记的记录以它为准"
    missing = "missing", "恢复后所指的记录已经没有"


class UseRead(BaseModel):
    """A record by which an import cannot be undone; whose it is, where it is there."""

    kind: str = Field(title="表")
    kind_title: str = Field(title="表名")
    key: list[str | None] = Field(title="键")
    reason: UseReason = Field(title="原因")
    recorded_by: str | None = Field(title="登记人")
    recorded_at: datetime | None = Field(title="登记时刻")


class UndoPreview(BaseModel):
    """What undoing an import would do, or has done; of what stands against it the first are told.

    `changes` are in rows by table: `superseded` would go, `added` would be recorded again.
    """

    is_possible: bool = Field(title="可以撤销")
    changes: Mapping[str, ChangeRead] = Field(title="各表变动")
    uses: int = Field(title="妨碍撤销的记录数")
    first_uses: list[UseRead] = Field(title="妨碍撤销的记录")
