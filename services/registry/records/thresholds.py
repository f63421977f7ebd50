"""Thresholds of plausibility that an office has set, from its settings."""

from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.tables import METADATA, SCHEMA
from shared.plausibility.thresholds import PlausibilityThresholds

SETTING = "plausibility"  # its field in the settings of an office


async def load_thresholds(session: AsyncSession, office: str) -> PlausibilityThresholds:
    """Load the thresholds in force in an office; those of an office without a setting."""
    rows = METADATA.tables[f"{SCHEMA}.office_settings"].c
    query = sa.select(rows.settings[SETTING]).where(
        rows.office == office, rows.superseded_at.is_(None)
    )
    return parse_thresholds(await session.scalar(query))


def parse_thresholds(setting: Any) -> PlausibilityThresholds:
    """Parse the setting as it is stored; None where there is none, or was none at its time."""
    return PlausibilityThresholds.model_validate(setting or {})
