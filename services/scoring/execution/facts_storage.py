"""Storage of facts: bytes that stay readable for ever."""

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc
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


def read_project_names(stored: bytes, project_ids: Collection[str]) -> dict[str, str]:
    """The names of some projects of a stored table, of which no other column is read."""
    table = pq.read_table(pa.BufferReader(stored), columns=["project_id", "name"])
    wanted = pc.is_in(table["project_id"], value_set=pa.array([*project_ids], pa.string()))
    found = table.filter(wanted)
    return dict(zip(found["project_id"].to_pylist(), found["name"].to_pylist(), strict=True))
