"""Order of the rows of a table by their values, whatever the order in which they came.

Nulls come first, texts are ordered by their UTF-8 bytes, lists word by word. Tables of a province
have millions of rows: their columns become ranks, ranks are packed into integers, and these are
counted out digit by digit, so that few texts are compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shared.facts.tables import FACT_KINDS, Facts

MAX_INT64 = 2**63 - 1
DIGIT_BITS = 12  # up to here Arrow sorts by counting, beyond by comparing
ROWS_AT_ONCE = 1 << 18  # put into one array, which holds texts of 2 GiB
MAX_TEXT_BYTES = 1 << 30  # of a column that surely fits one array


@dataclass(frozen=True)
class OrderedRows:
    """A table, and the indices of its rows in order; None where they came in it."""

    table: pa.Table
    indices: pa.Array | None = None

    def column(self, name: str) -> pa.ChunkedArray:
        """The values of a column in order."""
        values = self.table[name]
        if self.indices is None:
            return values
        if pa.types.is_string(values.type) and values.nbytes > MAX_TEXT_BYTES:
            values = values.cast(pa.large_string())
        kind = pa.string() if is_text(values.type) else values.type
        starts = range(0, len(self.indices), ROWS_AT_ONCE)
        parts = [
            values.take(self.indices.slice(start, ROWS_AT_ONCE)).cast(kind) for start in starts
        ]
        return pa.chunked_array([chunk for part in parts for chunk in part.chunks], kind)

    @property
    def in_order(self) -> pa.Table:
        return pa.table({name: self.column(name) for name in self.table.column_names})


@dataclass(frozen=True)
class RankedColumn:
    """A column, and the ranks of its values from 1 on; 0 is null.

    `values` hold each text once, which makes them quick to take.
    """

    values: pa.ChunkedArray
    ranks: pa.ChunkedArray
    highest: int


def order_facts(facts: Facts) -> Facts:
    """The same facts, whatever the order in which they came: for what follows a ledger's order."""
    return Facts({name: order_rows(name, table).in_order for name, table in facts.tables.items()})


def order_rows(name: str, table: pa.Table) -> OrderedRows:
    """Order rows by the key of their kind and, where it parts them not, by all other columns."""
    if not table.num_rows or not table.num_columns:
        return OrderedRows(table)
    kind = FACT_KINDS.get(name)
    key = [column for column in kind.key if column in table.column_names] if kind else []
    others = [column for column in sorted(table.column_names) if column not in key]
    if is_ascending(table, key or others, strictly=bool(key)):
        return OrderedRows(table)
    ranked = {column: rank_values(table[column]) for column in key or others}
    indices, is_unique = sort_by_ranks([*ranked.values()])
    if key and not is_unique:
        ranked |= {column: rank_values(table[column]) for column in others}
        indices, _ = sort_by_ranks([*ranked.values()])
    columns = {c: ranked[c].values if c in ranked else table[c] for c in table.column_names}
    return OrderedRows(pa.table(columns), indices)


def is_ascending(table: pa.Table, columns: Sequence[str], *, strictly: bool) -> bool:
    """Whether each row comes after the one before it or, unless strictly, equals it.

    Said of no table with lists among the columns, which Arrow does not compare.
    """
    if any(pa.types.is_list(table[column].type) for column in columns):
        return False
    ascending: Any = pa.scalar(not strictly)
    for column in reversed(columns):
        former, latter = table[column].slice(0, table.num_rows - 1), table[column].slice(1)
        less, equal = pc.less(former, latter), pc.equal(former, latter)
        if table[column].null_count:
            was_null = pc.is_null(former)
            less = pc.or_(pc.fill_null(less, False), pc.and_(was_null, pc.is_valid(latter)))
            equal = pc.or_(pc.fill_null(equal, False), pc.and_(was_null, pc.is_null(latter)))
        ascending = pc.or_(less, pc.and_(equal, ascending))
    return pc.all(ascending).as_py() is not False


def rank_values(values: pa.ChunkedArray) -> RankedColumn:
    """Rank the values of a column."""
    if pa.types.is_list(values.type):
        return rank_lists(values)
    comparable = values
    if pa.types.is_boolean(values.type):
        comparable = values.cast(pa.uint8())
    elif is_text(values.type) and values.nbytes > MAX_TEXT_BYTES:
        comparable = values.cast(pa.large_string())
    coded = pc.dictionary_encode(comparable)  # all chunks by the same dictionary
    different = coded.chunk(0).dictionary
    ranks = pc.rank(different, sort_keys="ascending", tiebreaker="dense").cast(pa.int64())
    of_rows = [pc.fill_null(ranks.take(chunk.indices), 0) for chunk in coded.chunks]
    values = coded if is_text(values.type) else values
    return RankedColumn(values, pa.chunked_array(of_rows), len(different))


def rank_lists(values: pa.ChunkedArray) -> RankedColumn:
    """Rank lists word by word: they are in no key, and few rows have all of theirs alike."""
    lists = [None if words is None else tuple(words) for words in values.to_pylist()]
    different = sorted({words for words in lists if words is not None})
    ranks = {words: rank for rank, words in enumerate(different, start=1)}
    of_rows = pa.array([0 if words is None else ranks[words] for words in lists], pa.int64())
    return RankedColumn(values, pa.chunked_array([of_rows]), len(different))


def is_text(kind: pa.DataType) -> bool:
    """Whether values are texts, in any layout."""
    layouts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_dictionary)
    return any(is_layout(kind) for is_layout in layouts)


def sort_by_ranks(columns: Sequence[RankedColumn]) -> tuple[pa.Array, bool]:
    """Indices of the rows by the ranks of columns, and whether no two rows have them alike."""
    words = pack_ranks(columns)
    indices = None
    for word, highest in reversed(words):  # the least first, as each sort keeps what is equal
        for shift in range(0, max(highest.bit_length(), 1), DIGIT_BITS):
            digits = pc.bit_wise_and(pc.shift_right(word, shift), (1 << DIGIT_BITS) - 1)
            digits = digits.cast(pa.uint16())
            by_digit = pc.sort_indices(digits if indices is None else digits.take(indices))
            indices = by_digit if indices is None else indices.take(by_digit)
    in_order = pa.table({str(n): word.take(indices) for n, (word, _) in enumerate(words)})
    return indices, is_ascending(in_order, in_order.column_names, strictly=True)


def pack_ranks(columns: Sequence[RankedColumn]) -> list[tuple[pa.Array, int]]:
    """Ranks in as few integers a row as hold them, each with the greatest that it may be."""
    words: list[tuple[pa.Array, int]] = []
    for column in columns:
        ranks, room = column.ranks.combine_chunks(), column.highest + 1
        if words and (words[-1][1] + 1) * room - 1 <= MAX_INT64:
            word, highest = words.pop()
            ranks, room = pc.add(pc.multiply(word, room), ranks), (highest + 1) * room
        words.append((ranks, room - 1))
    return words
