"""Ids that an office has stored, beside those of its own sheet."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.ledger.rules import LedgerRefused
from services.registry.tables import RECORD_TABLES
from shared.facts.belonging import PROJECT_ID, PROJECTS
from shared.facts.packed_facts import LedgerPart
from shared.facts.tables import FACT_KINDS

MAX_NAMED = 100


async def find_unmentioned(session: AsyncSession, part: LedgerPart, office: str) -> dict[str, Any]:
    """Find the projects of an office that a sheet does not name; all counted, the first told."""
    mentioned = set[str]()
    for name in part.tables:
        table = part.facts.tables[name]
        if PROJECT_ID in table.column_names:
            mentioned |= {*table[PROJECT_ID].to_pylist()}
    rows = RECORD_TABLES[PROJECTS].c
    query = (
        sa.select(rows.project_id, rows.name)
        .where(rows.office == office, rows.superseded_at.is_(None))
        .order_by(rows.version)
    )
    found = await (await session.connection()).execute(query)
    left = [{"id": key, "name": name} for key, name in found if key not in mentioned]
    return {"not_mentioned": len(left), "first_not_mentioned": left[:MAX_NAMED]}


async def refuse_taken_ids(session: AsyncSession, row: Mapping[str, Any], office: str) -> None:
    """Raise LedgerRefused where an id that a sheet's new record would get was given meanwhile."""
    taken = []
    for name, ids in ((row["mapping"] or {}).get("new") or {}).items():
        rows, kind = RECORD_TABLES[name].c, FACT_KINDS[name]
        (key,) = kind.key
        query = sa.select(rows[key]).where(
            rows.office == office, rows.superseded_at.is_(None), rows[key].in_(ids)
        )
        found = await (await session.connection()).scalars(query)
        taken += [f"{kind.zh} {each}" for each in found]
    if taken:
        named = "、".join(sorted(taken)[:MAX_NAMED])
        raise LedgerRefused(
            f"检查之后别人登记了 {named}，请重新检查这张表",
            f"Recorded by others since the sheet was read: {named}. Have it read anew.",
        )
