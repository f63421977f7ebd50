"""Runs over HTTP: begin one, list, read and publish them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.scoring.engine.scheme.model import SchemeMistake
from services.scoring.execution.duckdb import FiguresTooLarge
from services.scoring.registry_client import Registry
from services.scoring.runs import service
from services.scoring.runs.schemas import RunAsk, RunRead
from services.scoring.runs.service import Sources
from services.scoring.scheme_library.service import SchemeChanged
from services.scoring.visibility import READERS, SEES_DRAFTS
from services.scoring.wire_types import Day, SchemeName, name
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.auth import for_roles
from shared.http.idempotency import Once, OnceRoute, ReadsApart
from shared.http.pages import LARGEST, AskedPage, Page, page
from shared.http.tokens import Caller, Role
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs", tags=["计分"], route_class=OnceRoute, generate_unique_id_function=name
)

RunId = Annotated[int, Path(ge=1, le=LARGEST)]
Office = Annotated[Caller, for_roles(Role.office)]
Auditor = Annotated[Caller, for_roles(*SEES_DRAFTS)]
Reader = Annotated[Caller, for_roles(*READERS)]


def sources(request: Request, reading: ReadsApart, registry: Registry) -> Sources:
    return Sources(reading, registry, request.app.state.engine)


Taking = Annotated[Sources, Depends(sources)]
DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}}
}
STORED: dict[int | str, dict[str, Any]] = {200: {"model": RunRead, "description": "已有同样的一次"}}


@router.post("", status_code=201, responses=STORED, dependencies=[Once], summary="计分")
@raises(NotFound, SchemeMistake, SchemeChanged, FiguresTooLarge)
async def begin_run(
    ask: RunAsk,
    taking: Taking,
    session: Session,
    who: Office,
    now: Now,
    response: Response,
) -> RunRead:
    """Take the facts, compute and store; 200 with the stored run where there is an equal one."""
    found, is_new = await service.run(taking, session, ask, who, now=now)
    response.status_code = 201 if is_new else 200
    return found


@router.get("", summary="列出历次计分")
async def list_runs(
    session: Session,
    who: Reader,
    asked: AskedPage,
    campaign_id: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    scheme: SchemeName | None = None,
    as_of_from: Day | None = None,
    as_of_to: Day | None = None,
    published: bool | None = None,
) -> Page[RunRead]:
    wanted = service.RunsOf(campaign_id, scheme, as_of_from, as_of_to, published)
    found = await service.list_runs(session, who, asked, wanted)
    return Page(**page(found, asked, lambda run: run.id))


@router.get("/{run_id}", summary="读取一次计分")
@raises(NotFound)
async def read_run(run_id: RunId, session: Session, who: Reader) -> RunRead:
    return await service.run_seen(session, run_id, who)


@router.get(
    "/{run_id}/document",
    response_class=Response,
    responses=DOCUMENT,
    operation_id="read_run_document",
    summary="读取结果原文",
)
@raises(NotFound)
async def read_document(run_id: RunId, session: Session, who: Auditor) -> Response:
    """The result, byte for byte as it was computed and as `bairi score --format json` prints it."""
    text = await service.document_of(session, run_id, who)
    return Response(text, media_type="application/json")


@router.post("/{run_id}/publish", dependencies=[Once], summary="公布一次计分")
@raises(NotFound)
async def publish_run(run_id: RunId, session: Session, who: Office, now: Now) -> RunRead:
    """Open the run to the units of its region and to the public; again changes nothing."""
    return await service.publish(session, run_id, who, now=now)
