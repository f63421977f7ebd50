"""Units of offices above, which alone an office may name of another: held until it has written.

Each office has a turn of its own to write, so that the turn does not keep the office of such a unit
from taking it away meanwhile. Whoever names it holds its row until the commit, shared with all
others who do, and whoever takes it away holds it alone, before looking for those who name it.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.registry.tables import RECORD_TABLES, SCHEMA
from shared.facts.belonging import UNITS
from shared.facts.columns import ColumnType
from shared.facts.tables import FACT_COLUMNS

QUALIFIED = "^[0-9]{6}:"  # the beginning of an id of another office
HOLD_SQL = f"""
    SELECT office || ':' || unit_id FROM {SCHEMA}.{UNITS}
    WHERE superseded_at IS NULL AND (office, unit_id) IN (
        SELECT left(id, 6), substr(id, 8) FROM unnest($1::text[]) AS id
    ) ORDER BY office, unit_id FOR SHARE"""


@lru_cache
def unit_columns(name: str) -> tuple[str, ...]:
    """The columns of a kind in which units of offices above may be named."""
    columns = (c for c in FACT_COLUMNS[name] if c.refers == UNITS and c.kind is ColumnType.text)
    return tuple(column.name for column in columns)


def names_above(name: str, values: Mapping[str, Any]) -> set[str]:
    """The ids of units of offices above that a row of a kind has."""
    named = {values[column] or "" for column in unit_columns(name)}
    return {each for each in named if re.match(QUALIFIED, each)}


async def hold_units(driver: Any, ids: Collection[str]) -> set[str]:
    """Hold units of offices above, in a transaction; return those that are there."""
    if not ids:
        return set()
    return {unit for (unit,) in await driver.fetch(HOLD_SQL, [*ids])}


async def hold_alone(connection: AsyncConnection, condition: sa.ColumnElement[bool]) -> None:
    """Hold current units that are to be taken away, so that nobody else names them any more."""
    rows = RECORD_TABLES[UNITS].c
    query = sa.select(rows.version).where(rows.superseded_at.is_(None), condition)
    await connection.execute(query.order_by(rows.version).with_for_update())
