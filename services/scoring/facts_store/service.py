"""The facts of runs, stored once under their digest as Parquet, and loaded as they were."""

import asyncio

import pyarrow as pa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.execution.facts_storage import from_parquet, to_parquet
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


async def load_table_names(session: AsyncSession, facts_digest: str) -> list[str]:
    """Load the names of the tables that are stored under a digest."""
    query = select(UsedFacts.table_name).where(col(UsedFacts.digest) == facts_digest)
    return [*await session.exec(query)]


async def load_facts_table(session: AsyncSession, facts_digest: str, name: str) -> pa.Table:
    """Load one table. Raises UnknownFacts."""
    query = select(UsedFacts.parquet).where(
        col(UsedFacts.digest) == facts_digest, col(UsedFacts.table_name) == name
    )
    parquet = (await session.exec(query)).one_or_none()
    if parquet is None:
        return NO_FACTS.tables[name]
    return await asyncio.to_thread(from_parquet, name, parquet)
