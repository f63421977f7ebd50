"""The facts of runs, stored once under their digest as Parquet, and loaded as they were."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pyarrow as pa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.execution.facts_storage import (
    from_parquet,
    read_project_names,
    to_parquet,
)
from services.scoring.tables import UsedFacts
from shared.facts.tables import Facts

NO_FACTS = Facts.from_columns({})


async def store_facts(session: AsyncSession, facts_digest: str, facts: Facts) -> None:
    """Store facts unless they are there: runs of many days share them."""
    if await load_table_names(session, facts_digest):
        return
    for name, table in facts.tables.items():
        if table.num_rows:
            parquet = await asyncio.to_thread(to_parquet, table)
            row = {"digest": facts_digest, "table_name": name, "parquet": parquet}
            await session.exec(insert(UsedFacts).values(row).on_conflict_do_nothing())


async def load_facts(session: AsyncSession, facts_digest: str) -> Facts:
    """Load the facts of a run in the order in which they came. Raises UnknownFacts.

    A table that was empty or not known then is not stored, and is empty.
    """
    tables = dict(NO_FACTS.tables)
    for name in await load_table_names(session, facts_digest):
        tables[name] = await load_facts_table(session, facts_digest, name)
    return Facts(tables)


@dataclass(frozen=True)
class Names:
    """Names of units and of projects by their ids, as a run has both."""

    units: Mapping[str, str]
    projects: Mapping[str, str]


async def load_names(
    session: AsyncSession, facts_digest: str, project_ids: Collection[str] = ()
) -> Names:
    """Load the names of all units of a run, and of some of its projects."""
    units = await load_facts_table(session, facts_digest, "units")
    of_units = dict(zip(*(units[name].to_pylist() for name in ("unit_id", "name")), strict=True))
    if not project_ids:
        return Names(of_units, {})
    stored = await load_parquet(session, facts_digest, "projects")
    if stored is None:
        return Names(of_units, {})
    return Names(of_units, await asyncio.to_thread(read_project_names, stored, project_ids))


async def load_table_names(session: AsyncSession, facts_digest: str) -> list[str]:
    """Load the names of the tables that are stored under a digest."""
    query = select(UsedFacts.table_name).where(col(UsedFacts.digest) == facts_digest)
    return [*await session.exec(query)]


async def load_facts_table(session: AsyncSession, facts_digest: str, name: str) -> pa.Table:
    """Load one table. Raises UnknownFacts."""
    parquet = await load_parquet(session, facts_digest, name)
    if parquet is None:
        return NO_FACTS.tables[name]
    return await asyncio.to_thread(from_parquet, name, parquet)


async def load_parquet(session: AsyncSession, facts_digest: str, name: str) -> bytes | None:
    """Load one table as it is stored; None where it was empty or not known then."""
    query = select(UsedFacts.parquet).where(
        col(UsedFacts.digest) == facts_digest, col(UsedFacts.table_name) == name
    )
    return (await session.exec(query)).one_or_none()
