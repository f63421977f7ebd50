"""The wall of a run: its lights with names and words, in groups. What is new is judged colours."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.captions.lights import caption_axes
from services.scoring.engine.lights.office_judgements import Judgement
from services.scoring.engine.overview.portfolio import (
    OVERLAPPING,
    PROJECT_COLUMNS,
    Grouping,
    build_line_selector,
)
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.facts_store import service as facts_store
from services.scoring.lights import service as lights_service
from services.scoring.runs import queries as runs
from services.scoring.runs.schemas import RunRead
from services.scoring.tables import RunLight
from services.scoring.visibility import RunReader
from services.scoring.walls import rules
from services.scoring.walls.schemas import WallProject, WallRead
from shared.http.questions import Question
from shared.reference import region_names


@dataclass(frozen=True)
class WallParts:
    """What a wall is made of: a run, its rules, its lights, the projects and units of its facts."""

    run: RunRead
    scheme: Scheme
    preset: Lights
    lights: Sequence[dict[str, Any]]
    projects: pa.Table
    units: pa.Table
    judgements: Sequence[Judgement]


async def hang_wall(session: AsyncSession, run_id: int, who: RunReader, by: Grouping) -> WallRead:
    """The wall of a run; a caller confined to a unit sees that unit's projects on it."""
    run = await runs.load_visible_run(session, run_id, who)
    scheme, preset = await runs.load_run_scheme(session, run)
    parts = WallParts(
        run,
        scheme,
        preset,
        await load_lights(session, run_id, visibility.resolve_unit(None, who, run.office)),
        await facts_store.load_facts_table(session, run.facts_digest, "projects"),
        await facts_store.load_facts_table(session, run.facts_digest, "units"),
        await lights_service.load_question_judgements(session, Question(run.office, run.region)),
    )
    return await asyncio.to_thread(build_wall, parts, by)


async def load_lights(
    session: AsyncSession, run_id: int, unit_id: str | None
) -> list[dict[str, Any]]:
    """Load the lights of a run, of one unit's projects or of all."""
    query = select(RunLight.project_id, RunLight.light).where(col(RunLight.run_id) == run_id)
    if unit_id is not None:
        query = query.where(col(RunLight.unit_id) == unit_id)
    rows = await session.exec(query.order_by(col(RunLight.number)))
    return [{"project_id": project_id, **light} for project_id, light in rows]


def build_wall(parts: WallParts, by: Grouping) -> WallRead:
    """Name the projects, say why their lights are as they are, hang them in groups."""
    run, preset = parts.run, parts.preset
    units = dict(zip(*columns(parts.units, "unit_id", "name"), strict=True))
    names = dict(zip(*columns(parts.projects, "project_id", "name"), strict=True))
    tiles = rules.order_tiles(
        rules.build_tile(
            light,
            preset,
            names.get(light["project_id"]),
            units.get(light["unit_id"]),
        )
        for light in parts.lights
    )
    lines = group_projects(parts.projects, by)
    count = partial(count_tiles, preset=preset)
    by_units = by in (Grouping.unit, Grouping.competent_unit)
    group_names = units if by_units else region_names()
    read = [WallProject.model_validate(tile) for tile in tiles]
    return WallRead.model_validate(
        {
            "run_id": run.id,
            "as_of": run.as_of,
            "known_at": run.known_at,
            "scheme": run.scheme_id,
            "scheme_name": parts.scheme.zh,
            "lights_preset": preset.id,
            "lights_name": preset.zh,
            "by": by,
            "overlapping": by in OVERLAPPING,
            "axes": caption_axes(preset, parts.scheme),
            "totals": count(tiles),
            "groups": rules.hang_tiles(tiles, by, lines.__getitem__, group_names, count),
            "projects": lights_service.attach_judgements(read, parts.judgements, run.as_of),
        }
    )


def count_tiles(tiles: Sequence[Mapping[str, Any]], preset: Lights) -> dict[str, Any]:
    """Numbers of tiles by their overall light, and by their light on each axis."""
    overall = Counter(tile["overall"] for tile in tiles)
    axes = Counter(axis for tile in tiles for axis in tile["axes"].items())
    return lights_service.light_totals(len(tiles), overall, axes, preset)


def group_projects(projects: pa.Table, by: Grouping) -> Mapping[str, Sequence[str]]:
    """The groups of each project."""
    select_lines = build_line_selector(by)
    rows = projects.select(["project_id", *PROJECT_COLUMNS]).to_pylist()
    return {row["project_id"]: select_lines(row) for row in rows}


def columns(table: pa.Table, *names: str) -> list[list[Any]]:
    return [table[name].to_pylist() for name in names]
