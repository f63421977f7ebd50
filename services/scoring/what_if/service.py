"""Ask «what if» of a run's kept facts or of today's, and what would move a unit; store nothing."""

import asyncio
from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any

from services.scoring import visibility
from services.scoring.engine.what_if.changes import Changes
from services.scoring.entries import service as entries
from services.scoring.execution.run import score_facts
from services.scoring.execution.sensitivity import compute_sensitivity
from services.scoring.execution.what_if import ScoringInput, compute_what_if
from services.scoring.registry_client import RegistryClient
from services.scoring.runs import service as runs
from services.scoring.scheme_library import service as scheme_library
from services.scoring.schemes.scheme_changes import apply_scheme_changes
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.what_if.schemas import WhatIfAsk
from shared.database.sessions import Sessions
from shared.facts.projects import Unit
from shared.http.tokens import Caller
from shared.problems import NotFound


async def answer_what_if(
    sessions: Sessions, registry: RegistryClient, ask: WhatIfAsk, who: Caller, *, today: date
) -> dict[str, Any]:
    """What moves with the changes asked, and both rankings."""
    if ask.run_id is None:
        before = await load_today_scoring_input(sessions, registry, ask, who, today=today)
    else:
        before = await load_run_scoring_input(sessions, ask.run_id, who)

    return await asyncio.to_thread(answer_changes, before, ask.changes)


def answer_changes(before: ScoringInput, changes: Changes) -> dict[str, Any]:
    after = partial(apply_scheme_changes, before.scheme, before.preset, changes.scheme)
    return compute_what_if(before, changes.facts, after)


async def load_run_scoring_input(sessions: Sessions, run_id: int, who: Caller) -> ScoringInput:
    """What a run was computed from."""
    async with sessions.begin() as session:
        of = await runs.load_run_inputs(session, run_id, who)
    return ScoringInput(of.facts, of.scheme, of.preset, of.run.as_of, of.entered)


async def load_today_scoring_input(
    sessions: Sessions, registry: RegistryClient, ask: WhatIfAsk, who: Caller, *, today: date
) -> ScoringInput:
    """What a run of the same question would be computed from."""
    region, day = visibility.resolve_region(ask.region, who), ask.as_of or today
    async with sessions.begin() as session:
        chosen = await scheme_library.resolve_scheme(session, ask.scheme or DEFAULT_SCHEME, region)
        taken = await entries.load_entries_in_force(session, chosen, region, day)
    known = await registry.facts_known(ask.known_at, region)
    return ScoringInput(known.facts, chosen.scheme, chosen.preset, day, taken)


async def report_sensitivity(
    sessions: Sessions, run_id: int, who: Caller, *, unit_id: str | None
) -> dict[str, Any]:
    """What would move the units of a run: all of them, one, or the caller's own."""
    unit_id = visibility.resolve_unit(unit_id, who)
    scored = await load_run_scoring_input(sessions, run_id, who)
    known = {unit.unit_id for unit in scored.facts.rows(Unit)}
    asked = known if unit_id is None else known & {unit_id}
    if not asked and who.only_unit is None:
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")

    return await asyncio.to_thread(score_sensitivity, scored, asked)


def score_sensitivity(scored: ScoringInput, units: Collection[str]) -> dict[str, Any]:
    result = score_facts(scored.facts, scored.scheme, scored.preset, scored.as_of, scored.entered)
    return compute_sensitivity(scored.facts, result, units)
