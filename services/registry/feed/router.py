"""Route of events, in the order of commits."""

from typing import Annotated, Any

from fastapi import APIRouter

from services.registry.feed import service
from services.registry.feed.schemas import EventRead, LatestChange
from services.registry.records.resource import READERS
from services.registry.tables import METADATA, SCHEMA
from shared.database.sessions import Session
from shared.http.audit_trail import AuditReaders
from shared.http.auth import require_roles
from shared.http.feeds import FeedPage, FeedPagingParams, build_feed_page, list_feed
from shared.http.questions import QuestionParam
from shared.http.service_route import ServiceRoute
from shared.http.tokens import Caller, Role
from shared.problems import NotFound, raises

EVENTS = METADATA.tables[f"{SCHEMA}.events"]
# All who read runs.
RUN_READERS = (*READERS, Role.viewer)
ChangeReaders = Annotated[Caller, require_roles(*RUN_READERS)]
router = APIRouter(prefix="/v1", tags=["动态"], route_class=ServiceRoute)


@router.get(
    "/events/latest",
    operation_id="read_latest_change",
    summary="读取事实最近变动的时刻",
)
@raises(NotFound)
async def read_latest_change(
    asks: QuestionParam, session: Session, who: ChangeReaders
) -> LatestChange:
    """When facts of an office or a region changed last; settings are none."""
    changed_at = await service.load_latest_change(session, asks.resolve_whole(who))
    return LatestChange(changed_at=changed_at)


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
