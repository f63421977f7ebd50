"""The wall of a run over HTTP: every project as a tile, in groups, told in words."""

from fastapi import APIRouter

from services.scoring.engine.overview.portfolio import Grouping
from services.scoring.runs.router import ProjectReaders, RunId
from services.scoring.walls import service
from services.scoring.walls.schemas import WallRead
from services.scoring.wire_types import operation_id
from shared.database.sessions import Session
from shared.http.service_route import ServiceRoute
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs/{run_id}",
    tags=["计分结果"],
    generate_unique_id_function=operation_id,
    route_class=ServiceRoute,
)


@router.get("/wall", summary="读取一次计分的挂图")
@raises(NotFound)
async def read_wall(
    run_id: RunId,
    session: Session,
    who: ProjectReaders,
    by: Grouping = Grouping.unit,
) -> WallRead:
    """Every project with its light, the reason in words and its name; groups with numbers.

    Red ones come first in each group; numbers are by the overall light and by each axis. What an
    office judged stands beside the computed colours, which are the ones that are counted.
    """
    return await service.hang_wall(session, run_id, who, by)
