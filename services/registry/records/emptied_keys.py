"""Keys that a void or an undoing empties: writers are told, and a void is in force while one is so.

A writer decides before it has its turn. By the number of `turns.voids` it knows whether anything,
perhaps what it refers to, went meanwhile.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.registry.records.key_equality import same_key_sql
from services.registry.tables import METADATA, SCHEMA
from shared.facts.tables import FACT_KINDS

TURNS = METADATA.tables[f"{SCHEMA}.turns"]


async def tell_writers(connection: AsyncConnection, office: str) -> None:
    """Have the writers of an office that have looked already, and wait for their turn, look again.

    To be called in the office's turn by whatever takes records away.
    """
    told = sa.update(TURNS).where(TURNS.c.office == office).values(voids=TURNS.c.voids + 1)
    await connection.execute(told)


def void_in_force_sql(name: str, row: str) -> str:
    """Condition that a row of a kind is void, and nothing stands in its place.

    It was voided last of its key, the void was not taken back, and the key is empty: what was
    recorded since and is gone again by an undoing ends no void. A record without a key has no
    other in its place.
    """
    void = (
        f"EXISTS (SELECT FROM {SCHEMA}.voided_records AS kept"
        f" JOIN {SCHEMA}.voids AS void ON void.id = kept.void_id"
        f" WHERE kept.kind = '{name}' AND kept.version = {row}.version"
        f" AND void.taken_back_at IS NULL)"
    )
    if not FACT_KINDS[name].key:
        return void
    others = (
        f"FROM {SCHEMA}.{name} AS other"
        f" WHERE other.office = {row}.office AND {same_key_sql(name, 'other', row)}"
    )
    voided_later = (
        "other.superseded_at IS NOT NULL AND EXISTS (SELECT"
        f" FROM {SCHEMA}.voided_records AS later"
        f" WHERE later.kind = '{name}' AND later.version = other.version)"
    )
    return (
        f"({void} AND NOT EXISTS (SELECT {others} AND other.superseded_at IS NULL)"
        f" AND NOT EXISTS (SELECT {others} AND other.version > {row}.version AND {voided_later}))"
    )
