"""Undoing of a merged ledger: what it added goes, what it superseded is recorded again as it was.

The rows of a merge have its reason, and its moment as theirs or as that of their end: no other
write of the office has this moment. A row that an undoing recorded again keeps its reason, so that
merges can be undone one after another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.emptied_keys import tell_writers
from services.registry.records.key_equality import same_key_sql
from services.registry.records.ledger_changes import key_sql
from services.registry.records.ledger_comparison import column_names
from services.registry.records.ledger_merge import ANALYZE_MIN_ROWS
from services.registry.records.statements import quote_column
from services.registry.records.units_above import QUALIFIED, hold_alone, hold_units, unit_columns
from services.registry.tables import RECORD_TABLES, SCHEMA
from shared.database.sessions import get_driver_connection
from shared.facts.belonging import UNITS
from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS

MAX_USES = 20  # that are told; all are counted
CURRENT = "superseded_at IS NULL"
ANEW = ("version", "recorded_at", "superseded_at")  # columns that a row recorded again has anew


@dataclass(frozen=True)
class MergeMark:
    """By what the rows of a merge are known: its office, its reason, its moment, its tables.

    `undoings` are the later moments at which other merges of the office were undone.
    """

    office: str
    why: str
    at: datetime
    tables: tuple[str, ...]
    undoings: tuple[datetime, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """Parameters of the statements here."""
        moments = [self.at, *self.undoings]
        return {"office": self.office, "why": self.why, "merged": self.at, "moments": moments}


@dataclass(frozen=True)
class Use:
    """A record by which a merge cannot be undone.

    `reason` is `corrected` where the merge's own row was corrected or withdrawn, `referred` where
    the record refers to what would go, `missing` where what it would refer to again is gone.
    """

    kind: str
    key: list[str | None]
    reason: str
    recorded_by: str | None
    recorded_at: datetime | None


@dataclass(frozen=True)
class Uses:
    """The first of the records by which a merge cannot be undone, and the number of all."""

    count: int
    first: list[Use]


@dataclass(frozen=True)
class UndoneRows:
    """Rows of a table that an undoing takes back, and those that it records again."""

    superseded: int
    added: int


async def count_undone_rows(
    connection: AsyncConnection, mark: MergeMark
) -> Mapping[str, UndoneRows]:
    """Count what an undoing would do, by table."""
    counted = {}
    for name in mark.tables:
        query = f"SELECT ({count_sql(own_sql(name))}), ({count_sql(replaced_sql(name))})"
        gone, back = (await connection.execute(sa.text(query), mark.values)).one()
        counted[name] = UndoneRows(gone, back)
    return counted


async def hold_units_of_merge(session: AsyncSession, mark: MergeMark) -> None:
    """Hold the units that would go, and those of offices above that would be named again."""
    connection, unit = await session.connection(), RECORD_TABLES[UNITS].c
    moments = [mark.at, *mark.undoings]
    own = (unit.office == mark.office, unit.why == mark.why, unit.recorded_at.in_(moments))
    if UNITS in mark.tables:
        await hold_alone(connection, sa.and_(*own))
    again = set[str]()
    for name in mark.tables:
        for column in unit_columns(name):
            query = f"SELECT DISTINCT {column} FROM ({replaced_sql(name)}) t"
            query += f" WHERE {column} ~ '{QUALIFIED}'"
            again |= set(await connection.scalars(sa.text(query), mark.values))
    await hold_units(await get_driver_connection(session), again)


async def find_uses(connection: AsyncConnection, mark: MergeMark) -> Uses:
    """Find the records by which a merge cannot be undone; of one that can there are none."""
    total, first = 0, list[Use]()
    for kind, reason, query in use_queries(mark):
        counted = sa.text(f"{query} LIMIT {MAX_USES}")
        rows = (await connection.execute(counted, mark.values)).all()
        if rows:
            total += rows[0].total
            first += [Use(kind, row.key, reason, row.recorded_by, row.recorded_at) for row in rows]
    return Uses(total, first[:MAX_USES])


async def undo_merge(
    connection: AsyncConnection, mark: MergeMark, at: datetime
) -> Mapping[str, UndoneRows]:
    """Undo a merge for which `find_uses` finds none; `at` is the moment of `begin_write`."""
    undone = {}
    await tell_writers(connection, mark.office)
    for name in mark.tables:
        values = {**mark.values, "at": at}
        gone = await connection.execute(
            sa.text(f"UPDATE {SCHEMA}.{name} t SET superseded_at = :at WHERE {own_condition()}"),
            values,
        )
        kept = ", ".join(quote_column(c.name) for c in RECORD_TABLES[name].c if c.name not in ANEW)
        back = await connection.execute(
            sa.text(
                f"INSERT INTO {SCHEMA}.{name} ({kept}, recorded_at)"
                f" SELECT {kept}, :at FROM ({replaced_sql(name)}) t ORDER BY version"
            ),
            values,
        )
        undone[name] = UndoneRows(gone.rowcount, back.rowcount)
        if back.rowcount > ANALYZE_MIN_ROWS:
            await connection.execute(sa.select(sa.func.registry.analyze_table(name)))
    return undone


# --- rows of a merge -----------------------------------------------------------------------------


def own_condition() -> str:
    """Condition of the current rows of a merge: its own, and those recorded again as its own."""
    return (
        "t.office = :office AND t.why = :why"
        f" AND t.recorded_at = ANY(CAST(:moments AS timestamptz[])) AND t.{CURRENT}"
    )


def own_sql(name: str) -> str:
    return f"SELECT t.* FROM {SCHEMA}.{name} t WHERE {own_condition()}"


def replaced_sql(name: str) -> str:
    """The rows that a merge superseded."""
    own = "t.office = :office AND t.superseded_at = :merged"
    return f"SELECT t.* FROM {SCHEMA}.{name} t WHERE {own}"


def added_sql(name: str) -> str:
    """The rows that a merge added, whatever has become of them."""
    own = "t.office = :office AND t.why = :why AND t.recorded_at = :merged"
    return f"SELECT t.* FROM {SCHEMA}.{name} t WHERE {own}"


def count_sql(rows: str) -> str:
    return f"SELECT count(*) FROM ({rows}) rows"


# --- what stands against it ----------------------------------------------------------------------


def use_queries(mark: MergeMark) -> Iterator[tuple[str, str, str]]:
    """Yield kind, reason and query of what stands against an undoing; each row has the `total`."""
    for name in mark.tables:
        yield name, "corrected", corrected_query(name)
    for name in FACT_KINDS:
        for column in (column for column in FACT_COLUMNS[name] if column.refers):
            if column.refers in mark.tables:
                yield name, "referred", referring_query(name, column, mark)
            if name in mark.tables:
                yield name, "missing", missing_query(name, column, mark)


def corrected_query(name: str) -> str:
    """Query of the rows that a merge added and that are no longer there as it added them.

    Rows are compared whole; with a key there may be a current row in the place of the one gone.
    """
    columns = ", ".join(map(quote_column, column_names(name)))
    added = f"SELECT {columns} FROM ({added_sql(name)}) added"
    joined, marks = "", "NULL::text AS recorded_by, NULL::timestamptz AS recorded_at"
    if FACT_KINDS[name].key:
        same = same_key_sql(name, "t", "later")
        joined = (
            f"LEFT JOIN {SCHEMA}.{name} later"
            f" ON later.office = :office AND {same} AND later.{CURRENT}"
        )
        marks = "later.recorded_by, later.recorded_at"
    return (
        f"SELECT {key_sql(name)} AS key, {marks}, count(*) OVER () AS total"
        f" FROM ({added} EXCEPT ALL SELECT {columns} FROM ({own_sql(name)}) own) t {joined}"
        " ORDER BY key"
    )


def referring_query(name: str, column: Column, mark: MergeMark) -> str:
    """Query of the records that lead to what would go and do not go with it.

    Those in the place of a row of the merge are told as corrected.
    """
    target = column.refers or ""
    (key,) = FACT_KINDS[target].key
    gone = f"SELECT {key} FROM ({added_sql(target)}) added"
    vanishing = f"{gone} EXCEPT SELECT {key} FROM ({replaced_sql(target)}) replaced"
    reference = f"t.{quote_column(column.name)}"
    if column.kind is ColumnType.words:
        leads = f"t.office = :office AND {reference} && ARRAY({vanishing})"
    else:
        leads = f"t.office = :office AND {reference} IN ({vanishing})"
        if target == UNITS:  # which offices below may name
            qualified = f"SELECT CAST(:office AS text) || ':' || {key} FROM ({vanishing}) vanishing"
            leads = f"({leads} OR {reference} IN ({qualified}))"
    stays = f" AND NOT ({own_condition()})" if name in mark.tables else ""
    if stays and FACT_KINDS[name].key:
        same = same_key_sql(name, "added", "t")
        stays += f" AND NOT EXISTS (SELECT FROM ({added_sql(name)}) added WHERE {same})"
    return (
        f"SELECT {key_sql(name)} AS key, t.recorded_by, t.recorded_at, count(*) OVER () AS total"
        f" FROM {SCHEMA}.{name} t WHERE t.{CURRENT} AND {leads}{stays} ORDER BY t.version"
    )


def missing_query(name: str, column: Column, mark: MergeMark) -> str:
    """Query of the rows that would be recorded again and would then lead nowhere."""
    target = column.refers or ""
    (key,) = FACT_KINDS[target].key
    there = f"SELECT {key} FROM {SCHEMA}.{target} t WHERE t.office = :office AND t.{CURRENT}"
    if target in mark.tables:
        there += f" AND NOT ({own_condition()})"
        there += f" UNION SELECT {key} FROM ({replaced_sql(target)}) replaced"
    reference = f"t.{quote_column(column.name)}"
    if column.kind is ColumnType.words:
        leads = f"NOT {reference} <@ ARRAY({there})"
    else:
        above = (
            f"SELECT FROM {SCHEMA}.{UNITS} x WHERE x.office = left({reference}, 6)"
            f" AND x.unit_id = substr({reference}, 8) AND x.{CURRENT}"
        )
        leads = (
            f"{reference} IS NOT NULL AND CASE WHEN {reference} ~ '{QUALIFIED}'"
            f" THEN NOT EXISTS ({above}) ELSE {reference} NOT IN ({there}) END"
        )
    return (
        f"SELECT {key_sql(name)} AS key, t.recorded_by, t.recorded_at, count(*) OVER () AS total"
        f" FROM ({replaced_sql(name)}) t WHERE {leads} ORDER BY t.version"
    )
