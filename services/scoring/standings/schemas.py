"""Responses that say why a unit has its rank; figures are text with fixed decimals."""

from datetime import date

from pydantic import BaseModel, Field

from services.scoring.runs.schemas import FigureTexts, MetricName, PillarRead


class NeighbourRead(BaseModel):
    """A unit beside which another one is seen."""

    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    rank: int = Field(title="名次")
    total: str = Field(title="总分")
    gap: str = Field(title="相差")


class ComparedRead(PillarRead):
    """Points against the full ones, those of the unit above, and the most of the group."""

    lost: str | None = Field(title="离满分")
    above_points: str | None = Field(title="上一名的得分")
    behind: str | None = Field(title="比上一名少")
    best_points: str | None = Field(title="组内最高得分")


class ComparedPillar(ComparedRead):
    id: str = Field(title="方面")
    zh: str = Field(title="名称")


class ComparedMetric(ComparedRead, MetricName, FigureTexts):
    pillar: str = Field(title="方面")
    above_text: str | None = Field(title="上一名的数值")
    best_text: str | None = Field(title="组内最高得分的数值")
    best_name: str | None = Field(title="组内最高得分的单位")


class StandingRead(BaseModel):
    """A unit beside the one above it, the one below and the first of its group."""

    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    scheme_name: str = Field(title="方案名称")
    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    group: str = Field(title="组别")
    ranked: int = Field(title="参与排名的单位数")
    rank: int | None = Field(title="名次")
    total: str | None = Field(title="总分")
    tied_with: list[str] = Field(title="并列的单位")
    first: NeighbourRead | None = Field(title="第一名")
    above: NeighbourRead | None = Field(title="上一名")
    below: NeighbourRead | None = Field(title="下一名")
    pillars: list[ComparedPillar] = Field(title="各方面")
    metrics: list[ComparedMetric] = Field(title="各指标")
    adjustments_behind: str | None = Field(title="加减分比上一名少")
    zh: list[str] = Field(title="说明")
    en: list[str] = Field(title="英文说明")
