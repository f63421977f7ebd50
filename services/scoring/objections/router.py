"""Objections over HTTP: made by units while a run is open, answered by its office."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from services.scoring.objections import service
from services.scoring.objections.rules import AlreadyAnswered, NoSuchFigure
from services.scoring.objections.schemas import (
    ObjectionAnswerForm,
    ObjectionForm,
    ObjectionRead,
)
from services.scoring.runs.router import OfficeRole, RunId, require_run_readers
from services.scoring.runs.rules import NotOpenForComment
from services.scoring.visibility import COMMENTERS, DRAFT_READERS, RunReader
from services.scoring.wire_types import operation_id
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.pages import MAX_BIGINT, Page, PagingParams
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs/{run_id}/objections",
    tags=["异议"],
    route_class=IdempotentRoute,
    generate_unique_id_function=operation_id,
)

ObjectionId = Annotated[int, Path(ge=1, le=MAX_BIGINT)]
Commenters = Annotated[RunReader, require_run_readers(*COMMENTERS)]
ObjectionReaders = Annotated[RunReader, require_run_readers(*DRAFT_READERS, *COMMENTERS)]


@router.post("", status_code=201, dependencies=[IdempotencyCheck], summary="提出异议")
@raises(NotFound, NotOpenForComment, NoSuchFigure)
async def record_objection(
    run_id: RunId, form: ObjectionForm, session: Session, who: Commenters, now: Now
) -> ObjectionRead:
    """To a unit's total, or to one metric or project of it, while the run is open for comment."""
    return await service.record_objection(session, run_id, form, who, now=now)


@router.get("", summary="列出异议")
@raises(NotFound)
async def list_objections(
    run_id: RunId,
    session: Session,
    who: ObjectionReaders,
    paging: PagingParams,
    answered: Annotated[bool | None, Query(title="已答复")] = None,
) -> Page[ObjectionRead]:
    """With their answers, by number; a unit is told of its own, also after the run has closed."""
    return await service.list_objections(session, run_id, who, paging, answered=answered)


@router.post("/{objection_id}/answer", dependencies=[IdempotencyCheck], summary="答复异议")
@raises(NotFound, AlreadyAnswered)
async def record_objection_answer(
    run_id: RunId,
    objection_id: ObjectionId,
    form: ObjectionAnswerForm,
    session: Session,
    who: OfficeRole,
    now: Now,
) -> ObjectionRead:
    """Kept, or facts changed, and why; once. A figure changes by changed facts and a new run."""
    return await service.record_answer(session, run_id, objection_id, form, who, now=now)
