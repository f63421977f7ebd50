"""What happened, written in the same transaction as the change itself, read in commit order.

The order of a sequence is not the order of commits: whoever reads «after 7» may have passed 6, not
committed yet. So writers take a lock that they keep to their commit, and ids appear in order.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

# SQL that begins to write, alone until its transaction ends: one row, `at`, which is later than
# every moment that was given before, even where the clock was set back. It is taken after the lock,
# as it is asked for that row; the last one is kept in a sequence, in microseconds, since a sequence
# stays whatever becomes of the transaction.
BEGIN_WRITE_SQL = """
    SELECT timestamptz 'epoch' + interval '1 microsecond' * setval('{schema}.moments', greatest(
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
        (SELECT last_value + 1 FROM {schema}.moments WHERE turn.come IS NOT NULL)
    )) AS at
    FROM (SELECT pg_advisory_xact_lock(hashtext('{schema}'))::text AS come OFFSET 0) AS turn"""


class EventColumns(SQLModel):
    """`subject` names what it happened to (`projects/P001`), `region_code` who may hear of it."""

    id: int | None = Field(
        default=None, sa_type=BigInteger, primary_key=True, sa_column_args=[Identity(always=True)]
    )
    kind: str
    subject: str = Field(index=True)
    region_code: str | None = Field(default=None, index=True)
    data: dict[str, Any] = Field(sa_type=JSONB)
    at: datetime = Field(sa_type=DateTime(timezone=True))


async def begin_write(session: AsyncSession, schema: str) -> datetime:
    """Begin to write: alone until the commit, at a moment that is later than every commit before.

    So moments of recording are in the order of commits, too, and «as known at» a moment between
    two commits means the same for ever. Whoever only reads learns such a moment in the same way:
    nothing before it will change any more.
    """
    connection = await session.connection()
    found = (await connection.execute(text(BEGIN_WRITE_SQL.format(schema=schema)))).scalar_one()
    assert isinstance(found, datetime)
    return found
