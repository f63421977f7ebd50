"""Bulletins of runs over HTTP: to print, to edit, to compute on with."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from services.scoring.bulletins import service
from services.scoring.bulletins.service import IssuedBy, NotBefore
from services.scoring.visibility import READERS
from services.scoring.wire_types import name
from shared.database.sessions import Opening
from shared.http.auth import for_roles
from shared.http.pages import LARGEST
from shared.http.tokens import Caller
from shared.paper.press import MissingGlyph
from shared.problems import NotFound, raises

router = APIRouter(prefix="/v1/runs", tags=["通报"], generate_unique_id_function=name)

RunId = Annotated[int, Path(ge=1, le=LARGEST)]
Since = Annotated[int | None, Query(ge=1, le=LARGEST, title="与哪一次相比")]
Reader = Annotated[Caller, for_roles(*READERS)]
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def document(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {}}, "description": "通报"}}


@router.get(
    "/{run_id}/bulletin.pdf",
    response_class=Response,
    responses=document(PDF),
    summary="取通报（PDF）",
)
@raises(NotFound, NotBefore, MissingGlyph)
async def print_bulletin(
    run_id: RunId, sessions: Opening, who: Reader, office: IssuedBy, since: Since = None
) -> Response:
    """Ranking, lights, what moved since another run, and how it was computed.

    Office and inspectors see every project; a unit its own; the public counts, not projects.
    """
    made = await service.printed(sessions, run_id, who, office, since=since)
    return Response(made, media_type=PDF)


@router.get(
    "/{run_id}/bulletin.docx",
    response_class=Response,
    responses=document(DOCX),
    summary="取通报的可编辑文本（DOCX）",
)
@raises(NotFound, NotBefore)
async def edit_bulletin(
    run_id: RunId, sessions: Opening, who: Reader, office: IssuedBy, since: Since = None
) -> Response:
    """The same texts and tables, to edit."""
    made = await service.edited(sessions, run_id, who, office, since=since)
    return Response(made, media_type=DOCX)


@router.get(
    "/{run_id}/bulletin.xlsx",
    response_class=Response,
    responses=document(XLSX),
    summary="取通报的表格（XLSX）",
)
@raises(NotFound, NotBefore)
async def export_bulletin(
    run_id: RunId, sessions: Opening, who: Reader, office: IssuedBy, since: Since = None
) -> Response:
    """The same tables, with numbers as numbers."""
    made = await service.exported(sessions, run_id, who, office, since=since)
    return Response(made, media_type=XLSX)
