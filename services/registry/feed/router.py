"""What happened, in the order of commits, over HTTP."""

from typing import Any

from fastapi import APIRouter

from services.registry.feed.schemas import EventRead
from services.registry.tables import Event
from shared.database.sessions import Session
from shared.http.audit_trail import Auditor, as_page, following
from shared.http.pages import AskedPage, Page

router = APIRouter(prefix="/v1", tags=["动态"])


@router.get(
    "/events", response_model=Page[EventRead], operation_id="list_events", summary="列出动态"
)
async def list_events(paging: AskedPage, session: Session, who: Auditor) -> Any:
    """What happened, in the order of commits."""
    return as_page(await following(session, Event, paging, who), paging)
