"""Orders of lists and their cursors.

Within an order a row has ranks, the least first, then its version; a cursor holds those of the last
row that was seen, so that rows which come and go in between neither repeat nor hide others. The
cursor of the order of recording is the version alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.registry.records.resource import NamedOrder
from services.registry.tables import NAME_ORDER, SEARCH_TEXT
from shared.facts.columns import ColumnType
from shared.facts.kind import FactKind
from shared.http.pages import MAX_BIGINT, pack_cursor, unpack_cursor
from shared.ledger.sheets import UNWRITABLE_CHARACTER
from shared.problems import InvalidRequest

FIRST_DAY = "date '2000-01-01'"  # from which days are counted


@dataclass(frozen=True)
class Rank:
    """Expression of a row that grows along an order, and its type."""

    sql: str
    type: str = "bigint"

    def is_of_type(self, value: object) -> bool:
        if self.type == "bigint":
            return type(value) is int and abs(value) <= MAX_BIGINT
        return isinstance(value, str) and not UNWRITABLE_CHARACTER.search(value)


def order_ranks(kind: FactKind, order: NamedOrder) -> tuple[Rank, ...]:
    """Ranks of an order. Names are in that of their pinyin, which no database needs to know."""
    if order.column == NAME_ORDER:
        return (Rank(f'{NAME_ORDER} COLLATE "C"', "text"),)
    (column,) = (column for column in kind.columns if column.name == order.column)
    number = f'("{column.name}" - {FIRST_DAY})' if column.kind is ColumnType.day else column.name
    sign = "-" if order.largest_first else ""
    return (Rank(f"coalesce({sign}{number}, {MAX_BIGINT})"),)


def search_ranks(kind: FactKind) -> tuple[Rank, ...]:
    """Ranks of what was found: the place of the hit in its line, then the length of the name."""
    place = f"strpos({SEARCH_TEXT}, %(search)s::text)"
    before = f"reverse(left({SEARCH_TEXT}, {place})) || chr(10)"
    return Rank(f"strpos({before}, chr(10))"), Rank(f'length("{kind.searched[0]}")')


def parse_list_cursor(sent: str, label: Sequence[str], ranks: Sequence[Rank]) -> dict[str, Any]:
    """Parse a cursor into parameters: `after`, and of ranks `after_0`, `after_1` …

    `label` is what the list was asked for. Raises InvalidRequest for a cursor of another list.
    """
    if not ranks:
        if len(sent) <= 18 and (sent or "0").isdecimal() and sent.isascii():
            return {"after": int(sent or 0)}
        raise foreign_cursor()
    if sent in ("", "0"):
        return {}
    try:
        asked, *values, version = json.loads(unpack_cursor(sent))
    except (ValueError, TypeError, RecursionError):
        raise foreign_cursor() from None
    if asked != [*label] or len(values) != len(ranks) or not Rank("version").is_of_type(version):
        raise foreign_cursor()
    if not all(rank.is_of_type(value) for rank, value in zip(ranks, values, strict=True)):
        raise foreign_cursor()
    return {"after": version, **{f"after_{number}": value for number, value in enumerate(values)}}


def format_list_cursor(line: Mapping[str, Any], label: Sequence[str], ranks: Sequence[Rank]) -> str:
    """The cursor of a row: its version alone, or what its list was asked for, ranks and version."""
    if not ranks:
        return str(line["version"])
    values = [line[f"rank_{number}"] for number, _ in enumerate(ranks)]
    packed = json.dumps([[*label], *values, line["version"]], ensure_ascii=False)
    return pack_cursor(packed.encode())


def foreign_cursor() -> InvalidRequest:
    return InvalidRequest(
        "after 应为同一列表、同一排序和检索的上一页的 next",
        "after should be the next of a page of this list, in the same order and search.",
    )
