"""Routes of facts in bulk, as known at a moment, for scoring and the notifier."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query
from fastapi.responses import StreamingResponse

from services.registry.facts import service
from services.registry.facts.schemas import SettledMoment
from services.registry.records.addresses import (
    RecordQuestion,
    narrow_question,
    resolve_record_question,
)
from services.registry.records.rules import NotYet
from services.registry.records.schemas import KnownAt
from shared.database.sessions import Session
from shared.facts.tables import FACT_KINDS
from shared.http.auth import require_roles
from shared.http.questions import REGION_PATTERN, QuestionParam
from shared.http.service_route import ServiceRoute
from shared.http.tokens import Caller, Role
from shared.problems import NotFound, raises

ARROW_MEDIA_TYPE = "application/vnd.apache.arrow.stream"
JSON_LINES_MEDIA_TYPE = "application/x-ndjson"
router = APIRouter(prefix="/v1/facts", tags=["事实"], route_class=ServiceRoute)
FactReaders = Annotated[Caller, require_roles(Role.office, Role.unit, Role.inspector)]


@raises(NotFound)
def get_facts_question(
    asks: QuestionParam,
    who: FactReaders,
    within: Annotated[
        str | None,
        Query(pattern=REGION_PATTERN, title="区划之内"),
    ] = None,
) -> RecordQuestion:
    question = resolve_record_question(asks, who)
    return question if within is None else narrow_question(question, within)


FactsQuestion = Annotated[RecordQuestion, Depends(get_facts_question)]
STREAM_RESPONSE = {
    "content": {ARROW_MEDIA_TYPE: {}, JSON_LINES_MEDIA_TYPE: {}},
    "description": "表中的各行",
}


@router.get("", operation_id="read_settled_moment", summary="读取已成定局的时刻")
async def settled(session: Session, question: FactsQuestion) -> SettledMoment:
    """A moment before which nothing of the offices in question will change any more."""
    offices = await service.load_offices(session, question)
    known_at = await service.load_settled_moment(session, question, offices)
    return SettledMoment(known_at=known_at, tables=list(FACT_KINDS), offices=offices)


@router.get(
    "/{table}",
    operation_id="stream_facts",
    summary="成批取一张表的事实",
    response_class=StreamingResponse,
    responses={200: STREAM_RESPONSE},
)
@raises(NotFound, NotYet)
async def stream(
    table: Annotated[str, Path(max_length=60)],
    session: Session,
    question: FactsQuestion,
    known_at: KnownAt = None,
    accept: Annotated[str, Header(max_length=2000, include_in_schema=False)] = ARROW_MEDIA_TYPE,
) -> StreamingResponse:
    """A table as Arrow (the default) or as lines of JSON, by `Accept`."""
    found = await service.load_facts(session, table, question, known_at=known_at)
    if JSON_LINES_MEDIA_TYPE in accept:
        return StreamingResponse(service.stream_json_lines(found), media_type=JSON_LINES_MEDIA_TYPE)
    return StreamingResponse(service.stream_arrow(found), media_type=ARROW_MEDIA_TYPE)
