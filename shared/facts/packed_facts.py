"""Packed facts: all tables in one text of bytes, each with its name, as imports wait with them."""

import io

import pyarrow as pa

from shared.facts.tables import Facts, complete_columns

TABLE_NAME = b"table"  # in the head of a packed table
# The order of packed tables before they had names, which an import that waits since then has.
UNNAMED_TABLES = (
    *("units", "projects", "plans", "milestones", "progress", "permits", "funds"),
    *("problems", "pauses", "indicators"),
)


def pack_facts(facts: Facts) -> bytes:
    """Pack the tables that have rows, as Arrow streams that say their names."""
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for name, table in facts.tables.items():
        if table.num_rows:
            named = table.schema.with_metadata({TABLE_NAME: name})
            with pa.ipc.new_stream(sink, named, options=options) as out:
                out.write_table(table)
    return sink.getvalue()


def unpack_facts(content: bytes) -> Facts:
    """Unpack tables and columns by name; what was not packed is blank. Raises UnknownFacts."""
    source, tables = pa.BufferReader(content), dict(Facts.from_columns({}).tables)
    unnamed = iter(UNNAMED_TABLES)
    while source.tell() < len(content):
        stream = pa.ipc.open_stream(source)
        packed_name = (stream.schema.metadata or {}).get(TABLE_NAME)
        name = packed_name.decode() if packed_name else next(unnamed)
        tables[name] = complete_columns(name, stream.read_all())
    return Facts(tables)
