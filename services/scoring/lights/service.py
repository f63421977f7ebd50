"""Lights of several days, which are not stored, and the stored judgements of offices."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.scoring import visibility
from services.scoring.captions.lights import caption_axes
from services.scoring.engine.lights.office_judgements import (
    OVERALL,
    Judgement,
    JudgementMistake,
    judged_colours,
)
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import lights_by_day
from services.scoring.lights.schemas import JudgedLight, JudgedRead, JudgementAsk, JudgementRead
from services.scoring.registry_client import RegistryClient
from services.scoring.scheme_library import service as scheme_library
from services.scoring.tables import Audit, JudgedColour
from services.scoring.wire_types import AxisColour, Colour, light_document_with_unit
from shared.database.audit import write_audit_row
from shared.database.sessions import Sessions
from shared.facts.projects import Project, Unit
from shared.facts.tables import Facts
from shared.http.pages import Paging
from shared.http.questions import Question, QuestionParameters, is_own_or_below
from shared.http.tokens import Caller
from shared.offices import NO_OFFICE, OFFICE_DIGITS, format_id, parse_id
from shared.problems import NotFound

L = TypeVar("L", bound=JudgedLight)

# --- lights of days ------------------------------------------------------------------------------


@dataclass(frozen=True)
class LightsQuery:
    """A query of lights; without `axis` the colour is the overall one."""

    as_of_days: Sequence[date]
    scheme: str
    known_at: datetime | None
    asks: QuestionParameters
    axis: str | None
    colour: str | None
    totals: bool = False


async def lights_of_days(
    sessions: Sessions, registry: RegistryClient, query: LightsQuery, who: Caller
) -> dict[str, Any]:
    """The lights of several days over the facts of one moment, by which letters are decided."""
    question = query.asks.resolve_whole(who)
    known = await registry.load_question_facts(question, query.known_at)
    async with sessions.begin() as session:
        resolved = await scheme_library.resolve_scheme(session, query.scheme, question.region)
        judgements = await load_question_judgements(session, question)
    scheme, preset = resolved.scheme, resolved.preset

    items = await asyncio.to_thread(matching_lights, known.facts, scheme, preset, query, judgements)
    return {
        "scheme": scheme.id,
        "lights_preset": preset.id,
        "known_at": known.known_at,
        "axes": caption_axes(preset, scheme),
        "items": items,
        "totals": [*count_days(items, query.as_of_days, preset)] if query.totals else None,
    }


def count_days(
    items: Sequence[dict[str, Any]], days: Iterable[date], preset: Lights
) -> Iterator[dict[str, Any]]:
    """Yield the numbers of lights of each day."""
    for day in sorted(set(days)):
        of_day = [item for item in items if item["as_of"] == day]
        overall = Counter(item["overall"] for item in of_day)
        axes = Counter((axis, c) for item in of_day for axis, c in item["axes"].items() if c)
        yield {"as_of": day, **light_totals(len(of_day), overall, axes, preset)}


def light_totals(
    count: int,
    overall: Mapping[str, int],
    axes: Mapping[tuple[str, str], int],
    preset: Lights,
) -> dict[str, Any]:
    """Numbers by colour, of every colour and axis that there may be, also 0."""
    return {
        "count": count,
        "overall": {colour.value: overall.get(colour, 0) for colour in Colour},
        "axes": {
            axis.id: {colour.value: axes.get((axis.id, colour), 0) for colour in AxisColour}
            for axis in preset.project_axes
        },
    }


def matching_lights(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    query: LightsQuery,
    judgements: Sequence[Judgement],
) -> list[dict[str, Any]]:
    """The lights with the colour of the query, each with its judgements if there are any."""
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    units = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    items = []
    for as_of, lights in lights_by_day(facts, scheme, preset, sorted(set(query.as_of_days))):
        judged_by_project = judged_colours(lights, judgements, as_of)
        for light in lights:
            colour = light.axes.get(query.axis) if query.axis else light.overall
            if query.colour in (None, colour):
                judged = judged_by_project.get(light.project_id)
                extra = {"judged": judged} if judged else {}
                names = {
                    "project_name": projects.get(light.project_id),
                    "unit_name": units.get(light.unit_id),
                }
                items.append({"as_of": as_of, **light_document_with_unit(light), **names, **extra})
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
) -> JudgementRead:
    """Set a colour, or withdraw it. Raises NotFound, Forbidden, JudgementMistake."""
    question = request.asks.resolve_whole(who)
    office, project_id = parse_id(request.project_id, question.office)
    if office == NO_OFFICE or not is_own_or_below(office, who):
        raise project_not_found(request.project_id)
    visibility.refuse_other_office(office, who)
    own = Question(office, who.region)
    known = await registry.load_question_facts(own, tables=["projects"])
    project = next((p for p in known.facts.rows(Project) if p.project_id == project_id), None)
    resolved = await scheme_library.resolve_scheme(session, request.scheme, question.region)

    if project is None:
        raise project_not_found(request.project_id)
    axes = [OVERALL, *(axis.id for axis in resolved.preset.project_axes)]
    if request.axis not in axes:
        raise JudgementMistake(
            f"没有 {request.axis} 轴，可用：{'、'.join(axes)}",
            f"There is no axis {request.axis}; there are {', '.join(axes)}.",
        )
    row = JudgedColour(
        office=office,
        region=project.region_code or own.region,
        project_id=project.project_id,
        unit_id=project.unit_id,
        axis=request.axis,
        colour=request.colour,
        reason=request.reason.strip(),
        judged_on=request.judged_on or today,
        judged_by=who.name,
        judged_at=now,
    )
    build_judgement(row, office)  # raises JudgementMistake for what is missing

    session.add(row)
    await session.flush()
    subject, after = f"judgements/{row.project_id}/{row.axis}", {"colour": row.colour}
    after |= {"judged_on": row.judged_on.isoformat(), "reason": row.reason}
    await write_audit_row(
        session, Audit, "light.judged", subject, row.region, who, now, after=after
    )
    return build_judgement_read(row, question.office)


def project_not_found(project_id: str) -> NotFound:
    return NotFound(f"没有项目 {project_id}", f"There is no project {project_id}.")


def build_judgement_read(row: JudgedColour, asked: str) -> JudgementRead:
    """A judgement with its ids as a question about an office has them written."""
    ids = {
        "project_id": format_id(row.project_id, row.office, asked),
        "unit_id": format_id(row.unit_id, row.office, asked),
    }
    return JudgementRead.model_validate({**row.model_dump(), **ids})


def build_judgement(row: JudgedColour, asked: str) -> Judgement:
    """Raises JudgementMistake where the reason is missing."""
    return Judgement(
        format_id(row.project_id, row.office, asked),
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
    asks: QuestionParameters,
    unit_id: str | None,
    project_id: str | None,
) -> list[JudgementRead]:
    """List judgements in order of entering; a caller confined to a unit sees that unit's."""
    question = asks.resolve_whole(who)
    office, unit_id = question.office, visibility.resolve_unit(unit_id, who, question.office)
    query = select_judgements(question)
    for column, value in ((JudgedColour.unit_id, unit_id), (JudgedColour.project_id, project_id)):
        if value is not None:
            query = query.where(is_written(col(column), value, office))
    query = query.where(col(JudgedColour.id) > paging.after).order_by(col(JudgedColour.id))
    rows = await session.exec(query.limit(paging.limit + 1))
    return [build_judgement_read(row, office) for row in rows]


def select_judgements(question: Question) -> SelectOfScalar[JudgedColour]:
    """Select those of an office's own projects, or of all projects in a region."""
    query = select(JudgedColour)
    if question.office != NO_OFFICE:
        query = query.where(col(JudgedColour.office) == question.office)
    if question.office == NO_OFFICE or question.is_narrow:
        query = query.where(col(JudgedColour.region).startswith(question.region))
    return query


def is_written(column: Any, value: str, asked: str) -> ColumnElement[bool]:
    """Condition for rows whose id is the one that a question about an office writes so."""
    owner, plain = parse_id(value, asked)
    own = and_(col(JudgedColour.office) == owner, column == plain)
    return or_(own, column == format_id(plain, owner, NO_OFFICE))


async def load_question_judgements(session: AsyncSession, question: Question) -> list[Judgement]:
    """Load the judgements of the offices of a question, in order of entering."""
    offices = question.office or question.region[:OFFICE_DIGITS]
    query = select(JudgedColour).where(col(JudgedColour.office).startswith(offices))
    rows = await session.exec(query.order_by(col(JudgedColour.id)))
    return [build_judgement(row, question.office) for row in rows]


async def load_project_judgements(
    session: AsyncSession, project_ids: Iterable[str], office: str
) -> list[Judgement]:
    """Load the judgements of projects written as in a question, in order of entering."""
    keys = [parse_id(project_id, office) for project_id in project_ids]
    key = tuple_(col(JudgedColour.office), col(JudgedColour.project_id))
    query = select(JudgedColour).where(key.in_(keys)).order_by(col(JudgedColour.id))
    return [build_judgement(row, office) for row in await session.exec(query)]


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
