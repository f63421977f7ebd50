"""A whole ledger into the records: what is new is added, what differs supersedes, the rest stays.

Set by set, not row by row: the ledger is copied beside the records and compared by the database.
Nothing is withdrawn because a ledger leaves it out. The same ledger again changes nothing.
"""

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import sqlalchemy as sa
from pyarrow import csv
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.visibility import EVERYTHING, Scope, scope_condition
from services.registry.tables import MATCH_KEYS, RECORD_TABLES, SCHEMA, SHARED_KEYS
from shared.database.sessions import begin_driver_transaction
from shared.facts.columns import ColumnKind
from shared.facts.kind import FACT_TITLES
from shared.facts.tables import FACT_COLUMNS, FACT_TABLES, Facts
from shared.http.tokens import Caller
from shared.problems import Forbidden

MAX_ROWS_NAMED = 20  # rows that a refusal names
ProgressCallback = Callable[
    [str, int], Awaitable[None]
]  # hears of a table that is done, and of its rows
ANALYZE_MIN_ROWS = (
    1000  # rows added at once that change how the database should go about the next merge
)
CSV_BATCH_ROWS = 20_000  # rows that are turned into text at once
NO_HEADER = csv.WriteOptions(include_header=False)
ARRAY_SPECIAL_CHARS = re.compile(r'["\\]')


class OutsideRegion(Forbidden):
    """不在本账号的辖区

    The row belongs to another region.
    """


@dataclass(frozen=True)
class TableChange:
    """What a merge did to one table, in rows; a corrected row is one superseded and one added."""

    added: int
    superseded: int


async def merge_ledger(
    session: AsyncSession,
    facts: Facts,
    who: Caller,
    why: str,
    *,
    at: datetime,
    told: ProgressCallback | None = None,
) -> Mapping[str, TableChange]:
    """Merge a checked ledger at the moment that `outbox.writing` gave; the tables it changed.

    Raises OutsideRegion when a row that it would add or supersede is not of the caller's region.
    """
    changes = {}
    for name in FACT_TABLES:
        if facts.tables[name].num_rows:
            changes[name] = await merge_table(session, name, facts, who, why, at)
            if told:
                await told(name, facts.tables[name].num_rows)
    return {name: change for name, change in changes.items() if change != TableChange(0, 0)}


async def preview_merge(session: AsyncSession, facts: Facts) -> Mapping[str, TableChange]:
    """What a merge would do to the records as they are, whoever asked for it."""
    connection, changes = await session.connection(), {}
    for name in FACT_TABLES:
        if facts.tables[name].num_rows:
            _, given, differing, _ = await compare_table(session, name, facts)
            counts = sa.text(f"SELECT count(nth), count(version) FROM {differing}")
            changes[name] = TableChange(*(await connection.execute(counts)).one())
            await connection.execute(sa.text(f"DROP TABLE {given}, {differing}"))
    return {name: change for name, change in changes.items() if change != TableChange(0, 0)}


async def compare_table(
    session: AsyncSession, name: str, facts: Facts
) -> tuple[str, str, str, str]:
    """Put the ledger's rows, and those that differ, into tables of the session.

    The names of the records' table, the ledger's (`nth`, columns) and the differing (`nth`,
    `version`), and of their columns.
    """
    connection, driver = await session.connection(), await begin_driver_transaction(session)
    # Each table has names of its own: the driver remembers what a name looked like.
    table, given, differing = f"{SCHEMA}.{name}", f"given_{name}", f"differing_{name}"
    columns = ", ".join(map(quote_column, column_names(name)))

    await connection.execute(
        sa.text(f"CREATE TEMP TABLE {given} AS SELECT 0 nth, {columns} FROM {table} WITH NO DATA")
    )
    # Not analyzed: that takes as long as the comparison, which the table's size alone plans well.
    await driver.copy_to_table(given, source=stream_csv(facts.tables[name], name), format="csv")
    await connection.execute(
        sa.text(f"CREATE TEMP TABLE {differing} AS {comparison_query(name, table, given, columns)}")
    )
    return table, given, differing, columns


async def merge_table(
    session: AsyncSession, name: str, facts: Facts, who: Caller, why: str, at: datetime
) -> TableChange:
    connection, rows = await session.connection(), RECORD_TABLES[name].c
    table, given, differing, columns = await compare_table(session, name, facts)
    only_kept = sa.table(differing, sa.column("version"), sa.column("nth")).c

    gone = sa.select(only_kept.version).where(only_kept.version.is_not(None))
    await refuse_foreign_rows(connection, name, who, rows.version.in_(gone))
    superseded = await connection.execute(
        sa.text(
            f"UPDATE {table} t SET superseded_at = :at FROM {differing} d"
            " WHERE t.version = d.version"
        ),
        {"at": at},
    )
    last = await connection.scalar(sa.select(sa.func.coalesce(sa.func.max(rows.version), 0)))
    added = await connection.execute(
        sa.text(
            f"INSERT INTO {table} ({columns}, recorded_at, recorded_by, recorded_for, why)"
            f" SELECT {columns}, :at, :who, :region, :why"
            f" FROM {given} JOIN {differing} USING (nth) ORDER BY nth"
        ),
        {"at": at, "who": who.name, "region": who.region, "why": why},
    )
    await refuse_foreign_rows(connection, name, who, rows.version > last)
    await connection.execute(sa.text(f"DROP TABLE {given}, {differing}"))
    if added.rowcount > ANALYZE_MIN_ROWS:
        await connection.execute(sa.text(f"ANALYZE {table}"))
    return TableChange(added.rowcount, superseded.rowcount)


def comparison_query(name: str, table: str, given: str, columns: str) -> str:
    """What to add (`nth` of the ledger) and what to supersede (`version`); either may be NULL.

    Rows are compared whole, and unknown equals unknown.
    """
    pairs = (
        (non_null_key_sql(name, part, "g"), non_null_key_sql(name, part, "t"))
        for part in MATCH_KEYS[name]
    )
    same = " AND ".join(f"{one} = {other}" for one, other in pairs)
    if name in SHARED_KEYS:
        return unmatched_rows_query(table, given, columns, same)
    ours, theirs = (
        ", ".join(f"{alias}.{quote_column(c)}" for c in column_names(name)) for alias in "gt"
    )
    return f"""
        SELECT nth, version
        FROM {given} g LEFT JOIN {table} t ON {same} AND superseded_at IS NULL
        WHERE version IS NULL OR ROW({ours}) IS DISTINCT FROM ROW({theirs})"""


def unmatched_rows_query(table: str, given: str, columns: str, same: str) -> str:
    """The same where several rows share a key: what only the ledger or only the records have.

    Rows that say the same are numbered, as two equal payments are two.
    """
    return f"""
        WITH ledger AS (
            SELECT nth, ROW({columns}) AS fact,
                row_number() OVER (PARTITION BY {columns} ORDER BY nth) AS copy
            FROM {given}
        ), kept AS (
            SELECT version, ROW({columns}) AS fact,
                row_number() OVER (PARTITION BY {columns} ORDER BY version) AS copy
            FROM {table} t
            WHERE superseded_at IS NULL AND EXISTS (SELECT FROM {given} g WHERE {same})
        )
        SELECT nth, version FROM ledger FULL JOIN kept USING (fact, copy)
        WHERE nth IS NULL OR version IS NULL"""


def non_null_key_sql(name: str, part: str, alias: str) -> str:
    """A part of a key in which unknown equals unknown, in a form that joins can be made by."""
    column = RECORD_TABLES[name].c[part]
    if not column.nullable:
        return f"{alias}.{quote_column(part)}"
    blank = "date '-infinity'" if isinstance(column.type, sa.Date) else "''"
    return f"coalesce({alias}.{quote_column(part)}, {blank})"


async def refuse_foreign_rows(
    connection: AsyncConnection, name: str, who: Caller, changed: sa.ColumnElement[bool]
) -> None:
    scope = Scope(who.region)
    if scope == EVERYTHING:
        return
    rows = RECORD_TABLES[name].c
    ours = sa.func.coalesce(scope_condition(name, scope), sa.false())
    key = (
        sa.select(*(rows[part] for part in MATCH_KEYS[name]))
        .where(changed, ~ours)
        .limit(MAX_ROWS_NAMED)
    )
    found = [" ".join(str(part) for part in row) for row in await connection.execute(key)]
    if found:
        raise OutsideRegion(
            f"{FACT_TITLES[name]} {'、'.join(found)} 不属于 {who.region}",
            f"Not of {who.region}: {name} {', '.join(found)}.",
        )


def column_names(name: str) -> list[str]:
    return [column.name for column in FACT_COLUMNS[name]]


def quote_column(column: str) -> str:
    return f'"{column}"'  # «on» and «group» are words of SQL


async def stream_csv(table: pa.Table, name: str) -> AsyncIterator[bytes]:
    """The rows of a table as CSV for COPY, numbered as they stand in the ledger."""
    for first in range(0, table.num_rows, CSV_BATCH_ROWS):
        rows = table.slice(first, CSV_BATCH_ROWS)
        texts = {c.name: serialize_csv_column(rows[c.name], c.kind) for c in FACT_COLUMNS[name]}
        numbers = pa.array(range(first, first + rows.num_rows))
        sink = io.BytesIO()
        csv.write_csv(pa.table({"nth": numbers, **texts}), sink, NO_HEADER)
        yield sink.getvalue()


def serialize_csv_column(values: pa.ChunkedArray, kind: ColumnKind) -> pa.ChunkedArray | pa.Array:
    """Lists have no form in CSV; the database reads its own, `{"a","b"}`."""
    if kind is not ColumnKind.words:
        return values
    return pa.array(
        ["{" + ",".join(map(quote_array_word, words)) + "}" for words in values.to_pylist()]
    )


def quote_array_word(word: str) -> str:
    return '"' + ARRAY_SPECIAL_CHARS.sub(r"\\\g<0>", word) + '"'
