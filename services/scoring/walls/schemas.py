"""Responses with a wall: projects as tiles, and the groups in which they hang."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from services.scoring.engine.overview.portfolio import Grouping
from services.scoring.lights.schemas import JudgedLight


class LightCounts(BaseModel):
    """Numbers of projects by colour; of an axis, `none` are those to which it does not apply."""

    count: int = Field(title="项目数")
    red: int = Field(title="红灯")
    yellow: int = Field(title="黄灯")
    green: int = Field(title="绿灯")
    paused: int = Field(title="停工")
    none: int = Field(title="不亮灯")


class CountedLights(BaseModel):
    """Numbers by the overall light, and by the light on each axis."""

    overall: LightCounts = Field(title="按总灯")
    axes: dict[str, LightCounts] = Field(title="按各项灯")


class WallAxis(BaseModel):
    """An axis of the preset, with its figure and its conditions in words."""

    axis: str = Field(title="轴")
    name: str = Field(title="名称")
    figure: str = Field(title="数值")
    yellow: str = Field(title="黄灯条件")
    red: str = Field(title="红灯条件")


class WallDetail(BaseModel):
    """The colour on an axis in words: how the office calls it, its figure, since when."""

    word: str = Field(title="叫法")
    text: str = Field(title="数值文字")
    since: date | None = Field(default=None, title="自何时起")
    or_earlier: bool = Field(default=False, title="或更早")


class WallProject(JudgedLight):
    name: str = Field(title="项目名称")
    unit_name: str = Field(title="责任单位")
    reason: str = Field(title="原因")
    since: date | None = Field(default=None, title="总灯自何时起")
    or_earlier: bool = Field(default=False, title="或更早")
    details: dict[str, WallDetail] = Field(title="各项灯的说明")


class WallGroup(BaseModel):
    id: str = Field(title="编号")
    name: str = Field(title="名称")
    lights: CountedLights = Field(title="各灯个数")
    project_ids: list[str] = Field(title="项目编号")


class WallRead(BaseModel):
    """The wall of a run; `overlapping`: a project may hang in several groups."""

    run_id: int = Field(title="计分编号")
    as_of: date = Field(title="截至日期")
    known_at: datetime = Field(title="已知于")
    scheme: str = Field(title="方案")
    scheme_name: str = Field(title="方案名称")
    lights_preset: str = Field(title="亮灯规则")
    lights_name: str = Field(title="亮灯规则名称")
    by: Grouping = Field(title="按什么分")
    overlapping: bool = Field(title="可同时列入多组")
    axes: list[WallAxis] = Field(title="各轴")
    lights: CountedLights = Field(title="各灯个数")
    groups: list[WallGroup] = Field(title="各组")
    projects: list[WallProject] = Field(title="各项目")
