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

from services.registry.records.visibility import EVERYTHING, Scope, within
from services.registry.tables import RECORDS, SAME, SCHEMA, TOGETHER
from shared.database.sessions import begun
from shared.facts.columns import Kind
from shared.facts.kind import TITLES
from shared.facts.tables import COLUMNS, TABLES, Facts
from shared.http.tokens import Caller
from shared.problems import Forbidden

SHOWN = 20  # rows that a refusal names
Told = Callable[[str, int], Awaitable[None]]  # hears of a table that is done, and of its rows
MANY = 1000  # rows added at once that change how the database should go about the next merge
BATCH = 20_000  # rows that are turned into text at once
NO_HEADER = csv.WriteOptions(include_header=False)
ESCAPED = re.compile(r'["\\]')


class OutsideRegion(Forbidden):
    """不在本账号的辖区

    The row belongs to another region.
    """


@dataclass(frozen=True)
class Change:
    """What a merge did to one table, in rows; a corrected row is one superseded and one added."""

    added: int
    superseded: int


async def merge(
    session: AsyncSession,
    facts: Facts,
    who: Caller,
    why: str,
    *,
    at: datetime,
    told: Told | None = None,
) -> Mapping[str, Change]:
    """Merge a checked ledger at the moment that `outbox.writing` gave; the tables it changed.

    Raises OutsideRegion when a row that it would add or supersede is not of the caller's region.
    """
    changes = {}
    for name in TABLES:
        if facts.tables[name].num_rows:
            changes[name] = await merge_table(session, name, facts, who, why, at)
            if told:
                await told(name, facts.tables[name].num_rows)
    return {name: change for name, change in changes.items() if change != Change(0, 0)}


async def preview(session: AsyncSession, facts: Facts) -> Mapping[str, Change]:
    """What a merge would do to the records as they are, whoever asked for it."""
    connection, changes = await session.connection(), {}
    for name in TABLES:
        if facts.tables[name].num_rows:
            _, given, differing, _ = await compare(session, name, facts)
            counts = sa.text(f"SELECT count(nth), count(version) FROM {differing}")
            changes[name] = Change(*(await connection.execute(counts)).one())
            await connection.execute(sa.text(f"DROP TABLE {given}, {differing}"))
    return {name: change for name, change in changes.items() if change != Change(0, 0)}


async def compare(session: AsyncSession, name: str, facts: Facts) -> tuple[str, str, str, str]:
    """Put the ledger's rows, and those that differ, into tables of the session.

    The names of the records' table, the ledger's (`nth`, columns) and the differing (`nth`,
    `version`), and of their columns.
    """
    connection, driver = await session.connection(), await begun(session)
    # Each table has names of its own: the driver remembers what a name looked like.
    table, given, differing = f"{SCHEMA}.{name}", f"given_{name}", f"differing_{name}"
    columns = ", ".join(map(quoted, names(name)))

    await connection.execute(
        sa.text(f"CREATE TEMP TABLE {given} AS SELECT 0 nth, {columns} FROM {table} WITH NO DATA")
    )
    # Not analyzed: that takes as long as the comparison, which the table's size alone plans well.
    await driver.copy_to_table(given, source=lines(facts.tables[name], name), format="csv")
    await connection.execute(
        sa.text(f"CREATE TEMP TABLE {differing} AS {comparison(name, table, given, columns)}")
    )
    return table, given, differing, columns


async def merge_table(
    session: AsyncSession, name: str, facts: Facts, who: Caller, why: str, at: datetime
) -> Change:
    connection, rows = await session.connection(), RECORDS[name].c
    table, given, differing, columns = await compare(session, name, facts)
    only_kept = sa.table(differing, sa.column("version"), sa.column("nth")).c

    gone = sa.select(only_kept.version).where(only_kept.version.is_not(None))
    await refuse_foreign(connection, name, who, rows.version.in_(gone))
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
    await refuse_foreign(connection, name, who, rows.version > last)
    await connection.execute(sa.text(f"DROP TABLE {given}, {differing}"))
    if added.rowcount > MANY:
        await connection.execute(sa.text(f"ANALYZE {table}"))
    return Change(added.rowcount, superseded.rowcount)


def comparison(name: str, table: str, given: str, columns: str) -> str:
    """What to add (`nth` of the ledger) and what to supersede (`version`); either may be NULL.

    Rows are compared whole, and unknown equals unknown.
    """
    pairs = ((solid(name, part, "g"), solid(name, part, "t")) for part in SAME[name])
    same = " AND ".join(f"{one} = {other}" for one, other in pairs)
    if name in TOGETHER:
        return rows_of_one_side(table, given, columns, same)
    ours, theirs = (", ".join(f"{alias}.{quoted(c)}" for c in names(name)) for alias in "gt")
    return f"""
        SELECT nth, version
        FROM {given} g LEFT JOIN {table} t ON {same} AND superseded_at IS NULL
        WHERE version IS NULL OR ROW({ours}) IS DISTINCT FROM ROW({theirs})"""


def rows_of_one_side(table: str, given: str, columns: str, same: str) -> str:
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


def solid(name: str, part: str, alias: str) -> str:
    """A part of a key in which unknown equals unknown, in a form that joins can be made by."""
    column = RECORDS[name].c[part]
    if not column.nullable:
        return f"{alias}.{quoted(part)}"
    blank = "date '-infinity'" if isinstance(column.type, sa.Date) else "''"
    return f"coalesce({alias}.{quoted(part)}, {blank})"


async def refuse_foreign(
    connection: AsyncConnection, name: str, who: Caller, changed: sa.ColumnElement[bool]
) -> None:
    scope = Scope(who.region)
    if scope == EVERYTHING:
        return
    rows = RECORDS[name].c
    ours = sa.func.coalesce(within(name, scope), sa.false())
    key = sa.select(*(rows[part] for part in SAME[name])).where(changed, ~ours).limit(SHOWN)
    found = [" ".join(str(part) for part in row) for row in await connection.execute(key)]
    if found:
        raise OutsideRegion(
            f"{TITLES[name]} {'、'.join(found)} 不属于 {who.region}",
            f"Not of {who.region}: {name} {', '.join(found)}.",
        )


def names(name: str) -> list[str]:
    return [column.name for column in COLUMNS[name]]


def quoted(column: str) -> str:
    return f'"{column}"'  # «on» and «group» are words of SQL


async def lines(table: pa.Table, name: str) -> AsyncIterator[bytes]:
    """The rows of a table as CSV for COPY, numbered as they stand in the ledger."""
    for first in range(0, table.num_rows, BATCH):
        rows = table.slice(first, BATCH)
        texts = {c.name: printable(rows[c.name], c.kind) for c in COLUMNS[name]}
        numbers = pa.array(range(first, first + rows.num_rows))
        sink = io.BytesIO()
        csv.write_csv(pa.table({"nth": numbers, **texts}), sink, NO_HEADER)
        yield sink.getvalue()


def printable(values: pa.ChunkedArray, kind: Kind) -> pa.ChunkedArray | pa.Array:
    """Lists have no form in CSV; the database reads its own, `{"a","b"}`."""
    if kind is not Kind.words:
        return values
    return pa.array(["{" + ",".join(map(literal, words)) + "}" for words in values.to_pylist()])


def literal(word: str) -> str:
    return '"' + ESCAPED.sub(r"\\\g<0>", word) + '"'
