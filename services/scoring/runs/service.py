"""Runs: take the facts, compute, keep; list and publish them. Nobody commits here.

A run reads, lets its connection go, computes, and only then writes.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, cast, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from services.scoring import visibility
from services.scoring.audit_trail import store_audit_row
from services.scoring.campaigns import service as campaigns
from services.scoring.campaigns.service import RunScope
from services.scoring.engine.campaigns.campaign import Population
from services.scoring.engine.campaigns.population import restrict_to_population
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.entries import service as entries
from services.scoring.execution.duckdb import QueryEngine, open_query_runner
from services.scoring.execution.facts_storage import digest_facts
from services.scoring.execution.run import score_facts
from services.scoring.facts_store import service as facts_store
from services.scoring.registry_client import RegistryClient
from services.scoring.runs import rules
from services.scoring.runs.schemas import RunAsk, RunRead
from services.scoring.scheme_library import service as scheme_library
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.tables import Publication, Run, RunLight, RunResult
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from shared.http.idempotency import ReadSessionFactory
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.problems import NotFound

# --- to compute and keep ---------------------------------------------------------------------


@dataclass(frozen=True)
class RunSources:
    """Where runs are taken from, and what computes them."""

    reading: ReadSessionFactory
    registry: RegistryClient
    engine: QueryEngine = open_query_runner


async def compute_run(
    sources: RunSources, session: AsyncSession, ask: RunAsk, who: Caller, *, now: datetime
) -> tuple[RunRead, bool]:
    """The run of a scheme or a campaign on a day, and whether it is a new one.

    It reads over the sources and writes over `session`, whose connection it does not need before.
    """
    async with sources.reading() as before:
        of = await resolve_run_scope(before, ask, who)
    known = await sources.registry.facts_known(ask.known_at, of.region)
    facts = restrict_to_population(known.facts, of.population)
    facts_digest = await asyncio.to_thread(digest_facts, facts)
    async with sources.reading() as before:
        region, scheme = of.region, of.scheme
        chosen = await scheme_library.resolve_scheme(before, scheme, region, ask.scheme_version)
        stands = await entries.load_entries_in_force(before, chosen, region, ask.as_of)
        taken = stands.overridden_by(of.entered)
        wanted = Run(
            region=region,
            campaign_id=ask.campaign_id,
            scheme_region=chosen.region,
            scheme_id=chosen.scheme.id,
            scheme_version=chosen.scheme.version,
            as_of=ask.as_of,
            known_at=known.known_at,
            facts_digest=facts_digest,
            entered_digest=entries.entries_digest(taken),
            created_by=who.name,
            created_at=now,
        )
        stored = await find_equal_run(before, wanted)
    if stored is None:
        made = await asyncio.to_thread(
            partial(compute_result, engine=sources.engine, since=True),
            *(facts, chosen.scheme, chosen.preset, ask.as_of, taken),
        )

    await scheme_library.store_used_scheme(session, chosen.scheme, chosen.preset, chosen.region)
    if stored:
        return stored, False
    await entries.store_used_entries(session, taken)
    return await store_run(session, wanted, facts, *made, who)


async def resolve_run_scope(session: AsyncSession, ask: RunAsk, who: Caller) -> RunScope:
    """What a run is of: of a campaign what the campaign says, else what is asked."""
    if ask.campaign_id is None:
        region = visibility.resolve_region(ask.region, who)
        return RunScope(ask.scheme or DEFAULT_SCHEME, region, Population(), NO_ENTRIES)
    return await campaigns.campaign_run_scope(session, ask.campaign_id, who, on=ask.as_of)


def compute_result(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    day: date,
    taken: ManualEntries = NO_ENTRIES,
    *,
    engine: QueryEngine,
    since: bool = False,
) -> tuple[ScoringResult, dict[str, str]]:
    """A result, and the names of the units."""
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    return score_facts(facts, scheme, preset, day, taken, since=since, engine=engine), names


async def find_equal_run(session: AsyncSession, wanted: Run) -> RunRead | None:
    query = select_runs().where(
        col(Run.region) == wanted.region,
        col(Run.campaign_id).is_not_distinct_from(wanted.campaign_id),
        col(Run.facts_digest) == wanted.facts_digest,
        col(Run.entered_digest) == wanted.entered_digest,
        col(Run.scheme_region) == wanted.scheme_region,
        col(Run.scheme_id) == wanted.scheme_id,
        col(Run.scheme_version) == wanted.scheme_version,
        col(Run.as_of) == wanted.as_of,
    )
    found = (await session.exec(query)).first()
    return build_run_read(*found) if found else None


async def store_run(
    session: AsyncSession,
    wanted: Run,
    facts: Facts,
    result: ScoringResult,
    names: dict[str, str],
    who: Caller,
) -> tuple[RunRead, bool]:
    """Store the run once: of equal ones at the same time, the first one stays."""
    values = wanted.model_dump(exclude={"id"})
    added = insert(Run).values(values).on_conflict_do_nothing().returning(col(Run.id))
    run_id = (await session.exec(added)).scalar_one_or_none()
    if run_id is None:
        stored = await find_equal_run(session, wanted)
        assert stored
        return stored, False
    await facts_store.store_facts(session, wanted.facts_digest, facts)
    text, terms = rules.serialize_result(result, names), rules.terms_document(result, names)
    session.add(RunResult(run_id=run_id, document=text, terms=terms))
    if lights := [{"run_id": run_id, **light} for light in rules.run_light_rows(result)]:
        await (await session.connection()).execute(insert(RunLight), lights)
    subject = f"runs/{run_id}"
    await store_audit_row(session, "run.stored", subject, wanted.region, who, wanted.created_at)
    return RunRead(id=run_id, **values), True


async def publish_run(session: AsyncSession, run_id: int, who: Caller, *, now: datetime) -> RunRead:
    """Let the units of the region and the public read a run; once is for ever."""
    found = await load_visible_run(session, run_id, who)
    made = {"run_id": run_id, "published_by": who.name, "published_at": now}
    added = insert(Publication).values(made).on_conflict_do_nothing()
    if (await session.exec(added.returning(col(Publication.run_id)))).first():
        await store_audit_row(session, "run.published", f"runs/{run_id}", found.region, who, now)
    return await load_visible_run(session, run_id, who)


# --- to say again what was kept ----------------------------------------------------------------


@dataclass(frozen=True)
class RunFilter:
    """Which runs are asked for; None does not choose."""

    campaign: int | None = None
    scheme: str | None = None
    as_of_from: date | None = None
    as_of_to: date | None = None
    published: bool | None = None


def select_runs() -> Select[Run, datetime]:
    published = col(Publication.published_at)
    on_run = col(Publication.run_id) == col(Run.id)
    return select(Run, published).outerjoin(Publication, on_run)


def build_run_read(found: Run, published_at: datetime | None) -> RunRead:
    return RunRead(**found.model_dump(), published_at=published_at)


def select_visible_runs(who: Caller) -> Select[Run, datetime]:
    """The runs that exist for a caller: of its region, for most only those published."""
    query = select_runs().where(col(Run.region).startswith(who.region, autoescape=True))
    if who.role in visibility.DRAFT_READERS:
        return query
    return query.where(col(Publication.published_at).is_not(None))


async def list_runs(
    session: AsyncSession, who: Caller, asked: Paging, wanted: RunFilter
) -> list[RunRead]:
    """In order of computing."""
    query = select_visible_runs(who).where(col(Run.id) > asked.after)
    if wanted.campaign is not None:
        query = query.where(col(Run.campaign_id) == wanted.campaign)
    if wanted.scheme is not None:
        query = query.where(col(Run.scheme_id) == wanted.scheme)
    if wanted.as_of_from is not None:
        query = query.where(col(Run.as_of) >= wanted.as_of_from)
    if wanted.as_of_to is not None:
        query = query.where(col(Run.as_of) <= wanted.as_of_to)
    if wanted.published is not None:
        query = query.where(col(Publication.published_at).is_not(None) == wanted.published)
    found = await session.exec(query.order_by(col(Run.id)).limit(asked.limit + 1))
    return [build_run_read(*row) for row in found]


async def load_visible_run(session: AsyncSession, run_id: int, who: Caller) -> RunRead:
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
    """One key of the document, which the database leaves the rest of behind; None without it."""
    part = func.json_extract_path(cast(col(RunResult.document), JSON), key, type_=JSON)
    query = select(part).where(col(RunResult.run_id) == run_id)
    return (await session.exec(query)).one()


async def load_terms(session: AsyncSession, run_id: int) -> Mapping[str, Any]:
    query = select(RunResult.terms).where(col(RunResult.run_id) == run_id)
    return (await session.exec(query)).one()


async def load_run_scheme(session: AsyncSession, found: RunRead) -> tuple[Scheme, Lights]:
    """The scheme and the lights of a run, as they were at their first use."""
    named = found.scheme_id, found.scheme_version, found.scheme_region
    return await scheme_library.load_used_scheme(session, *named)


@dataclass(frozen=True)
class RunInputs:
    """All that a run was computed from."""

    run: RunRead
    scheme: Scheme
    preset: Lights
    facts: Facts
    entered: ManualEntries


async def load_run_inputs(session: AsyncSession, run_id: int, who: Caller) -> RunInputs:
    found = await load_visible_run(session, run_id, who)
    chosen = await load_run_scheme(session, found)
    facts = await facts_store.load_facts(session, found.facts_digest)
    return RunInputs(
        found, *chosen, facts, await entries.load_used_entries(session, found.entered_digest)
    )
