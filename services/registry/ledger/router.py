"""Ledgers in and out over HTTP: uploaded, checked, applied; exported as a workbook."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response, UploadFile

from services.registry.ledger import service
from services.registry.ledger.rules import LedgerRefused, LedgerTooLarge
from services.registry.ledger.schemas import ChangeRead, ImportListed, ImportRead
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.app import is_english
from shared.http.auth import for_roles
from shared.http.idempotency import Once, OnceRoute
from shared.http.pages import LARGEST, AskedPage, Page, page
from shared.http.tokens import Caller, Role
from shared.ledger.sheets import writable
from shared.problems import NotFound, raises

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
router = APIRouter(prefix="/v1", tags=["台账"], route_class=OnceRoute)
Office = Annotated[Caller, for_roles(Role.office)]
Reader = Annotated[Caller, for_roles(Role.office, Role.unit, Role.inspector)]
ImportId = Annotated[int, Path(ge=1, le=LARGEST)]


async def in_english(request: Request) -> bool:
    return is_english(request)


InEnglish = Annotated[bool, Depends(in_english)]


@router.post(
    "/imports",
    status_code=201,
    dependencies=[Once],
    operation_id="upload_ledger",
    summary="上传并检查台账",
)
@raises(LedgerTooLarge)
async def upload(file: UploadFile, session: Session, now: Now, who: Office) -> ImportRead:
    """A workbook (.xlsx) or a ZIP of CSV files: checked, and kept until it is applied."""
    name = writable(file.filename or "ledger")[:200]
    return await service.upload(session, name, await file.read(), who=who, now=now)


@router.get(
    "/imports",
    response_model=Page[ImportListed],
    operation_id="list_imports",
    summary="列出历次导入",
)
async def list_imports(paging: AskedPage, session: Session, who: Office) -> Any:
    found = await service.following(session, who, paging)
    return page(found, paging, lambda row: row["id"])


@router.get("/imports/{import_id}", operation_id="read_import", summary="读取一次导入")
@raises(NotFound)
async def read(
    import_id: ImportId, session: Session, who: Office, english: InEnglish
) -> ImportRead:
    """Where it stands: while it is being applied, the rows that are done."""
    return service.read(await service.find(session, import_id, who), english=english)


@router.get(
    "/imports/{import_id}/changes", operation_id="preview_import", summary="预览一次导入的变动"
)
@raises(NotFound, LedgerRefused)
async def preview(import_id: ImportId, session: Session, who: Office) -> dict[str, ChangeRead]:
    """What it would change in the records as they are now; once applied, what it changed."""
    found = await service.changes(session, import_id, who)
    return {name: ChangeRead.model_validate(change) for name, change in found.items()}


@router.post(
    "/imports/{import_id}/apply",
    status_code=202,
    dependencies=[Once],
    operation_id="apply_import",
    summary="导入已检查的台账",
)
@raises(NotFound, LedgerRefused)
async def apply(
    import_id: ImportId, session: Session, now: Now, who: Office, english: InEnglish
) -> ImportRead:
    """Have the ledger taken over in the background, all of it or nothing; then read the import."""
    return await service.ask(session, import_id, who=who, now=now, english=english)


@router.get(
    "/exports/ledger.xlsx",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}, "description": "工作簿"}},
    operation_id="export_ledger",
    summary="导出台账",
)
async def export(session: Session, who: Reader) -> Response:
    headers = {"content-disposition": 'attachment; filename="ledger.xlsx"'}
    return Response(await service.export(session, who), media_type=XLSX, headers=headers)
