"""Indicators against their targets over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.scoring.execution.duckdb import QUERY_PROBLEMS
from services.scoring.indicators import service
from services.scoring.indicators.schemas import IndicatorReadings
from services.scoring.registry_client import Registry
from services.scoring.visibility import PROJECT_READERS
from services.scoring.wire_types import Day, Moment, operation_id
from shared.http.auth import require_roles
from shared.http.questions import QuestionParam
from shared.http.service_route import ServiceRoute
from shared.http.tokens import Caller
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1",
    tags=["统计指标"],
    generate_unique_id_function=operation_id,
    route_class=ServiceRoute,
)


@router.get("/indicators", response_model=IndicatorReadings, summary="读取统计指标与目标")
@raises(NotFound, *QUERY_PROBLEMS)
async def read_indicators(
    registry: Registry,
    who: Annotated[Caller, require_roles(*PROJECT_READERS)],
    as_of: Annotated[Day, Query()],
    asks: QuestionParam,
    known_at: Moment | None = None,
) -> dict[str, Any]:
    """Value, growth, target and source of each; where a county's fixed-asset investment was not
    entered for the year, the sum of its pooled projects' investment, labelled as a proxy.
    """
    return await service.report_indicators(registry, as_of, known_at, asks, who)
