"""Standings over HTTP: why a unit has its rank."""

from typing import Any

from fastapi import APIRouter

from services.scoring.runs.router import RunId, RunReaders
from services.scoring.standings import service
from services.scoring.standings.schemas import StandingRead
from services.scoring.wire_types import Name, operation_id
from shared.database.sessions import Session
from shared.http.delivery import never_changes
from shared.http.service_route import ServiceRoute
from shared.problems import NotFound, raises

router = APIRouter(
    prefix="/v1/runs/{run_id}/units/{unit_id}",
    tags=["计分结果"],
    generate_unique_id_function=operation_id,
    route_class=ServiceRoute,
)


@router.get("/standing", response_model=StandingRead, summary="说明一个单位为什么排这一名")
@raises(NotFound)
@never_changes
async def explain_standing(
    run_id: RunId, unit_id: Name, session: Session, who: RunReaders
) -> dict[str, Any]:
    """Against the full points, the unit above and the best by each metric; in sentences, too.

    It says no more than the ranking does, so that whoever reads that may read this.
    """
    return await service.explain_standing(session, run_id, who, unit_id)
