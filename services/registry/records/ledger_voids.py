"""Voids that a ledger meets: its rows that are void stay so, and nothing may refer to these."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from pyarrow import compute
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.emptied_keys import TURNS, void_in_force_sql
from services.registry.records.statements import quote_column
from services.registry.records.units_above import QUALIFIED, hold_units, unit_columns
from services.registry.records.visibility import VOIDED_RECORDS, VOIDS
from services.registry.tables import SCHEMA
from shared.database.sessions import get_driver_connection
from shared.facts.belonging import UNITS
from shared.facts.columns import Column, ColumnType
from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS
from shared.ledger.findings import Finding, build_finding
from shared.problems import Conflict

MAX_NAMED = 10  # rows that a finding names
MAX_GONE = 20  # ids that an error names


class ReferenceGone(Conflict):
    """所引用的记录已经作废

    What the records refer to has been voided.
    """


async def has_void_records(connection: AsyncConnection, name: str, office: str) -> bool:
    """Whether an office has records of a kind that are void."""
    query = sa.select(VOIDED_RECORDS.c.version).join(VOIDS, VOIDS.c.id == VOIDED_RECORDS.c.void_id)
    query = query.where(
        VOIDED_RECORDS.c.kind == name,
        VOIDED_RECORDS.c.office == office,
        VOIDS.c.taken_back_at.is_(None),
    )
    return bool(await connection.scalar(sa.select(query.exists())))


async def leave_void_rows(
    connection: AsyncConnection,
    name: str,
    ledger: str,
    differing: str,
    absent: Sequence[str],
    office: str,
) -> tuple[int, ...]:
    """Take from the rows to add those that are equal to a void record; return their numbers.

    They are compared in the columns that the file has. Of several equal rows, as two equal
    payments are, as many are left as are void.
    """
    if not await has_void_records(connection, name, office):
        return ()
    names = [c.name for c in FACT_COLUMNS[name] if c.name not in absent]
    columns = ", ".join(map(quote_column, names))
    ours, theirs = (", ".join(f"{a}.{quote_column(c)}" for c in names) for a in "gt")
    left = sa.text(f"""
        WITH fresh AS (
            SELECT nth, ROW({ours}) AS fact,
                row_number() OVER (PARTITION BY {columns} ORDER BY nth) AS copy
            FROM {ledger} g JOIN {differing} d USING (nth) WHERE d.version IS NULL
        ), void AS (
            SELECT ROW({theirs}) AS fact,
                row_number() OVER (PARTITION BY {theirs} ORDER BY t.version) AS copy
            FROM {SCHEMA}.voided_records kept JOIN {SCHEMA}.{name} t ON t.version = kept.version
            WHERE kept.kind = '{name}' AND kept.office = :office
                AND {void_in_force_sql(name, "t")}
        )
        DELETE FROM {differing} d USING fresh JOIN void USING (fact, copy)
        WHERE d.nth = fresh.nth RETURNING d.nth""")
    numbers = (await connection.scalars(left, {"office": office})).all()
    return tuple(sorted(numbers))


async def refuse_dangling_rows(
    connection: AsyncConnection, name: str, office: str, at: datetime
) -> None:
    """Raise ReferenceGone where rows recorded at a moment refer to what is not there.

    Their ledger was checked before it was voided. Where the office never voided anything, nothing
    is looked for.
    """
    voids = sa.select(TURNS.c.voids).where(TURNS.c.office == office)
    if not await connection.scalar(voids):
        return
    for column in FACT_COLUMNS[name]:
        if not column.refers:
            continue
        query = sa.text(dangling_sql(name, column))
        refuse_gone(name, column, await connection.scalars(query, {"office": office, "at": at}))


async def refuse_units_gone(
    session: AsyncSession, part: LedgerPart, office: str, at: datetime
) -> None:
    """Raise ReferenceGone where rows recorded at a moment name units above that are not there.

    Those that are there are held until the commit. Where the ledger names none nothing is looked
    for.
    """
    connection = await session.connection()
    for name in part.tables:
        for column in FACT_COLUMNS[name]:
            if column.name not in unit_columns(name):
                continue
            values = part.facts.tables[name][column.name].unique()
            if not compute.any(compute.match_substring_regex(values, QUALIFIED)).as_py():
                continue
            query = sa.text(
                f"SELECT DISTINCT {column.name} FROM {SCHEMA}.{name} WHERE office = :office"
                f" AND recorded_at = :at AND superseded_at IS NULL AND {column.name} ~ :qualified"
            )
            asked = {"office": office, "at": at, "qualified": QUALIFIED}
            named = set(await connection.scalars(query, asked))
            there = await hold_units(await get_driver_connection(session), named)
            refuse_gone(name, column, sorted(named - there))


def refuse_gone(name: str, column: Column, ids: Iterable[str]) -> None:
    """Raise ReferenceGone for ids in a column that are not there, if any."""
    gone = [*ids][:MAX_GONE]
    if gone:
        raise ReferenceGone(
            f"{FACT_KINDS[name].zh}的{column.title} {'、'.join(gone)} 已经没有了，请重新上传台账",
            f"{name}, {column.name}: {', '.join(gone)} is gone; upload the ledger again.",
        )


def dangling_sql(name: str, column: Column) -> str:
    """Query of some ids in a column that lead to no current record."""
    target, quoted = column.refers or "", quote_column(column.name)
    (key,) = FACT_KINDS[target].key
    named = f"unnest(t.{quoted})" if column.kind is ColumnType.words else f"t.{quoted}"
    same = f"x.office = named.office AND x.{key} = named.id"
    if target == UNITS:  # of an office above it is stored qualified
        same = f"({same} OR x.office || ':' || x.{key} = named.id AND x.office = left(named.id, 6))"
    return f"""
        SELECT DISTINCT named.id FROM (
            SELECT t.office, {named} AS id FROM {SCHEMA}.{name} t
            WHERE t.office = :office AND t.recorded_at = :at AND t.superseded_at IS NULL
        ) named
        WHERE named.id IS NOT NULL AND NOT EXISTS (
            SELECT FROM {SCHEMA}.{target} x WHERE x.superseded_at IS NULL AND {same}
        ) ORDER BY 1 LIMIT {MAX_GONE}"""


# --- findings


def left_void(name: str, part: LedgerPart, indices: Sequence[int]) -> Iterator[Finding]:
    """Rows that are equal to a void record, which stays void."""
    if indices:
        numbers = [part.number(name, index) for index in indices[:MAX_NAMED]]
        named = "、".join(str(number) for number in numbers if number is not None)
        found = build_finding("left_void", name, numbers[0], rows=named)
        yield replace(found, count=len(indices))


def list_own_ids(name: str, part: LedgerPart, indices: Sequence[int]) -> set[str]:
    """The ids of some rows, by which others may refer to them."""
    key = FACT_KINDS[name].key
    if len(key) != 1 or not indices:
        return set()
    ids = part.facts.tables[name][key[0]].to_pylist()
    return {ids[index] for index in indices}


def references_to_void(
    name: str, part: LedgerPart, indices: Sequence[int], left: Mapping[str, set[str]]
) -> Iterator[Finding]:
    """Rows to add that refer to a row which stays void."""
    for column in FACT_COLUMNS[name]:
        void = left.get(column.refers or "")
        if not void:
            continue
        values = part.facts.tables[name][column.name].to_pylist()
        listed = ((i, [values[i]] if isinstance(values[i], str) else values[i]) for i in indices)
        wrong = [(i, each) for i, ids in listed for each in ids or () if each in void]
        if wrong:
            header = part.headers[name].get(column.name, column.name)
            index, value = wrong[0]
            found = build_finding("refers_to_void", name, part.number(name, index), header, value)
            yield replace(found, count=len(wrong))
