"""Rankings of counties and cities over HTTP: of one run, or of all runs of a day."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.scoring.counties import service
from services.scoring.counties.schemas import CountiesQuery, CountiesRead
from services.scoring.engine.results.regions_above import RanksNoPlaces, RegionLevel
from services.scoring.runs.router import RunId, RunReaders
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from services.scoring.wire_types import Day, SchemeName, operation_id
from shared.database.sessions import Session
from shared.http.pages import MAX_BIGINT
from shared.http.questions import QuestionParam
from shared.http.service_route import ServiceRoute
from shared.problems import NotFound, raises

router = APIRouter(
    tags=["计分"], generate_unique_id_function=operation_id, route_class=ServiceRoute
)


@router.get(
    "/v1/runs/{run_id}/counties",
    response_model=CountiesRead,
    summary="给各县、市排名",
)
@raises(NotFound, RanksNoPlaces)
async def read_county_ranking_of_run(
    run_id: RunId, session: Session, who: RunReaders, level: RegionLevel = RegionLevel.county
) -> dict[str, Any]:
    """The units of a run added up by county or city, and ranked by the run's scheme."""
    return await service.rank_counties_of_run(session, run_id, who, level)


@router.get(
    "/v1/counties",
    response_model=CountiesRead,
    summary="给一天的各县、市排名",
)
@raises(NotFound, RanksNoPlaces)
async def read_county_ranking(
    as_of: Day,
    session: Session,
    who: RunReaders,
    asks: QuestionParam,
    scheme: SchemeName = DEFAULT_SCHEME,
    scheme_version: Annotated[int | None, Query(ge=1, le=MAX_BIGINT)] = None,
    level: RegionLevel = RegionLevel.county,
) -> dict[str, Any]:
    """The latest runs of a day within a region, added together; a whole run, where there is one.

    By default the caller's region; of an `office` its own run alone.
    """
    query = CountiesQuery(as_of, scheme, scheme_version, level)
    return await service.rank_counties_of_day(session, query, asks, who)
