"""Runs: computed from the facts, stored, listed. Nothing commits here.

A run reads, releases its connection, computes, and only then writes.
"""

import asyncio
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.campaigns import service as campaigns
from services.scoring.campaigns.service import RunScope
from services.scoring.engine.campaigns.campaign import Population
from services.scoring.engine.campaigns.population import restrict_to_population
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.entries import service as entries
from services.scoring.execution.content_digest import digest_facts, match_digest
from services.scoring.execution.duckdb import QueryEngine, open_query_runner
from services.scoring.execution.run import score_facts
from services.scoring.facts_store import service as facts_store
from services.scoring.registry_client import QuestionFacts, RegistryClient
from services.scoring.runs import queries, rules
from services.scoring.runs.rules import RunState
from services.scoring.runs.schemas import RunAsk, RunRead
from services.scoring.scheme_library import service as scheme_library
from services.scoring.scheme_library.service import ResolvedScheme
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.tables import (
    Audit,
    Run,
    RunLight,
    RunResult,
)
from shared.database.audit import write_audit_row
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from shared.http.idempotency import ReadSessionFactory
from shared.http.tokens import Caller


@dataclass(frozen=True)
class RunSources:
    """The sources of runs and the engine that computes them."""

    reading: ReadSessionFactory
    registry: RegistryClient
    engine: QueryEngine = open_query_runner


@dataclass(frozen=True)
class RunOrder:
    """What a run is to be computed of; a correction also says which run it corrects, and why."""

    scope: RunScope
    scheme: ResolvedScheme
    as_of: date
    known_at: datetime | None = None
    campaign_id: int | None = None
    corrected: RunRead | None = None
    reason: str | None = None


async def compute_run(
    sources: RunSources, session: AsyncSession, request: RunAsk, who: Caller, *, now: datetime
) -> tuple[RunRead, bool]:
    """Compute the run of a scheme or a campaign, and whether it is a new one."""
    async with sources.reading() as reading:
        scope = await resolve_run_scope(reading, request, who)
        scheme = await scheme_library.resolve_scheme(
            reading, scope.scheme, scope.question.region, request.scheme_version
        )
    order = RunOrder(scope, scheme, request.as_of, request.known_at, request.campaign_id)
    return await compute_order(sources, session, order, who, now=now)


async def compute_order(
    sources: RunSources, session: AsyncSession, order: RunOrder, who: Caller, *, now: datetime
) -> tuple[RunRead, bool]:
    """Compute a run, and whether it is a new one. Raises NothingChanged for a correction.

    It reads over the sources and writes over `session`, whose connection it does not need before.
    """
    scope, resolved, corrected = order.scope, order.scheme, order.corrected
    question = scope.question
    known = await sources.registry.load_question_facts(question, order.known_at)
    facts = restrict_to_population(known.facts, scope.population)
    facts_digest = await asyncio.to_thread(digest_facts, facts)
    async with sources.reading() as reading:
        in_force = await entries.load_entries_in_force(reading, resolved, question, order.as_of)
        entered = in_force.overridden_by(scope.entered)
        run = Run(
            office=question.office,
            region=question.region,
            campaign_id=order.campaign_id,
            scheme_region=resolved.region,
            scheme_id=resolved.scheme.id,
            scheme_version=resolved.scheme.version,
            as_of=order.as_of,
            known_at=known.known_at,
            facts_digest=facts_digest,
            entered_digest=entries.entries_digest(entered),
            created_by=who.name,
            created_at=now,
            corrects=corrected.id if corrected else None,
            reason=order.reason,
        )
        equal = await queries.load_equal_questions(reading, run)
    if corrected and corrected.entered_digest == run.entered_digest:
        kept = corrected.facts_digest
        found = await asyncio.to_thread(match_digest, facts, facts_digest, [kept])
        rules.refuse_equal_facts(corrected.id, kept, found)
    stored = equal.get(await asyncio.to_thread(match_digest, facts, facts_digest, equal))
    scheme, preset = resolved.scheme, resolved.preset
    if stored is None:
        computed = await asyncio.to_thread(
            partial(compute_result, engine=sources.engine, since=True),
            *(facts, scheme, preset, order.as_of, entered),
        )

    await scheme_library.store_used_scheme(session, scheme, preset, resolved.region)
    if stored:
        return stored, False
    await entries.store_used_entries(session, entered)
    return await store_run(session, run, replace(known, facts=facts), *computed, who)


async def resolve_run_scope(session: AsyncSession, request: RunAsk, who: Caller) -> RunScope:
    """The scope of a run: its campaign's, else the request's."""
    if request.campaign_id is None:
        question = request.asks.resolve_whole(who)
        return RunScope(request.scheme or DEFAULT_SCHEME, question, Population(), NO_ENTRIES)
    return await campaigns.campaign_run_scope(
        session, request.campaign_id, who, as_of=request.as_of
    )


def compute_result(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    as_of: date,
    entered: ManualEntries = NO_ENTRIES,
    *,
    engine: QueryEngine,
    since: bool = False,
) -> tuple[ScoringResult, dict[str, str]]:
    """Score facts; the result, and the names of the units."""
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    return score_facts(facts, scheme, preset, as_of, entered, since=since, engine=engine), names


async def store_run(
    session: AsyncSession,
    run: Run,
    known: QuestionFacts,
    result: ScoringResult,
    names: dict[str, str],
    who: Caller,
) -> tuple[RunRead, bool]:
    """Store a run, and whether it is new: of equal ones at the same time, the first one stays."""
    values = run.model_dump(exclude={"id"})
    statement = insert(Run).values(values).on_conflict_do_nothing().returning(col(Run.id))
    run_id = (await session.exec(statement)).scalar_one_or_none()
    if run_id is None:
        return (await queries.load_equal_questions(session, run))[run.facts_digest], False
    await facts_store.store_facts(session, run.facts_digest, known.facts)
    text, terms = rules.serialize_result(result, names), rules.terms_document(result, names)
    left_out = [asdict(project) for project in known.left_out]
    session.add(RunResult(run_id=run_id, document=text, terms=terms, left_out=left_out))
    if lights := [{"run_id": run_id, **light} for light in rules.run_light_rows(result)]:
        await (await session.connection()).execute(insert(RunLight), lights)
    where = f"runs/{run_id}", run.region
    after = None if run.corrects is None else run.model_dump(include={"corrects", "reason"})
    row = Audit, "run.stored", *where, who, run.created_at
    await write_audit_row(session, *row, after=after)
    read = RunRead(id=run_id, **values, scheme_name=result.scheme.zh, state=RunState.draft)
    return read, True
