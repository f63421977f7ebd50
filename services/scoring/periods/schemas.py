"""The ranking of a quarter or a year."""

from datetime import date

from pydantic import BaseModel, Field

from shared.facts.words import Word


class MeanOf(Word):
    months = "months", "各月"
    quarters = "quarters", "各季度"


class WithoutTotal(Word):
    """What a month counts as in which a unit has no total."""

    skip = "skip", "不计"
    zero = "zero", "按 0 分"


class ScoredMonth(BaseModel):
    """The latest run of a month's end that the caller may read."""

    month: int = Field(title="月份")
    as_of: date = Field(title="截至日期")
    run_id: int = Field(title="计分编号")
    scheme_version: int = Field(title="方案版本")


class NotUsedReason(Word):
    not_month_end = "not_month_end", "不是月末"


class RunNotUsed(BaseModel):
    """The latest run of a day of the period that is in no mean."""

    as_of: date = Field(title="截至日期")
    run_id: int = Field(title="计分编号")
    reason: NotUsedReason = Field(title="未用的原因")


class UnmarkedMetricRead(BaseModel):
    """A metric marked by hand that had no mark, so that its weight went to other metrics."""

    month: int = Field(title="月份")
    metric: str = Field(title="指标")
    units: list[str] = Field(title="没有打分的单位")


class PeriodUnit(BaseModel):
    """`parts` are totals by month, or means by quarter, or points for places; then December's."""

    unit_id: str = Field(title="单位编号")
    name: str = Field(title="名称")
    rank: int | None = Field(title="名次")
    total: str | None = Field(title="得分")
    parts: dict[str, str | None] = Field(title="各月或各季")
    year_end: str | None = Field(title="年终得分")


class PeriodGroup(BaseModel):
    group: str = Field(title="组别")
    units: list[PeriodUnit] = Field(title="各单位")


class PeriodRead(BaseModel):
    scheme: str = Field(title="方案")
    year: int = Field(title="年度")
    quarter: int | None = Field(title="季度")
    mean_of: MeanOf = Field(title="由什么平均")
    without_total: WithoutTotal = Field(title="无分的月份")
    scored: list[int] = Field(title="已计分的月份")
    missing: list[int] = Field(title="缺少的月份")
    runs: list[ScoredMonth] = Field(title="所用的计分")
    groups: list[PeriodGroup] = Field(title="各组")
    not_used: list[RunNotUsed] = Field(default=[], title="未用的计分")
    unmarked: list[UnmarkedMetricRead] = Field(default=[], title="没有打分的指标")
