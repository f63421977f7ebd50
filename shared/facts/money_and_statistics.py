"""Facts of funds, and figures of official statistics."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from shared.facts.belonging import OfProjectOrUnit, OfRegion
from shared.facts.columns import Day, Figure, OpenVocabulary, PastDay, Text, Yuan
from shared.facts.kind import CheckedRows, Fact, FactKind, ProjectId, UnitId, Violation
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
    amount_yuan: Yuan | None = Field(default=None, title="金额")
    on: PastDay | None = Field(default=None, title="日期")


def ownerless_funds(table: CheckedRows) -> Iterator[Violation]:
    """A fund is a unit's or a project's."""
    for index, owners in table.rows("unit_id", "project_id"):
        if not any(owners):
            yield Violation("fund_without_owner", index, "unit_id")


def uncounted_funds(table: CheckedRows) -> Iterator[Violation]:
    """A fund without an amount or a day is in no sum."""
    for index, values in table.rows("amount_yuan", "on"):
        if None in values:
            yield Violation("fund_not_counted", index, "amount_yuan" if values[0] is None else "on")


FUNDS = FactKind(
    Fund,
    "funds",
    "资金",
    belongs=OfProjectOrUnit("unit_id"),
    match=("unit_id", "project_id", "source", "event", "on"),
    rules=(ownerless_funds, uncounted_funds),
)


class Indicator(Fact):
    """A figure of official statistics (统计指标), from 1 January to the last day of its period."""

    region_code: Text = Field(title="行政区划代码")
    period: Day = Field(title="截止期")
    indicator: Annotated[Text, OpenVocabulary(IndicatorName)] = Field(title="指标")
    value: Figure = Field(title="数值")
    source: Text = Field(title="来源")


INDICATORS = FactKind(
    Indicator,
    "indicators",
    "统计指标",
    ("region_code", "period", "indicator"),
    belongs=OfRegion(),
    optional=True,
)
