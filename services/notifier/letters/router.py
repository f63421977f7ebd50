"""Routes of letters: listed, read, as documents, acknowledged."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from services.notifier.letters import queries, service
from services.notifier.letters.queries import BeingPrinted, LetterFilters
from services.notifier.letters.schemas import LetterRead, LetterState, RecordId
from services.notifier.rules.ladder import LetterKind
from shared.clock import Now
from shared.database.sessions import Session, SessionFactory
from shared.http.auth import require_roles
from shared.http.byte_ranges import RangeNotSatisfiable
from shared.http.delivery import never_changes
from shared.http.heavy_work import HeavyWorkParam
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.pages import MAX_BIGINT, Page, PagingParams, build_page
from shared.http.questions import QuestionParam
from shared.http.tokens import REGION_WIDE, Caller, Role
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/letters",
    tags=["函件"],
    route_class=IdempotentRoute,
    generate_unique_id_function=lambda route: route.name,
)

LetterId = Annotated[int, Path(ge=1, le=MAX_BIGINT)]
LetterReaders = Annotated[Caller, require_roles(*REGION_WIDE, Role.unit, Role.leader, Role.field)]
LetterAddressees = Annotated[Caller, require_roles(Role.unit)]
PDF_MEDIA_TYPE = "application/pdf"
DOCX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def document_responses(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {}}, "description": "函件"}}


@router.get("", summary="列出函件")
@raises(NotFound)
async def list_letters(
    session: Session,
    who: LetterReaders,
    paging: PagingParams,
    asks: QuestionParam,
    kind: LetterKind | None = None,
    unit_id: RecordId | None = None,
    project_id: RecordId | None = None,
    state: LetterState | None = None,
) -> Page[LetterRead]:
    """Letters of an office, or of all that are in a region; for most roles of its unit."""
    filters, question = LetterFilters(kind, unit_id, project_id, state), asks.resolve(who)
    letters = await queries.list_letters(session, who, paging, filters, question)
    return Page(**build_page(letters, paging, lambda letter: letter.id))


@router.get("/{letter_id}", summary="读取函件")
@raises(NotFound)
async def read_letter(
    letter_id: LetterId, session: Session, who: LetterReaders, asks: QuestionParam
) -> LetterRead:
    return await queries.load_letter(session, letter_id, who, asks.resolve(who).office)


@router.get(
    "/{letter_id}/document.pdf",
    response_class=Response,
    responses=document_responses(PDF_MEDIA_TYPE),
    summary="取函件（PDF）",
)
@raises(NotFound, BeingPrinted, RangeNotSatisfiable)
@never_changes
async def print_letter(letter_id: LetterId, session: Session, who: LetterReaders) -> Response:
    """The letter as it went out, byte for byte."""
    return Response(await queries.load_pdf(session, letter_id, who), media_type=PDF_MEDIA_TYPE)


@router.get(
    "/{letter_id}/document.docx",
    response_class=Response,
    responses=document_responses(DOCX_MEDIA_TYPE),
    summary="取函件的可编辑文本（DOCX）",
)
@raises(NotFound, BeingPrinted, RangeNotSatisfiable)
@never_changes
async def edit_letter(
    letter_id: LetterId, sessions: SessionFactory, work: HeavyWorkParam, who: LetterReaders
) -> Response:
    """The same texts, to edit."""
    file = await queries.render_stored_docx(sessions, work, letter_id, who)
    return Response(file, media_type=DOCX_MEDIA_TYPE)


@router.post("/{letter_id}/acknowledge", dependencies=[IdempotencyCheck], summary="确认收到函件")
@raises(NotFound, BeingPrinted)
async def acknowledge_letter(
    letter_id: LetterId,
    session: Session,
    who: LetterAddressees,
    now: Now,
    asks: QuestionParam,
) -> LetterRead:
    """The unit has seen its letter; again changes nothing."""
    asked = asks.resolve(who).office
    return await service.store_acknowledgement(session, letter_id, who, asked, now=now)
