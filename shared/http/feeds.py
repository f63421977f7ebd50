"""Feeds: lists that only grow, in the order of commits, read on from a cursor.

Ids of an office are in the order of its commits, those of several are not: so a cursor has a
position in each office, and its text is opaque. A number is a cursor of before, when all offices
were of one order: it stands for every office that the cursor does not name.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Protocol, TypeVar

import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.http.components import generic_name
from shared.http.pages import MAX_BIGINT, MAX_PAGE_ITEMS, pack_cursor, unpack_cursor
from shared.http.questions import Question
from shared.offices import NO_OFFICE, region_prefix
from shared.problems import InvalidRequest

MAX_CURSOR_BYTES = 1 << 20  # of a cursor as it was written, before it was packed
AFTER_DESCRIPTION = """上一页的 next，或读到头时的 cursor；0 为从头。

The `next` of the page before, or at the end its `cursor`; 0 begins."""
T = TypeVar("T")


class FeedRow(Protocol):
    """A row of a feed."""

    id: int | None
    office: str


@dataclass(frozen=True)
class FeedCursor:
    """How far a reader has come: the last id of each office; `floor` of those not named."""

    floor: int = 0
    positions: Mapping[str, int] = field(default_factory=dict)

    def advance(self, rows: Sequence[FeedRow]) -> "FeedCursor":
        """The cursor after some rows more."""
        return FeedCursor(self.floor, {**self.positions, **{r.office: r.id or 0 for r in rows}})

    def format(self) -> str:
        content = json.dumps([self.floor, self.positions], separators=(",", ":"), sort_keys=True)
        return pack_cursor(zlib.compress(content.encode()))


def parse_cursor(text: str) -> FeedCursor:
    """Parse the text of a cursor, or a number. Raises InvalidRequest."""
    try:
        if text.isascii() and text.isdecimal() and int(text) <= MAX_BIGINT:
            return FeedCursor(int(text))
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(unpack_cursor(text), MAX_CURSOR_BYTES)
        if not unpacking.eof:
            raise ValueError(text)
        floor, positions = json.loads(content)
        if not all(type(n) is int and 0 <= n <= MAX_BIGINT for n in [floor, *positions.values()]):
            raise ValueError(text)
        return FeedCursor(floor, positions)
    except (zlib.error, ValueError, TypeError, AttributeError, RecursionError):
        raise InvalidRequest(
            "after 应为上一页的 next 或 cursor", "after should be the next or cursor of a page."
        ) from None


@dataclass(frozen=True)
class FeedPaging:
    after: FeedCursor
    limit: int


async def get_feed_paging(
    after: Annotated[
        str,
        Query(
            pattern="^[A-Za-z0-9_-]{1,60000}$",
            title="起点",
            description=AFTER_DESCRIPTION,
        ),
    ] = "0",
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE_ITEMS, title="最多条数")] = 50,
) -> FeedPaging:
    return FeedPaging(parse_cursor(after), limit)


FeedPagingParams = Annotated[FeedPaging, Depends(get_feed_paging)]


class FeedPage(BaseModel, Generic[T]):
    """`next` is what to send as `after` for more, None at the end; `cursor` where to read on."""

    items: list[T] = Field(title="本页")
    next: str | None = Field(title="下一页的起点")
    cursor: str = Field(title="读到的位置")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return generic_name(params, "Feed")


async def list_feed(
    session: AsyncSession,
    table: sa.Table,
    paging: FeedPaging,
    question: Question,
    *conditions: sa.ColumnElement[bool],
) -> Sequence[Any]:
    """List the next rows of a question, one more than a page has.

    What a later commit brings comes after the cursor: of each office in its own order.
    """
    rows, positions = table.c, paging.after.positions
    query = sa.select(table).where(*conditions).limit(paging.limit + 1)
    if not region_prefix(question.office).startswith(question.region):
        query = query.where(rows.region_code.startswith(question.region))
    connection = await session.connection()
    if question.office != NO_OFFICE:
        after = positions.get(question.office, paging.after.floor)
        query = query.where(rows.office == question.office, rows.id > after).order_by(rows.id)
        return (await connection.execute(query)).all()
    offices = sa.values(
        sa.column("office", sa.Text()), sa.column("after", sa.BigInteger()), name="offices"
    ).data(
        [
            (office, positions.get(office, paging.after.floor))
            for office in await list_offices(session, table)
        ]
    )
    of_each = (
        query.where(rows.office == offices.c.office, rows.id > offices.c.after)
        .order_by(rows.id)
        .lateral("of_each")
    )
    merged = sa.select(of_each).select_from(offices.join(of_each, sa.true()))
    merged = merged.order_by(of_each.c.id).limit(paging.limit + 1)
    return (await connection.execute(merged)).all()


async def list_offices(session: AsyncSession, table: sa.Table) -> Sequence[str]:
    """List the offices that have rows, each found from the one before by the index."""
    office = table.c.office
    first = sa.select(sa.func.min(office).label("office")).cte("found", recursive=True)
    following = sa.select(sa.func.min(office)).where(office > first.c.office).scalar_subquery()
    found = first.union_all(sa.select(following).where(first.c.office.is_not(None)))
    query = sa.select(found.c.office).where(found.c.office.is_not(None))
    return (await (await session.connection()).scalars(query)).all()


def build_feed_page(rows: Sequence[Any], paging: FeedPaging) -> dict[str, Any]:
    """A page from at most one row more than the limit, whose presence says that there are more."""
    items = rows[: paging.limit]
    cursor = paging.after.advance(items).format()
    return {
        "items": [row._mapping for row in items],
        "next": cursor if len(rows) > paging.limit else None,
        "cursor": cursor,
    }
