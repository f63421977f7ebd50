"""Routes of mappings: suggested by an uploaded sheet, kept, read, written back as a workbook."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, UploadFile

from services.registry.mappings import service
from services.registry.mappings.schemas import (
    MappingForm,
    MappingListed,
    MappingName,
    MappingRead,
    MappingSuggestion,
)
from services.registry.records.rules import WriteStep
from services.registry.uploaders import OfficeCaller, UploaderParam
from shared.database.sessions import Session, SessionFactory
from shared.http.conditions import IfMatch
from shared.http.entity_tags import parse_version, version_tag
from shared.http.heavy_work import HeavyWorkParam
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.limits import IMPORTS, takes_body
from shared.http.media_types import XLSX_MEDIA_TYPE
from shared.http.pages import Page, PagingParams, build_page
from shared.http.uploads import open_upload
from shared.ledger.sheets import replace_unwritable
from shared.mapping.documents import write_mapping
from shared.mapping.mapping_mistakes import MappingMistake
from shared.mapping.model import ImportMapping
from shared.notation import LedgerDay
from shared.problems import NotFound, Stale, raises

TEXT_MEDIA_TYPE = "text/plain"  # of YAML: generated clients know no media type of its own
TEXT_SCHEMA = {"schema": {"type": "string"}}  # it is no file
router = APIRouter(prefix="/v1/mappings", tags=["映射"], route_class=IdempotentRoute)


@router.post("/suggestions", operation_id="preview_mapping", summary="看一张表的各列可能是什么")
@takes_body(IMPORTS)
async def suggest_mapping(file: UploadFile, by: UploaderParam) -> MappingSuggestion:
    """What each column of an own sheet may be, beside its own cells; nothing is kept."""
    name = replace_unwritable(file.filename or "sheet")[:200]
    async with open_upload(file) as stored:
        return await service.suggest(name, stored, by)


@router.get(
    "", response_model=Page[MappingListed], operation_id="list_mappings", summary="列出映射"
)
async def list_mappings(session: Session, who: OfficeCaller, paging: PagingParams) -> Any:
    rows = await service.list_mappings(session, who.office, paging)
    listed = [service.listed_values(row) for row in rows]
    return build_page(listed, paging, lambda each: int(each["version"]))


@router.get("/{name}", operation_id="read_mapping", summary="读取映射")
@raises(NotFound)
async def read_mapping(
    name: MappingName, session: Session, who: OfficeCaller, response: Response
) -> MappingRead:
    found = service.build_mapping_read(await service.load_mapping(session, who.office, name))
    response.headers["etag"] = version_tag(found.version)
    return found


@router.get("/{name}/history", operation_id="list_mapping_history", summary="列出映射的历次内容")
@raises(NotFound)
async def list_mapping_history(
    name: MappingName, session: Session, who: OfficeCaller
) -> list[MappingRead]:
    return await service.list_history(session, who.office, name)


@router.get(
    "/{name}/document.yaml",
    response_class=Response,
    responses={200: {"content": {TEXT_MEDIA_TYPE: TEXT_SCHEMA}, "description": "YAML"}},
    operation_id="export_mapping",
    summary="导出映射（YAML）",
)
@raises(NotFound)
async def export_mapping(name: MappingName, session: Session, who: OfficeCaller) -> Response:
    found = await service.load_mapping(session, who.office, name)
    text = write_mapping(ImportMapping.model_validate(found.document))
    headers = {"etag": version_tag(found.version or 0)}
    return Response(text, media_type=TEXT_MEDIA_TYPE, headers=headers)


@router.put(
    "/{name}",
    responses={201: {"model": MappingRead, "description": "首次保存"}},
    dependencies=[IdempotencyCheck],
    operation_id="record_mapping",
    summary="保存映射",
)
@raises(MappingMistake, NotFound, Stale)
async def record_mapping(
    name: MappingName,
    form: MappingForm,
    session: Session,
    work: HeavyWorkParam,
    who: OfficeCaller,
    response: Response,
    if_match: IfMatch = None,
) -> MappingRead:
    """Keep a mapping of the caller's office; `If-Match` names the version that it replaces."""
    expected = parse_version(if_match) or None if if_match else None
    mapping = await service.parse_form(name, form, work, who)
    written = await service.store_mapping(
        session, mapping, who=who, why=form.why, expected=expected
    )
    response.headers["etag"] = version_tag(written.mapping.version)
    if written.step is WriteStep.append:
        response.status_code = 201
    return written.mapping


@router.get(
    "/{name}/workbook.xlsx",
    response_class=Response,
    responses={200: {"content": {XLSX_MEDIA_TYPE: {}}, "description": "工作簿"}},
    operation_id="export_own_sheet",
    summary="按映射导出本单位的表",
)
@raises(NotFound)
async def export_own_sheet(
    name: MappingName,
    as_of: Annotated[LedgerDay, Query(title="截至日期")],
    sessions: SessionFactory,
    work: HeavyWorkParam,
    who: OfficeCaller,
) -> Response:
    """The office's own layout with the figures of a day; imported again it changes nothing."""
    headers = {"content-disposition": 'attachment; filename="sheet.xlsx"'}
    file = await service.export_layout(sessions, work, who, name, as_of)
    return Response(file, media_type=XLSX_MEDIA_TYPE, headers=headers)
