"""Lists: `?after=&limit=` → `{items, next}`, in order of a key, everywhere."""

from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

MOST = 200  # items of a page
T = TypeVar("T")


class Paging(BaseModel):
    after: str | None = None
    limit: int = 50


def paging(
    after: Annotated[str | None, Query(max_length=200, description="上一页的 next")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Paging:
    return Paging(after=after, limit=limit)


AskedPage = Annotated[Paging, Depends(paging)]


class Page(BaseModel, Generic[T]):
    """`next` is what to send as `after`; None on the last page."""

    items: list[T]
    next: str | None
