"""Pages of lists: `?after=&limit=` → `{items, next}`.

A cursor is a text to be sent back as it came. That of a list in the order of a number that only
grows is this number; so `after=0` begins, as a list without `after` does.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from shared.http.components import generic_name

MAX_PAGE_ITEMS = 200  # items of a page
MAX_BIGINT = 2**63 - 1
NUMBER_PATTERN = "^[0-9]{0,18}$"  # below MAX_BIGINT, whichever it is
CURSOR_PATTERN = "^[A-Za-z0-9_-]{0,16000}$"
AFTER_TITLE = "起点"
T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE_ITEMS, title="最多条数")]


@dataclass(frozen=True)
class Paging:
    """`after` is the number of the last item that was seen."""

    after: int
    limit: int


@dataclass(frozen=True)
class CursorPaging:
    """`after` is a cursor as it was sent, of a list that has several orders."""

    after: str
    limit: int


async def get_paging(
    after: Annotated[str, Query(pattern=NUMBER_PATTERN, title=AFTER_TITLE)] = "",
    limit: Limit = 50,
) -> Paging:
    return Paging(int(after or 0), limit)


async def get_cursor_paging(
    after: Annotated[str, Query(pattern=CURSOR_PATTERN, title=AFTER_TITLE)] = "",
    limit: Limit = 50,
) -> CursorPaging:
    return CursorPaging(after, limit)


PagingParams = Annotated[Paging, Depends(get_paging)]
CursorPagingParams = Annotated[CursorPaging, Depends(get_cursor_paging)]


def pack_cursor(content: bytes) -> str:
    """The text of a cursor, which needs no escape in an address."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def unpack_cursor(text: str) -> bytes:
    """The content of a cursor. Raises ValueError for a text that is none."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


class Page(BaseModel, Generic[T]):
    """`next` is what to send as `after`; None on the last page."""

    items: list[T] = Field(title="本页")
    next: str | None = Field(title="下一页的起点")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return generic_name(params, "Page")


def build_page(
    rows: Sequence[T], paging: Paging | CursorPaging, cursor_of: Callable[[T], int | str]
) -> dict[str, Any]:
    """A page from at most one row more than the limit, whose presence says that there are more."""
    items = rows[: paging.limit]
    return {
        "items": items,
        "next": str(cursor_of(items[-1])) if len(rows) > paging.limit else None,
    }
