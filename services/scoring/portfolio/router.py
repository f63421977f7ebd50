"""The portfolio over HTTP: by list, program, sector, unit, region or nature."""

from typing import Annotated, Any

from fastapi import APIRouter

from services.scoring.engine.overview.portfolio import Grouping
from services.scoring.execution.duckdb import QUERY_PROBLEMS
from services.scoring.portfolio import service
from services.scoring.portfolio.schemas import PortfolioRead
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
    tags=["项目组合"],
    generate_unique_id_function=operation_id,
    route_class=ServiceRoute,
)


@router.get("/portfolio", response_model=PortfolioRead, summary="项目组合：按名单、专项、行业等")
@raises(NotFound, *QUERY_PROBLEMS)
async def read_portfolio(
    registry: Registry,
    who: Annotated[Caller, require_roles(*PROJECT_READERS)],
    as_of: Day,
    asks: QuestionParam,
    by: Grouping = Grouping.level,
    known_at: Moment | None = None,
) -> dict[str, Any]:
    """Numbers, starts, investment and funds of each line; of a unit's own projects for a unit."""
    query = service.PortfolioQuery(as_of, by, known_at, asks)
    return await service.report_portfolio(registry, query, who)
