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


def show_indicators(console: Console, indicators: list[RegionIndicator]) -> None:
    """Show a row per indicator; a proxy is marked."""
    table = Table(title="统计指标", title_justify="left")
    for title in ("区域", "指标", "截止期"):
        table.add_column(title)
    for title in ("数值", "同比", "目标", "完成"):
        table.add_column(title, justify="right")
    table.add_column("来源")
    for row in indicators:
        table.add_row(
            row.region_code,
            f"{indicator_label(row.indicator)}{'（替代）' if row.is_proxy else ''}",
            row.period.isoformat(),
            format_indicator(row, row.value),
            "—" if row.growth is None else f"{format_decimal(row.growth, 2)}{growth_unit(row)}",
            "—" if row.target is None else format_indicator(row, row.target),
            "—" if row.completion is None else f"{format_decimal(100 * row.completion, 2)}%",
            row.source,
        )
    console.print(table)


def format_indicator(indicator: RegionIndicator, value: Fraction) -> str:
    """The value with its unit: yuan or per cent; a free word has none."""
    if indicator.indicator.endswith(RATE_SUFFIXES):
        return f"{format_decimal(value, 2)}%"
    if indicator_label(indicator.indicator) != indicator.indicator:
        return format_money(round(value))
    return (format_decimal(value, 4) or "").rstrip("0").rstrip(".")


def growth_unit(indicator: RegionIndicator) -> str:
    return "点" if indicator.indicator.endswith(RATE_SUFFIXES) else "%"
