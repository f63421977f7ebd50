"""Queries of stored runs: which exist for a caller, and what is stored of them."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ScalarSelect, and_, cast, func, not_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from services.scoring import visibility
from services.scoring.engine.points.manual_entries import ManualEntries
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.entries import service as entries
from services.scoring.execution.content_digest import FORM
from services.scoring.facts_store import service as facts_store
from services.scoring.objection_tables import CommentPeriod
from services.scoring.runs import rules
from services.scoring.runs.schemas import RunRead
from services.scoring.scheme_library import service as scheme_library
from services.scoring.tables import Publication, Run, RunResult, UsedScheme
from services.scoring.visibility import RunReader
from shared.clock import LOCAL_TIMEZONE
from shared.facts.tables import Facts

# The moment, the last day for comment and the correction may be none; the name of the scheme.
RunRow = tuple[Run, datetime, str, date, int]
RunSelect = Select[*RunRow]


def select_runs() -> RunSelect:
    published, scheme = col(Publication.published_at), col(UsedScheme.document)
    of_run = and_(
        col(UsedScheme.region) == col(Run.scheme_region),
        col(UsedScheme.id) == col(Run.scheme_id),
        col(UsedScheme.version) == col(Run.scheme_version),
    )
    correction = aliased(Publication)
    query = (
        select(Run, published, scheme["zh"].astext, last_comment_day())
        .add_columns(col(correction.run_id))
        .join(UsedScheme, of_run)
        .outerjoin(Publication, col(Publication.run_id) == col(Run.id))
        .outerjoin(correction, col(correction.corrects) == col(Run.id))
    )
    return typing.cast(RunSelect, query)  # it has types for four columns at most


def last_comment_day() -> ScalarSelect[date]:
    """The last day on which a run is open for comment, None of one that is not any more."""
    until_on, period_id = col(CommentPeriod.until_on), col(CommentPeriod.id)
    of_run = select(until_on).where(col(CommentPeriod.run_id) == col(Run.id))
    return of_run.order_by(period_id.desc()).limit(1).correlate(Run).scalar_subquery()


def build_run_read(row: RunRow, today: date) -> RunRead:
    run, published_at, scheme_name, until_on, corrected_by = row
    return RunRead(
        **run.model_dump(),
        published_at=published_at,
        scheme_name=scheme_name,
        state=rules.derive_state(published_at, corrected_by, until_on, today),
        comment_until_on=until_on,
        corrected_by=corrected_by,
    )


# --- what exists for a caller ---------------------------------------------------------------------


def select_visible_runs(who: RunReader) -> RunSelect:
    """Select the runs that exist for a caller: of its region, for most only those published.

    For units that are in it a draft, too, while it is open for comment.
    """
    query = select_runs().where(col(Run.region).startswith(who.region, autoescape=True))
    if who.role in visibility.DRAFT_READERS:
        return query
    is_published = col(Publication.published_at).is_not(None)
    if who.role not in visibility.COMMENTERS:
        return query.where(is_published)
    return query.where(or_(is_published, is_open_to(who)))


def is_open_to(who: RunReader) -> ColumnElement[bool]:
    """Condition for runs that are open for comment, with the caller's own unit in them."""
    terms = select(RunResult.run_id).where(
        col(RunResult.run_id) == col(Run.id),
        visibility.is_of_own_unit(col(Run.office), col(RunResult.terms).bool_op("?"), who),
    )
    return and_(last_comment_day() >= who.today, terms.exists())


def select_counted_runs(who: RunReader) -> RunSelect:
    """Select the visible runs that other rankings are made of.

    A draft counts for whom drafts exist, unless it is open for comment, or corrects another run.
    """
    query, is_published = select_visible_runs(who), col(Publication.published_at).is_not(None)
    if who.role not in visibility.DRAFT_READERS:
        return query.where(is_published)
    is_closed = func.coalesce(last_comment_day() < who.today, True)
    return query.where(or_(is_published, and_(col(Run.corrects).is_(None), is_closed)))


async def load_visible_run(session: AsyncSession, run_id: int, who: RunReader) -> RunRead:
    """Raises NotFound for a run that does not exist for the caller."""
    row = (await session.exec(select_visible_runs(who).where(col(Run.id) == run_id))).first()
    if row is None:
        raise rules.run_not_found(run_id)
    return build_run_read(row, who.today)


# --- what is stored -------------------------------------------------------------------------------


async def load_visible_document(session: AsyncSession, run_id: int, who: RunReader) -> str:
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


async def load_run_inputs(session: AsyncSession, run_id: int, who: RunReader) -> RunInputs:
    """Raises NotFound for a run that does not exist for the caller."""
    run = await load_visible_run(session, run_id, who)
    scheme, preset = await load_run_scheme(session, run)
    facts = await facts_store.load_facts(session, run.facts_digest)
    entered = await entries.load_used_entries(session, run.entered_digest)
    return RunInputs(run, scheme, preset, facts, entered)


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
        col(Run.corrects).is_not_distinct_from(run.corrects),
        col(Run.reason).is_not_distinct_from(run.reason),
    )
    today = run.created_at.astimezone(LOCAL_TIMEZONE).date()
    return {row[0].facts_digest: build_run_read(row, today) for row in await session.exec(query)}
