"""Route of events, in the order of commits."""

from typing import Any

from fastapi import APIRouter

from services.registry.feed.schemas import EventRead
from services.registry.tables import Event
from shared.database.sessions import Session
from shared.http.audit_trail import AuditReaders, list_next_rows, page_document
from shared.http.pages import Page, PagingParams

router = APIRouter(prefix="/v1", tags=["动态"])


@router.get(
    "/events", response_model=Page[EventRead], operation_id="list_events", summary="列出动态"
)
async def list_events(paging: PagingParams, session: Session, who: AuditReaders) -> Any:
    """What happened, in the order of commits."""
    return page_document(await list_next_rows(session, Event, paging, who), paging)
