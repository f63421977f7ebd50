"""Ask «what if» of a run's kept facts or of today's, and what would move a unit; store nothing."""

import asyncio
from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any

from services.scoring import visibility
from services.scoring.engine.what_if.changes import Changes
from services.scoring.entries import service as entries
from services.scoring.execution.run import score
from services.scoring.execution.sensitivity import sensitivity
from services.scoring.execution.what_if import Scored, what_if
from services.scoring.registry_client import RegistryClient
from services.scoring.runs import service as runs
from services.scoring.scheme_library import service as scheme_library
from services.scoring.schemes.scheme_changes import scheme_changed
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.what_if.schemas import WhatIfAsk
from shared.database.sessions import Sessions
from shared.facts.projects import Unit
from shared.http.tokens import Caller
from shared.problems import NotFound


async def answer(
    sessions: Sessions, registry: RegistryClient, ask: WhatIfAsk, who: Caller, *, today: date
) -> dict[str, Any]:
    """What moves with the changes asked, and both rankings."""
    if ask.run_id is None:
        before = await of_today(sessions, registry, ask, who, today=today)
    else:
        before = await of_run(sessions, ask.run_id, who)

    return await asyncio.to_thread(changed, before, ask.changes)


def changed(before: Scored, changes: Changes) -> dict[str, Any]:
    after = partial(scheme_changed, before.scheme, before.preset, changes.scheme)
    return what_if(before, changes.facts, after)


async def of_run(sessions: Sessions, run_id: int, who: Caller) -> Scored:
    """What a run was computed from."""
    async with sessions.begin() as session:
        of = await runs.kept(session, run_id, who)
    return Scored(of.facts, of.scheme, of.preset, of.run.as_of, of.entered)


async def of_today(
    sessions: Sessions, registry: RegistryClient, ask: WhatIfAsk, who: Caller, *, today: date
) -> Scored:
    """What a run of the same question would be computed from."""
    region, day = visibility.region_asked(ask.region, who), ask.as_of or today
    async with sessions.begin() as session:
        chosen = await scheme_library.scheme_for(session, ask.scheme or DEFAULT_SCHEME, region)
        taken = await entries.entered_for(session, chosen, region, day)
    known = await registry.facts_known(ask.known_at, region)
    return Scored(known.facts, chosen.scheme, chosen.preset, day, taken)


async def sensitivity_of(
    sessions: Sessions, run_id: int, who: Caller, *, unit_id: str | None
) -> dict[str, Any]:
    """What would move the units of a run: all of them, one, or the caller's own."""
    unit_id = visibility.unit_asked(unit_id, who)
    scored = await of_run(sessions, run_id, who)
    known = {unit.unit_id for unit in scored.facts.rows(Unit)}
    asked = known if unit_id is None else known & {unit_id}
    if not asked and who.only_unit is None:
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")

    return await asyncio.to_thread(computed, scored, asked)


def computed(scored: Scored, units: Collection[str]) -> dict[str, Any]:
    result = score(scored.facts, scored.scheme, scored.preset, scored.day, scored.entered)
    return sensitivity(scored.facts, result, units)
