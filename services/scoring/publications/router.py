"""Publication over HTTP: a draft is opened for comment, a run is published."""

from fastapi import APIRouter

from services.scoring.publications import service
from services.scoring.publications.rules import AlreadyCorrected, AlreadyPublished, DayIsOver
from services.scoring.publications.schemas import CommentPeriodForm
from services.scoring.runs.router import OfficeRole, RunId
from services.scoring.runs.rules import NotOpenForComment
from services.scoring.runs.schemas import RunRead
from services.scoring.wire_types import operation_id
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs/{run_id}",
    tags=["计分"],
    route_class=IdempotentRoute,
    generate_unique_id_function=operation_id,
)


@router.post("/comment-period", dependencies=[IdempotencyCheck], summary="就一次计分征求意见")
@raises(NotFound, AlreadyPublished, DayIsOver)
async def record_comment_period(
    run_id: RunId, form: CommentPeriodForm, session: Session, who: OfficeRole, now: Now
) -> RunRead:
    """Its units read the draft and object to it until the day, which replaces that of before."""
    return await service.record_comment_period(session, run_id, form.until_on, who, now=now)


@router.post("/comment-period/end", dependencies=[IdempotencyCheck], summary="结束征求意见")
@raises(NotFound, NotOpenForComment)
async def end_comment_period(run_id: RunId, session: Session, who: OfficeRole, now: Now) -> RunRead:
    """At once; the draft is the office's alone again."""
    return await service.end_comment_period(session, run_id, who, now=now)


@router.post("/publish", dependencies=[IdempotencyCheck], summary="公布一次计分")
@raises(NotFound, AlreadyCorrected)
async def publish_run(run_id: RunId, session: Session, who: OfficeRole, now: Now) -> RunRead:
    """Open the run to the units of its region and to the public; again changes nothing."""
    return await service.publish_run(session, run_id, who, now=now)
