"""bairi periods: months averaged into a quarter or a year, and ranked."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from services.cli.console.arguments import EntriesOption, FormatOption, LedgerArgument, SchemeOption
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.printing import print_json
from services.cli.console.scheme_input import (
    add_unused_entries,
    find_scheme_and_lights,
    read_entries_option,
    show_unused_entries,
)
from services.cli.console.terminal import OUT, show_progress
from services.scoring.engine.phrasing.point_rules import describe_periods
from services.scoring.engine.results.period_rankings import (
    DEFAULT_PERIODS,
    counted_month_ends,
    period_document,
)
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.periods import compute_monthly_scores, latest_report_day
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.calendar import month_end
from shared.facts.projects import Unit
from shared.ledger.dates import MAX_DATE, MIN_DATE

YearOption = Annotated[
    int, typer.Option("--year", min=MIN_DATE.year, max=MAX_DATE.year, help="年度")
]
QuarterOption = Annotated[
    int | None, typer.Option("--quarter", min=1, max=4, help="季度；不写则为全年")
]


def periods(
    path: LedgerArgument,
    year: YearOption,
    quarter: QuarterOption = None,
    scheme: SchemeOption = DEFAULT_SCHEME,
    entered: EntriesOption = None,
    output: FormatOption = "table",
) -> None:
    """季度、年度排名：各月末总分，按方案平均、折算。"""
    chosen, preset = find_scheme_and_lights(scheme)
    facts = read_facts_or_exit(path)
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    entries = read_entries_option(entered, chosen, preset, names)
    until = latest_report_day(facts)
    counting = counted_month_ends(chosen, year, quarter)
    ends = [end for end in counting if until and end.replace(day=1) <= until]
    unused = entries.find_unused(ends, {metric.id for metric in chosen.needed_metrics})
    show_unused_entries(unused)
    with show_progress("逐月计算"):
        scores = compute_monthly_scores(facts, chosen, preset, ends, entries)
    document = period_document(chosen, year, quarter, scores, names)
    if output == "json":
        print_json(add_unused_entries(document, unused))
    else:
        show_period(OUT, document, chosen)
        if until and until != month_end(until) and month_end(until) in ends:
            OUT.print(f"{until.month} 月的进度只到 {until}，该月按此计。")


def show_period(console: Console, document: dict[str, Any], scheme: Scheme) -> None:
    """Show a table per group: rank, total and its parts; then the missing months."""
    when = f"{document['year']} 年" + (
        f"第 {document['quarter']} 季度" if document["quarter"] else ""
    )
    word = "季度" if document["mean_of"] == "quarters" else "月"
    for group in document["groups"]:
        title = f"{scheme.zh}　{group['group']}　{when}"
        table = Table(title=title, title_justify="left")
        table.add_column("名次", justify="right")
        table.add_column("单位")
        table.add_column("得分", justify="right", style="bold")
        parts = [*dict.fromkeys(part for unit in group["units"] for part in unit["parts"])]
        for part in parts:
            table.add_column(f"{part} {word}", justify="right")
        has_end = any(unit["year_end"] for unit in group["units"])
        if has_end:
            table.add_column("年终", justify="right")
        for unit in group["units"]:
            rank = "—" if unit["rank"] is None else str(unit["rank"])
            cells = [unit["parts"].get(part) or "—" for part in parts]
            cells += [unit["year_end"] or "—"] if has_end else []
            table.add_row(rank, unit["name"], unit["total"] or "不参与", *cells)
        console.print(table)
    if document["missing"]:
        missing = "、".join(f"{month} 月" for month in document["missing"])
        console.print(f"缺 {missing}：台账中没有到该月的进度，未计入平均。")
    for lacking in document.get("unmarked", ()):
        metric = scheme.metrics_by_id[lacking["metric"]]
        units = "、".join(lacking["units"])
        console.print(
            f"{lacking['month']} 月没有“{metric.zh}”（{metric.id}）的打分：{units}；"
            "该项不适用，权重由其他指标分担，总分不完整。",
            style="yellow",
        )
    console.print(f"[dim]注：{describe_periods(scheme.periods or DEFAULT_PERIODS)}[/]")
