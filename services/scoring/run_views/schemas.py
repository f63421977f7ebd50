"""Responses with views of a run; figures are exact, or text with fixed decimals.

Keys that scheme or preset do not use are left out.
"""

from datetime import date
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from services.scoring.runs.schemas import (
    AroundRead,
    FigureTexts,
    MetricName,
    MetricRead,
    PillarRead,
)
from shared.http.components import generic_name

T = TypeVar("T")

# --- one pillar, one metric ----------------------------------------------------------------------


class UnitByPillar(PillarRead):
    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")


class UnitByMetric(MetricRead):
    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")


class GroupBy(BaseModel, Generic[T]):
    group: str = Field(title="组别")
    units: list[T] = Field(title="各单位")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return generic_name(params, "Group")


class PillarRanking(BaseModel):
    """The units of each group in order of their rank by one pillar."""

    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    scheme_name: str = Field(title="方案名称")
    pillar: str = Field(title="方面")
    zh: str = Field(title="名称")
    groups: list[GroupBy[UnitByPillar]] = Field(title="各组")


class MetricRanking(BaseModel):
    """The same by one metric."""

    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    scheme_name: str = Field(title="方案名称")
    metric: str = Field(title="指标")
    zh: str = Field(title="名称")
    en: str = Field(title="英文名称")
    unit: str | None = Field(title="计量单位")
    groups: list[GroupBy[UnitByMetric]] = Field(title="各组")


# --- down to the projects ------------------------------------------------------------------------


class ExplainedFigure(PillarRead):
    points_exact: str | None = Field(title="精确得分")


class ExplainedPillar(ExplainedFigure):
    zh: str = Field(title="名称")


class CountedRow(FigureTexts):
    project_id: str | None = Field(title="项目编号")
    name: str | None = Field(title="名称")
    numerator: int = Field(title="分子")
    denominator: int = Field(title="分母")
    items: dict[str, str | None] = Field(default={}, title="项目得分的各项")


class LeftOutRow(BaseModel):
    project_id: str | None = Field(title="项目编号")
    name: str | None = Field(title="名称")
    reason: str = Field(title="原因")


class GivenRead(BaseModel):
    """What somebody entered: an exact number, why, and who."""

    value: str = Field(title="数值")
    reason: str = Field(title="理由")
    who: str = Field(title="录入人")


class ExplainedMetric(ExplainedFigure, FigureTexts):
    name: str = Field(title="名称")
    en: str = Field(title="英文名称")
    unit: str | None = Field(title="计量单位")
    pillar: str | None = Field(title="方面")
    words: str = Field(title="算法")
    formula: str = Field(title="公式")
    reading: str = Field(title="读法")
    source: str = Field(title="来源")
    numerator: int = Field(title="分子")
    denominator: int | None = Field(title="分母")
    denominator_of_others: int = Field(title="其他单位的分母")
    target: GivenRead | None = Field(default=None, title="目标")
    mark: GivenRead | None = Field(default=None, title="打分")
    projects: list[CountedRow] = Field(title="计入的项目")
    left_out: list[LeftOutRow] = Field(title="未计入的项目")


class UnitExplained(AroundRead):
    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    group: str = Field(title="组别")
    rank: int | None = Field(title="名次")
    total: str | None = Field(title="总分")
    pillars: dict[str, ExplainedPillar] = Field(title="各方面")
    metrics: dict[str, ExplainedMetric] = Field(title="各指标")


# --- boards, streaks, awards ---------------------------------------------------------------------


class PartRead(BaseModel, Generic[T]):
    """A part of the result; `declared` where the scheme has such a thing at all."""

    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    declared: bool = Field(title="方案设有")
    items: list[T] = Field(title="各项")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return generic_name(params, "Part")


class BoardLineRead(BaseModel):
    unit_id: str = Field(title="单位编号")
    unit_name: str | None = Field(title="单位名称")
    value: str | None = Field(title="数值")
    value_text: str = Field(title="数值文字")
    target: str | None = Field(title="目标")
    target_text: str = Field(title="目标文字")
    reason: str = Field(title="说明")


class BoardRead(BaseModel):
    board: str = Field(title="榜")
    zh: str = Field(title="名称")
    group: str = Field(title="组别")
    metric: str = Field(title="指标")
    metric_name: str = Field(title="指标名称")
    red: list[BoardLineRead] = Field(title="红榜")
    black: list[BoardLineRead] = Field(title="黑榜")
    red_beside: list[BoardLineRead] = Field(title="前列未上榜")
    black_beside: list[BoardLineRead] = Field(title="末位未上榜")


class StreakRead(BaseModel):
    streak: str = Field(title="连续排名")
    rung: str = Field(title="档次")
    zh: str = Field(title="名称")
    group: str = Field(title="组别")
    unit_id: str = Field(title="单位编号")
    unit_name: str | None = Field(title="单位名称")
    months: list[date] = Field(title="各月末")
    text: str = Field(title="说明")


class CandidateRead(BaseModel):
    project_id: str | None = Field(default=None, title="项目编号")
    project_name: str | None = Field(title="项目名称")
    unit_id: str = Field(title="单位编号")
    unit_name: str | None = Field(title="单位名称")
    figure: str | None = Field(title="数值")
    text: str = Field(title="数值文字")
    reasons: list[str] = Field(default=[], title="未获奖的原因")


class AwardRead(BaseModel):
    award: str = Field(title="奖项")
    zh: str = Field(title="名称")
    subject: str = Field(title="授予")
    off: str | None = Field(default=None, title="暂不评的原因")
    requires: list[str] = Field(default=[], title="条件")
    winners: list[CandidateRead] = Field(default=[], title="获奖")
    others: list[CandidateRead] = Field(default=[], title="候选")


# --- joined offices ------------------------------------------------------------------------------


class LeftOutProject(BaseModel):
    """A project whose national code a project of a lower office has, too."""

    project_id: str = Field(title="项目编号")
    office: str = Field(title="办公室代码")
    national_code: str = Field(title="项目代码")
    kept_project_id: str = Field(title="计入的项目编号")
    reason: str = Field(title="原因")


class LeftOutRead(BaseModel):
    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    items: list[LeftOutProject] = Field(title="未计入的项目")


# --- movement ------------------------------------------------------------------------------------


class MovementEnd(BaseModel):
    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    lights_preset: str = Field(title="亮灯规则")


class MovedUnit(BaseModel):
    """What differs of a unit, each as `[before, after]`; `metrics` say because of which terms."""

    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    group: list[str | None] = Field(default=[], title="组别")
    rank: list[int | None] = Field(default=[], title="名次")
    ranks_gained: int | None = Field(title="上升位数")
    move: str = Field(title="升降")
    total: list[str | None] = Field(default=[], title="总分")
    total_change: str | None = Field(title="总分增减")
    causes: str | None = Field(title="主要因素")
    metrics: dict[str, list[MetricRead | None]] = Field(title="变了的指标")


class ChangedLight(BaseModel):
    project_id: str | None = Field(default=None, title="项目编号")
    project_name: str | None = Field(default=None, title="项目名称")
    unit_id: str | None = Field(default=None, title="单位编号")
    unit_name: str | None = Field(default=None, title="单位名称")
    overall: list[str | None] = Field(default=[], title="总灯")
    axes: dict[str, list[str | None]] = Field(default={}, title="各项灯")


class MovementRead(BaseModel):
    before: MovementEnd = Field(alias="from", title="从")
    after: MovementEnd = Field(alias="to", title="到")
    metrics: list[MetricName] = Field(title="各指标的名称")
    units: list[MovedUnit] = Field(title="单位")
    lights: list[ChangedLight] = Field(title="项目的灯")
    unit_lights: list[ChangedLight] = Field(title="单位的灯")
