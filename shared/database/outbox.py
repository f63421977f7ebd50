"""Outbox of events: written in the transaction of the change itself, read in commit order.

The order of a sequence is not the order of commits: a reader of «after 7» may miss 6, which is not
committed yet. So the writers of an office take a turn that they hold until their commit, and its
ids appear in order. Offices write at the same time; a reader of several has a cursor for each.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

# SQL that begins to write: one row, `at`, later than every moment of the office that was returned
# before, even where the clock was set back. The row of the office stays locked until the commit,
# and its expressions are computed once it is: no other moment of the office comes between.
BEGIN_WRITE_SQL = """
    INSERT INTO {schema}.turns AS turn (office, at) VALUES ({office}, clock_timestamp())
    ON CONFLICT (office) DO UPDATE
        SET at = greatest(clock_timestamp(), turn.at + interval '1 microsecond')
    RETURNING at"""
# The same for many offices: their turns are taken in order, so that two never wait for each other.
BEGIN_WRITES_SQL = """
    INSERT INTO {schema}.turns AS turn (office, at)
        SELECT office, clock_timestamp() FROM unnest(CAST(:offices AS text[])) AS office
        ORDER BY office
    ON CONFLICT (office) DO UPDATE
        SET at = greatest(clock_timestamp(), turn.at + interval '1 microsecond')
    RETURNING at"""


class TurnColumns(SQLModel):
    """Columns of the turns of writing: the last moment of each office."""

    office: str = Field(primary_key=True)
    at: datetime = Field(sa_type=DateTime(timezone=True))


class EventColumns(SQLModel):
    """Columns of an event: `subject` is what changed (`projects/P001`), its ids plain in `office`.

    Callers outside `region_code` do not see it.
    """

    id: int | None = Field(
        default=None, sa_type=BigInteger, primary_key=True, sa_column_args=[Identity(always=True)]
    )
    kind: str
    subject: str = Field(index=True)
    region_code: str | None = Field(default=None, index=True)
    data: dict[str, Any] = Field(sa_type=JSONB)
    at: datetime = Field(sa_type=DateTime(timezone=True))
    office: str


async def begin_write(session: AsyncSession, schema: str, office: str) -> datetime:
    """Lock out the office's other writers until the commit; return a moment later than all before.

    So moments of recording are in the order of commits, too, and «as known at» a moment between
    two commits means the same for ever. A reader gets such a moment in the same way: nothing of
    the office before it will change any more.
    """
    statement = text(BEGIN_WRITE_SQL.format(schema=schema, office=":office"))
    connection = await session.connection()
    moment = (await connection.execute(statement, {"office": office})).scalar_one()
    assert isinstance(moment, datetime)
    return moment


async def read_clock(session: AsyncSession) -> datetime:
    """The moment that it is by the database's clock; nobody waits."""
    moment = await (await session.connection()).scalar(text("SELECT clock_timestamp()"))
    assert isinstance(moment, datetime)
    return moment


async def begin_writes(
    session: AsyncSession, schema: str, offices: Sequence[str]
) -> Sequence[datetime]:
    """The same for several offices at once, in whatever order they are given; a moment of each."""
    statement = text(BEGIN_WRITES_SQL.format(schema=schema))
    connection = await session.connection()
    return (await connection.scalars(statement, {"offices": [*offices]})).all()
