"""Requests for lists: from the parameters that were sent to a statement and its values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.registry.records.addresses import RecordQuestion, parse_address, parse_filters
from services.registry.records.list_orders import (
    Rank,
    format_list_cursor,
    order_ranks,
    parse_list_cursor,
    search_ranks,
)
from services.registry.records.list_statements import (
    ListShape,
    record_page_query,
    record_totals_query,
)
from services.registry.records.queries import QueryConnection, RecordLine, fetch_records
from services.registry.records.resource import RECORDED, NamedOrder, Resource, View, path_columns
from shared.http.pages import CursorPaging, build_page
from shared.http.tokens import Caller

LIKE_SPECIAL_CHARS = str.maketrans({char: f"\\{char}" for char in "\\%_"})

NOTHING_WAITS = '{"count":0,"items":[]}'


@dataclass(frozen=True)
class ListRequest:
    """`label` is what the cursors of the list say that it was asked for."""

    resource: Resource
    shape: ListShape
    label: tuple[str, str]
    values: Mapping[str, Any]
    paging: CursorPaging
    has_totals: bool


def read_list_request(
    resource: Resource,
    sent: Mapping[str, Any],
    paging: CursorPaging,
    question: RecordQuestion,
    who: Caller,
) -> ListRequest:
    """Read what was sent. Raises InvalidRequest for a cursor of another list."""
    kind, search, order = resource.kind, sent.get("search"), find_order(resource, sent)
    ranks = choose_ranks(resource, order, search)
    label = (order.name, search or "")
    seen = parse_list_cursor(paging.after, label, ranks)
    path = path_columns(resource.list_path)
    filters = tuple(name for name in resource.filters if sent[name] is not None)
    shape = ListShape(
        path,
        resource.part_condition,
        filters,
        tuple((f, sent[f.name]) for f in resource.computed_filters if sent[f.name] is not None),
        search is not None,
        ranks,
        bool(seen),
        find_view(resource, sent),
        resource.is_reported,
    )
    values = {
        **parse_filters(kind, {name: sent[name] for name in filters}, question, who),
        **parse_address(kind, {name: sent[name] for name in path}, question, who),
        **seen,
        "limit": paging.limit + 1,
        "today": sent.get("today"),
    }
    if search is not None:
        pattern = f"%{search.translate(LIKE_SPECIAL_CHARS)}%"
        values |= {"search": search, "search_pattern": pattern}
    return ListRequest(resource, shape, label, values, paging, sent["totals"])


def find_order(resource: Resource, sent: Mapping[str, Any]) -> NamedOrder:
    asked = sent.get("order", RECORDED.name)
    return next((order for order in resource.orders if order.name == asked), RECORDED)


def find_view(resource: Resource, sent: Mapping[str, Any]) -> View | None:
    """The view that was asked for; None is the record as it is."""
    asked = sent.get("view")
    return next((view for view in resource.views if view.name == asked), None)


def choose_ranks(resource: Resource, order: NamedOrder, search: str | None) -> tuple[Rank, ...]:
    """What is found is in the order of how well it fits, unless another is named."""
    if order is not RECORDED:
        return order_ranks(resource.kind, order)
    return search_ranks(resource.kind) if search else ()


async def fetch_page(
    connection: QueryConnection, asked: ListRequest, question: RecordQuestion
) -> list[RecordLine]:
    """Fetch the records of a page, and one more where there are more."""
    query = record_page_query(asked.resource.kind.name, asked.shape)
    return [*await fetch_records(connection, query, asked.values, question)]


async def fetch_totals(
    connection: QueryConnection, asked: ListRequest, question: RecordQuestion
) -> str:
    """Fetch the JSON of the totals, null where they are not asked for."""
    if not asked.has_totals:
        return "null"
    whole = replace(asked.shape, ranks=(), is_continued=False, view=None, has_waiting=False)
    query = record_totals_query(asked.resource.kind.name, whole, asked.resource.sums)
    (totals,) = await fetch_records(connection, query, asked.values, question)
    return str(totals["line"])


def serialize_page(asked: ListRequest, lines: list[RecordLine], totals: str) -> str:
    """JSON of a page, from items and totals that are JSON already."""

    def cursor_of(line: RecordLine) -> str:
        return format_list_cursor(line, asked.label, asked.shape.ranks)

    records, waiting = part_waiting(lines)
    page = build_page(records, asked.paging, cursor_of)
    following = "null" if page["next"] is None else f'"{page["next"]}"'
    items = ",".join(line["line"] for line in page["items"])
    beside = f',"waiting":{waiting}' if asked.shape.has_waiting else ""
    return f'{{"items":[{items}],"next":{following},"totals":{totals}{beside}}}'


def part_waiting(lines: list[RecordLine]) -> tuple[list[RecordLine], str]:
    """Part the records of a page from the JSON of what waits beside them."""
    if lines and lines[-1]["version"] is None:
        return lines[:-1], lines[-1]["line"]
    return lines, NOTHING_WAITS
