"""bairi campaign: a campaign on a ledger: countdown, targets against their lines, summary."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from services.cli.console.arguments import FormatOption, LedgerArgument, parse_date_option
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.printing import format_money, print_json
from services.cli.console.scheme_input import find_scheme_and_lights
from services.cli.console.terminal import OUT, show_progress
from services.scoring.engine.campaigns.campaign import Campaign, describe_population
from services.scoring.engine.campaigns.standings import TargetState
from services.scoring.engine.campaigns.summary import SUMMARY_MILESTONES
from services.scoring.engine.declarations import Metric
from services.scoring.engine.figures import format_decimal
from services.scoring.execution.campaigns import (
    CampaignInput,
    build_known_items,
    compute_progress,
    compute_summary,
)
from services.scoring.schemes.campaign_files import check_campaign, read_campaign
from shared.facts.projects import Project, Unit
from shared.reference import load_calendar

UnitNames = Mapping[str | None, str]
CampaignArgument = Annotated[Path, typer.Argument(metavar="FILE", help="攻坚行动（YAML）")]
OnOption = Annotated[
    date, typer.Option("--on", parser=parse_date_option, metavar="DATE", help="哪一天")
]
STATE_COLOURS = {
    TargetState.met: "green",
    TargetState.on_line: "green",
    TargetState.behind: "yellow",
    TargetState.missed: "red",
}
COMMITMENT_LABELS = {True: "[green]已兑现[/]", False: "[red]未兑现[/]", None: "由人工核定"}
WHOLE_LABEL = "全体"


def campaign(
    path: LedgerArgument, file: CampaignArgument, as_of: OnOption, output: FormatOption = "table"
) -> None:
    """攻坚行动：倒计时、目标与序时，结束后的总结。"""
    declared = read_campaign(file)
    scheme, preset = find_scheme_and_lights(declared.scheme)
    facts = read_facts_or_exit(path)
    check_campaign(file, declared, build_known_items(scheme, facts))
    source = CampaignInput(declared, scheme, preset, facts)
    over = as_of >= declared.to_on
    with show_progress("计算"):
        (today,) = compute_progress(source, [as_of], load_calendar())
        summary = compute_summary(source) if over else None
    if output == "json":
        print_json({**campaign_head_document(declared), "progress": today, "summary": summary})
        return
    units: dict[str | None, str] = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    units[None] = WHOLE_LABEL
    show_campaign_day(OUT, declared, today, units, scheme.metrics_by_id)
    if summary:
        projects = {project.project_id: project.name for project in facts.rows(Project)}
        show_campaign_summary(OUT, summary, units, projects, scheme.metrics_by_id)


def campaign_head_document(campaign: Campaign) -> dict[str, Any]:
    return {
        **campaign.model_dump(mode="json", exclude={"targets", "commitments"}),
        "population_in_words": describe_population(campaign.population),
    }


def show_campaign_day(
    console: Console,
    campaign: Campaign,
    today: dict[str, Any],
    units: UnitNames,
    metrics: Mapping[str, Metric],
) -> None:
    """Show the countdown, then a row per target."""
    population = describe_population(campaign.population)
    console.print(f"{campaign.name}　{campaign.from_on} 至 {campaign.to_on}　{population}")
    console.print(describe_countdown(campaign, today))
    if today["targets"]:
        table = Table(title=f"目标　{today['on']}", title_justify="left")
        for title in ("单位", "指标", "到期"):
            table.add_column(title)
        for title in ("目标", "现值", "序时应达", "到期时"):
            table.add_column(title, justify="right")
        table.add_column("")
        for target in today["targets"]:
            metric, state = metrics[target["metric"]], TargetState(target["state"])
            figures = (target[name] for name in ("target", "value", "line", "when_due"))
            table.add_row(
                units[target["unit_id"]],
                metric.zh,
                target["due_on"],
                *(format_target_figure(figure, metric) for figure in figures),
                f"[{STATE_COLOURS.get(state, 'dim')}]{state.label}[/]",
            )
        console.print(table)


def describe_countdown(campaign: Campaign, today: dict[str, Any]) -> str:
    left = f"还有 {today['days_left']} 天，其中工作日 {today['working_days_left']} 天"
    if today["provisional"]:
        left += "（暂定：有年份的工作日安排尚未公布）"
    if today["day"]:
        return f"{today['on']}：第 {today['day']} 天，共 {today['days']} 天；{left}"
    return f"{today['on']}：尚未开始，{left}" if today["days_left"] else f"{today['on']}：已经结束"


def format_target_figure(figure: str | None, metric: Metric) -> str:
    """A figure of the document as people write it."""
    if figure is None:
        return "—"
    if metric.measure == "share":
        return f"{format_decimal(100 * Fraction(figure), 2)}%"
    return format_money(int(Fraction(figure))) if metric.measure == "yuan" else figure


def show_campaign_summary(
    console: Console,
    summary: dict[str, Any],
    units: UnitNames,
    projects: Mapping[str, str],
    metrics: Mapping[str, Metric],
) -> None:
    """Show first day against last, targets and commitments, milestones in between."""
    table = Table(title="首末日对比（全体）", title_justify="left")
    table.add_column("指标")
    for title in (summary["from_on"], summary["to_on"], "变化"):
        table.add_column(title, justify="right")
    for line in summary["metrics"]:
        if line["unit_id"] is None:
            metric = metrics[line["metric"]]
            cells = (
                format_target_figure(line[name], metric) for name in ("first", "last", "change")
            )
            table.add_row(metric.zh, *cells)
    console.print(table)
    console.print(
        f"目标：达标 {summary['met']}，未达标 {summary['missed']}，"
        f"不适用 {summary['not_applicable']}"
    )
    for commitment in summary["commitments"]:
        owner = f"{units[commitment['unit_id']]}（{commitment['made_by']}）"
        console.print(
            f"承诺：{owner}{commitment['due_on']} 前{commitment['text']}　"
            f"{COMMITMENT_LABELS[commitment['kept']]}"
        )
    counts = Counter(move["kind"] for move in summary["projects"])
    console.print(
        "期间：" + "，".join(f"{kind.label} {counts[kind]} 个" for kind in SUMMARY_MILESTONES)
    )
    if summary["projects"]:
        moved = Table("节点", "日期", "编号", "项目", "责任单位")
        zh = {kind: kind.label for kind in SUMMARY_MILESTONES}
        for move in summary["projects"]:
            name = projects[move["project_id"]]
            unit = units[move["unit_id"]]
            moved.add_row(zh[move["kind"]], move["on"], move["project_id"], name, unit)
        console.print(moved)
