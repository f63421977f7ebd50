"""Packed facts: all tables in one text of bytes, each with its name, as imports wait with them.

An import waits with what its file says: of each table only the columns that the file has, their
headers, and the number of each row in the file.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts, complete_columns

TABLE_NAME = b"table"  # in the head of a packed table
HEADER = b"header"  # in the head of a packed column: how the file names it
ROW_NUMBERS = "row number"  # a packed column beside those of the table
# The order of packed tables before they had names, which an import that waits since then has.
UNNAMED_TABLES = (
    *("units", "projects", "plans", "milestones", "progress", "permits", "funds"),
    *("problems", "pauses", "indicators"),
)


@dataclass(frozen=True)
class LedgerPart:
    """What a file says: facts, and by table the headers of the columns that it has.

    A column that is absent says nothing, a blank cell says unknown. `numbers` are those of the rows
    in the file, where they are known.
    """

    facts: Facts
    headers: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def tables(self) -> Iterator[str]:
        """The tables that have rows."""
        return (name for name, table in self.facts.tables.items() if table.num_rows)

    def absent(self, table: str) -> tuple[str, ...]:
        """The columns that a table of the file lacks, in the order of the ledger."""
        headers = self.headers[table]
        return tuple(c.name for c in FACT_COLUMNS[table] if c.name not in headers)

    def number(self, table: str, index: int) -> int | None:
        """The number of a row, counted from 0, as a person sees it."""
        numbers = self.numbers.get(table)
        return numbers[index] if numbers is not None else None


def whole_ledger(facts: Facts) -> LedgerPart:
    """Facts that say something in every column."""
    return LedgerPart(facts, {n: {c.name: c.name for c in FACT_COLUMNS[n]} for n in FACT_KINDS})


def pack_part(part: LedgerPart) -> bytes:
    """Pack the tables that have rows, as Arrow streams that say their names."""
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for name in part.tables:
        headers, table = part.headers[name], part.facts.tables[name]
        said = [c.name for c in FACT_COLUMNS[name] if c.name in headers or is_said(table, c)]
        table = table.select(said)
        fields = [
            c.with_metadata({HEADER: headers[c.name]}) if c.name in headers else c
            for c in table.schema
        ]
        table = table.cast(pa.schema(fields, {TABLE_NAME: name}))
        if name in part.numbers:
            table = table.append_column(ROW_NUMBERS, pa.array(part.numbers[name], pa.int32()))
        with pa.ipc.new_stream(sink, table.schema, options=options) as out:
            out.write_table(table)
    return sink.getvalue()


def unpack_part(content: bytes) -> LedgerPart:
    """Unpack what a file says; what was not packed is absent. Raises UnknownFacts.

    Of an import that waits from before columns could be absent, all its columns are there.
    """
    source, tables = pa.BufferReader(content), dict(Facts.from_columns({}).tables)
    headers: dict[str, dict[str, str]] = {}
    numbers: dict[str, Sequence[int]] = {}
    unnamed = iter(UNNAMED_TABLES)
    while source.tell() < len(content):
        stream = pa.ipc.open_stream(source)
        packed_name = (stream.schema.metadata or {}).get(TABLE_NAME)
        name = packed_name.decode() if packed_name else next(unnamed)
        table = stream.read_all()
        if ROW_NUMBERS in table.column_names:
            numbers[name] = table[ROW_NUMBERS].to_pylist()
            table = table.drop_columns([ROW_NUMBERS])
        headers[name] = read_headers(table.schema)
        tables[name] = complete_columns(name, table)
    return LedgerPart(Facts(tables), headers, numbers)


def is_said(table: pa.Table, column: Column) -> bool:
    """Whether some row says something in a column."""
    values = table[column.name]
    if column.kind is ColumnType.words:
        return any(values.to_pylist())
    return bool(values.null_count < len(values))


def read_headers(schema: pa.Schema) -> dict[str, str]:
    """The headers of the columns that the file had; of an import from before, all of them."""
    headed = {c.name: c.metadata[HEADER].decode() for c in schema if HEADER in (c.metadata or {})}
    return headed or {c.name: c.name for c in schema}
