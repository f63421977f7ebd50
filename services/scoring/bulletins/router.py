"""Bulletins of runs over HTTP: to print, to edit, to compute on with."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from services.scoring.bulletins import service
from services.scoring.bulletins.service import NotBefore, OfficeNameParam
from services.scoring.visibility import RESULT_READERS
from services.scoring.wire_types import operation_id
from shared.database.sessions import SessionFactory
from shared.http.auth import require_roles
from shared.http.pages import MAX_BIGINT
from shared.http.tokens import Caller
from shared.paper.press import MissingGlyph
from shared.problems import NotFound, raises

router = APIRouter(prefix="/v1/runs", tags=["通报"], generate_unique_id_function=operation_id)

RunId = Annotated[int, Path(ge=1, le=MAX_BIGINT)]
ComparedRunId = Annotated[int | None, Query(ge=1, le=MAX_BIGINT, title="与哪一次相比")]
BulletinReaders = Annotated[Caller, require_roles(*RESULT_READERS)]
PDF_MEDIA_TYPE = "application/pdf"
DOCX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_responses(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {}}, "description": "通报"}}


@router.get(
    "/{run_id}/bulletin.pdf",
    response_class=Response,
    responses=file_responses(PDF_MEDIA_TYPE),
    summary="取通报（PDF）",
)
@raises(NotFound, NotBefore, MissingGlyph)
async def print_bulletin(
    run_id: RunId,
    sessions: SessionFactory,
    who: BulletinReaders,
    office: OfficeNameParam,
    since: ComparedRunId = None,
) -> Response:
    """Ranking, lights, what moved since another run, and how it was computed.

    Office and inspectors see every project; a unit its own; the public counts, not projects.
    """
    made = await service.render_bulletin_pdf(sessions, run_id, who, office, since=since)
    return Response(made, media_type=PDF_MEDIA_TYPE)


@router.get(
    "/{run_id}/bulletin.docx",
    response_class=Response,
    responses=file_responses(DOCX_MEDIA_TYPE),
    summary="取通报的可编辑文本（DOCX）",
)
@raises(NotFound, NotBefore)
async def edit_bulletin(
    run_id: RunId,
    sessions: SessionFactory,
    who: BulletinReaders,
    office: OfficeNameParam,
    since: ComparedRunId = None,
) -> Response:
    """The same texts and tables, to edit."""
    made = await service.render_bulletin_docx(sessions, run_id, who, office, since=since)
    return Response(made, media_type=DOCX_MEDIA_TYPE)


@router.get(
    "/{run_id}/bulletin.xlsx",
    response_class=Response,
    responses=file_responses(XLSX_MEDIA_TYPE),
    summary="取通报的表格（XLSX）",
)
@raises(NotFound, NotBefore)
async def export_bulletin(
    run_id: RunId,
    sessions: SessionFactory,
    who: BulletinReaders,
    office: OfficeNameParam,
    since: ComparedRunId = None,
) -> Response:
    """The same tables, with numbers as numbers."""
    made = await service.render_bulletin_xlsx(sessions, run_id, who, office, since=since)
    return Response(made, media_type=XLSX_MEDIA_TYPE)
