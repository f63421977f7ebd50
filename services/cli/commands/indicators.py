"""bairi indicators: official statistics against their targets, or the proxy for them."""

from fractions import Fraction

from rich.console import Console
from rich.table import Table

from services.cli.console.arguments import OUT, AsOf, Format, LedgerPath, ledger
from services.cli.console.printing import money, print_json
from services.scoring.engine.figures import printed
from services.scoring.engine.overview.indicators import RATES, Reading, label, readings_document
from services.scoring.execution.indicators import readings_on


def indicators(path: LedgerPath, as_of: AsOf, output: Format = "table") -> None:
    """统计指标：数值、同比、目标、来源；固投未录入时列替代指标。"""
    facts = ledger(path)
    found = readings_on(facts, as_of)
    if output == "json":
        print_json(readings_document(found, as_of))
    else:
        show_indicators(OUT, found)


def show_indicators(console: Console, found: list[Reading]) -> None:
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
            f"{label(one.indicator)}{'（替代）' if one.is_proxy else ''}",
            one.period.isoformat(),
            written(one, one.value),
            "—" if one.growth is None else f"{printed(one.growth, 2)}{unit_of_growth(one)}",
            "—" if one.target is None else written(one, one.target),
            "—" if one.completion is None else f"{printed(100 * one.completion, 2)}%",
            one.source,
        )
    console.print(table)


def written(one: Reading, value: Fraction) -> str:
    """Known amounts are yuan, rates per cent; of a free word nobody knows the unit."""
    if one.indicator.endswith(RATES):
        return f"{printed(value, 2)}%"
    if label(one.indicator) != one.indicator:
        return money(round(value))
    return (printed(value, 4) or "").rstrip("0").rstrip(".")


def unit_of_growth(one: Reading) -> str:
    return "点" if one.indicator.endswith(RATES) else "%"
