"""Queries of records: current ones as JSON, and in bulk as known at a moment, in columns."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import pyarrow as pa
import sqlalchemy as sa
from pyarrow import compute, csv
from sqlalchemy.dialects.postgresql import asyncpg
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.statements import Statement
from services.registry.records.visibility import Scope, scope_condition, validity_condition
from services.registry.tables import RECORD_TABLES
from shared.database.sessions import begin_driver_transaction
from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS

RecordLine = Mapping[str, Any]  # a record as its `version` and its `line` of JSON
WORD_SEPARATOR = "\x1f"  # between the words of a list; no word has it
CSV_BLOCK_BYTES = 1 << 24  # bytes of CSV that are turned into columns at once


class QueryConnection(Protocol):
    """Connection for a statement: `sessions.ReadConnection`, or the driver in a transaction."""

    async def fetch(self, text: str, /, *values: object) -> Any: ...


async def fetch_records(
    connection: QueryConnection, statement: Statement, values: Mapping[str, Any], scope: Scope
) -> Sequence[RecordLine]:
    """Fetch the records of a statement that are in a scope."""
    arguments = statement.arguments({**values, **scope.values})
    lines: Sequence[RecordLine] = await connection.fetch(statement.text, *arguments)
    return lines


async def load_fact_table(
    session: AsyncSession, name: str, scope: Scope, known_at: datetime | None = None
) -> pa.Table:
    """Load a table of facts as it is, or as known at a moment, in the order of recording."""
    rows = RECORD_TABLES[name]
    query = (
        sa.select(*(export_expression(rows, column) for column in FACT_COLUMNS[name]))
        .where(validity_condition(name, known_at), scope_condition(name, scope, known_at))
        .order_by(rows.c.version)
    )
    dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
    text = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    copied = io.BytesIO()
    driver = await begin_driver_transaction(session)
    await driver.copy_from_query(str(text), output=copied, format="csv")
    return parse_csv_columns(copied.getvalue(), FACT_COLUMNS[name])


def parse_csv_columns(content: bytes, columns: Sequence[Column]) -> pa.Table:
    """Parse CSV as PostgreSQL writes it: a blank is null, a quoted blank an empty text."""
    names = [column.name for column in columns]
    schema = pa.schema([(column.name, column.kind.arrow) for column in columns])
    if not content:
        return schema.empty_table()
    types = {c.name: pa.string() if c.kind is ColumnType.words else c.kind.arrow for c in columns}
    table = csv.read_csv(
        io.BytesIO(content),
        csv.ReadOptions(column_names=names, block_size=CSV_BLOCK_BYTES),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    for index, column in enumerate(columns):
        if column.kind is ColumnType.words:
            table = table.set_column(index, column.name, parse_word_lists(table[column.name]))
    return table


def parse_word_lists(texts: pa.ChunkedArray) -> pa.Array:
    """Parse `a␟b` into [a, b]; a blank is the empty list."""
    split = compute.split_pattern(texts.combine_chunks(), WORD_SEPARATOR)
    return pa.ListArray.from_arrays(split.offsets, split.values)


def export_expression(rows: sa.Table, column: Column) -> sa.ColumnElement[Any]:
    exported = rows.c[column.name]
    if column.kind is not ColumnType.words:
        return exported
    return sa.func.nullif(sa.func.array_to_string(exported, WORD_SEPARATOR), "")
