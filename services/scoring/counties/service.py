"""The terms that runs kept, added up to those of places and ranked; nothing is stored."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.counties import rules
from services.scoring.counties.schemas import OfDay
from services.scoring.engine.ranking.ranking import ranked
from services.scoring.engine.results.regions_above import Level, UnitsOfRun, nowhere, place_terms
from services.scoring.engine.results.run_result import Result, document
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.facts_store import service as facts_store
from services.scoring.runs import service as runs
from services.scoring.runs.rules import terms_again
from services.scoring.runs.schemas import RunRead
from services.scoring.tables import Run
from shared.http.tokens import Caller
from shared.reference import region_names


async def of_run(session: AsyncSession, run_id: int, who: Caller, level: Level) -> dict[str, Any]:
    """The places that a run has units in."""
    found = await runs.run_seen(session, run_id, who)
    asked = OfDay(found.as_of, found.scheme_id, found.scheme_version, found.region, level)
    return await ranking_of(session, asked, found.region, [found])


async def of_day(session: AsyncSession, asked: OfDay, who: Caller) -> dict[str, Any]:
    """The places of a region, from whatever runs of the day there are."""
    region = visibility.region_asked(asked.region, who)
    query = runs.seen(who).where(
        col(Run.as_of) == asked.as_of,
        col(Run.campaign_id).is_(None),
        col(Run.scheme_id) == asked.scheme,
        col(Run.region).startswith(region, autoescape=True),
    )
    seen = [runs.read(*row) for row in await session.exec(query)]

    chosen = rules.to_add(seen, asked.scheme_version)

    return await ranking_of(session, asked, region, chosen)


async def ranking_of(
    session: AsyncSession, asked: OfDay, region: str, chosen: Sequence[RunRead]
) -> dict[str, Any]:
    """The ranking of runs of one scheme and version, added; of no runs nobody is ranked."""
    names, level = region_names(), asked.level
    lacking = rules.missing(names, region, level, chosen)
    told = {
        "as_of": asked.as_of,
        "scheme": asked.scheme,
        "level": level,
        "runs": chosen,
        "missing": [{"code": code, "name": names[code]} for code in lacking],
    }
    if not chosen:
        return {**told, "groups": [], "nowhere": []}
    scheme, preset = await runs.chosen_by(session, chosen[0])
    units = [await units_of(session, run) for run in chosen]

    groups = await asyncio.to_thread(ranked_places, units, level, scheme, preset, asked.as_of)
    return {**told, "groups": groups, "nowhere": nowhere(units, level)}


async def units_of(session: AsyncSession, run: RunRead) -> UnitsOfRun:
    """Where units are is read off the kept facts, which runs of all times have."""
    terms = terms_again(await runs.kept_terms(session, run.id))
    units = await facts_store.kept_table(session, run.facts_digest, "units")
    regions = zip(units["unit_id"].to_pylist(), units["region_code"].to_pylist(), strict=True)
    return UnitsOfRun(run.region, terms, dict(regions))


def ranked_places(
    units: Sequence[UnitsOfRun], level: Level, scheme: Scheme, preset: Lights, day: date
) -> Any:
    terms = place_terms(units, level, scheme)
    names = {code: region_names().get(code, code) for code in terms}
    standings = ranked(terms.values(), scheme)
    return document(Result(day, scheme, preset, standings, terms, []), names)["groups"]
