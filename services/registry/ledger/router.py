"""Routes of ledgers: uploaded, checked, applied; exported as a workbook."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response, UploadFile

from services.registry.ledger import answers, kept_imports, service
from services.registry.ledger.rules import (
    ImportUndone,
    LedgerRefused,
    LedgerTooLarge,
    MappingChanged,
    NothingAsked,
    OtherOffice,
    QuestionsOpen,
)
from services.registry.ledger.schemas import (
    ImportPage,
    ImportRead,
    TableChangesRead,
)
from services.registry.mappings.schemas import AnswersForm, MappingQuery
from services.registry.uploaders import OfficeCaller, UploaderParam
from shared.clock import Now
from shared.database.sessions import Session, SessionFactory
from shared.facts.tables import sheet_title
from shared.http.app import is_english
from shared.http.auth import require_roles
from shared.http.byte_ranges import RangeNotSatisfiable
from shared.http.heavy_work import HeavyWorkParam
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.http.limits import IMPORTS, takes_body
from shared.http.list_orders import ListOrder, OrderParam, TotalsParam
from shared.http.media_types import XLSX_MEDIA_TYPE
from shared.http.pages import MAX_BIGINT, PagingParams
from shared.http.tokens import Caller, Role
from shared.http.uploads import open_upload
from shared.ledger.sheets import replace_unwritable
from shared.mapping.mapping_mistakes import MappingMistake
from shared.problems import NotFound, raises

router = APIRouter(prefix="/v1", tags=["台账"], route_class=IdempotentRoute)
LedgerImporters = OfficeCaller
LedgerExporters = Annotated[Caller, require_roles(Role.office, Role.unit, Role.inspector)]
ImportId = Annotated[int, Path(ge=1, le=MAX_BIGINT)]


async def is_english_requested(request: Request) -> bool:
    return is_english(request)


EnglishParam = Annotated[bool, Depends(is_english_requested)]


@router.post(
    "/imports",
    status_code=201,
    dependencies=[IdempotencyCheck],
    operation_id="upload_ledger",
    summary="上传并检查台账",
)
@raises(LedgerTooLarge, NotFound)
@takes_body(IMPORTS)
async def upload(
    file: UploadFile,
    session: Session,
    now: Now,
    by: UploaderParam,
    mapping: MappingQuery = None,
) -> ImportRead:
    """A workbook (.xlsx) or a ZIP of CSV files: checked, and kept until it is applied.

    With a mapping, or known by the headers of one, it is the office's own sheet.

    It is read within bounds that grow with the file: up to 5 MB in 300 MB of memory and 5 seconds
    of a processor, at most 2 GB and 120 seconds. Beyond, it is refused: `reading_stopped`.
    """
    name = replace_unwritable(file.filename or "ledger")[:200]
    async with open_upload(file) as stored:
        return await service.store_upload(session, name, stored, mapping, by, now=now)


@router.post(
    "/imports/{import_id}/answers",
    dependencies=[IdempotencyCheck],
    operation_id="answer_import_questions",
    summary="回答一次导入的问题",
)
@raises(NotFound, NothingAsked, OtherOffice, MappingChanged, MappingMistake)
async def answer_import_questions(
    import_id: ImportId,
    form: AnswersForm,
    session: Session,
    now: Now,
    by: UploaderParam,
    english: EnglishParam,
) -> ImportRead:
    """Answer some questions of an own sheet, or all; the file is read anew with the answers.

    What holds next time, too, is kept as a new version of the mapping. Without answers the file is
    read anew beside the records as they are now.
    """
    return await answers.answer_questions(
        session, import_id, form.answers, by, now=now, english=english
    )


@router.get(
    "/imports",
    response_model=ImportPage,
    operation_id="list_imports",
    summary="列出历次导入",
)
async def list_imports(
    paging: PagingParams,
    session: Session,
    who: LedgerImporters,
    order: OrderParam = ListOrder.recorded,
    totals: TotalsParam = False,
) -> Any:
    return await kept_imports.list_imports(session, who, paging, order, with_totals=totals)


@router.get("/imports/{import_id}", operation_id="read_import", summary="读取一次导入")
@raises(NotFound)
async def read(
    import_id: ImportId, session: Session, who: LedgerImporters, english: EnglishParam
) -> ImportRead:
    """Where it stands: while it is being applied, the rows that are done."""
    return kept_imports.build_import_read(
        await kept_imports.find_import(session, import_id, who), english=english
    )


@router.get(
    "/imports/{import_id}/changes", operation_id="preview_import", summary="预览一次导入的变动"
)
@raises(NotFound, LedgerRefused, QuestionsOpen)
async def preview(
    import_id: ImportId, session: Session, who: LedgerImporters
) -> dict[str, TableChangesRead]:
    """What it would change in the records as they are now; once applied, what it changed."""
    found = await service.import_changes(session, import_id, who)
    return {
        name: TableChangesRead.model_validate({**change, "title": sheet_title(name)})
        for name, change in found.items()
    }


@router.post(
    "/imports/{import_id}/apply",
    status_code=202,
    dependencies=[IdempotencyCheck],
    operation_id="apply_import",
    summary="导入已检查的台账",
)
@raises(NotFound, LedgerRefused, QuestionsOpen, ImportUndone, OtherOffice)
async def apply(
    import_id: ImportId, session: Session, now: Now, who: LedgerImporters, english: EnglishParam
) -> ImportRead:
    """Have the ledger taken over in the background, all of it or nothing; then read the import."""
    return await service.enqueue_import(session, import_id, who=who, now=now, english=english)


@router.get(
    "/exports/ledger.xlsx",
    response_class=Response,
    responses={200: {"content": {XLSX_MEDIA_TYPE: {}}, "description": "工作簿"}},
    operation_id="export_ledger",
    summary="导出台账",
)
@raises(RangeNotSatisfiable)
async def export(sessions: SessionFactory, work: HeavyWorkParam, who: LedgerExporters) -> Response:
    headers = {"content-disposition": 'attachment; filename="ledger.xlsx"'}
    file = await service.export_workbook(sessions, work, who)
    return Response(file, media_type=XLSX_MEDIA_TYPE, headers=headers)
