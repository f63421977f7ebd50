"""Views of a run over HTTP: ranks, drill-down, lights, boards, streaks, awards, movement."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.scoring.execution.duckdb import QUERY_PROBLEMS
from services.scoring.lights.schemas import RunLightPage, UnitLightRead
from services.scoring.run_views import lists, service
from services.scoring.run_views.schemas import (
    AwardRead,
    BoardRead,
    LeftOutRead,
    MetricRanking,
    MovementRead,
    PartRead,
    PillarRanking,
    StreakRead,
    UnitExplained,
)
from services.scoring.runs.router import DraftReaders, ProjectReaders, RunId, RunReaders
from services.scoring.runs.schemas import RankingRead
from services.scoring.wire_types import Colour, Name, operation_id
from shared.database.sessions import Session, SessionFactory
from shared.http.delivery import never_changes
from shared.http.list_orders import TotalsParam
from shared.http.pages import MAX_BIGINT, PagingParams
from shared.http.service_route import ServiceRoute
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs/{run_id}",
    tags=["计分结果"],
    generate_unique_id_function=operation_id,
    route_class=ServiceRoute,
)


@router.get(
    "/ranking",
    response_model=RankingRead,
    summary="读取排名",
)
@raises(NotFound)
@never_changes
async def read_ranking(run_id: RunId, session: Session, who: RunReaders) -> dict[str, Any]:
    """Per group; grades, gates, adjustments and what parted ties where the scheme has them."""
    return await service.run_ranking(session, run_id, who)


@router.get("/pillars/{pillar}", response_model=PillarRanking, summary="读取一个方面的排名")
@raises(NotFound)
@never_changes
async def read_pillar_ranking(
    run_id: RunId, pillar: Name, session: Session, who: RunReaders
) -> dict[str, Any]:
    return await service.pillar_ranking(session, run_id, who, pillar)


@router.get("/metrics/{metric}", response_model=MetricRanking, summary="读取一项指标的排名")
@raises(NotFound)
@never_changes
async def read_metric_ranking(
    run_id: RunId, metric: Name, session: Session, who: RunReaders
) -> dict[str, Any]:
    return await service.metric_ranking(session, run_id, who, metric)


@router.get(
    "/units/{unit_id}",
    response_model=UnitExplained,
    summary="说明一个单位的得分由来",
)
@raises(NotFound, *QUERY_PROBLEMS)
async def explain_unit(
    run_id: RunId,
    unit_id: Name,
    sessions: SessionFactory,
    who: ProjectReaders,
    metric: Name | None = None,
) -> dict[str, Any]:
    """Total → pillars → metrics → the projects in each, and those left out with the reason.

    Targets and marks that were entered stand with their reasons.
    """
    return await service.explain_unit(sessions, run_id, who, unit_id=unit_id, metric=metric)


@router.get(
    "/lights",
    summary="列出一次计分的红黄绿灯",
)
@raises(NotFound)
async def list_lights_of_run(
    run_id: RunId,
    session: Session,
    who: ProjectReaders,
    paging: PagingParams,
    unit_id: Name | None = None,
    project_id: Annotated[list[Name] | None, Query(min_length=1, max_length=100)] = None,
    overall: Colour | None = None,
    totals: TotalsParam = False,
) -> RunLightPage:
    """Colours, figures, thresholds, since when; beside them the colours that an office judged."""
    filters = lists.RunLightFilter(unit_id, project_id, overall)
    return await lists.list_run_lights(session, run_id, who, paging, filters, with_totals=totals)


@router.get(
    "/unit-lights",
    response_model=PartRead[UnitLightRead],
    summary="读取各单位的红黄绿灯",
)
@raises(NotFound)
@never_changes
async def read_unit_lights(run_id: RunId, session: Session, who: ProjectReaders) -> dict[str, Any]:
    return await service.load_part_document(session, run_id, who, "unit_lights")


@router.get("/boards", response_model=PartRead[BoardRead], summary="读取红黑榜")
@raises(NotFound)
@never_changes
async def read_boards(run_id: RunId, session: Session, who: RunReaders) -> dict[str, Any]:
    return await service.load_part_document(session, run_id, who, "boards")


@router.get("/streaks", response_model=PartRead[StreakRead], summary="读取连续排名靠后的单位")
@raises(NotFound)
@never_changes
async def read_streaks(run_id: RunId, session: Session, who: RunReaders) -> dict[str, Any]:
    return await service.load_part_document(session, run_id, who, "streaks")


@router.get(
    "/awards",
    response_model=PartRead[AwardRead],
    summary="读取奖项",
)
@raises(NotFound)
@never_changes
async def read_awards(run_id: RunId, session: Session, who: ProjectReaders) -> dict[str, Any]:
    """Winners and candidates with reasons; a unit is told of its own."""
    return await service.visible_awards(session, run_id, who)


@router.get(
    "/movement",
    response_model=MovementRead,
    summary="读取与另一次计分相比的变化",
)
@raises(NotFound)
@never_changes
async def read_movement(
    run_id: RunId,
    session: Session,
    who: RunReaders,
    since: Annotated[int, Query(ge=1, le=MAX_BIGINT, title="与哪一次相比")],
) -> dict[str, Any]:
    """Who moved and because of which terms, which lights changed, each as `[before, after]`."""
    return await service.compare_runs(session, run_id, since, who)


@router.get("/left-out", response_model=LeftOutRead, summary="列出合并各办公室时未计入的项目")
@raises(NotFound)
@never_changes
async def read_left_out_projects(
    run_id: RunId, session: Session, who: DraftReaders
) -> dict[str, Any]:
    """Of one national code in several offices the lowest office's project counts; the others here.

    A run of one office leaves none out. Found again for the same facts, a run keeps its first list.
    """
    return await service.load_left_out(session, run_id, who)
