"""What is asked of runs and what they answer; figures are exact, or text with fixed decimals."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from services.scoring.wire import Day, Moment, Region, SchemeName


class RunAsk(BaseModel):
    """`known_at` is now and `region` the caller's own where they are not given."""

    model_config = ConfigDict(extra="forbid")

    scheme: SchemeName = Field(default="lanxian-2022", title="方案")
    as_of: Day = Field(examples=["2022-09-30"], title="截至日期")
    known_at: Moment | None = Field(default=None, title="已知于")
    region: Region | None = Field(default=None, title="行政区划")


class RunRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int = Field(title="编号")
    region: str = Field(title="行政区划")
    scheme_id: str = Field(title="方案")
    scheme_version: int = Field(title="方案版本")
    as_of: date = Field(title="截至日期")
    known_at: datetime = Field(title="已知于")
    facts_digest: str = Field(title="事实摘要")
    created_by: str = Field(title="计分人")
    created_at: datetime = Field(title="计分时刻")
    published_at: datetime | None = Field(default=None, title="公布时刻")


class PillarRead(BaseModel):
    points: str | None = Field(title="得分")
    weight: str | None = Field(title="权重")
    rank: int | None = Field(title="名次")


class MetricRead(BaseModel):
    numerator: int = Field(title="分子")
    denominator: int | None = Field(title="分母")
    points: str | None = Field(title="得分")
    rank: int | None = Field(title="名次")


class UnitRead(BaseModel):
    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    rank: int | None = Field(title="名次")
    total: str | None = Field(title="总分")
    pillars: dict[str, PillarRead] = Field(title="各方面")
    metrics: dict[str, MetricRead] = Field(title="各指标")


class GroupRead(BaseModel):
    group: str = Field(title="组别")
    units: list[UnitRead] = Field(title="各单位")


class RankingRead(BaseModel):
    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    groups: list[GroupRead] = Field(title="各组")


class ExplainedPillar(PillarRead):
    points_exact: str | None = Field(title="精确得分")


class CountedRow(BaseModel):
    project_id: str | None = Field(title="项目编号")
    name: str | None = Field(title="名称")
    numerator: int = Field(title="分子")
    denominator: int = Field(title="分母")


class LeftOutRow(BaseModel):
    project_id: str | None = Field(title="项目编号")
    name: str | None = Field(title="名称")
    reason: str = Field(title="原因")


class ExplainedMetric(ExplainedPillar):
    name: str = Field(title="名称")
    formula: str = Field(title="公式")
    reading: str = Field(title="读法")
    source: str = Field(title="来源")
    numerator: int = Field(title="分子")
    denominator: int | None = Field(title="分母")
    denominator_of_others: int = Field(title="其他单位的分母")
    projects: list[CountedRow] = Field(title="计入的项目")
    left_out: list[LeftOutRow] = Field(title="未计入的项目")


class UnitExplained(BaseModel):
    as_of: date = Field(title="截至日期")
    scheme: str = Field(title="方案")
    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    rank: int | None = Field(title="名次")
    total: str | None = Field(title="总分")
    pillars: dict[str, ExplainedPillar] = Field(title="各方面")
    metrics: dict[str, ExplainedMetric] = Field(title="各指标")


class Repeated(BaseModel):
    """A run computed anew from its kept facts; `same` when not a byte differs."""

    run_id: int = Field(title="计分编号")
    same: bool = Field(title="字节相同")
    facts_digest: str = Field(title="事实摘要")
    document_sha256: str = Field(title="原结果摘要")
    repeated_sha256: str = Field(title="重算结果摘要")
