"""Tables of what is not taken on trust: waiting reports, withdrawn records, mappings of sheets."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.registry.account_tables import later_moment, moment, number
from services.registry.metadata import SCHEMA, Table

WAITING = sa.text("decided_at IS NULL")
CURRENT = sa.text("superseded_at IS NULL")


class Report(Table, table=True):
    """A record that a unit or field officer sent and that waits until the office decides.

    `fact` are its columns as they would be stored, `corrects` the version that it would supersede,
    `place` what it would be in: its key, or the version of a record without one; blank for a new
    one without key. Of one place one waits. `causes` are why it waits, `findings` what is
    implausible. `decision` ends it: accepted (as `version`), returned, withdrawn or replaced.
    """

    __tablename__ = "reports"
    __table_args__ = (
        sa.Index("ix_reports_waiting", "office", "place", unique=True, postgresql_where=WAITING),
        sa.Index("ix_reports_office_kind", "office", "kind", "project_id"),
        sa.Index("ix_reports_office_place", "office", "place"),
    )

    id: int | None = number()
    office: str
    region_code: str
    kind: str
    subject: str
    place: str | None = None
    project_id: str | None = None
    fact: dict[str, Any] = Field(sa_type=JSONB)
    why: str
    corrects: int | None = Field(default=None, sa_type=sa.BigInteger)
    causes: list[str] = Field(sa_type=ARRAY(sa.Text()))
    findings: list[dict[str, Any]] = Field(sa_type=JSONB)
    reported_by: str
    reported_for: str
    unit_id: str | None = None
    role: str
    reported_at: datetime = moment()
    decided_at: datetime | None = later_moment()
    decided_by: str | None = None
    decision: str | None = None
    decision_why: str | None = None
    version: int | None = Field(default=None, sa_type=sa.BigInteger)


class Void(Table, table=True):
    """Withdrawal of records entered by mistake, in one action, and its taking back."""

    __tablename__ = "voids"
    __table_args__ = (sa.Index("ix_voids_office_id", "office", "id"),)

    id: int | None = number()
    office: str
    region_code: str
    subject: str
    reason: str
    voided_at: datetime = moment()
    voided_by: str
    taken_back_at: datetime | None = later_moment()
    taken_back_by: str | None = None
    taken_back_why: str | None = None


class VoidedVersion(Table, table=True):
    """A version of a record that a void withdrew; its key is empty from that moment."""

    __tablename__ = "voided_records"

    kind: str = Field(primary_key=True)
    version: int = Field(sa_type=sa.BigInteger, primary_key=True)
    void_id: int = Field(sa_type=sa.BigInteger, foreign_key=f"{SCHEMA}.voids.id", index=True)
    office: str
    subject: str


class Mapping(Table, table=True):
    """A version of an office's mapping of its own sheet; of one name one is current.

    `shapes` are those of the headers by which a sheet is known again.
    """

    __tablename__ = "mappings"
    __table_args__ = (
        sa.Index("ix_mappings_current", "office", "name", unique=True, postgresql_where=CURRENT),
        sa.Index("ix_mappings_past", "office", "name"),
    )

    version: int | None = number()
    office: str
    name: str
    shapes: list[str] = Field(sa_type=ARRAY(sa.Text()))
    document: dict[str, Any] = Field(sa_type=JSONB)
    recorded_at: datetime = moment()
    recorded_by: str
    why: str
    superseded_at: datetime | None = later_moment()


DECISION_COLUMNS = ("decided_at", "decided_by", "decision", "decision_why", "version")
UPDATED_COLUMNS = {
    "reports": DECISION_COLUMNS,
    "voids": ("taken_back_at", "taken_back_by", "taken_back_why"),
    "mappings": ("superseded_at",),
}
