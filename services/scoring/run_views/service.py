"""Views of a stored run: ranks, explanations, lights, boards, movement since another run."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.captions.honours import (
    award_project_ids,
    caption_award,
    caption_board,
    caption_streak,
)
from services.scoring.captions.lights import caption_unit_light_details
from services.scoring.captions.movement import RunSide, caption_movement, name_changed_lights
from services.scoring.captions.ranking import (
    GroupCaptions,
    caption_explanation,
    caption_groups,
    name_metric,
)
from services.scoring.engine.lights.history import movement_document
from services.scoring.engine.results.explanation import (
    explain_metric,
    explanation_document,
    unit_metrics,
)
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.run import contributions_by_metric
from services.scoring.facts_store import service as facts_store
from services.scoring.runs import queries as runs
from services.scoring.runs import rules
from services.scoring.runs.schemas import RunRead
from services.scoring.tables import RunLight, RunResult
from services.scoring.visibility import RunReader
from shared.database.sessions import Sessions
from shared.facts.projects import Project
from shared.facts.tables import Facts
from shared.offices import parse_id
from shared.problems import NotFound

JsonDocument = dict[str, Any]
SAME_CODE = "项目代码与下级办公室的项目相同"  # why a project is left out of joined facts

# --- ranks ---------------------------------------------------------------------------------------


async def run_ranking(session: AsyncSession, run_id: int, who: RunReader) -> JsonDocument:
    """The ranking of the document, with names and texts."""
    ranking, _ = await load_captioned_ranking(session, run_id, who)
    off = await runs.load_document_part(session, run_id, "off")
    return {**ranking, "off": off} if off else ranking


async def pillar_ranking(
    session: AsyncSession, run_id: int, who: RunReader, pillar: str
) -> JsonDocument:
    """The ranking by one pillar, in the groups that have it. Raises NotFound."""
    ranking, scheme = await load_captioned_ranking(session, run_id, who)
    named = next((each for each in scheme.pillars if each.id == pillar), None)
    if named is None:
        raise NotFound(f"方案里没有 {pillar}", f"The scheme has no pillar {pillar}.")
    head = {"pillar": pillar, "zh": named.zh}
    return {**ranking, **head, "groups": group_by_item(ranking["groups"], "pillars", pillar)}


async def metric_ranking(
    session: AsyncSession, run_id: int, who: RunReader, metric: str
) -> JsonDocument:
    """The ranking by one metric, in the groups that have it. Raises NotFound."""
    ranking, scheme = await load_captioned_ranking(session, run_id, who)
    named = next((each for each in scheme.scored_metrics if each.id == metric), None)
    if named is None:
        raise NotFound(f"方案里没有 {metric}", f"The scheme has no metric {metric}.")
    head = {key: value for key, value in name_metric(named).items() if key != "id"}
    groups = group_by_item(ranking["groups"], "metrics", metric)
    return {**ranking, "metric": metric, **head, "groups": groups}


async def load_captioned_ranking(
    session: AsyncSession, run_id: int, who: RunReader
) -> tuple[JsonDocument, Scheme]:
    """Load the ranking of a run with names and texts, and its scheme."""
    run = await runs.load_visible_run(session, run_id, who)
    scheme, _ = await runs.load_run_scheme(session, run)
    groups = await runs.load_document_part(session, run_id, "groups")
    head = {"as_of": run.as_of, "scheme": run.scheme_id, "scheme_name": scheme.zh}
    return {**head, "groups": caption_groups(groups, scheme)}, scheme


def group_by_item(groups: Sequence[JsonDocument], kind: str, item: str) -> list[JsonDocument]:
    """The groups that have an item, their units in order of its ranks."""
    ranked = [
        {"group": group["group"], "units": rules.units_by_item_rank(group["units"], kind, item)}
        for group in groups
    ]
    return [group for group in ranked if group["units"]]


# --- down to the projects ------------------------------------------------------------------------


async def explain_unit(
    sessions: Sessions, run_id: int, who: RunReader, *, unit_id: str, metric: str | None
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
    document = explanation_document(result, unit_id, name, figures, projects)
    group = result.terms[unit_id].group
    return caption_explanation(document, GroupCaptions.of_group(result.scheme, group))


# --- boards, streaks, awards, lights of units ----------------------------------------------------


async def load_part_document(
    session: AsyncSession, run_id: int, who: RunReader, key: str
) -> JsonDocument:
    """One key of the document as a list of items, with names and texts."""
    run = await runs.load_visible_run(session, run_id, who)
    items = await runs.load_document_part(session, run_id, key)
    if items:
        names = await facts_store.load_names(session, run.facts_digest)
        scheme, preset = await runs.load_run_scheme(session, run)
        items = [CAPTIONS[key](item, scheme, preset, names.units) for item in items]
    return part_document(run, items)


Caption = Callable[[JsonDocument, Scheme, Lights, Mapping[str, str]], JsonDocument]
CAPTIONS: Mapping[str, Caption] = {
    "boards": caption_board,
    "streaks": lambda item, scheme, preset, units: caption_streak(item, units),
    "unit_lights": lambda item, scheme, preset, units: {
        **item,
        "unit_name": units.get(item["unit_id"]),
        "details": caption_unit_light_details(item, scheme, preset),
    },
}


def part_document(run: RunRead, items: Sequence[JsonDocument] | None) -> JsonDocument:
    """A part of the result; without items where the scheme does not declare it."""
    declared = items is not None
    return {
        "as_of": run.as_of,
        "scheme": run.scheme_id,
        "declared": declared,
        "items": items or [],
    }


async def visible_awards(session: AsyncSession, run_id: int, who: RunReader) -> JsonDocument:
    """The awards; a caller confined to a unit sees that unit's winners and candidates."""
    run = await runs.load_visible_run(session, run_id, who)
    items = await runs.load_document_part(session, run_id, "awards")
    unit_id = who.unit_written_for(run.office)
    if items and unit_id is not None:
        items = [rules.filter_award_by_unit(award, unit_id) for award in items]
    if items:
        projects = award_project_ids(items)
        names = await facts_store.load_names(session, run.facts_digest, projects)
        scheme, preset = await runs.load_run_scheme(session, run)
        both = names.units, names.projects
        items = [caption_award(award, scheme, preset, *both) for award in items]
    return part_document(run, items)


# --- movement ------------------------------------------------------------------------------------


async def compare_runs(
    session: AsyncSession, run_id: int, since: int, who: RunReader
) -> JsonDocument:
    """The movement since another run; a caller confined to a unit sees that unit's lights."""
    both, texts = [], []
    for each in (since, run_id):
        both.append(await runs.load_visible_run(session, each, who))
        texts.append(await runs.load_document(session, each))
    schemes = [(await runs.load_run_scheme(session, run))[0] for run in both]
    movement = await asyncio.to_thread(read_movement, texts, schemes)
    if who.only_unit is not None:
        units = {run.id: who.unit_written_for(run.office) for run in both}
        own = await unit_project_ids(session, units)
        movement["lights"] = [light for light in movement["lights"] if light["project_id"] in own]
    if who.role not in visibility.PROJECT_READERS:
        movement["unit_lights"] = []
    names = await load_names_of_lights(session, movement, both)
    return name_changed_lights(movement, names.projects, names.units)


def read_movement(texts: Sequence[str], schemes: Sequence[Scheme]) -> JsonDocument:
    """The movement between two documents, with names and texts."""
    before, after = map(json.loads, texts)
    sides = map(RunSide.of_document, (before, after), schemes)
    return caption_movement(movement_document(before, after), *sides)


async def load_names_of_lights(
    session: AsyncSession, movement: JsonDocument, both: Sequence[RunRead]
) -> facts_store.Names:
    """Load the names in the changed lights of a movement, the later run's before the earlier's."""
    projects = {light["project_id"] for light in movement["lights"]}
    before, after = [
        await facts_store.load_names(session, run.facts_digest, projects) for run in both
    ]
    return facts_store.Names({**before.units, **after.units}, {**before.projects, **after.projects})


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


async def load_left_out(session: AsyncSession, run_id: int, who: RunReader) -> JsonDocument:
    """The projects that a run over several offices left out, as another office has them, too."""
    run = await runs.load_visible_run(session, run_id, who)
    query = select(RunResult.left_out).where(col(RunResult.run_id) == run_id)
    items = [
        {"office": parse_id(row["project_id"], run.office).office, "reason": SAME_CODE, **row}
        for row in (await session.exec(query)).one()
    ]
    return {"as_of": run.as_of, "scheme": run.scheme_id, "items": items}
