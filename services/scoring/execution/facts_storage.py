"""Storage of facts: bytes that stay readable for ever."""

import pyarrow as pa
import pyarrow.parquet as pq

from shared.facts.tables import complete_columns


def to_parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    written: bytes = sink.getvalue().to_pybytes()
    return written


def from_parquet(name: str, stored: bytes) -> pa.Table:
    """The table by the names of its columns. Raises UnknownFacts."""
    return complete_columns(name, pq.read_table(pa.BufferReader(stored)))
