"""«What if» and sensitivity of a run's stored facts or of today's; nothing is stored."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring import visibility
from services.scoring.entries import service as entries
from services.scoring.execution.what_if import ScoringInput
from services.scoring.registry_client import RegistryClient
from services.scoring.runs import queries as runs
from services.scoring.scheme_library import service as scheme_library
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.visibility import RunReader
from services.scoring.what_if.child_work import answer_changes, score_sensitivity
from services.scoring.what_if.schemas import WhatIfAsk
from shared.child_processes.limits import QUESTION
from shared.database.sessions import Sessions
from shared.facts.projects import Unit
from shared.http.heavy_work import HeavyWork
from shared.problems import NotFound


@dataclass(frozen=True)
class Questioner:
    """One who asks: the sources of the answer, and a child that computes it."""

    sessions: Sessions
    work: HeavyWork
    who: RunReader


async def answer_what_if(
    by: Questioner, registry: RegistryClient, request: WhatIfAsk, *, today: date
) -> dict[str, Any]:
    """The movement by the changes of the request, and both rankings."""
    if request.run_id is None:
        before = await load_today_scoring_input(by.sessions, registry, request, by.who, today=today)
    else:
        before = await load_run_scoring_input(by.sessions, request.run_id, by.who)

    return await by.work(by.who, QUESTION, answer_changes, before, request.changes)


async def load_run_scoring_input(sessions: Sessions, run_id: int, who: RunReader) -> ScoringInput:
    """Load the inputs of a stored run."""
    async with sessions.begin() as session:
        return build_scoring_input(await runs.load_run_inputs(session, run_id, who))


def build_scoring_input(stored: runs.RunInputs) -> ScoringInput:
    return ScoringInput(
        stored.facts, stored.scheme, stored.preset, stored.run.as_of, stored.entered
    )


async def load_today_scoring_input(
    sessions: Sessions, registry: RegistryClient, request: WhatIfAsk, who: RunReader, *, today: date
) -> ScoringInput:
    """Load the inputs that a run of the same request would have."""
    question, as_of = request.asks.resolve_whole(who), request.as_of or today
    async with sessions.begin() as session:
        resolved = await scheme_library.resolve_scheme(
            session, request.scheme or DEFAULT_SCHEME, question.region
        )
        entered = await entries.load_entries_in_force(session, resolved, question, as_of)
    known = await registry.load_question_facts(question, request.known_at)
    return ScoringInput(known.facts, resolved.scheme, resolved.preset, as_of, entered)


async def report_sensitivity(by: Questioner, run_id: int, *, unit_id: str | None) -> dict[str, Any]:
    """The least changes that move the units of a run: all of them, one, or the caller's own."""
    who = by.who
    async with by.sessions.begin() as session:
        run = await runs.load_visible_run(session, run_id, who)
        unit_id = visibility.resolve_unit(unit_id, who, run.office)
        inputs = build_scoring_input(await runs.load_run_inputs(session, run_id, who))
    known = {unit.unit_id for unit in inputs.facts.rows(Unit)}
    unit_ids = known if unit_id is None else known & {unit_id}
    if not unit_ids and who.only_unit is None:
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")

    return await by.work(who, QUESTION, score_sensitivity, inputs, unit_ids)
