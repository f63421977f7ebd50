"""What happened, in the order of commits, and the audit trail, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.registry.feed import service
from services.registry.feed.schemas import AuditRead, EventRead
from services.registry.tables import Audit, Event
from shared.auth import for_roles
from shared.db import Session
from shared.pages import AskedPage, Page, page
from shared.tokens import Caller, Role

router = APIRouter(prefix="/v1", tags=["动态"])
Reader = Annotated[Caller, for_roles(Role.office, Role.inspector)]
Subject = Annotated[str | None, Query(pattern=r"^[^\x00-\x1f]{1,200}$")]


@router.get(
    "/events", response_model=Page[EventRead], operation_id="list_events", summary="列出动态"
)
async def list_events(paging: AskedPage, session: Session, who: Reader) -> Any:
    """What happened, in the order of commits."""
    found = await service.following(session, Event, paging, who)
    return as_page(found, paging)


@router.get(
    "/audit", response_model=Page[AuditRead], operation_id="list_audit", summary="列出审计记录"
)
async def list_audit(
    paging: AskedPage, session: Session, who: Reader, subject: Subject = None
) -> Any:
    """Every write, of everything or of one subject (`projects/P001`)."""
    found = await service.following(session, Audit, paging, who, subject)
    return as_page(found, paging)


def as_page(found: Any, paging: AskedPage) -> Any:
    listed = page(found, paging, lambda row: row.id)
    return {**listed, "items": [row.model_dump() for row in listed["items"]]}
