"""Routes of undoing an import."""

from fastapi import APIRouter

from services.registry.import_undo import service
from services.registry.import_undo.rules import ImportInUse, ImportNotApplied
from services.registry.import_undo.schemas import UndoForm, UndoPreview
from services.registry.ledger.router import EnglishParam, ImportId, LedgerImporters
from services.registry.ledger.rules import OtherOffice
from services.registry.ledger.schemas import ImportRead
from shared.database.sessions import Session
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute
from shared.problems import NotFound, raises

router = APIRouter(prefix="/v1/imports", tags=["台账"], route_class=IdempotentRoute)


@router.get("/{import_id}/undo", operation_id="preview_import_undo", summary="看能否撤销一次导入")
@raises(NotFound, ImportNotApplied, OtherOffice)
async def preview_undo(import_id: ImportId, session: Session, who: LedgerImporters) -> UndoPreview:
    """What would go and what would be recorded again; or what stands against it."""
    return await service.preview_undo(session, import_id, who)


@router.post(
    "/{import_id}/undo",
    dependencies=[IdempotencyCheck],
    operation_id="undo_import",
    summary="撤销一次导入",
)
@raises(NotFound, ImportNotApplied, ImportInUse, OtherOffice)
async def undo_import(
    import_id: ImportId,
    form: UndoForm,
    session: Session,
    who: LedgerImporters,
    english: EnglishParam,
) -> ImportRead:
    """Take an applied import back as a whole, while no record rests on it; history keeps it.

    What it added goes, and what it superseded is recorded again as it was. Again, it changes
    nothing.
    """
    return await service.undo_import(session, import_id, form.why, who, english=english)
