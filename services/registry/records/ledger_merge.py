"""Merge of a ledger into the records: new rows are added, differing ones supersede, the rest stays.

A record that a ledger leaves out stays, and so does what a column holds that it lacks. The same
ledger again changes nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.ledger_changes import TableChange, describe_change
from services.registry.records.ledger_comparison import Comparison, compare_table
from services.registry.records.ledger_csv import stream_derived_csv
from services.registry.records.ledger_voids import refuse_dangling_rows, refuse_units_gone
from services.registry.records.statements import quote_column
from services.registry.records.visibility import Scope, scope_condition
from services.registry.tables import RECORD_TABLES, SCHEMA, derived_columns
from shared.database.sessions import begin_driver_transaction
from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_KINDS
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
    supersede is not of the caller's region, ReferenceGone when one refers to what was voided.
    """
    changes = {}
    for name in part.tables:
        changes[name] = await merge_table(session, name, part, office, who, why, at)
        if on_table_merged:
            await on_table_merged(name, part.facts.tables[name].num_rows)
    await refuse_units_gone(session, part, office, at)
    return {name: change for name, change in changes.items() if change.is_any}


async def preview_merge(
    session: AsyncSession, part: LedgerPart, office: str
) -> Mapping[str, TableChange]:
    """Compute the changes of a merge into the current records of an office; regions are ignored."""
    connection, changes = await session.connection(), {}
    for name in part.tables:
        compared = await compare_table(session, name, part, office)
        changes[name] = await describe_change(connection, compared, part)
        await compared.drop(connection)
    return {name: change for name, change in changes.items() if change.is_any}


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
    compared = await compare_table(session, name, part, office)
    change = await describe_change(connection, compared, part)
    derived, joined = await derive_differing(session, compared, part)
    changes = f"changed_{name}"
    await connection.execute(sa.text(f"CREATE TEMP TABLE {changes} (version bigint)"))

    await connection.execute(
        sa.text(f"""
            WITH gone AS (
                UPDATE {compared.table} t SET superseded_at = :at FROM {compared.differing} d
                WHERE t.version = d.version RETURNING t.version
            ) INSERT INTO {changes} SELECT version FROM gone"""),
        {"at": at},
    )
    await connection.execute(
        sa.text(f"""
            WITH added AS (
                INSERT INTO {compared.table}
                    (office, {compared.columns}{derived},
                        recorded_at, recorded_by, recorded_for, why)
                SELECT :office, {compared.columns}{derived}, :at, :who, :region, :why
                FROM {compared.ledger} JOIN {compared.differing} USING (nth) {joined}
                ORDER BY nth RETURNING version
            ) INSERT INTO {changes} SELECT version FROM added"""),
        {"office": office, "at": at, "who": who.name, "region": who.region, "why": why},
    )
    await refuse_dangling_rows(connection, name, office, at)
    own = sa.select(sa.table(changes, sa.column("version")).c.version)
    await refuse_foreign_rows(connection, name, who, rows.c.version.in_(own))
    await compared.drop(connection)
    await connection.execute(sa.text(f"DROP TABLE IF EXISTS {changes}, {derived_table(name)}"))
    if change.added > ANALYZE_MIN_ROWS:
        # Only the owner of a table may; the function is the owner's.
        await connection.execute(sa.select(sa.func.registry.analyze_table(name)))
    return change


async def derive_differing(
    session: AsyncSession, compared: Comparison, part: LedgerPart
) -> tuple[str, str]:
    """Derive from the rows to add what no ledger has, into a temporary table.

    Return its columns, each after a comma, and the join that brings them, as SQL; both are blank
    where nothing is derived.
    """
    name = compared.name
    kind, table = FACT_KINDS[name], derived_table(name)
    columns = "".join(f", {column}" for column in derived_columns(kind))
    if not columns:
        return "", ""
    driver = await begin_driver_transaction(session)
    made = f"SELECT 0 nth{columns} FROM {SCHEMA}.{name} WITH NO DATA"
    await driver.execute(f"CREATE TEMP TABLE {table} AS {made}")
    added = f"SELECT nth FROM {compared.differing} WHERE nth IS NOT NULL ORDER BY nth"
    numbers = [nth for (nth,) in await driver.fetch(added)]
    if set(kind.searched).isdisjoint(part.absent(name)):
        facts = part.facts.tables[name].select(kind.searched).take(pa.array(numbers, pa.int64()))
    else:  # what the file lacks is in the records
        searched = ", ".join(map(quote_column, kind.searched))
        found = await driver.fetch(
            f"SELECT {searched} FROM {compared.ledger} JOIN {compared.differing} USING (nth)"
            " ORDER BY nth"
        )
        facts = pa.Table.from_pylist([dict(row) for row in found])
    source = stream_derived_csv(kind, facts, numbers)
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
