"""Objections of units to open drafts, answered by the office. Nothing commits here."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.facts_store import service as facts_store
from services.scoring.objection_tables import Objection, ObjectionAnswer
from services.scoring.objections import queries, rules
from services.scoring.objections.schemas import (
    ObjectionAnswerForm,
    ObjectionForm,
    ObjectionRead,
)
from services.scoring.publications.service import load_own_run
from services.scoring.runs import queries as runs
from services.scoring.runs.rules import refuse_closed
from services.scoring.runs.schemas import RunRead
from services.scoring.tables import Audit
from services.scoring.visibility import RunReader
from shared.database.audit import write_audit_row
from shared.http.list_orders import order_page
from shared.http.pages import Page, Paging, build_page
from shared.offices import format_id


async def record_objection(
    session: AsyncSession, run_id: int, form: ObjectionForm, who: RunReader, *, now: datetime
) -> ObjectionRead:
    """Record an objection of the caller's unit. Raises NotOpenForComment, NoSuchFigure."""
    run = await runs.load_visible_run(session, run_id, who)
    refuse_closed(run_id, run.state)
    own = who.unit_written_for(run.office) or ""
    unit_id = format_id(form.unit_id, run.office, run.office)
    await check_figure(session, run, unit_id, form, own)
    objection = Objection(
        run_id=run_id,
        by_unit_id=own,
        unit_id=unit_id,
        metric=form.metric,
        project_id=form.project_id,
        text=form.text,
        recorded_by=who.name,
        recorded_at=now,
    )
    session.add(objection)
    await session.flush()
    subject = f"objections/{objection.id}"
    after = objection.model_dump(mode="json", exclude={"id", "recorded_by", "recorded_at"})
    await write_audit_row(
        session, Audit, "objection.recorded", subject, run.region, who, now, after=after
    )
    return (await queries.read_objections(session, run, [(objection, None)]))[0]


async def check_figure(
    session: AsyncSession, run: RunRead, unit_id: str, form: ObjectionForm, own: str
) -> None:
    """Raise NoSuchFigure for a figure that the run has not, or a project of another unit."""
    rules.refuse_unknown_unit(unit_id, await runs.load_terms(session, run.id))
    if form.metric is not None:
        scheme, _ = await runs.load_run_scheme(session, run)
        rules.refuse_unknown_metric(form.metric, {metric.id for metric in scheme.needed_metrics})
    if form.project_id is not None:
        projects = await facts_store.load_facts_table(session, run.facts_digest, "projects")
        ids, units = (projects[key].to_pylist() for key in ("project_id", "unit_id"))
        visible = {each for each, unit in zip(ids, units, strict=True) if unit == own == unit_id}
        rules.refuse_foreign_project(form.project_id, visible)


async def list_objections(
    session: AsyncSession, run_id: int, who: RunReader, paging: Paging, *, answered: bool | None
) -> Page[ObjectionRead]:
    """List the objections to a run in the order in which they were made."""
    run = await queries.load_objected_run(session, run_id, who)
    query = queries.select_visible_objections(run_id, who)
    if answered is not None:
        query = query.where(col(ObjectionAnswer.objection_id).is_not(None) == answered)
    rows = (await session.exec(order_page(query, paging, col(Objection.id), falling=False))).all()
    items = await queries.read_objections(session, run, rows)
    return Page[ObjectionRead](**build_page(items, paging, lambda each: each.id))


async def record_answer(
    session: AsyncSession,
    run_id: int,
    objection_id: int,
    form: ObjectionAnswerForm,
    who: RunReader,
    *,
    now: datetime,
) -> ObjectionRead:
    """Answer an objection, once and for ever. Raises AlreadyAnswered, and Forbidden for another's.

    The figure stays as it is in this run: changed facts are in the next one.
    """
    run = await load_own_run(session, run_id, who)
    objection, _ = await queries.load_objection(session, run_id, objection_id, who)
    answer = ObjectionAnswer(
        objection_id=objection_id,
        outcome=form.outcome,
        text=form.text,
        answered_by=who.name,
        answered_at=now,
    )
    statement = insert(ObjectionAnswer).values(answer.model_dump()).on_conflict_do_nothing()
    if not (await session.exec(statement.returning(col(ObjectionAnswer.objection_id)))).first():
        raise rules.build_answered_problem(objection_id)
    subject, after = f"objections/{objection_id}", form.model_dump(mode="json")
    await write_audit_row(
        session, Audit, "objection.answered", subject, run.region, who, now, after=after
    )
    return (await queries.read_objections(session, run, [(objection, answer)]))[0]
