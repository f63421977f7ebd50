"""Voiding of records with all that refers to them, and taking it back; callers commit."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.emptied_keys import tell_writers, void_in_force_sql
from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.units_above import hold_alone, hold_units
from services.registry.records.visibility import (
    VOIDED_RECORDS,
    VOIDS,
    caller_scope,
    scope_condition,
    validity_condition,
)
from services.registry.review_tables import Void
from services.registry.tables import RECORD_TABLES, SCHEMA
from services.registry.voids.dependants import find_dependants, find_version
from services.registry.voids.rules import (
    FoundRecord,
    NotCurrent,
    VoidClosed,
    find_obstacles,
    name_records,
    refuse_obstacles,
    refuse_unseen,
)
from services.registry.voids.schemas import TakeBackForm, VoidedVersion, VoidForm, VoidPreview
from services.registry.voids.statements import restore_records, void_records
from shared.database import outbox
from shared.database.sessions import get_driver_connection
from shared.facts.belonging import UNITS
from shared.facts.columns import Column, ColumnType
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import Caller
from shared.offices import SEPARATOR, parse_id
from shared.problems import NotFound


async def preview_void(session: AsyncSession, named: VoidedVersion, who: Caller) -> VoidPreview:
    """Find what would be voided together. Raises NotFound, OutsideRegion, NotCurrent."""
    record = await require_version(session, named, who)
    dependants = await find_dependants(session, record, who)
    return VoidPreview.model_validate({**record.named, **name_records(dependants)})


async def store_void(session: AsyncSession, form: VoidForm, who: Caller) -> int:
    """Void a record and all that refers to it, in one action; return the number of the void.

    Raises NotFound, OutsideRegion, NotCurrent, NamedElsewhere, HasDependants; then nothing was.
    """
    at = await outbox.begin_write(session, SCHEMA, who.office)
    record = await require_version(session, form, who)
    if record.kind == UNITS:
        await hold_alone(await session.connection(), RECORD_TABLES[UNITS].c.version == form.version)
    dependants = await find_dependants(session, record, who)

    refuse_unseen(dependants, form.dependants)

    void = Void(
        office=record.office,
        region_code=record.region,
        subject=record.subject,
        reason=form.reason,
        voided_at=at,
        voided_by=who.name,
    )
    session.add(void)
    await session.flush()
    assert void.id is not None
    for kind, records in group_by_kind([record, *dependants]):
        await void_records(session, kind, records, void.id, who=who, reason=form.reason, at=at)
    await tell_writers(await session.connection(), who.office)
    return void.id


async def take_back(session: AsyncSession, void_id: int, form: TakeBackForm, who: Caller) -> None:
    """Write the records of a void again, all of them.

    Raises NotFound, OutsideRegion, VoidClosed, NotFree.
    """
    at = await outbox.begin_write(session, SCHEMA, who.office)
    void = await session.get(Void, void_id, populate_existing=True)
    if void is None or not void.region_code.startswith(who.region):
        raise NotFound("没有这次作废", "There is no such void.")
    if void.office != who.office:
        raise OutsideRegion(
            f"{void.office} 的数据只能查看", f"What is of {void.office} may only be read."
        )
    if void.taken_back_at is not None:
        raise VoidClosed(f"已由 {void.taken_back_by} 撤回", f"{void.taken_back_by} took it back.")
    records = await load_voided(session, void_id, who)
    taken = await find_taken(session, records)
    gone = await find_gone(session, records)

    refuse_obstacles(find_obstacles(records, taken, gone))

    for kind, each in group_by_kind(records):
        await restore_records(session, kind, each, who=who, why=form.reason, at=at)
    void.taken_back_at, void.taken_back_by = at, who.name
    void.taken_back_why = form.reason
    session.add(void)
    await session.flush()


async def require_version(session: AsyncSession, named: VoidedVersion, who: Caller) -> FoundRecord:
    """Find the record that a request names, which must be the office's own and current.

    Raises NotFound, OutsideRegion, NotCurrent.
    """
    kind = str(named.kind)
    record = await find_version(session, kind, named.version, who)
    if record is None:
        await refuse_past_version(session, kind, named.version, who)
        raise NotFound("没有这条记录", "There is no such record.")
    if not record.is_ours:
        raise OutsideRegion(
            f"{record.office} 的数据只能查看", f"What is of {record.office} may only be read."
        )
    return record


async def refuse_past_version(session: AsyncSession, kind: str, version: int, who: Caller) -> None:
    """Raise NotCurrent for a version that was, whether replaced or voided."""
    rows, key = RECORD_TABLES[kind], FACT_KINDS[kind].key
    was = rows.alias("was")
    seen = scope_condition(kind, caller_scope(who))
    connection = await session.connection()
    query = sa.select(rows.c.version).where(
        rows.c.version == version, rows.c.office == who.office, seen
    )
    if await connection.scalar(query) is None:
        return
    same = (rows.c[part].is_not_distinct_from(was.c[part]) for part in key)
    successor = sa.select(rows.c.version).where(
        was.c.version == version, rows.c.office == was.c.office, validity_condition(rows), *same
    )
    current = await connection.scalar(successor) if key else None
    now = "已经没有了" if current is None else f"现在是第 {current} 版"
    now_en = "It is gone." if current is None else f"It is at version {current} now."
    raise NotCurrent(f"这条记录{now}", now_en, current=current)


async def load_voided(session: AsyncSession, void_id: int, who: Caller) -> list[FoundRecord]:
    """Load the records of a void, in the order of a ledger, with the regions of their events."""
    query = sa.select(VOIDED_RECORDS, VOIDS.c.region_code).join(
        VOIDS, VOIDS.c.id == VOIDED_RECORDS.c.void_id
    )
    rows = await (await session.connection()).execute(
        query.where(VOIDED_RECORDS.c.void_id == void_id).order_by(VOIDED_RECORDS.c.version)
    )
    order = list(FACT_KINDS)
    found = [
        FoundRecord(
            row["kind"],
            row["version"],
            row["subject"],
            row["office"],
            row["region_code"] or who.region,
            row["subject"].partition("/")[2] if len(FACT_KINDS[row["kind"]].key) == 1 else None,
            is_ours=True,
        )
        for row in rows.mappings()
    ]
    return sorted(found, key=lambda each: order.index(each.kind))


async def find_taken(session: AsyncSession, records: Sequence[FoundRecord]) -> set[tuple[str, int]]:
    """Find the records of a void that is not taken back in whose place something else stands."""
    connection, taken = await session.connection(), set[tuple[str, int]]()
    for kind, each in group_by_kind(records):
        query = sa.text(
            f"SELECT version FROM {SCHEMA}.{kind} AS was"
            f" WHERE version = ANY(:versions) AND NOT {void_in_force_sql(kind, 'was')}"
        )
        found = await connection.scalars(query, {"versions": [one.version for one in each]})
        taken |= {(kind, version) for version in found}
    return taken


async def find_gone(session: AsyncSession, records: Sequence[FoundRecord]) -> set[tuple[str, int]]:
    """Find the voided records that name something that is not there, nor comes back with them."""
    connection, gone = await session.connection(), set[tuple[str, int]]()
    coming = {(each.kind, each.own_id) for each in records}
    for kind, each in group_by_kind(records):
        rows = RECORD_TABLES[kind]
        columns = [column for column in FACT_KINDS[kind].columns if column.refers]
        query = sa.select(rows.c.version, rows.c.office, *(rows.c[c.name] for c in columns))
        query = query.where(rows.c.version.in_([one.version for one in each]))
        found = (await connection.execute(query)).mappings().all()
        for column in columns:
            target = RECORD_TABLES[column.refers or ""]
            (key,) = FACT_KINDS[column.refers or ""].key
            named = {
                (row["version"], *parse_id(one, row["office"]))
                for row in found
                for one in list_ids(column, row[column.name])
            }
            wanted = {(office, plain) for _, office, plain in named}
            if column.refers == UNITS:
                above = {SEPARATOR.join(each) for each in wanted if each[0] != records[0].office}
                await hold_units(await get_driver_connection(session), above)
            there = sa.select(target.c.office, target.c[key]).where(
                validity_condition(target), sa.tuple_(target.c.office, target.c[key]).in_(wanted)
            )
            present = {tuple(row) for row in await connection.execute(there)} if wanted else set()
            gone |= {
                (kind, version)
                for version, office, plain in named
                if (office, plain) not in present
                and not (office == records[0].office and (column.refers, plain) in coming)
            }
    return gone


def list_ids(column: Column, value: Any) -> list[str]:
    """The ids in a column that refers to others."""
    if not value:
        return []
    return list(value) if column.kind is ColumnType.words else [value]


def group_by_kind(records: Sequence[FoundRecord]) -> list[tuple[str, list[FoundRecord]]]:
    """Records by their kinds, in the order of a ledger."""
    order = list(FACT_KINDS)
    ordered = sorted(records, key=lambda each: order.index(each.kind))
    return [(kind, list(each)) for kind, each in groupby(ordered, key=lambda each: each.kind)]
