"""Runs opened for comment and published, by their office alone; nothing commits here."""

from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring import visibility
from services.scoring.objection_tables import CommentPeriod
from services.scoring.publications import rules
from services.scoring.runs import queries as runs
from services.scoring.runs.rules import refuse_closed
from services.scoring.runs.schemas import RunRead
from services.scoring.tables import Audit, Publication
from services.scoring.visibility import RunReader
from shared.database.audit import write_audit_row


async def record_comment_period(
    session: AsyncSession, run_id: int, until_on: date, who: RunReader, *, now: datetime
) -> RunRead:
    """Open a draft for comment until a day, or for longer or less than before."""
    run = await load_own_run(session, run_id, who)
    rules.refuse_period(run_id, run.state, until_on, who.today)
    return await store_comment_period(session, run, until_on, who, now=now)


async def end_comment_period(
    session: AsyncSession, run_id: int, who: RunReader, *, now: datetime
) -> RunRead:
    """End the comment period of a run at once."""
    run = await load_own_run(session, run_id, who)
    refuse_closed(run_id, run.state)
    return await store_comment_period(session, run, None, who, now=now)


async def store_comment_period(
    session: AsyncSession, run: RunRead, until_on: date | None, who: RunReader, *, now: datetime
) -> RunRead:
    """Store a comment period, which replaces that of before; one without a day is over."""
    if until_on == run.comment_until_on:
        return run
    period = CommentPeriod(run_id=run.id, until_on=until_on, recorded_by=who.name, recorded_at=now)
    session.add(period)
    await session.flush()
    row = Audit, "comment_period.recorded", f"runs/{run.id}", run.region, who, now
    before, after = map(describe_period, (run.comment_until_on, until_on))
    await write_audit_row(session, *row, before=before, after=after)
    return await runs.load_visible_run(session, run.id, who)


def describe_period(until_on: date | None) -> dict[str, str | None]:
    """A comment period as an audit row has it."""
    return {"until_on": None if until_on is None else until_on.isoformat()}


async def publish_run(
    session: AsyncSession, run_id: int, who: RunReader, *, now: datetime
) -> RunRead:
    """Publish a run to the units of the region and the public, once and for ever.

    A correction is from then on that of the run that it corrects. Raises AlreadyCorrected where
    another correction of it was published.
    """
    run = await load_own_run(session, run_id, who)
    row = {"run_id": run_id, "published_by": who.name, "published_at": now}
    row["corrects"] = run.corrects
    statement = insert(Publication).values(row).on_conflict_do_nothing()
    if (await session.exec(statement.returning(col(Publication.run_id)))).first():
        where = f"runs/{run_id}", run.region
        await write_audit_row(session, Audit, "run.published", *where, who, now)
    published = await runs.load_visible_run(session, run_id, who)
    if not published.state.is_out:
        raise rules.build_second_correction_problem(run_id, run.corrects)
    return published


async def load_own_run(session: AsyncSession, run_id: int, who: RunReader) -> RunRead:
    """Load a run of the caller's own office. Raises Forbidden for a run of another."""
    run = await runs.load_visible_run(session, run_id, who)
    visibility.refuse_other_office(run.office, who)
    return run
