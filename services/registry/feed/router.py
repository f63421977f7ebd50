"""Route of events, in the order of commits."""

from typing import Any

from fastapi import APIRouter

from services.registry.feed.schemas import EventRead
from services.registry.tables import METADATA, SCHEMA
from shared.database.sessions import Session
from shared.http.audit_trail import AuditReaders
from shared.http.feeds import FeedPage, FeedPagingParams, build_feed_page, list_feed
from shared.http.questions import QuestionParam
from shared.http.service_route import ServiceRoute
from shared.problems import NotFound, raises

EVENTS = METADATA.tables[f"{SCHEMA}.events"]
router = APIRouter(prefix="/v1", tags=["动态"], route_class=ServiceRoute)


@router.get(
    "/events", response_model=FeedPage[EventRead], operation_id="list_events", summary="列出动态"
)
@raises(NotFound)
async def list_events(
    paging: FeedPagingParams, asks: QuestionParam, session: Session, who: AuditReaders
) -> Any:
    """What happened, in the order of commits."""
    found = await list_feed(session, EVENTS, paging, asks.resolve(who))
    return build_feed_page(found, paging)
