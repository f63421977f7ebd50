"""Views of a stored run: ranks, explanations, lights, boards, movement since another run."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.engine.lights.history import movement_document
from services.scoring.engine.results.explanation import (
    explain_metric,
    explanation_document,
    unit_metrics,
)
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import contributions_by_metric
from services.scoring.lights import service as lights_service
from services.scoring.run_views.schemas import RunLightRead
from services.scoring.runs import rules
from services.scoring.runs import service as runs
from services.scoring.runs.schemas import RunRead
from services.scoring.tables import RunLight, RunResult
from shared.database.sessions import Sessions
from shared.facts.projects import Project
from shared.facts.tables import Facts
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.offices import parse_id
from shared.problems import NotFound

JsonDocument = dict[str, Any]
SAME_CODE = "项目代码与下级办公室的项目相同"  # why a project is left out of joined facts

# --- ranks ---------------------------------------------------------------------------------------


async def run_ranking(session: AsyncSession, run_id: int, who: Caller) -> JsonDocument:
    """The ranking of the document."""
    run = await runs.load_visible_run(session, run_id, who)
    parts = {"groups": await runs.load_document_part(session, run_id, "groups")}
    if off := await runs.load_document_part(session, run_id, "off"):
        parts["off"] = off
    return {"as_of": run.as_of, "scheme": run.scheme_id, **parts}


async def pillar_ranking(
    session: AsyncSession, run_id: int, who: Caller, pillar: str
) -> JsonDocument:
    """The ranking by one pillar, in the groups that have it."""
    return await item_ranking(
        session, run_id, who, "pillar", pillar, lambda scheme: {p.id: p.zh for p in scheme.pillars}
    )


async def metric_ranking(
    session: AsyncSession, run_id: int, who: Caller, metric: str
) -> JsonDocument:
    """The ranking by one metric, in the groups that have it."""
    return await item_ranking(
        session,
        run_id,
        who,
        "metric",
        metric,
        lambda scheme: {m.id: m.zh for m in scheme.scored_metrics},
    )


async def item_ranking(
    session: AsyncSession,
    run_id: int,
    who: Caller,
    kind: str,
    item: str,
    item_names: Callable[[Scheme], Mapping[str, str]],
) -> JsonDocument:
    """The ranking by an item of a kind, `pillar` or `metric`. Raises NotFound."""
    run = await runs.load_visible_run(session, run_id, who)
    scheme, _ = await runs.load_run_scheme(session, run)
    names = item_names(scheme)
    if item not in names:
        raise NotFound(f"方案里没有 {item}", f"The scheme has no {kind} {item}.")
    ranked = [
        {
            "group": group["group"],
            "units": rules.units_by_item_rank(group["units"], f"{kind}s", item),
        }
        for group in await runs.load_document_part(session, run_id, "groups")
    ]
    head = {"as_of": run.as_of, "scheme": run.scheme_id, kind: item, "zh": names[item]}
    return {**head, "groups": [group for group in ranked if group["units"]]}


# --- down to the projects ------------------------------------------------------------------------


async def explain_unit(
    sessions: Sessions, run_id: int, who: Caller, *, unit_id: str, metric: str | None
) -> JsonDocument:
    """A unit's figures down to the rows: standings from stored terms, rows from stored facts."""
    async with sessions.begin() as session:
        run = await runs.load_visible_run(session, run_id, who)
        unit_id = visibility.resolve_unit(unit_id, who, run.office) or unit_id
        terms = await load_terms_with_unit(session, run_id, unit_id)
        stored = await runs.load_run_inputs(session, run_id, who)
    if metric not in (None, *(m.id for m in stored.scheme.needed_metrics)):
        raise NotFound(f"方案里没有指标 {metric}", f"The scheme has no metric {metric}.")

    result = rules.rank_stored_terms(
        terms, stored.scheme, stored.preset, stored.run.as_of, stored.entered
    )
    name = terms[unit_id]["name"]
    return await asyncio.to_thread(
        explain_unit_figures, stored.facts, result, unit_id, name, metric
    )


async def load_terms_with_unit(
    session: AsyncSession, run_id: int, unit_id: str
) -> Mapping[str, Any]:
    """Load the terms of a run. Raises NotFound without the unit, before facts are loaded."""
    terms = await runs.load_terms(session, run_id)
    if unit_id not in terms:
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")
    return terms


def explain_unit_figures(
    facts: Facts, result: ScoringResult, unit_id: str, name: str, metric: str | None
) -> JsonDocument:
    """The explanation of a unit's figures by one metric, or by all of them."""
    metrics = [m for m in unit_metrics(result, unit_id) if metric in (None, m.id)]
    by_metric = contributions_by_metric(metrics, facts, result.scheme, result.as_of, result.preset)
    figures = [explain_metric(each, rows, result, unit_id) for each, rows in by_metric]
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    return explanation_document(result, unit_id, name, figures, projects)


# --- lights, boards, streaks, awards -------------------------------------------------------------


async def list_run_lights(
    session: AsyncSession,
    run_id: int,
    who: Caller,
    paging: Paging,
    *,
    unit_id: str | None,
    overall: str | None,
) -> list[tuple[int, RunLightRead]]:
    """List lights with their numbers, and with the colours that offices judged since."""
    run = await runs.load_visible_run(session, run_id, who)
    unit_id = visibility.resolve_unit(unit_id, who, run.office)
    number = col(RunLight.number)
    query = select(RunLight).where(col(RunLight.run_id) == run_id, number > paging.after)
    if unit_id is not None:
        query = query.where(col(RunLight.unit_id) == unit_id)
    if overall is not None:
        query = query.where(col(RunLight.overall) == overall)
    rows = (await session.exec(query.order_by(number).limit(paging.limit + 1))).all()
    lights = [RunLightRead.model_validate(row.light) for row in rows]
    judgements = await lights_service.load_project_judgements(
        session, (x.project_id for x in lights), run.office
    )
    judged = lights_service.attach_judgements(lights, judgements, run.as_of)
    return [(row.number, light) for row, light in zip(rows, judged, strict=True)]


async def load_part_document(
    session: AsyncSession, run_id: int, who: Caller, key: str
) -> JsonDocument:
    """One key of the document as a list of items."""
    run = await runs.load_visible_run(session, run_id, who)
    return part_document(run, await runs.load_document_part(session, run_id, key))


def part_document(run: RunRead, items: Sequence[JsonDocument] | None) -> JsonDocument:
    """A part of the result; without items where the scheme does not declare it."""
    declared = items is not None
    return {
        "as_of": run.as_of,
        "scheme": run.scheme_id,
        "declared": declared,
        "items": items or [],
    }


async def visible_awards(session: AsyncSession, run_id: int, who: Caller) -> JsonDocument:
    """The awards; a caller confined to a unit sees that unit's winners and candidates."""
    run = await runs.load_visible_run(session, run_id, who)
    items = await runs.load_document_part(session, run_id, "awards")
    unit_id = who.unit_written_for(run.office)
    if items and unit_id is not None:
        items = [rules.filter_award_by_unit(award, unit_id) for award in items]
    return part_document(run, items)


# --- movement ------------------------------------------------------------------------------------


async def compare_runs(session: AsyncSession, run_id: int, since: int, who: Caller) -> JsonDocument:
    """The movement since another run; a caller confined to a unit sees that unit's lights."""
    both, texts = [], []
    for each in (since, run_id):
        both.append(await runs.load_visible_run(session, each, who))
        texts.append(await runs.load_document(session, each))
    movement = await asyncio.to_thread(lambda: movement_document(*map(json.loads, texts)))
    if who.only_unit is not None:
        units = {run.id: who.unit_written_for(run.office) for run in both}
        own = await unit_project_ids(session, units)
        movement["lights"] = [light for light in movement["lights"] if light["project_id"] in own]
    if who.role not in visibility.PROJECT_READERS:
        movement["unit_lights"] = []
    return movement


async def unit_project_ids(session: AsyncSession, units: Mapping[int, str | None]) -> set[str]:
    """The projects whose lights are the unit's in every one of the runs that has them.

    `units` is by run: the unit as it is written there.
    """
    query = select(RunLight.run_id, RunLight.project_id, RunLight.unit_id).where(
        col(RunLight.run_id).in_([*units])
    )
    rows = (await session.exec(query)).all()
    foreign = {project for run_id, project, unit in rows if unit != units[run_id]}
    return {project for _, project, _ in rows} - foreign


# --- joined offices ------------------------------------------------------------------------------


async def load_left_out(session: AsyncSession, run_id: int, who: Caller) -> JsonDocument:
    """The projects that a run over several offices left out, as another office has them, too."""
    run = await runs.load_visible_run(session, run_id, who)
    query = select(RunResult.left_out).where(col(RunResult.run_id) == run_id)
    items = [
        {"office": parse_id(row["project_id"], run.office).office, "reason": SAME_CODE, **row}
        for row in (await session.exec(query)).one()
    ]
    return {"as_of": run.as_of, "scheme": run.scheme_id, "items": items}
