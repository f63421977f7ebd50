"""Comparison of a ledger with the records: its rows in a temporary table, and those that differ.

The database compares, set by set, not row by row. Where the file lacks a column, its rows have what
is stored in it; rows that are new have nothing.
"""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.key_equality import same_key_sql
from services.registry.records.ledger_csv import stream_csv
from services.registry.records.ledger_voids import leave_void_rows
from services.registry.records.statements import quote_column
from services.registry.tables import SCHEMA
from shared.database.sessions import begin_driver_transaction
from shared.facts.columns import Column, ColumnType
from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS


@dataclass(frozen=True)
class Comparison:
    """Temporary tables of one table of a ledger, to be dropped.

    `ledger` has its rows (`nth` from 0, then the columns), `differing` those to add (`nth`) and the
    records to supersede (`version`); either may be NULL. `columns` are the columns as SQL.
    `left_void` are the rows of the ledger that are equal to a void record, and not to add.
    """

    name: str
    table: str
    ledger: str
    differing: str
    columns: str
    left_void: tuple[int, ...] = ()

    async def drop(self, connection: AsyncConnection) -> None:
        await connection.execute(sa.text(f"DROP TABLE {self.ledger}, {self.differing}"))


async def compare_table(
    session: AsyncSession, name: str, part: LedgerPart, office: str
) -> Comparison:
    """Put the ledger's rows, and those that differ, into temporary tables."""
    connection, driver = await session.connection(), await begin_driver_transaction(session)
    # Each table has names of its own: the driver caches the columns of a name.
    columns = ", ".join(map(quote_column, column_names(name)))
    made = Comparison(name, f"{SCHEMA}.{name}", f"ledger_{name}", f"differing_{name}", columns)

    await connection.execute(
        sa.text(
            f"CREATE TEMP TABLE {made.ledger} AS"
            f" SELECT 0 nth, {columns} FROM {made.table} WITH NO DATA"
        )
    )
    # Not analyzed: that takes as long as the comparison, which the table's size alone plans well.
    await driver.copy_to_table(
        made.ledger, source=stream_csv(part.facts.tables[name], name), format="csv"
    )
    of_office: sa.BindParameter[str] = sa.bindparam("office", office, literal_execute=True)
    absent = part.absent(name)
    if absent and FACT_KINDS[name].key:
        await connection.execute(sa.text(keep_query(made, absent)).bindparams(of_office))
    compare = sa.text(f"CREATE TEMP TABLE {made.differing} AS {comparison_query(made)}")
    await connection.execute(compare.bindparams(of_office))
    left = await leave_void_rows(
        connection, name, made.ledger, made.differing, part.absent(name), office
    )
    return replace(made, left_void=left)


def keep_query(made: Comparison, absent: tuple[str, ...]) -> str:
    """Statement that gives rows what is stored in the columns that the file lacks."""
    kept = ", ".join(
        f"{quote_column(c.name)} = coalesce({said_sql(c)}, t.{quote_column(c.name)})"
        for c in FACT_COLUMNS[made.name]
        if c.name in absent
    )
    same = same_key_sql(made.name, "g", "t")
    return f"""
        UPDATE {made.ledger} g SET {kept}
        FROM {made.table} t WHERE t.office = :office AND {same} AND t.superseded_at IS NULL"""


def said_sql(column: Column) -> str:
    """What a row says in a column that the file lacks: words of another column, or nothing."""
    name = f"g.{quote_column(column.name)}"
    return f"nullif({name}, '{{}}')" if column.kind is ColumnType.words else name


def comparison_query(made: Comparison) -> str:
    """Query of rows to add (`nth` of the ledger) and to supersede (`version`); either may be NULL.

    It compares with the records of `:office`. Rows are compared whole, and NULL equals NULL.
    """
    same_key = same_key_sql(made.name, "g", "t")
    if not FACT_KINDS[made.name].key:
        return unmatched_rows_query(made, same_key)
    ours, theirs = (
        ", ".join(f"{alias}.{quote_column(c)}" for c in column_names(made.name)) for alias in "gt"
    )
    return f"""
        SELECT nth, version
        FROM {made.ledger} g LEFT JOIN {made.table} t
            ON t.office = :office AND {same_key} AND superseded_at IS NULL
        WHERE version IS NULL OR ROW({ours}) IS DISTINCT FROM ROW({theirs})"""


def unmatched_rows_query(made: Comparison, same_key: str) -> str:
    """`comparison_query` where several rows share a key: rows of only the ledger or the records.

    Equal rows are numbered, as two equal payments are two.
    """
    return f"""
        WITH ledger AS (
            SELECT nth, ROW({made.columns}) AS fact,
                row_number() OVER (PARTITION BY {made.columns} ORDER BY nth) AS copy
            FROM {made.ledger}
        ), kept AS (
            SELECT version, ROW({made.columns}) AS fact,
                row_number() OVER (PARTITION BY {made.columns} ORDER BY version) AS copy
            FROM {made.table} t
            WHERE office = :office AND superseded_at IS NULL
                AND EXISTS (SELECT FROM {made.ledger} g WHERE {same_key})
        )
        SELECT nth, version FROM ledger FULL JOIN kept USING (fact, copy)
        WHERE nth IS NULL OR version IS NULL"""


def column_names(name: str) -> list[str]:
    return [column.name for column in FACT_COLUMNS[name]]
