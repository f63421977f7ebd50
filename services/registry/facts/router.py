"""Facts in bulk, as they were known at a moment: what scoring and the notifier ask for."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from services.registry.facts import service
from services.registry.facts.schemas import Moment
from shared.database.sessions import Session
from shared.facts.tables import TABLES
from shared.http.auth import for_roles
from shared.http.tokens import Caller, Role
from shared.problems import NotFound, raises

ARROW = "application/vnd.apache.arrow.stream"
LINES = "application/x-ndjson"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # nothing was recorded before
router = APIRouter(prefix="/v1/facts", tags=["事实"])
Reader = Annotated[Caller, for_roles(Role.office, Role.unit, Role.inspector)]
STREAMS = {"content": {ARROW: {}, LINES: {}}, "description": "表中的各行"}


@router.get("", operation_id="read_settled_moment", summary="读取已成定局的时刻")
async def settled(session: Session, who: Reader) -> Moment:
    """A moment before which nothing will change any more."""
    return Moment(known_at=await service.moment(session), tables=list(TABLES))


@router.get(
    "/{table}",
    operation_id="stream_facts",
    summary="成批取一张表的事实",
    response_class=StreamingResponse,
    responses={200: STREAMS},
)
@raises(NotFound, service.NotYet)
async def stream(
    table: str,
    session: Session,
    who: Reader,
    known_at: Annotated[AwareDatetime | None, Query(ge=LONG_AGO)] = None,
    region: Annotated[str, Query(pattern="^[0-9]{0,12}$")] = "",
    accept: Annotated[str, Header()] = ARROW,
) -> StreamingResponse:
    """A table as Arrow (the default) or as lines of JSON, by `Accept`."""
    found = await service.facts(session, table, known_at=known_at, region=region, who=who)
    if LINES in accept:
        return StreamingResponse(service.as_lines(found), media_type=LINES)
    return StreamingResponse(service.as_arrow(found), media_type=ARROW)
