"""«What if» and sensitivity over HTTP; nothing is stored."""

from typing import Any

from fastapi import APIRouter

from services.scoring.engine.what_if.changes import ChangeMistake
from services.scoring.execution.duckdb import QUERY_PROBLEMS
from services.scoring.execution.sensitivity import NotForThisScheme
from services.scoring.registry_client import Registry
from services.scoring.runs.router import DraftReaders, ProjectReaders, RunId
from services.scoring.what_if import service
from services.scoring.what_if.schemas import SensitivityRead, WhatIfAsk, WhatIfRead
from services.scoring.wire_types import Name, operation_id
from shared.clock import Today
from shared.database.sessions import SessionFactory
from shared.http.heavy_work import HeavyWorkParam
from shared.http.service_route import ServiceRoute
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1",
    tags=["假如与敏感性"],
    generate_unique_id_function=operation_id,
    route_class=ServiceRoute,
)


@router.post(
    "/what-if",
    response_model=WhatIfRead,
    summary="假如：改事实或方案，看谁的名次变",
)
@raises(NotFound, ChangeMistake, *QUERY_PROBLEMS)
async def preview_what_if(
    request: WhatIfAsk,
    sessions: SessionFactory,
    registry: Registry,
    work: HeavyWorkParam,
    who: DraftReaders,
    today: Today,
) -> dict[str, Any]:
    """Facts, weights, points rules or thresholds of lights changed for this answer alone.

    On a stored run's kept facts, or on the registry's; every mistake is told with its place.
    """
    return await service.answer_what_if(
        service.Questioner(sessions, work, who), registry, request, today=today
    )


@router.get(
    "/runs/{run_id}/sensitivity",
    response_model=SensitivityRead,
    summary="敏感性：升一位最少要动什么",
)
@raises(NotFound, *QUERY_PROBLEMS, NotForThisScheme)
async def read_sensitivity(
    run_id: RunId,
    sessions: SessionFactory,
    work: HeavyWorkParam,
    who: ProjectReaders,
    unit_id: Name | None = None,
) -> dict[str, Any]:
    """The least change of one fact that moves a unit up, kind by kind; and what weights decide."""
    return await service.report_sensitivity(
        service.Questioner(sessions, work, who), run_id, unit_id=unit_id
    )
