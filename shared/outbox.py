"""What happened, written in the same transaction as the change itself, read in commit order.

The order of a sequence is not the order of commits: whoever reads «after 7» may have passed 6, not
committed yet. So writers take a lock that they keep to their commit, and ids appear in order.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# In microseconds, in a sequence: that stays whatever becomes of the transaction.
LATER_THAN_ALL = """
    SELECT setval('{schema}.moments', greatest(
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, last_value + 1
    )) FROM {schema}.moments"""


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


# SQL that begins to write (see `writing`), for statements that do so themselves. Their `at` comes
# after the lock, and what is taken from it after both.
ALONE = """SELECT clock_timestamp() AS at
    FROM (SELECT pg_advisory_xact_lock(hashtext(%(schema)s::text))) AS alone"""


async def writing(session: AsyncSession, schema: str) -> datetime:
    """Begin to write: alone until the commit, at a moment that is later than every commit before.

    So moments of recording are in the order of commits, too, and «as known at» a moment between
    two commits means the same for ever.
    """
    await session.scalar(select(func.pg_advisory_xact_lock(func.hashtext(schema))))
    return await moment(session, schema)


async def settled(session: AsyncSession, schema: str) -> datetime:
    """A moment before which nothing will change any more: writers under way are waited for."""
    await session.scalar(select(func.pg_advisory_xact_lock_shared(func.hashtext(schema))))
    return await moment(session, schema)


async def moment(session: AsyncSession, schema: str) -> datetime:
    """The database's own clock: one for all processes, and it moves on within a transaction.

    Where that clock was set back, the next moment after the last one that was given.
    """
    connection = await session.connection()
    found = await connection.execute(text(LATER_THAN_ALL.format(schema=schema)))
    return EPOCH + timedelta(microseconds=found.scalar_one())
