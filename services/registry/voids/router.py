"""Routes of voids: made by the office, taken back, listed with what they withdrew."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from services.registry.records.ledger_merge import OutsideRegion
from services.registry.records.schemas import PlainText
from services.registry.voids import service, void_reads
from services.registry.voids.rules import (
    HasDependants,
    NamedElsewhere,
    NotCurrent,
    NotFree,
    VoidClosed,
)
from services.registry.voids.schemas import (
    RecordKind,
    TakeBackForm,
    VoidDocument,
    VoidedRecord,
    VoidedVersion,
    VoidForm,
    VoidPreview,
    VoidRead,
)
from services.registry.voids.void_reads import RecordFilters
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.list_orders import ListOrder, OrderParam
from shared.http.pages import MAX_BIGINT, Page, PagingParams, build_page
from shared.http.questions import Question, QuestionParam
from shared.http.tokens import Caller, Role
from shared.problems import NotFound, raises

router = APIRouter(prefix="/v1", tags=["作废"], route_class=IdempotentRoute)
Office = Annotated[Caller, require_roles(Role.office)]
VoidReaders = Annotated[Caller, require_roles(Role.office, Role.inspector)]
VoidId = Annotated[int, Path(ge=1, le=MAX_BIGINT, title="编号")]
ProjectParam = Annotated[PlainText | None, Query(title="项目编号")]
InForce = Annotated[bool | None, Query(title="是否仍作废")]


@router.post(
    "/voids/preview",
    operation_id="preview_void",
    summary="预览作废",
)
@raises(NotFound, OutsideRegion, NotCurrent)
async def preview_void(form: VoidedVersion, session: Session, who: Office) -> VoidPreview:
    """What would be voided together with a record; nothing is written."""
    return await service.preview_void(session, form, who)


@router.post(
    "/voids",
    status_code=201,
    dependencies=[IdempotencyCheck],
    operation_id="void_record",
    summary="作废一条记录",
)
@raises(NotFound, OutsideRegion, NotCurrent, HasDependants, NamedElsewhere)
async def void_record(
    form: VoidForm, session: Session, who: Office, response: Response
) -> VoidDocument:
    """Withdraw a record entered by mistake, with all that refers to it; its key is empty then."""
    void_id = await service.store_void(session, form, who)
    response.headers["location"] = f"/v1/voids/{void_id}"
    return await void_reads.load_document(session, void_id, own_question(who))


@router.post(
    "/voids/{void_id}/take-back",
    dependencies=[IdempotencyCheck],
    operation_id="revoke_void",
    summary="撤回作废",
)
@raises(NotFound, OutsideRegion, VoidClosed, NotFree)
async def revoke_void(
    void_id: VoidId, form: TakeBackForm, session: Session, who: Office
) -> VoidDocument:
    """Write the records of a void again, while nothing else stands in their place."""
    await service.take_back(session, void_id, form, who)
    return await void_reads.load_document(session, void_id, own_question(who))


@router.get("/voids", response_model=Page[VoidRead], operation_id="list_voids", summary="列出作废")
@raises(NotFound)
async def list_voids(
    session: Session,
    who: VoidReaders,
    asks: QuestionParam,
    paging: PagingParams,
    kind: RecordKind | None = None,
    project_id: ProjectParam = None,
    in_force: InForce = None,
    order: OrderParam = ListOrder.recorded,
) -> Any:
    found = await void_reads.list_voids(
        session,
        asks.resolve(who),
        paging,
        kind=kind,
        project_id=project_id,
        in_force=in_force,
        order=order,
    )
    return build_page(found, paging, lambda each: each.id)


@router.get("/voids/{void_id}", operation_id="read_void", summary="读取一次作废")
@raises(NotFound)
async def read_void(
    void_id: VoidId, session: Session, who: VoidReaders, asks: QuestionParam
) -> VoidDocument:
    """A void with its records, and the version before each, to be recorded again or not."""
    return await void_reads.load_document(session, void_id, asks.resolve(who))


@router.get(
    "/voided-records",
    response_model=Page[VoidedRecord],
    operation_id="list_voided_records",
    summary="列出作废的记录",
)
@raises(NotFound)
async def list_voided_records(
    session: Session,
    who: VoidReaders,
    asks: QuestionParam,
    paging: PagingParams,
    table: Annotated[RecordKind, Query(title="类别")],
    project_id: ProjectParam = None,
    void_id: Annotated[int | None, Query(ge=1, le=MAX_BIGINT, title="作废编号")] = None,
    in_force: InForce = None,
) -> Any:
    """Voided records of a kind of fact, of one void or of all."""
    filters = RecordFilters(project_id, void_id, in_force)
    found = await void_reads.list_voided_records(
        session, asks.resolve(who), paging, str(table), filters
    )
    return build_page(found, paging, lambda each: each.version)


def own_question(who: Caller) -> Question:
    return Question(who.office, who.region)
