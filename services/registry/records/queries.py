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

from services.registry.records.addresses import RecordQuestion, written_id
from services.registry.records.statements import Statement
from services.registry.records.visibility import (
    ID_SEPARATOR,
    QUALIFIED_PATTERN,
    Scope,
    scope_condition,
    validity_condition,
)
from services.registry.tables import METADATA, RECORD_TABLES, SCHEMA
from shared.database.sessions import begin_driver_transaction
from shared.facts.belonging import UNITS, OfAnyProject, OfOffice, OfProjectOrUnit, OfRegion
from shared.facts.columns import Column, ColumnType
from shared.facts.kind import FactKind
from shared.facts.tables import FACT_KINDS, allowed_readers
from shared.ledger.validation import StoredRecords
from shared.offices import NO_OFFICE, office_code

RecordLine = Mapping[str, Any]  # a record as its `version` and its `line` of JSON
WORD_SEPARATOR = "\x1f"  # between the words of a list; no word has it
# Kinds whose rows need hang on no other; what else an office may have hangs on them.
ALONE = OfRegion | OfOffice | OfProjectOrUnit | OfAnyProject
CSV_BLOCK_BYTES = 1 << 24  # bytes of CSV that are turned into columns at once


class QueryConnection(Protocol):
    """Connection for a statement: `sessions.ReadConnection`, or the driver in a transaction."""

    async def fetch(self, text: str, /, *values: object) -> Any: ...


async def fetch_records(
    connection: QueryConnection,
    statement: Statement,
    values: Mapping[str, Any],
    question: RecordQuestion,
) -> Sequence[RecordLine]:
    """Fetch the records of a statement that are in the scope of a question."""
    arguments = statement.arguments({**values, **question.values})
    lines: Sequence[RecordLine] = await connection.fetch(statement.text, *arguments)
    return lines


async def load_fact_table(
    session: AsyncSession, name: str, question: RecordQuestion, known_at: datetime | None = None
) -> pa.Table:
    """Load a table of facts as it is, or as known at a moment, in the order of recording.

    Of an office it has the office's own rows, and the units of offices above that these name.
    """
    kind, rows = FACT_KINDS[name], RECORD_TABLES[name]
    asked = sa.literal(question.office, sa.Text())
    columns = (export_expression(rows, kind, column, asked) for column in kind.columns)
    query = sa.select(*columns).where(validity_condition(rows, known_at))
    query = query.where(*question_conditions(name, question, known_at)).order_by(rows.c.version)
    dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
    text = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    copied = io.BytesIO()
    driver = await begin_driver_transaction(session)
    await driver.copy_from_query(str(text), output=copied, format="csv")
    return parse_csv_columns(copied.getvalue(), kind.columns)


def question_conditions(
    name: str, question: RecordQuestion, known_at: datetime | None
) -> list[sa.ColumnElement[bool]]:
    """Conditions for the rows of a kind that a question is about.

    A caller of the whole of an office, or of everything, sees all that is in it: to say so is what
    makes a large table quick.
    """
    rows, office = RECORD_TABLES[name], question.rows_of
    is_open = not allowed_readers(FACT_KINDS[name])
    sees_all = is_open and question.scope.covers(office or NO_OFFICE)
    seen = [] if sees_all else [scope_condition(name, question.scope, known_at)]
    if office is None:
        return seen
    own = sa.and_(rows.c.office == office, *seen)
    return [own | named_above(office, known_at)] if name == UNITS else [own]


def offices_query(scope: Scope | None = None) -> sa.Select[tuple[str]]:
    """Query of the offices that have something, of a scope or at all, in order.

    Whoever wrote has a turn; by the index one row of an office is enough, however many it has.
    """
    turns = METADATA.tables[f"{SCHEMA}.turns"].c
    has_rows = []
    for name in (kind.name for kind in FACT_KINDS.values() if isinstance(kind.belongs, ALONE)):
        rows = RECORD_TABLES[name]
        seen = () if scope is None else (scope_condition(name, scope),)
        row = sa.select(sa.literal(1)).where(
            rows.c.office == turns.office, validity_condition(rows), *seen
        )
        has_rows.append(row.correlate(turns.office.table).exists())
    return sa.select(turns.office).where(sa.or_(*has_rows)).order_by(turns.office)


async def load_stored_records(session: AsyncSession, office: str) -> StoredRecords:
    """Load what a ledger of an office may refer to: its own by id or name, units above by id."""
    connection, names = await session.connection(), dict[str, dict[str, str | None]]()
    for name in sorted(
        {c.refers for kind in FACT_KINDS.values() for c in kind.columns if c.refers}
    ):
        rows, kind = RECORD_TABLES[name], FACT_KINDS[name]
        called = rows.c[kind.searched[0]] if kind.searched else sa.null()
        query = sa.select(rows.c[kind.key[0]], called)
        query = query.where(validity_condition(rows), rows.c.office == office)
        found = await connection.execute(query)
        names[name] = {row[0]: row[1] for row in found}
    names[UNITS] |= dict.fromkeys(await load_units_above(session, office))
    return StoredRecords(names)


async def load_units_above(session: AsyncSession, office: str) -> frozenset[str]:
    """Load the qualified ids of the units of offices above, which a ledger may name."""
    unit = RECORD_TABLES[UNITS]
    above = sorted({office_code(office[:digits]) for digits in (0, 2, 4)} - {office})
    query = sa.select(unit.c.office + ID_SEPARATOR + unit.c.unit_id).where(
        validity_condition(unit), unit.c.office.in_(above)
    )
    return frozenset((await (await session.connection()).scalars(query)).all())


def named_above(office: str, known_at: datetime | None) -> sa.ColumnElement[bool]:
    """Condition for the units of other offices that rows of an office name."""
    unit = RECORD_TABLES[UNITS]
    qualified = unit.c.office + ID_SEPARATOR + unit.c.unit_id
    named = [
        sa.select(rows.c[column.name]).where(
            validity_condition(rows, known_at),
            rows.c.office == office,
            rows.c[column.name].regexp_match(QUALIFIED_PATTERN),
        )
        for kind in FACT_KINDS.values()
        for rows in (RECORD_TABLES[kind.name],)
        for column in kind.columns
        if column.refers == UNITS and column.kind is ColumnType.text
    ]
    return qualified.in_(sa.union_all(*named))


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


def export_expression(
    rows: sa.Table, kind: FactKind, column: Column, asked: sa.ColumnElement[str]
) -> sa.ColumnElement[Any]:
    exported = written_id(rows, kind, column, asked)
    if column.kind is not ColumnType.words:
        return exported
    return sa.func.nullif(sa.func.array_to_string(exported, WORD_SEPARATOR), "")
