"""bairi indicators: official statistics against their targets, or the proxy for them."""

from fractions import Fraction

from rich.console import Console
from rich.table import Table

from services.cli.console.arguments import AsOfOption, FormatOption, LedgerArgument
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.printing import format_money, print_json
from services.cli.console.terminal import OUT
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.overview.indicators import (
    RATE_SUFFIXES,
    RegionIndicator,
    indicator_label,
    indicators_document,
)
from services.scoring.execution.indicators import compute_region_indicators


def indicators(path: LedgerArgument, as_of: AsOfOption, output: FormatOption = "table") -> None:
    """统计指标：数值、同比、目标、来源；固投未录入时列替代指标。"""
    facts = read_facts_or_exit(path)
    found = compute_region_indicators(facts, as_of)
    if output == "json":
        print_json(indicators_document(found, as_of))
    else:
        show_indicators(OUT, found)


def show_indicators(console: Console, found: list[RegionIndicator]) -> None:
    """A row an indicator; a proxy says that it is one."""
    table = Table(title="统计指标", title_justify="left")
    for title in ("区域", "指标", "截止期"):
        table.add_column(title)
    for title in ("数值", "同比", "目标", "完成"):
        table.add_column(title, justify="right")
    table.add_column("来源")
    for one in found:
        table.add_row(
            one.region_code,
            f"{indicator_label(one.indicator)}{'（替代）' if one.is_proxy else ''}",
            one.period.isoformat(),
            format_indicator(one, one.value),
            "—" if one.growth is None else f"{format_decimal(one.growth, 2)}{growth_unit(one)}",
            "—" if one.target is None else format_indicator(one, one.target),
            "—" if one.completion is None else f"{format_decimal(100 * one.completion, 2)}%",
            one.source,
        )
    console.print(table)


def format_indicator(one: RegionIndicator, value: Fraction) -> str:
    """Known amounts are yuan, rates per cent; of a free word nobody knows the unit."""
    if one.indicator.endswith(RATE_SUFFIXES):
        return f"{format_decimal(value, 2)}%"
    if indicator_label(one.indicator) != one.indicator:
        return format_money(round(value))
    return (format_decimal(value, 4) or "").rstrip("0").rstrip(".")


def growth_unit(one: RegionIndicator) -> str:
    return "点" if one.indicator.endswith(RATE_SUFFIXES) else "%"
