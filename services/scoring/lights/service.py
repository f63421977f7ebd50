"""Lights of several days, which are not stored, and the stored judgements of offices."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import literal
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.engine.lights.office_judgements import (
    OVERALL,
    Judgement,
    JudgementMistake,
    judged_colours,
)
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import lights_by_day
from services.scoring.lights.schemas import JudgedLight, JudgedRead, JudgementAsk
from services.scoring.registry_client import RegistryClient
from services.scoring.scheme_library import service as scheme_library
from services.scoring.tables import Audit, JudgedColour
from services.scoring.wire_types import light_document_with_unit
from shared.database.audit import write_audit_row
from shared.database.sessions import Sessions
from shared.facts.projects import Project
from shared.facts.tables import Facts
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.problems import NotFound

L = TypeVar("L", bound=JudgedLight)

# --- lights of days ------------------------------------------------------------------------------


@dataclass(frozen=True)
class LightsQuery:
    """A query of lights; without `axis` the colour is the overall one."""

    as_of_days: Sequence[date]
    scheme: str
    known_at: datetime | None
    region: str | None
    axis: str | None
    colour: str | None


async def lights_of_days(
    sessions: Sessions, registry: RegistryClient, query: LightsQuery, who: Caller
) -> dict[str, Any]:
    """The lights of several days over the facts of one moment, by which letters are decided."""
    region = visibility.resolve_region(query.region, who)
    known = await registry.facts_known(query.known_at, region)
    async with sessions.begin() as session:
        resolved = await scheme_library.resolve_scheme(session, query.scheme, region)
        judgements = await load_region_judgements(session, region)
    scheme, preset = resolved.scheme, resolved.preset

    items = await asyncio.to_thread(matching_lights, known.facts, scheme, preset, query, judgements)
    return {
        "scheme": scheme.id,
        "lights_preset": preset.id,
        "known_at": known.known_at,
        "items": items,
    }


def matching_lights(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    query: LightsQuery,
    judgements: Sequence[Judgement],
) -> list[dict[str, Any]]:
    """The lights with the colour of the query, each with its judgements if there are any."""
    items = []
    for as_of, lights in lights_by_day(facts, scheme, preset, sorted(set(query.as_of_days))):
        judged_by_project = judged_colours(lights, judgements, as_of)
        for light in lights:
            colour = light.axes.get(query.axis) if query.axis else light.overall
            if query.colour in (None, colour):
                judged = judged_by_project.get(light.project_id)
                extra = {"judged": judged} if judged else {}
                items.append({"as_of": as_of, **light_document_with_unit(light), **extra})
    return items


# --- judged colours ------------------------------------------------------------------------------


async def store_judgement(
    session: AsyncSession,
    registry: RegistryClient,
    request: JudgementAsk,
    who: Caller,
    *,
    now: datetime,
    today: date,
) -> JudgedColour:
    """Set a colour, or withdraw it. Raises NotFound, JudgementMistake."""
    region = visibility.resolve_region(request.region, who)
    known = await registry.facts_known(None, region, tables=["projects"])
    project = next(
        (p for p in known.facts.rows(Project) if p.project_id == request.project_id), None
    )
    resolved = await scheme_library.resolve_scheme(session, request.scheme, region)

    if project is None:
        raise NotFound(
            f"没有项目 {request.project_id}", f"There is no project {request.project_id}."
        )
    axes = [OVERALL, *(axis.id for axis in resolved.preset.project_axes)]
    if request.axis not in axes:
        raise JudgementMistake(
            f"没有 {request.axis} 轴，可用：{'、'.join(axes)}",
            f"There is no axis {request.axis}; there are {', '.join(axes)}.",
        )
    row = JudgedColour(
        region=project.region_code or region,
        project_id=project.project_id,
        unit_id=project.unit_id,
        axis=request.axis,
        colour=request.colour,
        reason=request.reason.strip(),
        judged_on=request.judged_on or today,
        judged_by=who.name,
        judged_at=now,
    )
    build_judgement(row)  # raises JudgementMistake for what is missing

    session.add(row)
    await session.flush()
    subject, after = f"judgements/{row.project_id}/{row.axis}", {"colour": row.colour}
    after |= {"judged_on": row.judged_on.isoformat(), "reason": row.reason}
    await write_audit_row(
        session, Audit, "light.judged", subject, row.region, who, now, after=after
    )
    return row


def build_judgement(row: JudgedColour) -> Judgement:
    """Raises JudgementMistake where the reason is missing."""
    return Judgement(
        row.project_id,
        row.axis,
        cast(Any, row.colour),
        row.reason,
        row.judged_by,
        row.judged_on,
    )


async def list_judgements(
    session: AsyncSession,
    who: Caller,
    paging: Paging,
    *,
    region: str | None,
    unit_id: str | None,
    project_id: str | None,
) -> Sequence[JudgedColour]:
    """List judgements in order of entering; a caller confined to a unit sees that unit's."""
    region, unit_id = visibility.resolve_region(region, who), visibility.resolve_unit(unit_id, who)
    query = select(JudgedColour).where(col(JudgedColour.region).startswith(region))
    for column, value in ((JudgedColour.unit_id, unit_id), (JudgedColour.project_id, project_id)):
        if value is not None:
            query = query.where(col(column) == value)
    query = query.where(col(JudgedColour.id) > paging.after).order_by(col(JudgedColour.id))
    return (await session.exec(query.limit(paging.limit + 1))).all()


async def load_region_judgements(session: AsyncSession, region: str) -> list[Judgement]:
    """Load the judgements of regions within or around one, in order of entering."""
    column = col(JudgedColour.region)
    related = or_(column.startswith(region), literal(region).startswith(column))
    rows = await session.exec(select(JudgedColour).where(related).order_by(col(JudgedColour.id)))
    return [*map(build_judgement, rows)]


async def load_project_judgements(
    session: AsyncSession, project_ids: Iterable[str]
) -> list[Judgement]:
    """Load the judgements of some projects, in order of entering."""
    query = select(JudgedColour).where(col(JudgedColour.project_id).in_([*project_ids]))
    return [*map(build_judgement, await session.exec(query.order_by(col(JudgedColour.id))))]


def attach_judgements(lights: Sequence[L], judgements: Sequence[Judgement], as_of: date) -> list[L]:
    """The lights, with the judgements in force next to the computed colours."""
    judged_by_project = judged_colours(lights, judgements, as_of)
    return [
        light.model_copy(
            update={
                "judged": {
                    axis: JudgedRead.model_validate(judged)
                    for axis, judged in judged_by_project[light.project_id].items()
                }
            }
        )
        if light.project_id in judged_by_project
        else light
        for light in lights
    ]
