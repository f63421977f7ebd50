"""Runs: computed from the facts, stored, listed, published. Nothing commits here.

A run reads, releases its connection, computes, and only then writes.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, and_, cast, func, not_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from services.scoring import visibility
from services.scoring.campaigns import service as campaigns
from services.scoring.campaigns.service import RunScope
from services.scoring.engine.campaigns.campaign import Population
from services.scoring.engine.campaigns.population import restrict_to_population
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.entries import service as entries
from services.scoring.execution.content_digest import FORM, digest_facts, match_digest
from services.scoring.execution.duckdb import QueryEngine, open_query_runner
from services.scoring.execution.run import score_facts
from services.scoring.facts_store import service as facts_store
from services.scoring.registry_client import QuestionFacts, RegistryClient
from services.scoring.runs import rules
from services.scoring.runs.schemas import RunAsk, RunRead
from services.scoring.scheme_library import service as scheme_library
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.tables import Audit, Publication, Run, RunLight, RunResult, UsedScheme
from shared.database.audit import write_audit_row
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from shared.http.idempotency import ReadSessionFactory
from shared.http.tokens import Caller
from shared.problems import NotFound

# --- compute and store -----------------------------------------------------------------------


@dataclass(frozen=True)
class RunSources:
    """The sources of runs and the engine that computes them."""

    reading: ReadSessionFactory
    registry: RegistryClient
    engine: QueryEngine = open_query_runner


async def compute_run(
    sources: RunSources, session: AsyncSession, request: RunAsk, who: Caller, *, now: datetime
) -> tuple[RunRead, bool]:
    """Compute the run of a scheme or a campaign, and whether it is a new one.

    It reads over the sources and writes over `session`, whose connection it does not need before.
    """
    async with sources.reading() as reading:
        scope = await resolve_run_scope(reading, request, who)
    question = scope.question
    known = await sources.registry.load_question_facts(question, request.known_at)
    facts = restrict_to_population(known.facts, scope.population)
    facts_digest = await asyncio.to_thread(digest_facts, facts)
    async with sources.reading() as reading:
        resolved = await scheme_library.resolve_scheme(
            reading, scope.scheme, question.region, request.scheme_version
        )
        in_force = await entries.load_entries_in_force(reading, resolved, question, request.as_of)
        entered = in_force.overridden_by(scope.entered)
        run = Run(
            office=question.office,
            region=question.region,
            campaign_id=request.campaign_id,
            scheme_region=resolved.region,
            scheme_id=resolved.scheme.id,
            scheme_version=resolved.scheme.version,
            as_of=request.as_of,
            known_at=known.known_at,
            facts_digest=facts_digest,
            entered_digest=entries.entries_digest(entered),
            created_by=who.name,
            created_at=now,
        )
        equal = await load_equal_questions(reading, run)
    stored = equal.get(await asyncio.to_thread(match_digest, facts, facts_digest, equal))
    scheme, preset = resolved.scheme, resolved.preset
    if stored is None:
        computed = await asyncio.to_thread(
            partial(compute_result, engine=sources.engine, since=True),
            *(facts, scheme, preset, request.as_of, entered),
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


async def load_equal_questions(session: AsyncSession, run: Run) -> dict[str, RunRead]:
    """Load the runs with the same inputs, by the digest of their facts.

    Those with one of the first form too, whatever their facts: it is made only to compare.
    """
    digest = col(Run.facts_digest)
    query = select_runs().where(
        col(Run.office) == run.office,
        col(Run.region) == run.region,
        col(Run.campaign_id).is_not_distinct_from(run.campaign_id),
        or_(digest == run.facts_digest, not_(digest.startswith(FORM))),
        col(Run.entered_digest) == run.entered_digest,
        col(Run.scheme_region) == run.scheme_region,
        col(Run.scheme_id) == run.scheme_id,
        col(Run.scheme_version) == run.scheme_version,
        col(Run.as_of) == run.as_of,
    )
    return {row[0].facts_digest: build_run_read(*row) for row in await session.exec(query)}


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
        return (await load_equal_questions(session, run))[run.facts_digest], False
    await facts_store.store_facts(session, run.facts_digest, known.facts)
    text, terms = rules.serialize_result(result, names), rules.terms_document(result, names)
    left_out = [asdict(project) for project in known.left_out]
    session.add(RunResult(run_id=run_id, document=text, terms=terms, left_out=left_out))
    if lights := [{"run_id": run_id, **light} for light in rules.run_light_rows(result)]:
        await (await session.connection()).execute(insert(RunLight), lights)
    subject = f"runs/{run_id}"
    await write_audit_row(session, Audit, "run.stored", subject, run.region, who, run.created_at)
    return RunRead(id=run_id, **values, scheme_name=result.scheme.zh), True


async def publish_run(session: AsyncSession, run_id: int, who: Caller, *, now: datetime) -> RunRead:
    """Publish a run to the units of the region and the public, once and for ever.

    Raises Forbidden for a run of another office.
    """
    run = await load_visible_run(session, run_id, who)
    visibility.refuse_other_office(run.office, who)
    row = {"run_id": run_id, "published_by": who.name, "published_at": now}
    statement = insert(Publication).values(row).on_conflict_do_nothing()
    if (await session.exec(statement.returning(col(Publication.run_id)))).first():
        await write_audit_row(
            session, Audit, "run.published", f"runs/{run_id}", run.region, who, now
        )
    return await load_visible_run(session, run_id, who)


# --- read ----------------------------------------------------------------------------------------


RunSelect = Select[Run, datetime, str]  # the moment may be none; the name of the scheme


def select_runs() -> RunSelect:
    published, scheme = col(Publication.published_at), col(UsedScheme.document)
    of_run = and_(
        col(UsedScheme.region) == col(Run.scheme_region),
        col(UsedScheme.id) == col(Run.scheme_id),
        col(UsedScheme.version) == col(Run.scheme_version),
    )
    query = select(Run, published, scheme["zh"].astext).join(UsedScheme, of_run)
    return query.outerjoin(Publication, col(Publication.run_id) == col(Run.id))


def build_run_read(run: Run, published_at: datetime | None, scheme_name: str) -> RunRead:
    return RunRead(**run.model_dump(), published_at=published_at, scheme_name=scheme_name)


def select_visible_runs(who: Caller) -> RunSelect:
    """Select the runs that exist for a caller: of its region, for most only those published."""
    query = select_runs().where(col(Run.region).startswith(who.region, autoescape=True))
    if who.role in visibility.DRAFT_READERS:
        return query
    return query.where(col(Publication.published_at).is_not(None))


async def load_visible_run(session: AsyncSession, run_id: int, who: Caller) -> RunRead:
    """Raises NotFound for a run that does not exist for the caller."""
    row = (await session.exec(select_visible_runs(who).where(col(Run.id) == run_id))).first()
    if row is None:
        raise NotFound(f"没有第 {run_id} 次计分", f"There is no run {run_id}.")
    return build_run_read(*row)


async def load_visible_document(session: AsyncSession, run_id: int, who: Caller) -> str:
    await load_visible_run(session, run_id, who)
    return await load_document(session, run_id)


async def load_document(session: AsyncSession, run_id: int) -> str:
    query = select(RunResult.document).where(col(RunResult.run_id) == run_id)
    return (await session.exec(query)).one()


async def load_document_part(session: AsyncSession, run_id: int, key: str) -> Any:
    """Load one key of the document, extracted in the database; None without it."""
    part = func.json_extract_path(cast(col(RunResult.document), JSON), key, type_=JSON)
    query = select(part).where(col(RunResult.run_id) == run_id)
    return (await session.exec(query)).one()


async def load_terms(session: AsyncSession, run_id: int) -> Mapping[str, Any]:
    query = select(RunResult.terms).where(col(RunResult.run_id) == run_id)
    return (await session.exec(query)).one()


async def load_run_scheme(session: AsyncSession, run: RunRead) -> tuple[Scheme, Lights]:
    """Load the scheme and the lights of a run, as they were at their first use."""
    key = run.scheme_id, run.scheme_version, run.scheme_region
    return await scheme_library.load_used_scheme(session, *key)


@dataclass(frozen=True)
class RunInputs:
    """A stored run and all that it was computed from."""

    run: RunRead
    scheme: Scheme
    preset: Lights
    facts: Facts
    entered: ManualEntries


async def load_run_inputs(session: AsyncSession, run_id: int, who: Caller) -> RunInputs:
    """Raises NotFound for a run that does not exist for the caller."""
    run = await load_visible_run(session, run_id, who)
    scheme, preset = await load_run_scheme(session, run)
    facts = await facts_store.load_facts(session, run.facts_digest)
    entered = await entries.load_used_entries(session, run.entered_digest)
    return RunInputs(run, scheme, preset, facts, entered)
