"""One record at a time: read, decide, write; with its audit row and its event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_jsonable_python
from sqlalchemy.dialects import postgresql
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records import rules
from services.registry.records.checking import checked, refused, unknown_reference
from services.registry.records.merging import OutsideRegion
from services.registry.records.reading import Row, ever, find
from services.registry.records.scope import EVERYTHING, scope_of
from services.registry.records.telling import tell
from services.registry.tables import RECORDS, SAME, SCHEMA
from shared import outbox
from shared.facts import COLUMNS
from shared.problems import NotFound
from shared.tokens import Caller, Role


@dataclass(frozen=True)
class Recorded:
    row: Row
    step: rules.Step


async def record(
    session: AsyncSession,
    name: str,
    key: Mapping[str, Any] | None,
    fact: Mapping[str, Any],
    *,
    who: Caller,
    why: str,
    expected: int | None,
    reserved: tuple[str, ...] = (),
) -> Recorded:
    """Record a fact under a key: append it, or supersede the version that the sender has seen.

    Without a key it is one more of its kind. Raises InvalidRequest, NotFound, Stale, Forbidden,
    OutsideRegion; then nothing was written.
    """
    given = checked(name, fact)
    at = await outbox.writing(session, SCHEMA)
    referred = await references(session, name, given, who)
    current = await find(session, name, key, scope_of(who)) if key else None
    if key and not current and expected and not await ever(session, name, key, scope_of(who)):
        raise NotFound("没有这条记录", "There is no such record.")

    step = rules.step(current, given, expected)
    if who.role is not Role.office:
        rules.refuse_reserved(current, given, reserved)

    if current and step is rules.Step.nothing:
        return Recorded(current, step)
    if current:
        await supersede(session, name, current["version"], at)
    row = await append(session, name, given, who, why, at)
    tell(
        session,
        f"{name}.{'corrected' if current else 'recorded'}",
        subject_of(name, row),
        who=who,
        at=at,
        region=region_of(row, referred, who),
        before=fact_of(name, current) if current else None,
        after=fact_of(name, row) | {"version": row["version"]},
    )
    return Recorded(row, step)


async def supersede(session: AsyncSession, name: str, version: int, at: datetime) -> None:
    rows = RECORDS[name]
    change = sa.update(rows).where(rows.c.version == version).values(superseded_at=at)
    await (await session.connection()).execute(change)


async def append(
    session: AsyncSession, name: str, given: Row, who: Caller, why: str, at: datetime
) -> Row:
    rows, connection = RECORDS[name], await session.connection()
    says = {"recorded_at": at, "recorded_by": who.name, "recorded_for": who.region, "why": why}
    insert = postgresql.insert(rows).values(**given, **says)
    added = await connection.execute(insert.on_conflict_do_nothing().returning(rows))
    row: Row | None = next(map(dict, added.mappings()), None)
    if row is None:  # the key is taken, and not by anything that the caller may see
        raise NotFound("没有这条记录", "There is no such record.")
    if not await ever(session, name, {"version": row["version"]}, scope_of(who)):
        raise OutsideRegion(f"{who.name} 无权写入", f"Not for {who.name} to write.")
    return row


def subject_of(name: str, row: Row) -> str:
    """`progress/P001/2022-09-30`."""
    return "/".join([name, *(str(row[part]) for part in SAME[name] if row[part] is not None)])


def fact_of(name: str, row: Row) -> dict[str, Any]:
    facts = {column.name: row[column.name] for column in COLUMNS[name]}
    found: dict[str, Any] = to_jsonable_python(facts)
    return found


def region_of(row: Row, referred: Mapping[str, Row], who: Caller) -> str:
    """Where a row belongs: to its own region, its project's, its unit's, its recorder's."""
    owner = referred.get("projects") or referred.get("units") or {}
    if "region_code" in row:
        owner = row
    return owner.get("region_code") or owner.get("recorded_for") or who.region


async def references(
    session: AsyncSession, name: str, given: Row, who: Caller
) -> Mapping[str, Row]:
    """What a record refers to, by table: a project of the sender's, units of anybody's.

    Raises InvalidRequest when a reference leads nowhere.
    """
    found: dict[str, Row] = {}
    unknown = []
    for column in COLUMNS[name]:
        value, target = given[column.name], column.refers
        if target is None or value is None:
            continue
        scope = scope_of(who) if target == "projects" else EVERYTHING
        row = await find(session, target, {SAME[target][0]: value}, scope)
        if row:
            found.setdefault(target, row)
        else:
            unknown.append(unknown_reference(name, column.name, target, value))
    if unknown:
        raise refused(unknown)
    return found
