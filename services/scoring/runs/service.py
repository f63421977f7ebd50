"""Runs: take the facts, compute, keep; then say again what was kept. Nobody commits here."""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, cast, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from services.scoring import scope
from services.scoring.engine.drilldown import explain_document, explained_by, metrics_of
from services.scoring.engine.presets import Lights
from services.scoring.engine.results import Result
from services.scoring.engine.scheme import Scheme
from services.scoring.execution.duckdb import Engine, queries_over
from services.scoring.execution.keeping import digest
from services.scoring.execution.scoring import rows_behind, score
from services.scoring.inputs import service as inputs
from services.scoring.registry_client import RegistryClient
from services.scoring.runs import rules
from services.scoring.runs.schemas import RunAsk, RunRead
from services.scoring.tables import Audit, Publication, Run, RunLight, RunResult
from services.scoring.wire import with_unit
from shared.facts import Facts, Project, Unit
from shared.logs import REQUEST_ID
from shared.pages import Paging
from shared.problems import NotFound
from shared.tokens import Caller

# --- to compute and keep ---------------------------------------------------------------------


async def run(
    session: AsyncSession,
    registry: RegistryClient,
    ask: RunAsk,
    who: Caller,
    *,
    now: datetime,
    engine: Engine = queries_over,
) -> tuple[RunRead, bool]:
    """The run of a scheme on a day over the registry's facts, and whether it is a new one."""
    region = scope.region_asked(ask.region, who)
    scheme, preset = inputs.scheme_named(ask.scheme)
    known = await registry.facts_known(ask.known_at, region)
    facts_digest = await asyncio.to_thread(digest, known.facts)
    await inputs.keep_scheme(session, scheme, preset)
    wanted = Run(
        region=region,
        scheme_id=scheme.id,
        scheme_version=scheme.version,
        as_of=ask.as_of,
        known_at=known.known_at,
        facts_digest=facts_digest,
        created_by=who.name,
        created_at=now,
    )
    if stored := await equal_run(session, wanted):
        return stored, False

    result, names = await asyncio.to_thread(
        computed, known.facts, scheme, preset, ask.as_of, engine
    )

    return await keep(session, wanted, known.facts, result, names, who)


def computed(
    facts: Facts, scheme: Scheme, preset: Lights, day: date, engine: Engine
) -> tuple[Result, dict[str, str]]:
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    return score(facts, scheme, preset, day, engine=engine), names


async def equal_run(session: AsyncSession, wanted: Run) -> RunRead | None:
    query = with_publication().where(
        col(Run.region) == wanted.region,
        col(Run.facts_digest) == wanted.facts_digest,
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
    await inputs.keep_facts(session, wanted.facts_digest, facts)
    text, terms = rules.text_of(result, names), rules.terms_kept(result, names)
    session.add(RunResult(run_id=run_id, document=text, terms=terms))
    lights = [
        {
            "run_id": run_id,
            "number": number,
            "project_id": light.project_id,
            "unit_id": light.unit_id,
            "overall": light.overall,
            "light": with_unit(light),
        }
        for number, light in enumerate(result.lights, start=1)
    ]
    if lights:
        await (await session.connection()).execute(insert(RunLight), lights)
    await write_down(session, "run.stored", run_id, wanted.region, who, wanted.created_at)
    return RunRead(id=run_id, **values), True


async def write_down(
    session: AsyncSession, action: str, run_id: int, region: str, who: Caller, at: datetime
) -> None:
    """A row of the audit trail."""
    done = {"at": at, "action": action, "subject": f"runs/{run_id}", "region_code": region}
    by = {"who": who.name, "role": who.role, "address": who.address}
    await session.exec(insert(Audit).values({**done, **by, "request_id": REQUEST_ID.get()}))


async def publish(session: AsyncSession, run_id: int, who: Caller, *, now: datetime) -> RunRead:
    """Let the units of the region and the public read a run; once is for ever."""
    found = await run_seen(session, run_id, who)
    made = {"run_id": run_id, "published_by": who.name, "published_at": now}
    added = insert(Publication).values(made).on_conflict_do_nothing()
    if (await session.exec(added.returning(col(Publication.run_id)))).first():
        await write_down(session, "run.published", run_id, found.region, who, now)
    return await run_seen(session, run_id, who)


# --- to say again what was kept ----------------------------------------------------------------


def with_publication() -> Select[Run, datetime]:
    published = col(Publication.published_at)
    on_run = col(Publication.run_id) == col(Run.id)
    return select(Run, published).outerjoin(Publication, on_run)


def read(found: Run, published_at: datetime | None) -> RunRead:
    return RunRead(**found.model_dump(), published_at=published_at)


def seen(who: Caller) -> Select[Run, datetime]:
    """The runs that exist for a caller: of its region, for most only those published."""
    query = with_publication().where(col(Run.region).startswith(who.region, autoescape=True))
    if who.role in scope.SEES_DRAFTS:
        return query
    return query.where(col(Publication.published_at).is_not(None))


async def list_runs(session: AsyncSession, who: Caller, asked: Paging) -> list[RunRead]:
    query = seen(who).where(col(Run.id) > asked.after).order_by(col(Run.id)).limit(asked.limit + 1)
    return [read(*row) for row in await session.exec(query)]


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


async def ranking_of(session: AsyncSession, run_id: int, who: Caller) -> dict[str, Any]:
    """The ranking out of the document; the database leaves the lights behind."""
    found = await run_seen(session, run_id, who)
    groups = func.json_extract_path(cast(col(RunResult.document), JSON), "groups", type_=JSON)
    query = select(groups).where(col(RunResult.run_id) == run_id)
    ranking = (await session.exec(query)).one()
    return {"as_of": found.as_of, "scheme": found.scheme_id, "groups": ranking}


async def lights_of_run(
    session: AsyncSession,
    run_id: int,
    who: Caller,
    asked: Paging,
    *,
    unit_id: str | None,
    overall: str | None,
) -> list[RunLight]:
    unit_id = scope.unit_asked(unit_id, who)
    await run_seen(session, run_id, who)
    number = col(RunLight.number)
    query = select(RunLight).where(col(RunLight.run_id) == run_id, number > asked.after)
    if unit_id is not None:
        query = query.where(col(RunLight.unit_id) == unit_id)
    if overall is not None:
        query = query.where(col(RunLight.overall) == overall)
    return list(await session.exec(query.order_by(number).limit(asked.limit + 1)))


async def explain(
    session: AsyncSession, run_id: int, who: Caller, *, unit_id: str, metric: str | None
) -> dict[str, Any]:
    """A unit's figures down to the rows: standings from kept terms, rows from kept facts."""
    scope.unit_asked(unit_id, who)
    found = await run_seen(session, run_id, who)
    terms = await kept_terms(session, run_id)
    if unit_id not in terms:
        raise NotFound(f"没有单位 {unit_id}", f"There is no unit {unit_id}.")
    scheme, preset = await inputs.kept_scheme(session, found.scheme_id, found.scheme_version)
    if metric not in (None, *(m.id for m in scheme.needed_metrics)):
        raise NotFound(f"方案里没有指标 {metric}", f"The scheme has no metric {metric}.")
    facts = await inputs.kept_facts(session, found.facts_digest)

    result = rules.ranked_again(terms, scheme, preset, found.as_of)
    return await asyncio.to_thread(
        explained, facts, result, unit_id, terms[unit_id]["name"], metric
    )


def explained(
    facts: Facts, result: Result, unit: str, name: str, metric: str | None
) -> dict[str, Any]:
    asked = [m for m in metrics_of(result, unit) if metric in (None, m.id)]
    behind = rows_behind(asked, facts, result.scheme, result.as_of, result.preset)
    figures = [explained_by(found, rows, result, unit) for found, rows in behind]
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    return explain_document(result, unit, name, figures, projects)


async def kept_terms(session: AsyncSession, run_id: int) -> Mapping[str, Any]:
    query = select(RunResult.terms).where(col(RunResult.run_id) == run_id)
    return (await session.exec(query)).one()


async def repeat(
    session: AsyncSession, run_id: int, who: Caller, *, engine: Engine = queries_over
) -> dict[str, Any]:
    """Compute a run anew from its kept facts and scheme, and compare every byte."""
    found = await run_seen(session, run_id, who)
    scheme, preset = await inputs.kept_scheme(session, found.scheme_id, found.scheme_version)
    facts = await inputs.kept_facts(session, found.facts_digest)
    first = await kept_document(session, run_id)

    made = await asyncio.to_thread(computed, facts, scheme, preset, found.as_of, engine)
    again = rules.text_of(*made)
    facts_digest = await asyncio.to_thread(digest, facts)
    return {
        "run_id": run_id,
        "same": (again, facts_digest) == (first, found.facts_digest),
        "facts_digest": facts_digest,
        "document_sha256": hashlib.sha256(first.encode()).hexdigest(),
        "repeated_sha256": hashlib.sha256(again.encode()).hexdigest(),
    }
