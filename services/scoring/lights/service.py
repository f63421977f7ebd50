"""The lights of some days, kept by nobody, and the colours that offices judge beside them."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import literal
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.audit_trail import store_audit_row
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
from services.scoring.tables import JudgedColour
from services.scoring.wire_types import light_document_with_unit
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
    days: Sequence[date]
    scheme: str
    known_at: datetime | None
    region: str | None
    axis: str | None
    colour: str | None


async def lights_of_days(
    sessions: Sessions, registry: RegistryClient, ask: LightsQuery, who: Caller
) -> dict[str, Any]:
    """The lights of some days over one taking of the facts: what letters are decided by."""
    region = visibility.resolve_region(ask.region, who)
    known = await registry.facts_known(ask.known_at, region)
    async with sessions.begin() as session:
        chosen = await scheme_library.resolve_scheme(session, ask.scheme, region)
        judgements = await load_region_judgements(session, region)
    scheme, preset = chosen.scheme, chosen.preset

    items = await asyncio.to_thread(matching_lights, known.facts, scheme, preset, ask, judgements)
    return {
        "scheme": scheme.id,
        "lights_preset": preset.id,
        "known_at": known.known_at,
        "items": items,
    }


def matching_lights(
    facts: Facts, scheme: Scheme, preset: Lights, ask: LightsQuery, judgements: Sequence[Judgement]
) -> list[dict[str, Any]]:
    made = []
    for day, lights in lights_by_day(facts, scheme, preset, sorted(set(ask.days))):
        by_hand = judged_colours(lights, judgements, day)
        for light in lights:
            if ask.colour in (None, light.axes.get(ask.axis) if ask.axis else light.overall):
                own = by_hand.get(light.project_id)
                beside = {"judged": own} if own else {}
                made.append({"as_of": day, **light_document_with_unit(light), **beside})
    return made


# --- judged colours ------------------------------------------------------------------------------


async def store_judgement(
    session: AsyncSession,
    registry: RegistryClient,
    ask: JudgementAsk,
    who: Caller,
    *,
    now: datetime,
    today: date,
) -> JudgedColour:
    """Set a colour, or take it back. Raises NotFound, JudgementMistake."""
    region = visibility.resolve_region(ask.region, who)
    known = await registry.facts_known(None, region, tables=["projects"])
    project = next((p for p in known.facts.rows(Project) if p.project_id == ask.project_id), None)
    chosen = await scheme_library.resolve_scheme(session, ask.scheme, region)

    if project is None:
        raise NotFound(f"没有项目 {ask.project_id}", f"There is no project {ask.project_id}.")
    axes = [OVERALL, *(axis.id for axis in chosen.preset.project_axes)]
    if ask.axis not in axes:
        raise JudgementMistake(
            f"没有 {ask.axis} 轴，可用：{'、'.join(axes)}",
            f"There is no axis {ask.axis}; there are {', '.join(axes)}.",
        )
    made = JudgedColour(
        region=project.region_code or region,
        project_id=project.project_id,
        unit_id=project.unit_id,
        axis=ask.axis,
        colour=ask.colour,
        reason=ask.reason.strip(),
        judged_on=ask.judged_on or today,
        judged_by=who.name,
        judged_at=now,
    )
    build_judgement(made)  # says what is missing

    session.add(made)
    await session.flush()
    subject, after = f"judgements/{made.project_id}/{made.axis}", {"colour": made.colour}
    after |= {"judged_on": made.judged_on.isoformat(), "reason": made.reason}
    await store_audit_row(session, "light.judged", subject, made.region, who, now, after=after)
    return made


def build_judgement(kept: JudgedColour) -> Judgement:
    return Judgement(
        kept.project_id,
        kept.axis,
        cast(Any, kept.colour),
        kept.reason,
        kept.judged_by,
        kept.judged_on,
    )


async def list_judgements(
    session: AsyncSession,
    who: Caller,
    asked: Paging,
    *,
    region: str | None,
    unit_id: str | None,
    project_id: str | None,
) -> Sequence[JudgedColour]:
    """In order of entering; whoever is confined to a unit sees its own."""
    within, unit_id = visibility.resolve_region(region, who), visibility.resolve_unit(unit_id, who)
    query = select(JudgedColour).where(col(JudgedColour.region).startswith(within))
    for column, value in ((JudgedColour.unit_id, unit_id), (JudgedColour.project_id, project_id)):
        if value is not None:
            query = query.where(col(column) == value)
    query = query.where(col(JudgedColour.id) > asked.after).order_by(col(JudgedColour.id))
    return (await session.exec(query.limit(asked.limit + 1))).all()


async def load_region_judgements(session: AsyncSession, region: str) -> list[Judgement]:
    """Those of a region, of those below and of those above it, in order of entering."""
    there = col(JudgedColour.region)
    around = or_(there.startswith(region), literal(region).startswith(there))
    found = await session.exec(select(JudgedColour).where(around).order_by(col(JudgedColour.id)))
    return [*map(build_judgement, found)]


async def load_project_judgements(
    session: AsyncSession, projects: Iterable[str]
) -> list[Judgement]:
    """Those of some projects, in order of entering."""
    query = select(JudgedColour).where(col(JudgedColour.project_id).in_([*projects]))
    return [*map(build_judgement, await session.exec(query.order_by(col(JudgedColour.id))))]


def attach_judgements(lights: Sequence[L], judgements: Sequence[Judgement], day: date) -> list[L]:
    """The lights with what was judged of them beside what was computed."""
    by_hand = judged_colours(lights, judgements, day)
    return [
        light.model_copy(
            update={
                "judged": {
                    axis: JudgedRead.model_validate(said)
                    for axis, said in by_hand[light.project_id].items()
                }
            }
        )
        if light.project_id in by_hand
        else light
        for light in lights
    ]
