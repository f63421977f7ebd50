"""Ledgers in and out over HTTP: uploaded, checked, applied; exported as a workbook."""

from typing import Annotated

from fastapi import APIRouter, Path, Response, UploadFile

from services.registry.ledger import service
from services.registry.ledger.schemas import ImportRead
from shared.auth import for_roles
from shared.clock import Now
from shared.db import Session
from shared.idempotency import Once, OnceRoute
from shared.ledger.sheets import writable
from shared.pages import LARGEST
from shared.tokens import Caller, Role

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
router = APIRouter(prefix="/v1", tags=["台账"], route_class=OnceRoute)
Office = Annotated[Caller, for_roles(Role.office)]
Reader = Annotated[Caller, for_roles(Role.office, Role.unit, Role.inspector)]
ImportId = Annotated[int, Path(ge=1, le=LARGEST)]


@router.post("/imports", status_code=201, dependencies=[Once], operation_id="upload_ledger")
async def upload(file: UploadFile, session: Session, now: Now, who: Office) -> ImportRead:
    """A workbook (.xlsx) or a ZIP of CSV files: checked, and kept until it is applied."""
    name = writable(file.filename or "ledger")[:200]
    return await service.upload(session, name, await file.read(), who=who, now=now)


@router.get("/imports/{import_id}", operation_id="read_import")
async def read(import_id: ImportId, session: Session, who: Office) -> ImportRead:
    return service.read(await service.find(session, import_id, who))


@router.post("/imports/{import_id}/apply", dependencies=[Once], operation_id="apply_import")
async def apply(import_id: ImportId, session: Session, who: Office) -> ImportRead:
    """Take the ledger over, all of it or nothing."""
    return await service.apply(session, import_id, who=who)


@router.get("/exports/ledger.xlsx", response_class=Response, operation_id="export_ledger")
async def export(session: Session, who: Reader) -> Response:
    headers = {"content-disposition": 'attachment; filename="ledger.xlsx"'}
    return Response(await service.export(session, who), media_type=XLSX, headers=headers)
