"""Wire types that several slices use: days, names, lights."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, Field

from services.scoring.engine.lights.project_lights import ProjectLight, light_document
from shared.facts.words import Word
from shared.notation import MOMENT_NOTATION, LedgerDay

MOMENT_LIMIT = datetime(2200, 1, 1, tzinfo=UTC)
Day = LedgerDay
SchemeName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1950, 1, 1, tzinfo=UTC), lt=MOMENT_LIMIT),
    MOMENT_NOTATION,
]


class Colour(Word):
    """Of a whole light."""

    green = "green", "绿灯"
    yellow = "yellow", "黄灯"
    red = "red", "红灯"
    paused = "paused", "停工"
    none = "none", "不亮灯"


class AxisColour(Word):
    """Of one axis of a light."""

    green = "green", "绿灯"
    yellow = "yellow", "黄灯"
    red = "red", "红灯"


class LightRead(BaseModel):
    """A light of the document, and who answers for the project."""

    project_id: str = Field(title="项目编号")
    project_name: str | None = Field(title="项目名称")
    unit_id: str = Field(title="责任单位编号")
    unit_name: str | None = Field(title="责任单位名称")
    overall: Colour = Field(title="总灯")
    axes: dict[str, AxisColour | None] = Field(title="各项灯")
    completion: str | None = Field(title="完成率")
    time_progress: str = Field(title="时间进度")
    lead: str | None = Field(title="超前百分点")
    not_reported: bool = Field(title="未报进度")


def light_document_with_unit(light: ProjectLight) -> dict[str, Any]:
    """A light of the document, and the unit that answers for the project."""
    return {"unit_id": light.unit_id, **light_document(light)}


def operation_id(route: APIRoute) -> str:
    """The id of an operation: the name of its function, a verb and a noun, for ever."""
    return route.name
