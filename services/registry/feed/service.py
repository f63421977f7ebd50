"""Both lists grow at their end only: a cursor never misses what a later commit brings."""

from collections.abc import Sequence
from typing import TypeVar

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.tables import Audit, Event
from shared.pages import Paging
from shared.tokens import Caller

T = TypeVar("T", Event, Audit)


async def following(
    session: AsyncSession, table: type[T], asked: Paging, who: Caller, subject: str | None = None
) -> Sequence[T]:
    """The next ones of the caller's region, one more than a page has."""
    query = select(table).where(col(table.id) > asked.after)
    if who.region:
        query = query.where(col(table.region_code).startswith(who.region))
    if subject:
        query = query.where(col(table.subject) == subject)
    return (await session.exec(query.order_by(col(table.id)).limit(asked.limit + 1))).all()
