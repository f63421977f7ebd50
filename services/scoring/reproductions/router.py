"""Runs recomputed over HTTP, by their own scheme or by another one; nothing is stored."""

from typing import Any

from fastapi import APIRouter

from services.scoring.engine.scheme.model import SchemeMistake
from services.scoring.execution.duckdb import QUERY_PROBLEMS
from services.scoring.reproductions import service
from services.scoring.runs.router import DraftReaders, RunId, RunSourcesParam
from services.scoring.runs.schemas import RankingRead, Repeated
from services.scoring.scheme_library.schemas import SchemeText
from services.scoring.wire_types import operation_id
from shared.http.heavy_work import HeavyWorkParam
from shared.http.service_route import ServiceRoute
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs/{run_id}",
    tags=["计分"],
    generate_unique_id_function=operation_id,
    route_class=ServiceRoute,
)


@router.post("/repeat", response_model=Repeated, summary="由存下的事实重算一次")
@raises(NotFound)
async def repeat_run(run_id: RunId, sources: RunSourcesParam, who: DraftReaders) -> dict[str, Any]:
    """Compute again from the kept facts and compare every byte; nothing is stored."""
    return await service.repeat_run(sources, run_id, who)


@router.post(
    "/preview",
    response_model=RankingRead,
    summary="以另一方案试排一次",
)
@raises(NotFound, SchemeMistake, *QUERY_PROBLEMS)
async def preview_run(
    run_id: RunId,
    scheme: SchemeText,
    sources: RunSourcesParam,
    work: HeavyWorkParam,
    who: DraftReaders,
) -> dict[str, Any]:
    """The run's facts ranked by a scheme that is not stored; nothing is stored."""
    return await service.preview_run(sources, work, run_id, scheme.text, who)
