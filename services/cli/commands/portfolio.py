"""bairi portfolio: projects, starts, investment and funds by list, program, sector and so on."""

from typing import Annotated, Any

import typer
from rich.table import Table

from services.cli.console.arguments import AsOfOption, FormatOption, LedgerArgument
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.printing import format_money, print_json
from services.cli.console.terminal import OUT, show_progress
from services.scoring.engine.overview.portfolio import Grouping
from services.scoring.execution.portfolio import compute_portfolio
from shared.facts.words import FundSource
from shared.reference import region_names

GroupingOption = Annotated[Grouping, typer.Option("--by", help="按什么分行")]


def portfolio(
    path: LedgerArgument,
    as_of: AsOfOption,
    by: GroupingOption = Grouping.level,
    output: FormatOption = "table",
) -> None:
    """项目组合：按名单、专项、行业、单位、区划或建设性质，看数量、开工、投资和资金。"""
    facts = read_facts_or_exit(path)
    with show_progress("计算"):
        document = compute_portfolio(facts, as_of, by, region_names())
    if output == "json":
        print_json(document)
        return
    OUT.print(portfolio_table(document))
    OUT.print(funds_table(document))


def portfolio_table(document: dict[str, Any]) -> Table:
    """A row per line, then a total that counts each project once."""
    by = Grouping(document["by"])
    overlap = "（一个项目可列入多行，合计不重复计）" if document["overlapping"] else ""
    title = f"项目组合　按{by.label}　截至 {document['as_of']}{overlap}"
    table = Table(title=title, title_justify="left")
    table.add_column(by.label)
    for column in ("项目", "新建续建", "已开（复）工", "开（复）工率", "本年竣工", "总投资"):
        table.add_column(column, justify="right")
    for column in ("本年完成投资", "占年度计划"):
        table.add_column(column, justify="right")
    for line in (*document["lines"], document["total"]):
        table.add_row(
            line["name"],
            str(line["projects"]),
            str(line["in_campaign"]),
            str(line["working"]),
            format_share(line["start_rate"]),
            str(line["completed_projects"]),
            format_money(line["total_investment_yuan"]),
            format_money(line["invested_ytd_yuan"]),
            format_share(line["share_of_plan"]),
            end_section=line is document["lines"][-1],
            style="bold" if line is document["total"] else None,
        )
    return table


def funds_table(document: dict[str, Any]) -> Table:
    """The money of the year by source: approved / arrived."""
    table = Table(title="本年资金（获批 / 到位）", title_justify="left")
    table.add_column(Grouping(document["by"]).label)
    for source in FundSource:
        table.add_column(source.label, justify="right")
    for line in (*document["lines"], document["total"]):
        amounts = [line["funds"][str(source)].values() for source in FundSource]
        cells = [
            " / ".join(format_money(yuan) for yuan in pair) if any(pair) else "" for pair in amounts
        ]
        table.add_row(line["name"], *cells, end_section=line is document["lines"][-1])
    return table


def format_share(share: str | None) -> str:
    """A share of four decimals in per cent: 0.9057 is 90.57%."""
    if share is None:
        return ""
    whole, _, decimals = share.partition(".")
    return f"{int(whole + decimals[:2])}.{decimals[2:]}%"
