"""Everything the registry stores, in the `registry` schema.

A dated fact is never overwritten: a row says who recorded it, when and why, and one that follows
supersedes it. So facts can be asked as of a day, and as they were known at a moment.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from shared.columns import Column, Kind
from shared.db import metadata
from shared.facts import COLUMNS
from shared.ledger.check import KEYS
from shared.outbox import EventColumns

METADATA = metadata("registry")
STORED: Mapping[Kind, TypeEngine[Any]] = {
    Kind.text: sa.Text(),
    Kind.word: sa.Text(),
    Kind.words: ARRAY(sa.Text()),
    Kind.flag: sa.Boolean(),
    Kind.day: sa.Date(),
    Kind.yuan: sa.BigInteger(),
    Kind.year: sa.BigInteger(),
    Kind.percent: sa.Numeric(7, 4),
}
CURRENT = sa.text("superseded_at IS NULL")


class Table(SQLModel):
    metadata = METADATA


class Event(EventColumns, Table, table=True):
    __tablename__ = "events"


def records(name: str) -> sa.Table:
    """The table of one kind of fact: its columns, and who recorded each row, when and why.

    Of the rows with one key, one is current. Blank parts of a key are equal to each other.
    """
    moment = sa.DateTime(timezone=True)
    table = sa.Table(
        name,
        METADATA,
        sa.Column("version", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        *(stored(column) for column in COLUMNS[name]),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.Column("superseded_at", moment),
    )
    if name in KEYS:
        sa.Index(
            f"uq_{name}_current",
            *(table.c[part] for part in KEYS[name]),
            unique=True,
            postgresql_where=CURRENT,
            postgresql_nulls_not_distinct=True,
        )
    if "project_id" in table.c and KEYS.get(name, ("",))[0] != "project_id":
        sa.Index(f"ix_{name}_project_id", table.c.project_id, postgresql_where=CURRENT)
    return table


def stored(column: Column) -> sa.Column[Any]:
    return sa.Column(column.name, STORED[column.kind], nullable=not column.required)


RECORDS: Mapping[str, sa.Table] = {name: records(name) for name in COLUMNS}
