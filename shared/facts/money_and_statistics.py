"""Facts of funds, and figures of official statistics."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shared.facts.columns import OpenVocabulary
from shared.facts.kind import Fact, ProjectId, UnitId
from shared.facts.words import (
    FundEvent,
    FundSource,
    IndicatorName,
)


class Fund(Fact):
    """Money applied for, approved, arrived or paid (资金)."""

    unit_id: UnitId | None = Field(default=None, title="单位编号")
    project_id: ProjectId | None = Field(default=None, title="项目编号")
    source: FundSource = Field(title="资金来源")
    event: FundEvent = Field(title="资金环节")
    amount_yuan: int | None = Field(default=None, title="金额")
    on: date | None = Field(default=None, title="日期")


class Indicator(Fact):
    """A figure of official statistics (统计指标), from 1 January to the last day of its period."""

    region_code: str = Field(title="行政区划代码")
    period: date = Field(title="截止期")
    indicator: Annotated[str, OpenVocabulary(IndicatorName)] = Field(title="指标")
    value: Decimal = Field(title="数值")
    source: str = Field(title="来源")
