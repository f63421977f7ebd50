"""Wire types that several slices use: days, offices and regions, names, lights."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from fastapi import Depends
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, Field, model_validator

from services.scoring.engine.declarations import validation_error
from services.scoring.engine.lights.project_lights import ProjectLight, light_document
from shared.facts.words import Word
from shared.offices import OFFICE_PATTERN
from shared.problems import InvalidRequest, raises

EARLIEST_DAY, LATEST_DAY = date(1950, 1, 1), date(2199, 12, 31)  # the years of a ledger
MOMENT_LIMIT = datetime(2200, 1, 1, tzinfo=UTC)
Day = Annotated[date, Field(ge=EARLIEST_DAY, le=LATEST_DAY)]
Region = Annotated[str, Field(pattern=r"^[0-9]{0,12}$")]
Office = Annotated[str, Field(pattern=OFFICE_PATTERN)]
SchemeName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Name = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1950, 1, 1, tzinfo=UTC), lt=MOMENT_LIMIT)]

ONE_SCOPE_ZH = "office 和 region 只写一个"
ONE_SCOPE_EN = "Name an office or a region, not both."


@dataclass(frozen=True)
class ScopeParams:
    """`office=` or `region=` of a request; with neither it is about the caller's own office."""

    office: str | None = None
    region: str | None = None


@raises(InvalidRequest)
def build_scope_params(office: Office | None = None, region: Region | None = None) -> ScopeParams:
    if office is not None and region is not None:
        raise InvalidRequest(ONE_SCOPE_ZH, ONE_SCOPE_EN)
    return ScopeParams(office, region)


ScopeQuery = Annotated[ScopeParams, Depends(build_scope_params)]


class ScopeFields(BaseModel):
    """The same in the body of a request."""

    office: Office | None = Field(default=None, title="办公室代码", description="编号不带前缀")
    region: Region | None = Field(default=None, title="行政区划", description="编号都带前缀")

    @model_validator(mode="after")
    def check_scope_fields(self) -> Self:
        if self.office is not None and self.region is not None:
            raise validation_error(ONE_SCOPE_ZH)
        return self


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
    unit_id: str = Field(title="责任单位编号")
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
