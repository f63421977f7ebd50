"""Merge of a ledger into the records: new rows are added, differing ones supersede, the rest stays.

The ledger is copied into temporary tables and compared by the database, set by set, not row by
row. A record that a ledger leaves out stays. The same ledger again changes nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.ledger_csv import stream_csv, stream_derived_csv
from services.registry.records.statements import quote_column
from services.registry.records.visibility import Scope, scope_condition
from services.registry.tables import RECORD_TABLES, SCHEMA, derived_columns
from shared.database.sessions import begin_driver_transaction
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.http.tokens import Caller
from shared.problems import Forbidden

MAX_ROWS_NAMED = 20  # rows that an error names
# Called with the name of a table that is merged, and the number of its rows in the ledger.
ProgressCallback = Callable[[str, int], Awaitable[None]]
# Rows added at once from which on the database needs new statistics to plan the next merge.
ANALYZE_MIN_ROWS = 1000


class OutsideRegion(Forbidden):
    """不在本账号的辖区

    The row belongs to another region.
    """


async def merge_ledger(
    session: AsyncSession,
    part: LedgerPart,
    who: Caller,
    why: str,
    *,
    office: str,
    at: datetime,
    on_table_merged: ProgressCallback | None = None,
) -> Mapping[str, TableChange]:
    """Merge a checked ledger into the records of an office; return the changes by table.

    `at` is the moment of `outbox.begin_write`. Raises OutsideRegion when a row that it would add or
    supersede is not of the caller's region.
    """
    changes = {}
    for name in FACT_KINDS:
        if part.facts.tables[name].num_rows:
            changes[name] = await merge_table(session, name, facts, office, who, why, at)
            if on_table_merged:
                await on_table_merged(name, part.facts.tables[name].num_rows)
    return {name: change for name, change in changes.items() if change != TableChange(0, 0)}


async def preview_merge(
    session: AsyncSession, facts: Facts, office: str
) -> Mapping[str, TableChange]:
    """Compute the changes of a merge into the current records of an office; regions are ignored."""
    connection, changes = await session.connection(), {}
    for name in FACT_KINDS:
        if part.facts.tables[name].num_rows:
            _, ledger_table, differing, _ = await compare_table(session, name, facts, office)
            counts = sa.text(f"SELECT count(nth), count(version) FROM {differing}")
            changes[name] = TableChange(*(await connection.execute(counts)).one())
            await connection.execute(sa.text(f"DROP TABLE {ledger_table}, {differing}"))
    return {name: change for name, change in changes.items() if change != TableChange(0, 0)}


async def merge_table(
    session: AsyncSession,
    name: str,
    part: LedgerPart,
    office: str,
    who: Caller,
    why: str,
    at: datetime,
) -> TableChange:
    connection, rows = await session.connection(), RECORD_TABLES[name]
    table, ledger_table, differing, columns = await compare_table(session, name, facts, office)
    derived, joined = await derive_differing(session, name, facts, differing)
    changes = f"changed_{name}"
    await connection.execute(sa.text(f"CREATE TEMP TABLE {changes} (version bigint)"))

    superseded = await connection.execute(
        sa.text(f"""
            WITH gone AS (
                UPDATE {table} t SET superseded_at = :at FROM {differing} d
                WHERE t.version = d.version RETURNING t.version
            ) INSERT INTO {changes} SELECT version FROM gone"""),
        {"at": at},
    )
    added = await connection.execute(
        sa.text(f"""
            WITH added AS (
                INSERT INTO {table}
                    (office, {columns}{derived}, recorded_at, recorded_by, recorded_for, why)
                SELECT :office, {columns}{derived}, :at, :who, :region, :why
                FROM {ledger_table} JOIN {differing} USING (nth) {joined}
                ORDER BY nth RETURNING version
            ) INSERT INTO {changes} SELECT version FROM added"""),
        {"office": office, "at": at, "who": who.name, "region": who.region, "why": why},
    )
    own = sa.select(sa.table(changes, sa.column("version")).c.version)
    await refuse_foreign_rows(connection, name, who, rows.c.version.in_(own))
    made = f"{ledger_table}, {differing}, {changes}, {derived_table(name)}"
    await connection.execute(sa.text(f"DROP TABLE IF EXISTS {made}"))
    if added.rowcount > ANALYZE_MIN_ROWS:
        # Only the owner of a table may; the function is the owner's.
        await connection.execute(sa.select(sa.func.registry.analyze_table(name)))
    return TableChange(added.rowcount, superseded.rowcount)


async def derive_differing(
    session: AsyncSession, name: str, facts: Facts, differing: str
) -> tuple[str, str]:
    """Derive from the rows to add what no ledger has, into a temporary table.

    Return its columns, each after a comma, and the join that brings them, as SQL; both are blank
    where nothing is derived.
    """
    kind, table = FACT_KINDS[name], derived_table(name)
    columns = "".join(f", {column}" for column in derived_columns(kind))
    if not columns:
        return "", ""
    driver = await begin_driver_transaction(session)
    made = f"SELECT 0 nth{columns} FROM {SCHEMA}.{name} WITH NO DATA"
    await driver.execute(f"CREATE TEMP TABLE {table} AS {made}")
    added = f"SELECT nth FROM {differing} WHERE nth IS NOT NULL ORDER BY nth"
    numbers = [nth for (nth,) in await driver.fetch(added)]
    source = stream_derived_csv(kind, facts.tables[name], numbers)
    await driver.copy_to_table(table, source=source, format="csv")
    return columns, f"JOIN {table} USING (nth)"


def derived_table(name: str) -> str:
    return f"derived_{name}"


async def refuse_foreign_rows(
    connection: AsyncConnection, name: str, who: Caller, changed: sa.ColumnElement[bool]
) -> None:
    if not who.region:
        return
    scope = Scope(who.region, office=who.office)
    rows = RECORD_TABLES[name].c
    ours = sa.func.coalesce(scope_condition(name, scope), sa.false())
    key = (
        sa.select(*(rows[part] for part in FACT_KINDS[name].match_key))
        .where(changed, ~ours)
        .order_by(rows.version)
        .limit(MAX_ROWS_NAMED)
    )
    foreign = [" ".join(str(part) for part in row) for row in await connection.execute(key)]
    if foreign:
        raise OutsideRegion(
            f"{FACT_KINDS[name].zh} {'、'.join(foreign)} 不属于 {who.region}",
            f"Not of {who.region}: {name} {', '.join(foreign)}.",
        )
