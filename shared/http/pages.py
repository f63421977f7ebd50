"""Pages of lists: `?after=&limit=` → `{items, next}`, in order of a number that only grows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from shared.http.components import generic_name

MAX_PAGE_ITEMS = 200  # items of a page
MAX_BIGINT = 2**63 - 1
T = TypeVar("T")


@dataclass(frozen=True)
class Paging:
    after: int
    limit: int


async def get_paging(
    after: Annotated[int, Query(ge=0, le=MAX_BIGINT, title="起点")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE_ITEMS, title="最多条数")] = 50,
) -> Paging:
    return Paging(after, limit)


PagingParams = Annotated[Paging, Depends(get_paging)]


class Page(BaseModel, Generic[T]):
    """`next` is what to send as `after`; None on the last page."""

    items: list[T] = Field(title="本页")
    next: int | None = Field(title="下一页的起点")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return generic_name(params, "Page")


def build_page(rows: Sequence[T], paging: Paging, id_of: Callable[[T], int]) -> dict[str, Any]:
    """A page from at most one row more than the limit, whose presence says that there are more."""
    items = rows[: paging.limit]
    return {"items": items, "next": id_of(items[-1]) if len(rows) > paging.limit else None}
