"""Bulletins of runs over HTTP: as PDF to print, DOCX to edit, XLSX to calculate with."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from services.scoring.bulletins import child_work, service
from services.scoring.bulletins.service import BulletinQuery, NotBefore
from services.scoring.registry_client import Registry
from services.scoring.runs.router import RunId, RunReaders
from services.scoring.wire_types import operation_id
from shared.database.sessions import SessionFactory
from shared.http.byte_ranges import RangeNotSatisfiable
from shared.http.heavy_work import HeavyWorkParam
from shared.http.media_types import XLSX_MEDIA_TYPE
from shared.http.pages import MAX_BIGINT
from shared.http.service_route import ServiceRoute
from shared.paper.press import MissingGlyph
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs",
    tags=["通报"],
    generate_unique_id_function=operation_id,
    route_class=ServiceRoute,
)

ComparedRunId = Annotated[int | None, Query(ge=1, le=MAX_BIGINT, title="与哪一次相比")]
PDF_MEDIA_TYPE = "application/pdf"
DOCX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@raises(NotFound, NotBefore)
async def build_bulletin_query(
    run_id: RunId, who: RunReaders, registry: Registry, since: ComparedRunId = None
) -> BulletinQuery:
    return BulletinQuery(run_id, who, registry, since)


BulletinQueryParams = Annotated[BulletinQuery, Depends(build_bulletin_query)]


def file_responses(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {}}, "description": "通报"}}


@router.get(
    "/{run_id}/bulletin.pdf",
    response_class=Response,
    responses=file_responses(PDF_MEDIA_TYPE),
    summary="取通报（PDF）",
)
@raises(MissingGlyph, RangeNotSatisfiable)
async def print_bulletin(
    sessions: SessionFactory, work: HeavyWorkParam, query: BulletinQueryParams
) -> Response:
    """Ranking, lights, what moved since another run, and how it was computed.

    The name over it is the office's, as set in the registry; of a run over a region the reader's.
    Office and inspectors see every project; a unit its own; the public counts, not projects.
    """
    file = await service.render_bulletin(sessions, work, query, child_work.print_bulletin)
    return Response(file, media_type=PDF_MEDIA_TYPE)


@router.get(
    "/{run_id}/bulletin.docx",
    response_class=Response,
    responses=file_responses(DOCX_MEDIA_TYPE),
    summary="取通报的可编辑文本（DOCX）",
)
@raises(RangeNotSatisfiable)
async def edit_bulletin(
    sessions: SessionFactory, work: HeavyWorkParam, query: BulletinQueryParams
) -> Response:
    """The same texts and tables, to edit."""
    file = await service.render_bulletin(sessions, work, query, child_work.edit_bulletin)
    return Response(file, media_type=DOCX_MEDIA_TYPE)


@router.get(
    "/{run_id}/bulletin.xlsx",
    response_class=Response,
    responses=file_responses(XLSX_MEDIA_TYPE),
    summary="取通报的表格（XLSX）",
)
@raises(RangeNotSatisfiable)
async def export_bulletin(
    sessions: SessionFactory, work: HeavyWorkParam, query: BulletinQueryParams
) -> Response:
    """The same tables, with numbers as numbers."""
    file = await service.render_bulletin(sessions, work, query, child_work.tabulate_bulletin)
    return Response(file, media_type=XLSX_MEDIA_TYPE)
