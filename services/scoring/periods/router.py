"""Rankings of quarters and years over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.scoring.periods import service
from services.scoring.periods.schemas import PeriodRead
from services.scoring.runs.router import RunReaders
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.wire_types import (
    SchemeName,
    operation_id,
)
from shared.database.sessions import Session
from shared.http.questions import QuestionParam
from shared.http.service_route import ServiceRoute
from shared.notation import EARLIEST_DAY, LATEST_DAY
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1",
    tags=["季度和年度"],
    generate_unique_id_function=operation_id,
    route_class=ServiceRoute,
)

Year = Annotated[int, Query(ge=EARLIEST_DAY.year, le=LATEST_DAY.year, title="年度")]
Quarter = Annotated[int | None, Query(ge=1, le=4, title="季度")]


@router.get(
    "/periods",
    response_model=PeriodRead,
    summary="读取季度或年度排名",
)
@raises(NotFound)
async def read_period(
    session: Session,
    who: RunReaders,
    year: Year,
    asks: QuestionParam,
    quarter: Quarter = None,
    scheme: SchemeName = DEFAULT_SCHEME,
) -> dict[str, Any]:
    """The means of the stored runs of month ends, which months have none, and where there are such
    the runs of other days and the metrics without a mark. Most see published runs only.
    """
    query = service.PeriodQuery(scheme, year, quarter, asks)
    return await service.rank_period(session, query, who)
