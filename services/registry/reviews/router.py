"""Routes of reports that wait: for whom the records are, and for the office that decides."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.registry.records.addresses import resolve_record_question
from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.report_rules import ReportDecided, ReportState
from services.registry.records.report_schemas import ReportRead
from services.registry.records.resource import OFFICE, READERS, REPORTERS
from services.registry.records.schemas import PlainText
from services.registry.reviews import service
from services.registry.reviews.queries import ReportShape
from services.registry.reviews.schemas import (
    REPORTED_KINDS,
    DecisionResult,
    DecisionsForm,
    DecisionsRead,
    ReportDetail,
    ReportedKind,
    ReportId,
    ReportOrder,
    ReportPage,
    ReturnForm,
)
from shared.database.sessions import Reads, Session
from shared.http.app import is_english
from shared.http.auth import require_roles
from shared.http.conditions import IfMatch
from shared.http.entity_tags import parse_version
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.pages import PagingParams
from shared.http.questions import QuestionParam
from shared.http.tokens import Caller
from shared.problems import Forbidden, NotFound, Stale, raises

router = APIRouter(prefix="/v1/reports", tags=["报送审核"], route_class=IdempotentRoute)
Reader = Annotated[Caller, require_roles(*READERS)]
Reviewer = Annotated[Caller, require_roles(*OFFICE)]
ReporterParam = Annotated[Caller, require_roles(*REPORTERS)]
ReportIdParam = Annotated[ReportId, Path(title="报送编号")]


@router.get("", response_model=ReportPage, operation_id="list_reports", summary="列出待审核的报送")
@raises(NotFound)
async def list_reports(
    asks: QuestionParam,
    paging: PagingParams,
    reads: Reads,
    who: Reader,
    state: Annotated[ReportState | None, Query(title="状态")] = None,
    kind: Annotated[ReportedKind | None, Query(title="记录种类")] = None,
    project_id: Annotated[PlainText | None, Query(title="项目编号")] = None,
    unit_id: Annotated[PlainText | None, Query(title="报送单位编号")] = None,
    stale: Annotated[bool | None, Query(title="记录已改过")] = None,
    order: Annotated[ReportOrder, Query(title="排序")] = ReportOrder.oldest,
    totals: Annotated[bool, Query(title="是否合计")] = False,
) -> Response:
    """What units and field officers sent that did not count at once, and what became of it."""
    sent = {"project_id": project_id, "unit_id": unit_id, "state": state, "stale": stale}
    shape = ReportShape(
        tuple(REPORTED_KINDS) if kind is None else (str(kind),),
        tuple(name for name, value in sent.items() if value is not None),
        order,
    )
    question = resolve_record_question(asks, who)
    page = await service.list_reports(
        reads, shape, sent, question, who=who, paging=paging, has_totals=totals
    )
    return Response(page, media_type="application/json")


@router.get("/{report_id}", operation_id="read_report", summary="读取一条报送")
@raises(NotFound)
async def read_report(
    report_id: ReportIdParam, asks: QuestionParam, reads: Reads, who: Reader
) -> ReportDetail:
    """A report with its doubts, the version that it corrects and the present one."""
    return await service.read_report(reads, report_id, resolve_record_question(asks, who))


@router.post(
    "/{report_id}/accept",
    response_model=ReportRead,
    dependencies=[IdempotencyCheck],
    operation_id="accept_report",
    summary="采用一条报送",
)
@raises(NotFound, OutsideRegion, ReportDecided, Stale)
async def accept_report(
    report_id: ReportIdParam,
    asks: QuestionParam,
    session: Session,
    who: Reviewer,
    if_match: IfMatch = None,
) -> Any:
    """From now on it is an ordinary record; `If-Match` names the present one where it changed."""
    return await service.accept_report(
        session,
        report_id,
        resolve_record_question(asks, who),
        who=who,
        expected=parse_version(if_match) if if_match else None,
    )


@router.post(
    "/{report_id}/return",
    response_model=ReportRead,
    dependencies=[IdempotencyCheck],
    operation_id="return_report",
    summary="退回一条报送",
)
@raises(NotFound, OutsideRegion, ReportDecided)
async def return_report(
    report_id: ReportIdParam, form: ReturnForm, asks: QuestionParam, session: Session, who: Reviewer
) -> Any:
    """It never counts; its reporter reads the reason."""
    question = resolve_record_question(asks, who)
    return await service.return_report(session, report_id, question, who=who, reason=form.reason)


@router.post(
    "/{report_id}/withdraw",
    response_model=ReportRead,
    dependencies=[IdempotencyCheck],
    operation_id="withdraw_report",
    summary="撤回本单位的报送",
)
@raises(NotFound, OutsideRegion, Forbidden, ReportDecided)
async def withdraw_report(
    report_id: ReportIdParam, asks: QuestionParam, session: Session, who: ReporterParam
) -> Any:
    """The unit that reported it takes it back, until the office has decided."""
    question = resolve_record_question(asks, who)
    return await service.withdraw_report(session, report_id, question, who=who)


@router.post(
    "/decisions",
    dependencies=[IdempotencyCheck],
    operation_id="decide_reports",
    summary="采用或退回多条报送",
)
async def decide_reports(
    form: DecisionsForm, asks: QuestionParam, request: Request, session: Session, who: Reviewer
) -> DecisionsRead:
    """Each is done or refused by itself; one whose record has changed is never accepted here."""
    question, english = resolve_record_question(asks, who), is_english(request)
    items = [
        await service.decide_one(session, each, question, who=who, english=english)
        for each in form.decisions
    ]
    results = [item.result for item in items]
    counts = {result.value: results.count(result) for result in DecisionResult}
    return DecisionsRead(items=items, **counts)
