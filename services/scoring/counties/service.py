"""The terms that runs kept, added up to those of places and ranked; nothing is stored."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.counties import rules
from services.scoring.counties.schemas import CountiesQuery
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.results.regions_above import (
    Level,
    RunUnits,
    build_region_terms,
    units_outside_level,
)
from services.scoring.engine.results.run_result import ScoringResult, result_document
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.facts_store import service as facts_store
from services.scoring.runs import service as runs
from services.scoring.runs.rules import parse_terms
from services.scoring.runs.schemas import RunRead
from services.scoring.tables import Run
from shared.http.tokens import Caller
from shared.reference import region_names


async def rank_counties_of_run(
    session: AsyncSession, run_id: int, who: Caller, level: Level
) -> dict[str, Any]:
    """The places that a run has units in."""
    found = await runs.load_visible_run(session, run_id, who)
    asked = CountiesQuery(found.as_of, found.scheme_id, found.scheme_version, found.region, level)
    return await build_counties_ranking(session, asked, found.region, [found])


async def rank_counties_of_day(
    session: AsyncSession, asked: CountiesQuery, who: Caller
) -> dict[str, Any]:
    """The places of a region, from whatever runs of the day there are."""
    region = visibility.resolve_region(asked.region, who)
    query = runs.select_visible_runs(who).where(
        col(Run.as_of) == asked.as_of,
        col(Run.campaign_id).is_(None),
        col(Run.scheme_id) == asked.scheme,
        col(Run.region).startswith(region, autoescape=True),
    )
    seen = [runs.build_run_read(*row) for row in await session.exec(query)]

    chosen = rules.choose_runs(seen, asked.scheme_version)

    return await build_counties_ranking(session, asked, region, chosen)


async def build_counties_ranking(
    session: AsyncSession, asked: CountiesQuery, region: str, chosen: Sequence[RunRead]
) -> dict[str, Any]:
    """The ranking of runs of one scheme and version, added; of no runs nobody is ranked."""
    names, level = region_names(), asked.level
    lacking = rules.missing_counties(names, region, level, chosen)
    told = {
        "as_of": asked.as_of,
        "scheme": asked.scheme,
        "level": level,
        "runs": chosen,
        "missing": [{"code": code, "name": names[code]} for code in lacking],
    }
    if not chosen:
        return {**told, "groups": [], "nowhere": []}
    scheme, preset = await runs.load_run_scheme(session, chosen[0])
    units = [await load_run_units(session, run) for run in chosen]

    groups = await asyncio.to_thread(rank_regions, units, level, scheme, preset, asked.as_of)
    return {**told, "groups": groups, "nowhere": units_outside_level(units, level)}


async def load_run_units(session: AsyncSession, run: RunRead) -> RunUnits:
    """Where units are is read off the kept facts, which runs of all times have."""
    terms = parse_terms(await runs.load_terms(session, run.id))
    units = await facts_store.load_facts_table(session, run.facts_digest, "units")
    regions = zip(units["unit_id"].to_pylist(), units["region_code"].to_pylist(), strict=True)
    return RunUnits(run.region, terms, dict(regions))


def rank_regions(
    units: Sequence[RunUnits], level: Level, scheme: Scheme, preset: Lights, day: date
) -> Any:
    terms = build_region_terms(units, level, scheme)
    names = {code: region_names().get(code, code) for code in terms}
    standings = rank_units(terms.values(), scheme)
    return result_document(ScoringResult(day, scheme, preset, standings, terms, []), names)[
        "groups"
    ]
