"""Records as they are found for a void: the one that is named, and all that refers to it.

What refers to what, the columns of all kinds declare; so a new kind is found without a line here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.records.visibility import (
    Scope,
    caller_scope,
    scope_condition,
    validity_condition,
)
from services.registry.records.writes import audit_subject
from services.registry.tables import RECORD_TABLES, region_expression
from services.registry.voids.rules import FoundRecord
from shared.facts.belonging import PROJECTS, UNITS, OfRegion
from shared.facts.columns import Column, ColumnType
from shared.facts.kind import FactKind
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import Caller
from shared.offices import SEPARATOR

TEXTS = ARRAY(sa.Text())


async def find_version(
    session: AsyncSession, kind: str, version: int, who: Caller
) -> FoundRecord | None:
    """Find a current record that the caller may see, by its version."""
    rows = RECORD_TABLES[kind]
    seen = scope_condition(kind, caller_scope(who))
    found = await fetch_found(session, kind, who, rows.c.version == version, seen)
    return next(iter(found), None)


async def find_dependants(
    session: AsyncSession, record: FoundRecord, who: Caller
) -> list[FoundRecord]:
    """Find all current records that refer to one, or to one of those, whosever they are.

    In the order of a ledger, those of other offices first: by these nothing is found further.
    """
    found: dict[tuple[str, int], FoundRecord] = {}
    reached = [record]
    while reached:
        ids = group_ids(reached)
        fresh = []
        for name in FACT_KINDS:
            condition = refers_to(name, ids, record.office)
            if condition is None:
                continue
            for each in await fetch_found(session, name, who, condition):
                place = (each.kind, each.version)
                if place not in found and each != record:
                    found[place] = each
                    fresh.append(each)
        reached = [each for each in fresh if each.is_ours]
    order = {name: number for number, name in enumerate(FACT_KINDS)}
    return sorted(found.values(), key=lambda each: (each.is_ours, order[each.kind], each.version))


def group_ids(records: Iterable[FoundRecord]) -> Mapping[str, Sequence[str]]:
    """The ids by which records can be referred to, by kind."""
    ids = defaultdict[str, list[str]](list)
    for each in records:
        if each.own_id is not None:
            ids[each.kind].append(each.own_id)
    return ids


def refers_to(
    name: str, ids: Mapping[str, Sequence[str]], office: str
) -> sa.ColumnElement[bool] | None:
    """Condition for rows of a kind that name one of an office's ids; None where no column may."""
    rows = RECORD_TABLES[name].c
    named: list[sa.ColumnElement[bool]] = []
    for column in FACT_KINDS[name].columns:
        if column.refers is None or column.refers not in ids:
            continue
        plain = sa.literal([*ids[column.refers]], TEXTS)
        if column.kind is ColumnType.words:
            named.append((rows.office == office) & rows[column.name].overlap(plain))
            continue
        named.append((rows.office == office) & (rows[column.name] == sa.any_(plain)))
        if column.refers == UNITS:  # of which alone an office below may name one
            qualified = [f"{office}{SEPARATOR}{each}" for each in ids[column.refers]]
            named.append(rows[column.name] == sa.any_(sa.literal(qualified, TEXTS)))
    return sa.or_(*named) if named else None


async def fetch_found(
    session: AsyncSession, name: str, who: Caller, *where: sa.ColumnElement[bool]
) -> list[FoundRecord]:
    """Fetch the current rows of a kind under conditions, in the order of recording."""
    kind, rows = FACT_KINDS[name], RECORD_TABLES[name]
    query = (
        sa.select(
            rows.c.version,
            rows.c.office,
            find_region(kind, rows).label("region_of_it"),
            may_void(name, rows, who).label("is_ours"),
            *(rows.c[part] for part in kind.match_key),
        )
        .where(validity_condition(rows), *where)
        .order_by(rows.c.version)
    )
    found = (await (await session.connection()).execute(query)).mappings()
    return [build_found(kind, row, who) for row in found]


def build_found(kind: FactKind, row: Mapping[Any, Any], who: Caller) -> FoundRecord:
    own_id = str(row[kind.key[0]]) if len(kind.key) == 1 else None
    return FoundRecord(
        kind.name,
        row["version"],
        audit_subject(kind, row),
        row["office"],
        row["region_of_it"] or who.region,
        own_id,
        row["is_ours"],
    )


def may_void(name: str, rows: sa.Table, who: Caller) -> sa.ColumnElement[bool]:
    """Condition for what an office may void: its own rows, and of these all that it sees."""
    scope: Scope = caller_scope(who)
    own = rows.c.office == who.office
    return own if scope.covers(who.office) else own & scope_condition(name, scope)


def find_region(kind: FactKind, rows: sa.Table) -> sa.ColumnElement[Any]:
    """Region that a row belongs to: its own, else its project's, else its unit's; NULL of none."""
    if isinstance(kind.belongs, OfRegion):
        return region_expression(rows)
    leading = sorted(
        (c for c in kind.columns if c.refers and c.kind is ColumnType.text),
        key=lambda column: column.refers != PROJECTS,
    )
    return sa.func.coalesce(*(region_above(rows, column) for column in leading), sa.null())


def region_above(rows: sa.Table, column: Column) -> sa.ColumnElement[Any]:
    """Region of what a column of a row names."""
    target = RECORD_TABLES[column.refers or ""].alias(f"above_{column.name}")
    kind = FACT_KINDS[column.refers or ""]
    region = region_expression(target) if isinstance(kind.belongs, OfRegion) else sa.null()
    query = sa.select(region).where(
        validity_condition(target),
        target.c.office == rows.c.office,
        target.c[kind.key[0]] == rows.c[column.name],
    )
    return query.correlate(rows).limit(1).scalar_subquery()
