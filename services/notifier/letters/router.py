"""Routes of letters: listed, read, as documents, acknowledged."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from services.notifier.letters import lists, queries, service
from services.notifier.letters.lists import LetterFilters, LetterListing
from services.notifier.letters.queries import BeingPrinted
from services.notifier.letters.schemas import (
    LetterOrder,
    LetterPage,
    LetterRead,
    LetterState,
    PrintedPages,
    RecordId,
)
from services.notifier.registry_client import RegistryParam
from services.notifier.rules.ladder import LetterKind
from shared.child_processes.errors import QueueFull
from shared.clock import Now, Today
from shared.database.sessions import Session, SessionFactory
from shared.http.auth import require_roles
from shared.http.byte_ranges import RangeNotSatisfiable
from shared.http.delivery import never_changes
from shared.http.heavy_work import HeavyWorkParam
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.list_orders import TotalsParam
from shared.http.pages import MAX_BIGINT, PagingParams
from shared.http.questions import QuestionParam
from shared.http.tokens import REGION_WIDE, Caller, Role
from shared.problems import Forbidden, NotFound, raises

router = APIRouter(
    prefix="/v1/letters",
    tags=["函件"],
    route_class=IdempotentRoute,
    generate_unique_id_function=lambda route: route.name,
)

MAX_PAGES = 10_000  # of a document
LetterId = Annotated[int, Path(ge=1, le=MAX_BIGINT)]
PageNumber = Annotated[int, Path(ge=1, le=MAX_PAGES)]
LetterReaders = Annotated[Caller, require_roles(*REGION_WIDE, Role.unit, Role.leader, Role.field)]
LetterAddressees = Annotated[Caller, require_roles(Role.unit)]
PDF_MEDIA_TYPE = "application/pdf"
PNG_MEDIA_TYPE = "image/png"
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
    today: Today,
    registry: RegistryParam,
    kind: LetterKind | None = None,
    unit_id: RecordId | None = None,
    project_id: RecordId | None = None,
    state: LetterState | None = None,
    overdue: bool | None = None,
    order: Annotated[LetterOrder, Query(title="排序")] = LetterOrder.recorded,
    totals: TotalsParam = False,
    rests_on_void: Annotated[bool, Query(title="所依据的记录已作废")] = False,
) -> LetterPage:
    """Letters of an office, or of all that are in a region; for most roles of its unit."""
    filters = LetterFilters(kind, unit_id, project_id, state, overdue)
    voids = None
    if rests_on_void:
        if who.role is not Role.office:
            raise Forbidden("只有办公室可以这样查", "Only an office may ask for these.")
        facts = await registry.load_void_facts(who.office)
        voids = await lists.load_letter_voids(session, facts, who.office)
    asked = LetterListing(filters, asks.resolve(who), order, totals, today, voids)
    return await lists.list_letters(session, who, paging, asked)


@router.get("/{letter_id}", summary="读取函件")
@raises(NotFound)
async def read_letter(
    letter_id: LetterId, session: Session, who: LetterReaders, asks: QuestionParam, today: Today
) -> LetterRead:
    row = await queries.load_letter_row(session, letter_id, who)
    return queries.build_letter_read(row, asks.resolve(who).office, today)


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


@router.get("/{letter_id}/pages", summary="读取函件的页")
@raises(NotFound, BeingPrinted, QueueFull)
@never_changes
async def read_letter_pages(
    letter_id: LetterId, sessions: SessionFactory, who: LetterReaders
) -> PrintedPages:
    """How many pages the letter as it went out has, their sizes, and what stands on each."""
    return await service.measure_letter(sessions, letter_id, who)


@router.get(
    "/{letter_id}/pages/{page}.png",
    response_class=Response,
    responses={200: {"content": {PNG_MEDIA_TYPE: {}}, "description": "函件的一页"}},
    summary="取函件的一页（PNG）",
)
@raises(NotFound, BeingPrinted, QueueFull)
@never_changes
async def print_letter_page(
    letter_id: LetterId, page: PageNumber, sessions: SessionFactory, who: LetterReaders
) -> Response:
    """A page of the letter as it went out, as a picture of 144 dots per inch."""
    picture = await service.print_letter_page(sessions, letter_id, page, who)
    return Response(picture, media_type=PNG_MEDIA_TYPE)


@router.post("/{letter_id}/acknowledge", dependencies=[IdempotencyCheck], summary="确认收到函件")
@raises(NotFound, BeingPrinted)
async def acknowledge_letter(
    letter_id: LetterId,
    session: Session,
    who: LetterAddressees,
    now: Now,
    today: Today,
    asks: QuestionParam,
) -> LetterRead:
    """The unit has seen its letter; again changes nothing."""
    await service.store_acknowledgement(session, letter_id, who, now=now)
    row = await queries.load_letter_row(session, letter_id, who)
    return queries.build_letter_read(row, asks.resolve(who).office, today)
