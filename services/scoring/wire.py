"""Words of the wire that several slices use: days, regions, lights; operations."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, Field

from services.scoring.engine.lights import Light, light_document

EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)  # the years of a ledger
NEVER = datetime(2200, 1, 1, tzinfo=UTC)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
Region = Annotated[str, Field(pattern=r"^[0-9]{0,12}$")]
SchemeName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1950, 1, 1, tzinfo=UTC), lt=NEVER)]
Colour = Literal["green", "yellow", "red", "paused", "none"]
AxisColour = Literal["green", "yellow", "red"]


class LightRead(BaseModel):
    """A light of the document, and who answers for the project."""

    project_id: str
    unit_id: str
    overall: Colour
    axes: dict[str, AxisColour | None]
    completion: str | None
    time_progress: str
    lead: str | None
    not_reported: bool


def with_unit(light: Light) -> dict[str, Any]:
    return {"unit_id": light.unit_id, **light_document(light)}


def name(route: APIRoute) -> str:
    """Operations are called as their functions: a verb and a noun, for ever."""
    return route.name
