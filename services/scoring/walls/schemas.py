"""Responses with a wall: projects as tiles, and the groups in which they hang."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from services.scoring.engine.overview.portfolio import Grouping
from services.scoring.lights.schemas import AxisRead, JudgedLight, LightTotals


class WallDetail(BaseModel):
    """The colour on an axis in words: how the office calls it, its figure, since when."""

    word: str = Field(title="叫法")
    text: str = Field(title="数值文字")
    since: date | None = Field(default=None, title="自何时起")
    or_earlier: bool = Field(default=False, title="或更早")


class WallProject(JudgedLight):
    reason: str = Field(title="原因")
    since: date | None = Field(default=None, title="总灯自何时起")
    or_earlier: bool = Field(default=False, title="或更早")
    details: dict[str, WallDetail] = Field(title="各项灯的说明")


class WallGroup(BaseModel):
    id: str = Field(title="编号")
    name: str = Field(title="名称")
    totals: LightTotals = Field(title="合计")
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
    axes: list[AxisRead] = Field(title="各项灯的规则")
    totals: LightTotals = Field(title="合计")
    groups: list[WallGroup] = Field(title="各组")
    projects: list[WallProject] = Field(title="各项目")
