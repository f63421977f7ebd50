"""Counties and cities ranked by the stored terms of runs, added up; nothing is stored."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.captions.ranking import caption_groups
from services.scoring.counties import rules
from services.scoring.counties.schemas import CountiesQuery
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.results.regions_above import (
    RegionLevel,
    RunUnits,
    build_region_terms,
    units_outside_level,
)
from services.scoring.engine.results.run_result import ScoringResult, result_document
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.facts_store import service as facts_store
from services.scoring.runs import queries as runs
from services.scoring.runs.rules import parse_terms
from services.scoring.runs.schemas import RunRead
from services.scoring.tables import Run
from services.scoring.visibility import RunReader
from shared.http.questions import Question, QuestionParameters
from shared.offices import NO_OFFICE, format_id
from shared.reference import region_names


async def rank_counties_of_run(
    session: AsyncSession, run_id: int, who: RunReader, level: RegionLevel
) -> dict[str, Any]:
    """Rank the counties or cities that a run has units in."""
    run = await runs.load_visible_run(session, run_id, who)
    query = CountiesQuery(run.as_of, run.scheme_id, run.scheme_version, level)
    return await build_counties_ranking(session, query, Question(run.office, run.region), [run])


async def rank_counties_of_day(
    session: AsyncSession, query: CountiesQuery, asks: QuestionParameters, who: RunReader
) -> dict[str, Any]:
    """Rank the counties or cities of a region, by default the caller's, by the runs of the day."""
    if asks.office is None and asks.region is None:
        asks = QuestionParameters(region=who.region)
    question = asks.resolve_whole(who)
    is_region = question.office == NO_OFFICE
    of_region = col(Run.region).startswith(question.region, autoescape=True)
    statement = runs.select_counted_runs(who).where(
        col(Run.as_of) == query.as_of,
        col(Run.campaign_id).is_(None),
        col(Run.scheme_id) == query.scheme,
        of_region if is_region else visibility.matches_question(Run, question),
    )
    visible = [runs.build_run_read(row, who.today) for row in await session.exec(statement)]

    chosen = rules.choose_runs(visible, query.scheme_version)

    return await build_counties_ranking(session, query, question, chosen)


async def build_counties_ranking(
    session: AsyncSession, query: CountiesQuery, question: Question, chosen: Sequence[RunRead]
) -> dict[str, Any]:
    """The ranking by runs of one scheme and version, added up; empty without runs."""
    names, level = region_names(), query.level
    units = [await load_run_units(session, run) for run in chosen]
    counties = {run.region_at(unit, RegionLevel.county) for run in units for unit in run.terms}
    missing = rules.missing_counties(names, question.region, level, chosen, counties)
    head = {
        "as_of": query.as_of,
        "scheme": query.scheme,
        "level": level,
        "runs": chosen,
        "missing": [{"code": code, "name": names[code]} for code in missing],
    }
    if not chosen:
        return {**head, "scheme_name": query.scheme, "groups": [], "nowhere": []}
    scheme, preset = await runs.load_run_scheme(session, chosen[0])

    groups = await asyncio.to_thread(rank_regions, units, level, scheme, preset, query.as_of)
    nowhere = [
        format_id(unit_id, run.office, question.office)
        for run, of_run in zip(chosen, units, strict=True)
        for unit_id in units_outside_level([of_run], level)
    ]
    return {**head, "scheme_name": scheme.zh, "groups": groups, "nowhere": sorted(nowhere)}


async def load_run_units(session: AsyncSession, run: RunRead) -> RunUnits:
    """Load terms and regions of a run's units; the regions are in the facts of every run."""
    terms = parse_terms(await runs.load_terms(session, run.id))
    units = await facts_store.load_facts_table(session, run.facts_digest, "units")
    regions = zip(units["unit_id"].to_pylist(), units["region_code"].to_pylist(), strict=True)
    return RunUnits(run.region, terms, dict(regions))


def rank_regions(
    units: Sequence[RunUnits], level: RegionLevel, scheme: Scheme, preset: Lights, as_of: date
) -> Any:
    """The groups of the ranking of the regions that the units add up to."""
    terms = build_region_terms(units, level, scheme)
    names = {code: region_names().get(code, code) for code in terms}
    standings = rank_units(terms.values(), scheme)
    result = ScoringResult(as_of, scheme, preset, standings, terms, [])
    return caption_groups(result_document(result, names)["groups"], scheme)
