"""Requests and responses of voids."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from services.registry.records.schemas import Number
from shared.facts.tables import FACT_KINDS
from shared.facts.words import OpenWord
from shared.http.json_bodies import Body
from shared.http.printable_lines import PRINTABLE, PRINTABLE_SCHEMA, line_constraints
from shared.offices import OFFICE_PATTERN

if TYPE_CHECKING:

    class RecordKind(OpenWord):
        """A kind of record, and what its sheet is called."""

else:
    RecordKind = OpenWord("RecordKind", {k.name: (k.name, k.zh) for k in FACT_KINDS.values()})

Reason = Annotated[str, line_constraints(500), PRINTABLE, PRINTABLE_SCHEMA]


class VoidedVersion(Body):
    """A version of a record, which is current: by it the record is named, with or without key."""

    kind: RecordKind = Field(title="类别")
    version: Number = Field(title="版本")


class VoidForm(VoidedVersion):
    reason: Reason = Field(title="作废原因")
    dependants: Number = Field(default=0, title="一并作废的条数")


class TakeBackForm(Body):
    reason: Reason = Field(title="撤回原因")


class NamedRecord(BaseModel):
    """A record by its version, and by its subject as the audit trail has it."""

    kind: RecordKind = Field(title="类别")
    version: int = Field(title="版本")
    subject: str = Field(title="对象")


class Dependant(NamedRecord):
    office: str = Field(title="办公室代码", pattern=OFFICE_PATTERN)


class VoidPreview(NamedRecord):
    """What would be voided together; with something `elsewhere` nothing can be."""

    count: int = Field(title="一并作废的条数")
    counts: dict[str, int] = Field(title="按类别")
    dependants: list[Dependant] = Field(title="引用它的记录")
    elsewhere: int = Field(title="别的办公室引用它的条数")


class VoidRead(BaseModel):
    """A void, how many records of which kind it withdrew, and whether it was taken back."""

    id: int = Field(title="编号")
    office: str = Field(title="办公室代码", pattern=OFFICE_PATTERN)
    subject: str = Field(title="对象")
    reason: str = Field(title="作废原因")
    voided_at: datetime = Field(title="作废时刻")
    voided_by: str = Field(title="作废人")
    count: int = Field(title="条数")
    counts: dict[str, int] = Field(title="按类别")
    taken_back_at: datetime | None = Field(title="撤回作废时刻")
    taken_back_by: str | None = Field(title="撤回作废的人")
    taken_back_why: str | None = Field(title="撤回原因")


class VoidedRecord(NamedRecord):
    """A voided record as it was, and the version before it, which does not return by itself."""

    record: dict[str, Any] = Field(title="记录")
    previous: dict[str, Any] | None = Field(title="之前的版本")


class VoidDocument(VoidRead):
    """A void with the first hundred of its records."""

    records: list[VoidedRecord] = Field(title="作废的记录")
