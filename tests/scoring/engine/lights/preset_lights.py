"""Lights of a preset by day, for tests that are tables of dates."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.scoring.engine.lights.project_lights import ProjectLight
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.execution.run import lights_by_day
from shared.facts.tables import Facts
from tests.dates import day
from tests.scoring.engine.result_documents import LANXIAN


def lights(
    preset: Lights, facts: Facts, days: Iterable[str]
) -> dict[str, Mapping[str, ProjectLight]]:
    """Day → project → its light; the days are written as «Thursday 2022-06-30»."""
    said = {day(text): text for text in days}
    found = lights_by_day(facts, LANXIAN, preset, sorted(said), figures=True)
    return {said[on]: {light.project_id: light for light in of} for on, of in found}


def axis(
    preset: Lights, name: str, table: Mapping[str, Any], facts: Facts
) -> dict[str, str | None]:
    """The axis of P001 on every day of a table."""
    found = lights(preset, facts, table)
    return {on: of["P001"].axes[name] if "P001" in of else "no light" for on, of in found.items()}
