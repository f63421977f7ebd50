"""Responses with indicators; figures are text with four decimals."""

from datetime import date, datetime

from pydantic import BaseModel, Field


class IndicatorReading(BaseModel):
    """The latest figure of the year, cumulative to `period`, with its source.

    `growth` is in per cent, of what is per cent already in points. `is_proxy`: it is the sum of
    pooled projects' investment, and no official figure.
    """

    region_code: str = Field(title="行政区划代码")
    indicator: str = Field(title="指标")
    name: str = Field(title="名称")
    period: date = Field(title="截止期")
    value: str = Field(title="数值")
    growth: str | None = Field(title="同比")
    target: str | None = Field(title="目标")
    target_on: date | None = Field(title="目标截止期")
    completion: str | None = Field(title="完成目标")
    source: str = Field(title="来源")
    is_proxy: bool = Field(title="是否替代指标")


class IndicatorReadings(BaseModel):
    as_of: date = Field(title="截至日期")
    known_at: datetime = Field(title="已知于")
    indicators: list[IndicatorReading] = Field(title="各指标")
