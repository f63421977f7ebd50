"""Indicators against their targets (LX-3b): official statistics, each with its source.

Where a region's fixed-asset investment was not entered for the year, the sum of its pooled
projects' investment is listed, as a labelled proxy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import exact_ratio, format_decimal
from shared.calendar import month_end
from shared.facts.money_and_statistics import Indicator
from shared.facts.words import IndicatorName

INVESTMENT_INDICATOR = str(IndicatorName.fixed_asset_investment)
TARGET_SUFFIX = "_target"
RATE_SUFFIXES = ("_growth", "_share", "_rate")  # per cent: they grow by points, amounts by per cent
COUNTY_CODE_DIGITS = 6  # digits of the code of a county, below which are townships
PROXY_METRIC = Metric(
    id="pooled_investment",
    zh="入库项目完成投资",
    en="Investment of pooled projects",
    population="pooled",
    numerator="sum(ytd)",
    measure="yuan",
    source="LX-3b",
)
PROXY_SOURCE = "替代指标：已入库项目本年完成投资合计，待录入官方统计后不再列出"


@dataclass(frozen=True)
class RegionIndicator:
    """An indicator of a region, the latest of the year; `value` as it was entered.

    `growth` is against the same period a year earlier, in per cent of amounts, in points of rates.
    `completion` is the share of the target that an amount has reached. A proxy has the target of
    the indicator that it replaces, and none of its own.
    """

    region_code: str
    indicator: str
    period: date
    value: Fraction
    source: str
    growth: Fraction | None = None
    target: Fraction | None = None
    target_on: date | None = None
    completion: Fraction | None = None
    is_proxy: bool = False


def build_region_indicators(
    entered: Iterable[Indicator], pooled: Mapping[str, int], as_of: date
) -> list[RegionIndicator]:
    """The indicators of the year as of a day, by region and name.

    `pooled` is region → the investment of its pooled projects in the year until the day.
    """
    rows = {
        (row.region_code, row.indicator, row.period): row
        for row in entered
        if row.period.year == as_of.year - 1 or row.period.year == as_of.year
    }
    latest: dict[tuple[str, str], Indicator] = {}
    for (region, name, period), row in sorted(rows.items()):
        if as_of.year == period.year and period <= as_of and not name.endswith(TARGET_SUFFIX):
            latest[region, name] = row
    made = [build_region_indicator(row, rows) for row in latest.values()]
    official = {
        region[:COUNTY_CODE_DIGITS] for region, name in latest if name == INVESTMENT_INDICATOR
    }
    for region, yuan in pooled.items():
        if region[:COUNTY_CODE_DIGITS] not in official:
            proxy = Indicator.model_construct(
                region_code=region,
                period=as_of,
                indicator=INVESTMENT_INDICATOR,
                value=Decimal(yuan),
                source=PROXY_SOURCE,
            )
            made.append(build_region_indicator(proxy, rows, is_proxy=True))
    return sorted(made, key=lambda found: (found.region_code, found.indicator))


IndicatorRows = Mapping[tuple[str, str, date], Indicator]


def build_region_indicator(
    row: Indicator, rows: IndicatorRows, *, is_proxy: bool = False
) -> RegionIndicator:
    value, is_rate = Fraction(row.value), row.indicator.endswith(RATE_SUFFIXES)
    before = rows.get((row.region_code, row.indicator, period_year_before(row.period)))
    growth = None
    if before and not is_proxy:
        change, base = value - Fraction(before.value), Fraction(before.value)
        growth = change if is_rate else exact_ratio(100 * change, base) if base > 0 else None
    wanted = find_next_target(row, rows)
    target = Fraction(wanted.value) if wanted else None
    return RegionIndicator(
        row.region_code,
        row.indicator,
        row.period,
        value,
        row.source,
        growth,
        target,
        wanted.period if wanted else None,
        None if is_rate or not target else exact_ratio(value, target),
        is_proxy,
    )


def find_next_target(row: Indicator, rows: IndicatorRows) -> Indicator | None:
    """The target that is due next, in the same year."""
    due = [
        period
        for region, name, period in rows
        if (region, name) == (row.region_code, row.indicator + TARGET_SUFFIX)
        and row.period <= period <= date(row.period.year, 12, 31)
    ]
    return rows[row.region_code, row.indicator + TARGET_SUFFIX, min(due)] if due else None


def period_year_before(period: date) -> date:
    """The same day a year earlier; of a month's last day, that month's last."""
    if period == month_end(period):
        return month_end(date(period.year - 1, period.month, 1))
    return period.replace(year=period.year - 1)


def indicator_label(indicator: str) -> str:
    """The name of an indicator for people; a free word is its own name."""
    return IndicatorName.labels().get(indicator, indicator)


def indicators_document(indicators: Sequence[RegionIndicator], as_of: date) -> dict[str, Any]:
    """The document of indicators: amounts, rates and shares of targets to four decimals."""
    return {
        "as_of": as_of.isoformat(),
        "indicators": [
            {
                "region_code": one.region_code,
                "indicator": one.indicator,
                "name": indicator_label(one.indicator),
                "period": one.period.isoformat(),
                "value": format_decimal(one.value, 4),
                "growth": format_decimal(one.growth, 4),
                "target": format_decimal(one.target, 4),
                "target_on": one.target_on and one.target_on.isoformat(),
                "completion": format_decimal(one.completion, 4),
                "source": one.source,
                "is_proxy": one.is_proxy,
            }
            for one in indicators
        ],
    }
