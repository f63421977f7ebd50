"""Routes of facts in bulk, as known at a moment, for scoring and the notifier."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from services.registry.facts import service
from services.registry.facts.schemas import Moment
from services.registry.records.rules import NotYet
from services.registry.records.schemas import KnownAt
from shared.database.sessions import Session
from shared.facts.tables import FACT_KINDS
from shared.http.auth import require_roles
from shared.http.tokens import Caller, Role
from shared.offices import OFFICE_PATTERN, region_prefix
from shared.problems import NotFound, raises

ARROW_MEDIA_TYPE = "application/vnd.apache.arrow.stream"
JSON_LINES_MEDIA_TYPE = "application/x-ndjson"
router = APIRouter(prefix="/v1/facts", tags=["事实"])
FactReaders = Annotated[Caller, require_roles(Role.office, Role.unit, Role.inspector)]
OfficeParam = Annotated[str | None, Query(pattern=OFFICE_PATTERN, title="办公室代码")]
RegionParam = Annotated[str | None, Query(pattern="^[0-9]{0,12}$", title="行政区划")]
STREAM_RESPONSE = {
    "content": {ARROW_MEDIA_TYPE: {}, JSON_LINES_MEDIA_TYPE: {}},
    "description": "表中的各行",
}


@router.get("", operation_id="read_settled_moment", summary="读取已成定局的时刻")
async def settled(
    session: Session,
    who: FactReaders,
    office: OfficeParam = None,
    region: RegionParam = None,
) -> Moment:
    """A moment before which nothing of these offices will change any more; own office if none."""
    asked = region_prefix(office) if office else who.region if region is None else region
    return Moment(
        known_at=await service.load_settled_moment(session),
        tables=list(FACT_KINDS),
        offices=await service.load_offices(session, asked, who),
    )


@router.get(
    "/{table}",
    operation_id="stream_facts",
    summary="成批取一张表的事实",
    response_class=StreamingResponse,
    responses={200: STREAM_RESPONSE},
)
@raises(NotFound, NotYet)
async def stream(
    table: str,
    session: Session,
    who: FactReaders,
    known_at: KnownAt = None,
    office: OfficeParam = None,
    region: RegionParam = "",
    accept: Annotated[str, Header()] = ARROW_MEDIA_TYPE,
) -> StreamingResponse:
    """A table as Arrow (the default) or as lines of JSON, by `Accept`."""
    region = region_prefix(office) if office else region or ""
    found = await service.load_facts(session, table, known_at=known_at, region=region, who=who)
    if JSON_LINES_MEDIA_TYPE in accept:
        return StreamingResponse(service.stream_json_lines(found), media_type=JSON_LINES_MEDIA_TYPE)
    return StreamingResponse(service.stream_arrow(found), media_type=ARROW_MEDIA_TYPE)
