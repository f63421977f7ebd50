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
from services.scoring.audit_trail import write_down
from services.scoring.campaigns import service as campaigns
from services.scoring.campaigns.service import Asked
from services.scoring.engine.campaigns.campaign import Population
from services.scoring.engine.campaigns.population import populated
from services.scoring.engine.points.manual_entries import NOTHING_ENTERED, Entered
from services.scoring.engine.results.run_result import Result
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.entries import service as entries
from services.scoring.execution.duckdb import Engine, queries_over
from services.scoring.execution.facts_storage import digest
from services.scoring.execution.run import score
from services.scoring.facts_store import service as facts_store
from services.scoring.registry_client import RegistryClient
from services.scoring.runs import rules
from services.scoring.runs.schemas import RunAsk, RunRead
from services.scoring.scheme_library import service as scheme_library
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.tables import Publication, Run, RunLight, RunResult
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from shared.http.idempotency import ReadingApart
from shared.http.pages import Paging
from shared.http.tokens import Caller
from shared.problems import NotFound

# --- to compute and keep ---------------------------------------------------------------------


@dataclass(frozen=True)
class Sources:
    """Where runs are taken from, and what computes them."""

    reading: ReadingApart
    registry: RegistryClient
    engine: Engine = queries_over


async def run(
    sources: Sources, session: AsyncSession, ask: RunAsk, who: Caller, *, now: datetime
) -> tuple[RunRead, bool]:
    """The run of a scheme or a campaign on a day, and whether it is a new one.

    It reads over the sources and writes over `session`, whose connection it does not need before.
    """
    async with sources.reading() as before:
        of = await asked(before, ask, who)
    known = await sources.registry.facts_known(ask.known_at, of.region)
    facts = populated(known.facts, of.population)
    facts_digest = await asyncio.to_thread(digest, facts)
    async with sources.reading() as before:
        region, scheme = of.region, of.scheme
        chosen = await scheme_library.scheme_for(before, scheme, region, ask.scheme_version)
        stands = await entries.entered_for(before, chosen, region, ask.as_of)
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
            entered_digest=entries.digest(taken),
            created_by=who.name,
            created_at=now,
        )
        stored = await equal_run(before, wanted)
    if stored is None:
        made = await asyncio.to_thread(
            partial(computed, engine=sources.engine, since=True),
            *(facts, chosen.scheme, chosen.preset, ask.as_of, taken),
        )

    await scheme_library.keep_scheme(session, chosen.scheme, chosen.preset, chosen.region)
    if stored:
        return stored, False
    await entries.keep(session, taken)
    return await keep(session, wanted, facts, *made, who)


async def asked(session: AsyncSession, ask: RunAsk, who: Caller) -> Asked:
    """What a run is of: of a campaign what the campaign says, else what is asked."""
    if ask.campaign_id is None:
        region = visibility.region_asked(ask.region, who)
        return Asked(ask.scheme or DEFAULT_SCHEME, region, Population(), NOTHING_ENTERED)
    return await campaigns.asked(session, ask.campaign_id, who, on=ask.as_of)


def computed(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    day: date,
    taken: Entered = NOTHING_ENTERED,
    *,
    engine: Engine,
    since: bool = False,
) -> tuple[Result, dict[str, str]]:
    """A result, and the names of the units."""
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    return score(facts, scheme, preset, day, taken, since=since, engine=engine), names


async def equal_run(session: AsyncSession, wanted: Run) -> RunRead | None:
    query = with_publication().where(
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
    return read(*found) if found else None


async def keep(
    session: AsyncSession,
    wanted: Run,
    facts: Facts,
    result: Result,
    names: dict[str, str],
    who: Caller,
) -> tuple[RunRead, bool]:
    """Store the run once: of equal ones at the same time, the first one stays."""
    values = wanted.model_dump(exclude={"id"})
    added = insert(Run).values(values).on_conflict_do_nothing().returning(col(Run.id))
    run_id = (await session.exec(added)).scalar_one_or_none()
    if run_id is None:
        stored = await equal_run(session, wanted)
        assert stored
        return stored, False
    await facts_store.keep_facts(session, wanted.facts_digest, facts)
    text, terms = rules.text_of(result, names), rules.terms_kept(result, names)
    session.add(RunResult(run_id=run_id, document=text, terms=terms))
    if lights := [{"run_id": run_id, **light} for light in rules.lights_kept(result)]:
        await (await session.connection()).execute(insert(RunLight), lights)
    subject = f"runs/{run_id}"
    await write_down(session, "run.stored", subject, wanted.region, who, wanted.created_at)
    return RunRead(id=run_id, **values), True


async def publish(session: AsyncSession, run_id: int, who: Caller, *, now: datetime) -> RunRead:
    """Let the units of the region and the public read a run; once is for ever."""
    found = await run_seen(session, run_id, who)
    made = {"run_id": run_id, "published_by": who.name, "published_at": now}
    added = insert(Publication).values(made).on_conflict_do_nothing()
    if (await session.exec(added.returning(col(Publication.run_id)))).first():
        await write_down(session, "run.published", f"runs/{run_id}", found.region, who, now)
    return await run_seen(session, run_id, who)


# --- to say again what was kept ----------------------------------------------------------------


@dataclass(frozen=True)
class RunsOf:
    """Which runs are asked for; None does not choose."""

    campaign: int | None = None
    scheme: str | None = None
    as_of_from: date | None = None
    as_of_to: date | None = None
    published: bool | None = None


def with_publication() -> Select[Run, datetime]:
    published = col(Publication.published_at)
    on_run = col(Publication.run_id) == col(Run.id)
    return select(Run, published).outerjoin(Publication, on_run)


def read(found: Run, published_at: datetime | None) -> RunRead:
    return RunRead(**found.model_dump(), published_at=published_at)


def seen(who: Caller) -> Select[Run, datetime]:
    """The runs that exist for a caller: of its region, for most only those published."""
    query = with_publication().where(col(Run.region).startswith(who.region, autoescape=True))
    if who.role in visibility.SEES_DRAFTS:
        return query
    return query.where(col(Publication.published_at).is_not(None))


async def list_runs(
    session: AsyncSession, who: Caller, asked: Paging, wanted: RunsOf
) -> list[RunRead]:
    """In order of computing."""
    query = seen(who).where(col(Run.id) > asked.after)
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
    return [read(*row) for row in found]


async def run_seen(session: AsyncSession, run_id: int, who: Caller) -> RunRead:
    row = (await session.exec(seen(who).where(col(Run.id) == run_id))).first()
    if row is None:
        raise NotFound(f"没有第 {run_id} 次计分", f"There is no run {run_id}.")
    return read(*row)


async def document_of(session: AsyncSession, run_id: int, who: Caller) -> str:
    await run_seen(session, run_id, who)
    return await kept_document(session, run_id)


async def kept_document(session: AsyncSession, run_id: int) -> str:
    query = select(RunResult.document).where(col(RunResult.run_id) == run_id)
    return (await session.exec(query)).one()


async def kept_part(session: AsyncSession, run_id: int, key: str) -> Any:
    """One key of the document, which the database leaves the rest of behind; None without it."""
    part = func.json_extract_path(cast(col(RunResult.document), JSON), key, type_=JSON)
    query = select(part).where(col(RunResult.run_id) == run_id)
    return (await session.exec(query)).one()


async def kept_terms(session: AsyncSession, run_id: int) -> Mapping[str, Any]:
    query = select(RunResult.terms).where(col(RunResult.run_id) == run_id)
    return (await session.exec(query)).one()


async def chosen_by(session: AsyncSession, found: RunRead) -> tuple[Scheme, Lights]:
    """The scheme and the lights of a run, as they were at their first use."""
    named = found.scheme_id, found.scheme_version, found.scheme_region
    return await scheme_library.kept_scheme(session, *named)


@dataclass(frozen=True)
class Kept:
    """All that a run was computed from."""

    run: RunRead
    scheme: Scheme
    preset: Lights
    facts: Facts
    entered: Entered


async def kept(session: AsyncSession, run_id: int, who: Caller) -> Kept:
    found = await run_seen(session, run_id, who)
    chosen = await chosen_by(session, found)
    facts = await facts_store.kept_facts(session, found.facts_digest)
    return Kept(found, *chosen, facts, await entries.kept(session, found.entered_digest))
