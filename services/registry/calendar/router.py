"""Route of the working days of a year."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from services.registry.calendar import service
from services.registry.calendar.schemas import YearRead
from shared.http.auth import any_role
from shared.http.service_route import ServiceRoute

router = APIRouter(
    prefix="/v1/calendar",
    tags=["工作日历"],
    dependencies=[Depends(any_role)],
    route_class=ServiceRoute,
)


@router.get("/{year}", operation_id="read_calendar_year", summary="读取一年的工作日")
async def read_year(year: Annotated[int, Path(ge=1950, le=2199)]) -> YearRead:
    return service.build_calendar_year(year)
