"""Orders of lists whose rows have a number that only grows.

In every order the cursor is one number, that of the row that was seen last or made of it, so that
rows which come in between neither repeat nor hide others.
"""

from typing import Annotated, Any, TypeVar

from fastapi import Query
from sqlalchemy import BigInteger, literal

from shared.facts.words import Word
from shared.http.pages import Paging

TotalsParam = Annotated[bool, Query(title="是否合计")]
Q = TypeVar("Q", bound=Any)


class ListOrder(Word):
    recorded = "recorded", "先后"
    latest = "latest", "新的先列"


OrderParam = Annotated[ListOrder, Query(title="排序")]


def order_page(query: Q, paging: Paging, number: Any, *, falling: bool = False) -> Q:
    """The query of the next rows by a number that grows or falls, one more than a page has."""
    if paging.after:
        seen = literal(paging.after, BigInteger())
        query = query.where(number < seen if falling else number > seen)
    page: Q = query.order_by(number.desc() if falling else number).limit(paging.limit + 1)
    return page
