"""Lists of the lights of a run: filtered, with names and judged colours, and their numbers."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.scoring import visibility
from services.scoring.captions.lights import caption_axes, caption_light_details
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.facts_store import service as facts_store
from services.scoring.lights import service as lights_service
from services.scoring.lights.schemas import AxisRead, LightTotals, RunLightPage, RunLightRead
from services.scoring.runs import queries as runs
from services.scoring.tables import RunLight
from services.scoring.visibility import RunReader
from shared.http.pages import Paging


@dataclass(frozen=True)
class RunLightFilter:
    """A filter of lights; ids are written as in the run. None does not filter."""

    unit_id: str | None = None
    project_ids: Collection[str] | None = None
    overall: str | None = None


async def list_run_lights(
    session: AsyncSession,
    run_id: int,
    who: RunReader,
    paging: Paging,
    filters: RunLightFilter,
    *,
    with_totals: bool,
) -> RunLightPage:
    """List lights with the colours that offices judged since; of a unit its own."""
    run = await runs.load_visible_run(session, run_id, who)
    scheme, preset = await runs.load_run_scheme(session, run)
    unit_id = visibility.resolve_unit(filters.unit_id, who, run.office)
    query = filtered_lights_query(run_id, unit_id, filters)
    number = col(RunLight.number)
    page_query = query.where(number > paging.after).order_by(number).limit(paging.limit + 1)
    rows = (await session.exec(page_query)).all()
    names = await facts_store.load_names(session, run.facts_digest, [r.project_id for r in rows])
    lights = [
        RunLightRead.model_validate(
            {
                **row.light,
                "project_name": names.projects.get(row.project_id),
                "unit_name": names.units.get(row.unit_id),
                "details": caption_light_details(row.light, scheme, preset),
            }
        )
        for row in rows[: paging.limit]
    ]
    judgements = await lights_service.load_project_judgements(
        session, (light.project_id for light in lights), run.office
    )
    return RunLightPage(
        items=lights_service.attach_judgements(lights, judgements, run.as_of),
        next=str(rows[paging.limit - 1].number) if len(rows) > paging.limit else None,
        axes=[AxisRead.model_validate(axis) for axis in caption_axes(preset, scheme)],
        totals=await count_lights(session, query, preset) if with_totals else None,
    )


def filtered_lights_query(
    run_id: int, unit_id: str | None, filters: RunLightFilter
) -> SelectOfScalar[RunLight]:
    query = select(RunLight).where(col(RunLight.run_id) == run_id)
    if unit_id is not None:
        query = query.where(col(RunLight.unit_id) == unit_id)
    if filters.project_ids is not None:
        query = query.where(col(RunLight.project_id).in_(filters.project_ids))
    if filters.overall is not None:
        query = query.where(col(RunLight.overall) == filters.overall)
    return query


async def count_lights(
    session: AsyncSession, query: SelectOfScalar[RunLight], preset: Lights
) -> LightTotals:
    """Count all lights of a query by their colours."""
    found = query.with_only_columns(col(RunLight.overall), col(RunLight.light)).subquery()
    by_colour = select(found.c.overall, func.count()).group_by(found.c.overall)
    overall = dict((await session.exec(by_colour)).all())
    each = func.jsonb_each_text(found.c.light["axes"]).table_valued("key", "value").lateral()
    by_axis = (
        select(each.c.key, each.c.value, func.count())
        .select_from(found.join(each, text("true")))
        .where(each.c.value.is_not(None))
        .group_by(each.c.key, each.c.value)
    )
    axes = {(axis, colour): count for axis, colour, count in await session.exec(by_axis)}
    count = sum(overall.values())
    return LightTotals(**lights_service.light_totals(count, overall, axes, preset))
