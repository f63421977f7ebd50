"""Tables of the registry, in the `registry` schema.

A dated fact is never overwritten: a row has who recorded it, when and why, and a later one
supersedes it. So facts can be read as of a day, and as known at a moment.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine
from sqlmodel import Field

from services.registry import account_tables, review_tables
from services.registry.metadata import METADATA, SCHEMA, Table
from shared.database.accounts import AccountGrants
from shared.database.audit import AuditColumns
from shared.database.outbox import EventColumns, TurnColumns
from shared.facts.belonging import PROJECT_ID, OfRegion
from shared.facts.columns import Column, ColumnType
from shared.facts.kind import FactKind
from shared.facts.tables import FACT_KINDS
from shared.http.idempotency import AnswerColumns

__all__ = ["METADATA", "SCHEMA", "Table"]  # with the tables below
COLUMN_TYPES: Mapping[ColumnType, TypeEngine[Any]] = {
    ColumnType.text: sa.Text(),
    ColumnType.word: sa.Text(),
    ColumnType.words: ARRAY(sa.Text()),
    ColumnType.flag: sa.Boolean(),
    ColumnType.day: sa.Date(),
    ColumnType.yuan: sa.BigInteger(),
    ColumnType.count: sa.BigInteger(),
    ColumnType.year: sa.BigInteger(),
    ColumnType.percent: sa.Numeric(7, 4),
    ColumnType.figure: sa.Numeric(20, 4),
}
# Columns of a searched kind that are derived from those of its facts; nobody reads or exports them.
SEARCH_TEXT, NAME_ORDER = "search_text", "name_order"
CURRENT_ROWS = sa.text("superseded_at IS NULL")
PAST_ROWS = sa.text("superseded_at IS NOT NULL")


class Turn(TurnColumns, Table, table=True):
    """The turn of writing of each office, with its last moment.

    `voids` counts voids and undoings: by it a writer knows, once it has the turn, whether what it
    refers to may be gone since it looked.
    """

    __tablename__ = "turns"

    voids: int = Field(
        default=0, sa_type=sa.BigInteger, sa_column_kwargs={"server_default": sa.text("0")}
    )


class Event(EventColumns, Table, table=True):
    __tablename__ = "events"
    __table_args__ = (sa.Index("ix_events_office_id", "office", "id"),)


class Audit(AuditColumns, Table, table=True):
    __tablename__ = "audit"
    __table_args__ = (sa.UniqueConstraint("office", "number"),)


class Answer(AnswerColumns, Table, table=True):
    __tablename__ = "answers"


class Import(Table, table=True):
    """An uploaded ledger: its findings, and its facts until they are applied.

    `office` is whose records it is merged into. `progress` is in rows by table, while it is being
    applied; `problem` is why it could not be. Of an office's own sheet there are the `mapping`, by
    name and version, the `file` until its `questions` are answered and it is applied. The columns
    `undone_…` tell who took all of it back, and by how many rows of each table.
    """

    __tablename__ = "imports"

    id: int | None = Field(
        default=None,
        sa_type=sa.BigInteger,
        primary_key=True,
        sa_column_args=[sa.Identity(always=True)],
    )
    uploaded_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    uploaded_by: str
    region_code: str
    office: str
    name: str
    digest: str
    errors: int
    warnings: int
    findings: list[dict[str, Any]] = Field(sa_type=JSONB)
    counts: dict[str, int] = Field(sa_type=JSONB)
    facts: bytes | None = None
    asked_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))
    asked_by: str | None = None
    progress: dict[str, int] | None = Field(default=None, sa_type=JSONB)
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    applied_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))
    applied_by: str | None = None
    changes: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    mapping: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    file: bytes | None = None
    questions: list[dict[str, Any]] | None = Field(default=None, sa_type=JSONB)
    undone_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))
    undone_by: str | None = None
    undone_why: str | None = None
    undone_changes: dict[str, Any] | None = Field(default=None, sa_type=JSONB)


class OfficeSettingsRow(Table, table=True):
    """Settings of an office, and who made them, when and why; of an office's rows one is current.

    The settings are one document, so that a new one needs no column.
    """

    __tablename__ = "office_settings"
    __table_args__ = (
        sa.Index(
            "ix_office_settings_current", "office", unique=True, postgresql_where=CURRENT_ROWS
        ),
        sa.Index("ix_office_settings_past", "office", postgresql_where=PAST_ROWS),
    )

    version: int | None = Field(
        default=None,
        sa_type=sa.BigInteger,
        primary_key=True,
        sa_column_args=[sa.Identity(always=True)],
    )
    office: str
    settings: dict[str, Any] = Field(sa_type=JSONB)
    recorded_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    recorded_by: str
    why: str
    superseded_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))


def build_record_table(name: str) -> sa.Table:
    """Build the table of one kind of fact: its columns, and who recorded each row, when and why.

    Of the rows with one key, one is current. NULL parts of a key are equal to each other.
    Of an `office` are the row and its ids, all but those that name another. `recorded_for` is the
    region of the recorder, to which a row belongs that names none itself. `reported_by` is the unit
    account whose figure it is, blank where it is the office's.
    """
    kind, moment = FACT_KINDS[name], sa.DateTime(timezone=True)
    table = sa.Table(
        name,
        METADATA,
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("office", sa.Text(), nullable=False),
        *(build_column(column) for column in kind.columns),
        *(sa.Column(name, sa.Text(), nullable=False) for name in derived_columns(kind)),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_for", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("superseded_at", moment),
        sa.Column("reported_by", sa.Text()),
        sa.Column("reported_at", moment),
    )
    key = (table.c.office, *(table.c[part] for part in kind.match_key))
    sa.Index(
        f"ix_{name}_current",
        *key,
        unique=bool(kind.key),
        postgresql_where=CURRENT_ROWS,
        postgresql_nulls_not_distinct=True if kind.key else None,
    )
    if kind.key:
        sa.Index(f"ix_{name}_past", *key, postgresql_where=PAST_ROWS)
    if PROJECT_ID in table.c and kind.match_key[0] != PROJECT_ID:
        project = (table.c.office, table.c[PROJECT_ID])
        sa.Index(f"ix_{name}_project_id", *project, postgresql_where=CURRENT_ROWS)
    if isinstance(kind.belongs, OfRegion):
        unit = kind.belongs.unit
        if unit and unit not in kind.key:
            # The unit first: it may be named by an office below, qualified.
            of_unit = (table.c[unit], table.c.office)
            sa.Index(f"ix_{name}_{unit}", *of_unit, postgresql_where=CURRENT_ROWS)
        # Of all rows: from a partial index the database would not learn how many a region has.
        region = region_expression(table).label("region")
        sa.Index(f"ix_{name}_region", region, postgresql_ops={"region": "text_pattern_ops"})
    return table


def derived_columns(kind: FactKind) -> tuple[str, ...]:
    """Names of the columns that are derived from those of a fact."""
    return (SEARCH_TEXT, NAME_ORDER) if kind.searched else ()


def region_expression(table: sa.FromClause) -> sa.Function[str]:
    """Region of a unit or project: its own, or its recorder's."""
    return sa.func.coalesce(table.c.region_code, table.c.recorded_for)


def build_column(column: Column) -> sa.Column[Any]:
    """Build the column of a fact; a list is never NULL, only empty."""
    optional = not column.required and column.kind is not ColumnType.words
    return sa.Column(column.name, COLUMN_TYPES[column.kind], nullable=optional)


RECORD_TABLES: Mapping[str, sa.Table] = {name: build_record_table(name) for name in FACT_KINDS}
# A record is superseded; an import gets on, and drops its facts when they are applied.
CHANGING_IMPORT_COLUMNS = (
    *("asked_at", "asked_by", "progress", "problem"),
    *("applied_at", "applied_by", "facts", "changes"),
    *("mapping", "file", "questions", "errors", "warnings", "findings", "counts"),
    *("undone_at", "undone_by", "undone_why", "undone_changes"),
)
ACCOUNT_GRANTS = AccountGrants(
    updated={
        **dict.fromkeys(RECORD_TABLES, ("superseded_at",)),
        "office_settings": ("superseded_at",),
        "imports": CHANGING_IMPORT_COLUMNS,
        "turns": ("at", "voids"),
        **account_tables.UPDATED_COLUMNS,
        **review_tables.UPDATED_COLUMNS,
    },
    deleted=("answers", *account_tables.DELETED_FROM),
)
