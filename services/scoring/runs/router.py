"""Runs over HTTP: begun, listed, read."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.scoring.engine.scheme.model import SchemeMistake
from services.scoring.execution.duckdb import QUERY_PROBLEMS
from services.scoring.registry_client import Registry
from services.scoring.runs import lists, queries, service
from services.scoring.runs.schemas import RunAsk, RunPage, RunRead
from services.scoring.runs.service import RunSources
from services.scoring.scheme_library.service import SchemeChanged
from services.scoring.visibility import (
    DRAFT_READERS,
    PROJECT_READERS,
    RESULT_READERS,
    RunReader,
)
from services.scoring.wire_types import Day, SchemeName, operation_id
from shared import clock
from shared.clock import Now
from shared.database.sessions import Session
from shared.http.auth import RoleRequirement
from shared.http.delivery import never_changes
from shared.http.idempotency import IdempotencyCheck, IdempotentRoute, SeparateReadSession
from shared.http.list_orders import ListOrder, OrderParam, TotalsParam
from shared.http.pages import MAX_BIGINT, PagingParams
from shared.http.tokens import Role
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs",
    tags=["计分"],
    route_class=IdempotentRoute,
    generate_unique_id_function=operation_id,
)

RunId = Annotated[int, Path(ge=1, le=MAX_BIGINT)]


class RunReaderRequirement(RoleRequirement):
    """Dependency on a caller with one of these roles, and on the day on which runs are read."""

    async def __call__(self, request: Request) -> RunReader:
        who = await super().__call__(request)
        return RunReader(**vars(who), today=clock.today())


def require_run_readers(*roles: Role) -> Any:
    return Depends(RunReaderRequirement(*roles))


OfficeRole = Annotated[RunReader, require_run_readers(Role.office)]
DraftReaders = Annotated[RunReader, require_run_readers(*DRAFT_READERS)]
ProjectReaders = Annotated[RunReader, require_run_readers(*PROJECT_READERS)]
RunReaders = Annotated[RunReader, require_run_readers(*RESULT_READERS)]


def build_run_sources(
    request: Request, reading: SeparateReadSession, registry: Registry
) -> RunSources:
    return RunSources(reading, registry, request.app.state.engine)


RunSourcesParam = Annotated[RunSources, Depends(build_run_sources)]
DOCUMENT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}}
}
STORED_RUN_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": RunRead, "description": "已有同样的一次"}
}


@router.post(
    "",
    status_code=201,
    responses=STORED_RUN_RESPONSES,
    dependencies=[IdempotencyCheck],
    summary="计分",
)
@raises(NotFound, SchemeMistake, SchemeChanged, *QUERY_PROBLEMS)
async def begin_run(
    request: RunAsk,
    sources: RunSourcesParam,
    session: Session,
    who: OfficeRole,
    now: Now,
    response: Response,
) -> RunRead:
    """Take the facts, compute and store; 200 with the stored run where there is an equal one."""
    run, is_new = await service.compute_run(sources, session, request, who, now=now)
    response.status_code = 201 if is_new else 200
    return run


@router.get("", summary="列出历次计分")
async def list_runs(
    session: Session,
    who: RunReaders,
    paging: PagingParams,
    campaign_id: Annotated[int | None, Query(ge=1, le=MAX_BIGINT)] = None,
    scheme: SchemeName | None = None,
    as_of_from: Day | None = None,
    as_of_to: Day | None = None,
    published: bool | None = None,
    order: OrderParam = ListOrder.recorded,
    totals: TotalsParam = False,
) -> RunPage:
    filters = lists.RunFilter(campaign_id, scheme, as_of_from, as_of_to, published)
    return await lists.list_runs(session, who, paging, filters, order, with_totals=totals)


@router.get("/{run_id}", summary="读取一次计分")
@raises(NotFound)
async def read_run(run_id: RunId, session: Session, who: RunReaders) -> RunRead:
    return await queries.load_visible_run(session, run_id, who)


@router.get(
    "/{run_id}/document",
    response_class=Response,
    responses=DOCUMENT_RESPONSES,
    operation_id="read_run_document",
    summary="读取结果原文",
)
@raises(NotFound)
@never_changes
async def read_document(run_id: RunId, session: Session, who: DraftReaders) -> Response:
    """The result, byte for byte as it was computed and as `bairi score --format json` prints it."""
    text = await queries.load_visible_document(session, run_id, who)
    return Response(text, media_type="application/json")
