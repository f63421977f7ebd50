"""Outbox of events: written in the transaction of the change itself, read in commit order.

The order of a sequence is not the order of commits: a reader of «after 7» may miss 6, which is not
committed yet. So writers take a lock that they hold until their commit, and ids appear in order.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

# SQL that begins to write, under a lock until its transaction ends: one row, `at`, later than every
# moment returned before, even where the clock was set back. The moment is computed after the lock
# is taken, as it depends on the lock's row; the last one is stored in a sequence, in microseconds,
# since a sequence is not rolled back with a transaction.
BEGIN_WRITE_SQL = """
    SELECT timestamptz 'epoch' + interval '1 microsecond' * setval('{schema}.moments', greatest(
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
        (SELECT last_value + 1 FROM {schema}.moments WHERE turn.come IS NOT NULL)
    )) AS at
    FROM (SELECT pg_advisory_xact_lock(hashtext('{schema}'))::text AS come OFFSET 0) AS turn"""


class EventColumns(SQLModel):
    """Columns of an event: `subject` is what changed (`projects/P001`).

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


async def begin_write(session: AsyncSession, schema: str) -> datetime:
    """Lock out other writers until the commit; return a moment later than every commit before.

    So moments of recording are in the order of commits, too, and «as known at» a moment between
    two commits means the same for ever. A reader gets such a moment in the same way: nothing
    before it will change any more.
    """
    connection = await session.connection()
    moment = (await connection.execute(text(BEGIN_WRITE_SQL.format(schema=schema)))).scalar_one()
    assert isinstance(moment, datetime)
    return moment
