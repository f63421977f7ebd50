"""Rows of a ledger as CSV for COPY, numbered from 0 in its order, and what is derived from them."""

import io
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
from pyarrow import csv

from services.registry.records.search_text import derive_search_columns
from services.registry.tables import derived_columns
from shared.facts.columns import ColumnType
from shared.facts.kind import FactKind
from shared.facts.tables import FACT_COLUMNS

CSV_BATCH_ROWS = 20_000  # rows that are turned into text at once
NO_HEADER = csv.WriteOptions(include_header=False)
ARRAY_SPECIAL_CHARS = re.compile(r'["\\]')


async def stream_csv(table: pa.Table, name: str) -> AsyncIterator[bytes]:
    """Yield the rows of a table."""
    for first in range(0, table.num_rows, CSV_BATCH_ROWS):
        rows = table.slice(first, CSV_BATCH_ROWS)
        texts = {c.name: serialize_csv_column(rows[c.name], c.kind) for c in FACT_COLUMNS[name]}
        numbers = pa.array(range(first, first + rows.num_rows))
        yield write_csv({"nth": numbers, **texts})


async def stream_derived_csv(
    kind: FactKind, table: pa.Table, numbers: Sequence[int]
) -> AsyncIterator[bytes]:
    """Yield what is derived from rows, which have these numbers."""
    for first in range(0, len(numbers), CSV_BATCH_ROWS):
        some = pa.array(numbers[first : first + CSV_BATCH_ROWS], pa.int64())
        facts = table.slice(first, CSV_BATCH_ROWS).to_pylist()
        derived = [derive_search_columns(kind, fact) for fact in facts]
        columns = {name: [each[name] for each in derived] for name in derived_columns(kind)}
        yield write_csv({"nth": some, **columns})


def write_csv(columns: Mapping[str, Any]) -> bytes:
    sink = io.BytesIO()
    csv.write_csv(pa.table(columns), sink, NO_HEADER)
    return sink.getvalue()


def serialize_csv_column(values: pa.ChunkedArray, kind: ColumnType) -> pa.ChunkedArray | pa.Array:
    """Serialize lists as the database reads them, `{"a","b"}`: CSV has no form for them."""
    if kind is not ColumnType.words:
        return values
    return pa.array(
        ["{" + ",".join(map(quote_array_word, words)) + "}" for words in values.to_pylist()]
    )


def quote_array_word(word: str) -> str:
    return '"' + ARRAY_SPECIAL_CHARS.sub(r"\\\g<0>", word) + '"'
