"""Queries of objections: the office's all, a unit's own, with names of what they are about."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from services.scoring import visibility
from services.scoring.facts_store import service as facts_store
from services.scoring.objection_tables import Objection, ObjectionAnswer
from services.scoring.objections import rules
from services.scoring.objections.rules import ObjectionState
from services.scoring.objections.schemas import ObjectionRead
from services.scoring.runs import queries as runs
from services.scoring.runs.schemas import RunRead
from services.scoring.tables import Run
from services.scoring.visibility import RunReader

ObjectionRow = tuple[Objection, ObjectionAnswer | None]
ObjectionSelect = Select[Objection, ObjectionAnswer]  # the answer may be none


def select_visible_objections(run_id: int, who: RunReader) -> ObjectionSelect:
    """Select the objections to a run in the caller's region; of a unit its own."""
    query = (
        select(Objection, ObjectionAnswer)
        .join(Run, col(Run.id) == col(Objection.run_id))
        .outerjoin(ObjectionAnswer, col(ObjectionAnswer.objection_id) == col(Objection.id))
        .where(col(Run.id) == run_id, col(Run.region).startswith(who.region, autoescape=True))
    )
    if who.role in visibility.DRAFT_READERS:
        return query
    is_own = visibility.is_of_own_unit(
        col(Run.office), lambda unit: col(Objection.by_unit_id) == unit, who
    )
    return query.where(is_own)


async def load_objected_run(session: AsyncSession, run_id: int, who: RunReader) -> RunRead:
    """Load a run whose objections a caller may read. Raises NotFound.

    A unit reads the answers to its own objections also when the draft is closed to it again.
    """
    objected = select_visible_objections(run_id, who)
    if (await session.exec(objected.limit(1))).first() is None:
        return await runs.load_visible_run(session, run_id, who)
    row = (await session.exec(runs.select_runs().where(col(Run.id) == run_id))).one()
    return runs.build_run_read(row, who.today)


async def load_objection(
    session: AsyncSession, run_id: int, objection_id: int, who: RunReader
) -> ObjectionRow:
    """Load an objection and its answer. Raises NotFound."""
    query = select_visible_objections(run_id, who).where(col(Objection.id) == objection_id)
    row = (await session.exec(query)).first()
    if row is None:
        raise rules.objection_not_found(objection_id)
    return row


async def read_objections(
    session: AsyncSession, run: RunRead, rows: Sequence[ObjectionRow]
) -> list[ObjectionRead]:
    """Objections to a run with the names of units, metrics and projects."""
    if not rows:
        return []
    scheme, _ = await runs.load_run_scheme(session, run)
    metrics = {metric.id: metric.zh for metric in scheme.needed_metrics}
    projects = {each.project_id for each, _ in rows if each.project_id is not None}
    names = await facts_store.load_names(session, run.facts_digest, projects)
    return [
        ObjectionRead(
            **objection.model_dump(),
            **describe_answer(answer),
            by_unit_name=names.units.get(objection.by_unit_id),
            unit_name=names.units.get(objection.unit_id),
            metric_name=metrics.get(objection.metric or ""),
            project_name=names.projects.get(objection.project_id or ""),
        )
        for objection, answer in rows
    ]


def describe_answer(answer: ObjectionAnswer | None) -> dict[str, Any]:
    """The part of an objection that its answer fills."""
    if answer is None:
        nothing = dict.fromkeys(("outcome", "answer", "answered_by", "answered_at"))
        return {"state": ObjectionState.open, **nothing}
    said = answer.model_dump(include={"outcome", "answered_by", "answered_at"})
    return {"state": ObjectionState.answered, "answer": answer.text, **said}
