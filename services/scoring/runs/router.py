"""Runs over HTTP: begin one, read it down to the projects, repeat it, publish it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from services.scoring.execution.duckdb import Engine, FiguresTooLarge
from services.scoring.inputs.service import SchemeChanged
from services.scoring.registry_client import Registry
from services.scoring.runs import service
from services.scoring.runs.schemas import RankingRead, Repeated, RunAsk, RunRead, UnitExplained
from services.scoring.scope import OF_PROJECTS, READERS, SEES_DRAFTS
from services.scoring.wire import Colour, LightRead, Name, name
from shared.auth import for_roles
from shared.clock import Now
from shared.db import Session
from shared.idempotency import Once, OnceRoute
from shared.pages import LARGEST, AskedPage, Page, page
from shared.problems import NotFound, raises
from shared.tokens import Caller, Role

router = APIRouter(
    prefix="/v1/runs", tags=["计分"], route_class=OnceRoute, generate_unique_id_function=name
)

RunId = Annotated[int, Path(ge=1, le=LARGEST)]
Office = Annotated[Caller, for_roles(Role.office)]
Auditor = Annotated[Caller, for_roles(*SEES_DRAFTS)]
Reader = Annotated[Caller, for_roles(*READERS)]
OwnReader = Annotated[Caller, for_roles(*OF_PROJECTS)]


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


Computing = Annotated[Engine, Depends(engine_of)]
DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}}
}
STORED: dict[int | str, dict[str, Any]] = {200: {"model": RunRead, "description": "已有同样的一次"}}


@router.post("", status_code=201, responses=STORED, dependencies=[Once], summary="计分")
@raises(NotFound, SchemeChanged, FiguresTooLarge)
async def begin_run(
    ask: RunAsk,
    session: Session,
    registry: Registry,
    engine: Computing,
    who: Office,
    now: Now,
    response: Response,
) -> RunRead:
    """Take the facts, compute and store; 200 with the stored run where there is an equal one."""
    found, is_new = await service.run(session, registry, ask, who, now=now, engine=engine)
    response.status_code = 201 if is_new else 200
    return found


@router.get("", summary="列出历次计分")
async def list_runs(session: Session, who: Reader, asked: AskedPage) -> Page[RunRead]:
    found = await service.list_runs(session, who, asked)
    return Page(**page(found, asked, lambda run: run.id))


@router.get("/{run_id}", summary="读取一次计分")
@raises(NotFound)
async def read_run(run_id: RunId, session: Session, who: Reader) -> RunRead:
    return await service.run_seen(session, run_id, who)


@router.get("/{run_id}/ranking", response_model=RankingRead, summary="读取排名")
@raises(NotFound)
async def read_ranking(run_id: RunId, session: Session, who: Reader) -> dict[str, Any]:
    return await service.ranking_of(session, run_id, who)


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


@router.get(
    "/{run_id}/units/{unit_id}", response_model=UnitExplained, summary="说明一个单位的得分由来"
)
@raises(NotFound)
async def explain_unit(
    run_id: RunId,
    unit_id: Name,
    session: Session,
    who: OwnReader,
    metric: Name | None = None,
) -> dict[str, Any]:
    """Total → pillars → metrics → the projects in each, and those left out with the reason."""
    return await service.explain(session, run_id, who, unit_id=unit_id, metric=metric)


@router.get("/{run_id}/lights", summary="列出一次计分的红黄绿灯")
@raises(NotFound)
async def list_lights_of_run(
    run_id: RunId,
    session: Session,
    who: OwnReader,
    asked: AskedPage,
    unit_id: Name | None = None,
    overall: Colour | None = None,
) -> Page[LightRead]:
    found = await service.lights_of_run(
        session, run_id, who, asked, unit_id=unit_id, overall=overall
    )
    made = page(found, asked, lambda light: light.number)
    return Page(items=[light.light for light in made["items"]], next=made["next"])


@router.post("/{run_id}/repeat", response_model=Repeated, summary="由存下的事实重算一次")
@raises(NotFound)
async def repeat_run(
    run_id: RunId, session: Session, engine: Computing, who: Auditor
) -> dict[str, Any]:
    """Compute again from the kept facts and compare every byte; nothing is stored."""
    return await service.repeat(session, run_id, who, engine=engine)


@router.post("/{run_id}/publish", dependencies=[Once], summary="公布一次计分")
@raises(NotFound)
async def publish_run(run_id: RunId, session: Session, who: Office, now: Now) -> RunRead:
    """Open the run to the units of its region and to the public; again changes nothing."""
    return await service.publish(session, run_id, who, now=now)
