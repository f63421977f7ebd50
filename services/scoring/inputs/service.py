"""Keep what runs are computed from, and bring it back as it was."""

import asyncio

import pyarrow as pa
from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.engine.presets import Lights
from services.scoring.engine.scheme import Scheme
from services.scoring.execution.keeping import from_parquet, to_parquet
from services.scoring.inputs.schemas import SchemeRead
from services.scoring.schemes.reading import built_in_schemes, lights_of
from services.scoring.tables import UsedFacts, UsedScheme
from shared.facts import TABLES, Facts
from shared.problems import Conflict, NotFound


class SchemeChanged(Conflict):
    """方案的内容变了，版本号没有变

    The scheme's text has changed, but its version has not.
    """


def list_schemes() -> list[SchemeRead]:
    """The built-in schemes; an office's own are not kept here yet."""
    return [
        SchemeRead(
            **scheme.model_dump(include={"id", "version", "zh", "source", "notes", "lights"}),
            document=scheme.model_dump(mode="json"),
        )
        for scheme in built_in_schemes().values()
    ]


def scheme_named(name: str) -> tuple[Scheme, Lights]:
    scheme = built_in_schemes().get(name)
    if scheme is None:
        raise NotFound(f"没有方案 {name}", f"There is no scheme {name}.")
    return scheme, lights_of(scheme)


async def keep_scheme(session: AsyncSession, scheme: Scheme, preset: Lights) -> None:
    """A version is kept at its first use, and never another text under the same version."""
    used = {
        "id": scheme.id,
        "version": scheme.version,
        "document": scheme.model_dump(mode="json"),
        "lights": preset.model_dump(mode="json"),
    }
    await session.exec(insert(UsedScheme).values(used).on_conflict_do_nothing())
    kept = await session.get_one(UsedScheme, (scheme.id, scheme.version))
    if not says(kept, scheme, preset):
        raise SchemeChanged(f"{scheme.id} 版本 {scheme.version}")


def says(kept: UsedScheme, scheme: Scheme, preset: Lights) -> bool:
    """Whether what was kept is this scheme with these lights, read as they are read today.

    Words that the vocabulary has gained since then were not in it, and mean what they mean where
    they are not written.
    """
    try:
        then = Scheme.model_validate(kept.document), Lights.model_validate(kept.lights)
    except ValidationError:
        return False
    return then == (scheme, preset)


async def keep_facts(session: AsyncSession, facts_digest: str, facts: Facts) -> None:
    """Runs of many days share their facts."""
    there = select(UsedFacts.digest).where(col(UsedFacts.digest) == facts_digest).limit(1)
    if (await session.exec(there)).first():
        return
    for name, table in facts.tables.items():
        parquet = await asyncio.to_thread(to_parquet, table)
        kept = {"digest": facts_digest, "table_name": name, "parquet": parquet}
        await session.exec(insert(UsedFacts).values(kept).on_conflict_do_nothing())


async def kept_scheme(session: AsyncSession, scheme_id: str, version: int) -> tuple[Scheme, Lights]:
    kept = await session.get_one(UsedScheme, (scheme_id, version))
    return Scheme.model_validate(kept.document), Lights.model_validate(kept.lights)


async def kept_facts(session: AsyncSession, facts_digest: str) -> Facts:
    return Facts({name: await kept_table(session, facts_digest, name) for name in TABLES})


async def kept_table(session: AsyncSession, facts_digest: str, name: str) -> pa.Table:
    query = select(UsedFacts.parquet).where(
        col(UsedFacts.digest) == facts_digest, col(UsedFacts.table_name) == name
    )
    parquet = (await session.exec(query)).one()
    return await asyncio.to_thread(from_parquet, name, parquet)
