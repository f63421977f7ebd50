"""Letters over HTTP: listed, read, as documents, acknowledged."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from services.notifier.letters import service
from services.notifier.letters.schemas import LetterRead, LetterState, Name
from services.notifier.rules.ladder import LetterKind
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.auth import for_roles
from shared.http.idempotency import Once, OnceRoute
from shared.http.pages import LARGEST, AskedPage, Page, page
from shared.http.tokens import REGION_WIDE, Caller, Role
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/letters",
    tags=["函件"],
    route_class=OnceRoute,
    generate_unique_id_function=lambda route: route.name,
)

LetterId = Annotated[int, Path(ge=1, le=LARGEST)]
Reader = Annotated[Caller, for_roles(*REGION_WIDE, Role.unit, Role.leader, Role.field)]
Addressee = Annotated[Caller, for_roles(Role.unit)]
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def document(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {}}, "description": "函件"}}


@router.get("", summary="列出函件")
async def list_letters(
    session: Session,
    who: Reader,
    asked: AskedPage,
    kind: LetterKind | None = None,
    unit_id: Name | None = None,
    project_id: Name | None = None,
    state: LetterState | None = None,
) -> Page[LetterRead]:
    found = await service.list_letters(
        session, who, asked, kind=kind, unit_id=unit_id, project_id=project_id, state=state
    )
    return Page(**page(found, asked, lambda letter: letter.id))


@router.get("/{letter_id}", summary="读取函件")
@raises(NotFound)
async def read_letter(letter_id: LetterId, session: Session, who: Reader) -> LetterRead:
    return await service.letter_seen(session, letter_id, who)


@router.get(
    "/{letter_id}/document.pdf",
    response_class=Response,
    responses=document(PDF),
    summary="取函件（PDF）",
)
@raises(NotFound)
async def print_letter(letter_id: LetterId, session: Session, who: Reader) -> Response:
    """The letter as it went out, byte for byte."""
    return Response(await service.pdf_of(session, letter_id, who), media_type=PDF)


@router.get(
    "/{letter_id}/document.docx",
    response_class=Response,
    responses=document(DOCX),
    summary="取函件的可编辑文本（DOCX）",
)
@raises(NotFound)
async def edit_letter(letter_id: LetterId, session: Session, who: Reader) -> Response:
    """The same texts, to edit."""
    return Response(await service.docx_of(session, letter_id, who), media_type=DOCX)


@router.post("/{letter_id}/acknowledge", dependencies=[Once], summary="确认收到函件")
@raises(NotFound)
async def acknowledge_letter(
    letter_id: LetterId, session: Session, who: Addressee, now: Now
) -> LetterRead:
    """The unit has seen its letter; again changes nothing."""
    return await service.acknowledge(session, letter_id, who, now=now)
