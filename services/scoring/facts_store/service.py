"""The facts of runs, stored once under their digest as Parquet, and loaded as they were."""

import asyncio

import pyarrow as pa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.execution.facts_storage import from_parquet, to_parquet
from services.scoring.tables import UsedFacts
from shared.facts.tables import FACT_KINDS, Facts


async def store_facts(session: AsyncSession, facts_digest: str, facts: Facts) -> None:
    """Store facts unless they are there: runs of many days share them."""
    stored = select(UsedFacts.digest).where(col(UsedFacts.digest) == facts_digest).limit(1)
    if (await session.exec(stored)).first():
        return
    for name, table in facts.present.items():
        parquet = await asyncio.to_thread(to_parquet, table)
        row = {"digest": facts_digest, "table_name": name, "parquet": parquet}
        await session.exec(insert(UsedFacts).values(row).on_conflict_do_nothing())


async def load_facts(session: AsyncSession, facts_digest: str) -> Facts:
    """Load the facts of a run as they were."""
    return Facts({name: await load_facts_table(session, facts_digest, name) for name in FACT_KINDS})


async def load_facts_table(session: AsyncSession, facts_digest: str, name: str) -> pa.Table:
    """Load one table; an optional one that was empty was not stored."""
    query = select(UsedFacts.parquet).where(
        col(UsedFacts.digest) == facts_digest, col(UsedFacts.table_name) == name
    )
    result = await session.exec(query)
    parquet = result.one_or_none() if FACT_KINDS[name].optional else result.one()
    if parquet is None:
        return Facts.from_columns({}).tables[name]
    return await asyncio.to_thread(from_parquet, name, parquet)
