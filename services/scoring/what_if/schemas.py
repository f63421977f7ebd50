"""Requests and responses of «what if» and of sensitivity."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.scoring.engine.what_if.changes import Changes, FactChange
from services.scoring.engine.what_if.move_kinds import Measured
from services.scoring.runs.schemas import MetricName, RankedGroup
from services.scoring.wire_types import Day, Moment, SchemeName
from shared.http.pages import MAX_BIGINT
from shared.http.questions import QuestionFields

RANKS_FIELD = Field(title="名次", min_length=2, max_length=2)

RUN_ALONE_EN = "With run_id no scheme, as_of, known_at, office or region is named."


class WhatIfAsk(QuestionFields):
    """Changes to a stored run's facts, or to those of an office or a region as of a day.

    Without a run: `as_of` is today, `known_at` now, `office` the caller's own. Ids are written as
    in the run, or as in a question about that office or region.
    """

    run_id: Annotated[int, Field(ge=1, le=MAX_BIGINT)] | None = Field(
        default=None, title="计分编号"
    )
    scheme: SchemeName | None = Field(default=None, title="方案")
    as_of: Day | None = Field(default=None, title="截至日期")
    known_at: Moment | None = Field(default=None, title="已知于")
    changes: Changes = Field(default=Changes(), title="改动")

    @model_validator(mode="after")
    def check_run_fields(self) -> Self:
        others = (self.scheme, self.as_of, self.known_at, self.office, self.region)
        if self.run_id is not None and others != (None,) * len(others):
            raise PydanticCustomError("run_and_more", RUN_ALONE_EN)
        return self


class ScoredBy(BaseModel):
    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    lights_preset: str = Field(title="亮灯规则")


class UnitMoved(BaseModel):
    """A unit whose group, rank or total differs; each of them before and after, where it does."""

    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    group: list[str | None] | None = Field(default=None, title="组别")
    rank: list[int | None] | None = Field(default=None, title="名次")
    ranks_gained: int | None = Field(title="上升位数")
    move: str = Field(title="升降")
    total: list[str | None] | None = Field(default=None, title="总分")
    total_change: str | None = Field(title="总分增减")
    causes: str | None = Field(title="主要因素")
    metrics: dict[str, list[dict[str, Any] | None]] = Field(title="变动的指标")


class LightMoved(BaseModel):
    """A light whose colours differ; `project_id` or `unit_id` says whose."""

    project_id: str | None = Field(default=None, title="项目编号")
    project_name: str | None = Field(default=None, title="项目名称")
    unit_id: str | None = Field(default=None, title="单位编号")
    unit_name: str | None = Field(default=None, title="单位名称")
    overall: list[str | None] | None = Field(default=None, title="总灯")
    axes: dict[str, list[str | None]] | None = Field(default=None, title="各项灯")


class Moved(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    before: ScoredBy = Field(alias="from", title="改动前")
    after: ScoredBy = Field(alias="to", title="改动后")
    metrics: list[MetricName] = Field(title="各指标的名称")
    units: list[UnitMoved] = Field(title="变动的单位")
    lights: list[LightMoved] = Field(title="变动的项目灯")
    unit_lights: list[LightMoved] = Field(title="变动的单位灯")


class WhatIfRead(BaseModel):
    """Who moves, and both rankings; nothing of it is kept."""

    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    scheme_name: str = Field(title="方案名称")
    movement: Moved = Field(title="变动")
    before: list[RankedGroup] = Field(title="改动前的排名")
    after: list[RankedGroup] = Field(title="改动后的排名")


class FactChangeRead(FactChange):
    """A change of a fact, as it can be sent to a what-if question."""


class KindRead(BaseModel):
    """The least change of one kind that moves the unit up; without `least` none does."""

    kind: str = Field(title="改动的种类", examples=["started"])
    measured_in: Measured = Field(title="计量")
    least: int | None = Field(title="最少")
    project_id: str | None = Field(title="项目编号")
    rank: int | None = Field(title="升至名次")
    total: str | None = Field(title="升至总分")
    facts_looked_at: int = Field(title="试过的事实数")
    change: FactChangeRead | None = Field(title="写成改动")
    said: str = Field(title="说明", examples=["再开工 1 个项目（P007 …），可升至第 3 名"])


class UnitSensitivity(BaseModel):
    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    group: str = Field(title="组别")
    rank: int | None = Field(title="名次")
    total: str | None = Field(title="总分")
    said: str = Field(title="说明")
    kinds: list[KindRead] = Field(title="各种改动")


class RankMoved(BaseModel):
    unit_id: str = Field(title="单位编号")
    rank: list[int | None] = RANKS_FIELD


class WeightRead(BaseModel):
    """A weight, a tenth more or less: how many ranks move, and those of the units asked about."""

    path: str = Field(title="权重", examples=["pillars.speed.weight"])
    name: str = Field(title="名称")
    change: str = Field(title="增减", examples=["+10%"])
    ranks_moved: int = Field(title="变动的名次数")
    moved: list[RankMoved] = Field(title="变动的单位")


class SensitivityRead(BaseModel):
    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    units: list[UnitSensitivity] = Field(title="各单位")
    weights: list[WeightRead] = Field(title="各权重")
