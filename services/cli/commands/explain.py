"""bairi explain: from a unit's total down to the projects behind every figure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli.commands.score import describe_standings, format_metric_terms
from services.cli.console.arguments import (
    AsOfOption,
    EntriesOption,
    FormatOption,
    LedgerArgument,
    SchemeOption,
)
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.printing import print_json
from services.cli.console.scheme_input import find_scheme_and_lights, resolve_entries_option
from services.cli.console.terminal import OUT, show_progress
from services.scoring.engine.columns import Figure
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.ranking.ranking import Standing
from services.scoring.engine.results.explanation import (
    MetricExplanation,
    explain_metric,
    explanation_document,
    find_standing,
    unit_metrics,
)
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.plan import GroupPlan
from services.scoring.execution.run import contributions_by_metric, score_facts
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.facts.projects import Project, Unit
from shared.facts.tables import Facts

UnitOption = Annotated[str, typer.Option("--unit", metavar="ID", help="单位编号")]
MetricOption = Annotated[str | None, typer.Option("--metric", metavar="ID", help="只看一项指标")]


def explain(
    path: LedgerArgument,
    as_of: AsOfOption,
    unit: UnitOption,
    metric: MetricOption = None,
    scheme: SchemeOption = DEFAULT_SCHEME,
    entered: EntriesOption = None,
    output: FormatOption = "table",
) -> None:
    """说明分数：总分 → 板块 → 指标 → 分子、分母里的每个项目，和未计入的原因。"""
    chosen, preset = find_scheme_and_lights(scheme)
    facts = read_facts_or_exit(path)
    known = {found.unit_id: found.name for found in facts.rows(Unit)}
    if unit not in known:
        raise typer.BadParameter(f"台账里没有单位“{unit}”，有：{'、'.join(known)}")
    if metric is not None and metric not in preset.metrics_by_id(chosen.metrics_by_id):
        known_metrics = "、".join(found.id for found in chosen.needed_metrics)
        raise typer.BadParameter(f"方案里没有指标“{metric}”，有：{known_metrics}")
    also = () if metric is None else (metric,)
    given = resolve_entries_option(entered, chosen, preset, known, as_of, other_metrics=also)
    result, explained = explain_day_result(
        facts, chosen, preset, as_of, unit, metric, given.entries
    )
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    if output == "json":
        document = explanation_document(result, unit, known[unit], explained, projects)
        print_json(given.tell_unused(document))
        return
    show_total(OUT, result, find_standing(result, unit), known[unit], explained)
    for found in explained:
        if metric:
            show_rows(OUT, found, projects)


def explain_day_result(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    as_of: date,
    unit: str,
    metric: str | None = None,
    entered: ManualEntries = NO_ENTRIES,
) -> tuple[ScoringResult, list[MetricExplanation]]:
    """The result of a day, and the explanations of the unit's metrics, or of one of all metrics.

    A metric that the scheme does not use has terms, but no points.
    """
    needed = {found.id for found in scheme.needed_metrics}
    known = preset.metrics_by_id(scheme.metrics_by_id)
    also = [known[metric]] if metric is not None and metric not in needed else []
    result = score_facts(facts, scheme, preset, as_of, entered, extra_metrics=also)
    metrics = unit_metrics(result, unit) if metric is None else [known[metric]]
    explained = []
    with show_progress("查找项目", len(metrics)) as step:
        for found, rows in contributions_by_metric(metrics, facts, scheme, as_of, preset):
            explained.append(explain_metric(found, rows, result, unit))
            step()
    return result, explained


def show_total(
    console: Console,
    result: ScoringResult,
    standing: Standing,
    name: str,
    explained: Sequence[MetricExplanation],
) -> None:
    """Show total, pillars and metrics, each with its points and weight."""
    total = format_decimal(standing.total, result.scheme.decimals) or "不参与排名"
    rank = f"第 {standing.rank} 名" if standing.rank else "未排名"
    table = Table(title=f"{name}　{rank}　总分 {total}　截至 {result.as_of}", title_justify="left")
    table.add_column("板块 / 指标")
    for column in ("数值", "分子", "分母", "得分", "满分", "名次", "计入", "未计入"):
        table.add_column(column, justify="right")
    by_id = {found.metric.id: found for found in explained}
    plan = result.plan_of_unit(standing.unit_id)
    for pillar in plan.pillars:
        table.add_row(
            pillar.zh, "", "", "", *figure_cells(standing.pillars.get(pillar.id)), style="bold"
        )
        for found in (by_id[m.id] for m in pillar.metrics if m.id in by_id):
            figures = figure_cells(standing.metrics.get(found.metric.id))
            table.add_row(*metric_row(found, plan, figures))
    if plan.adjustments and standing.adjusted:
        earned = standing.adjusted
        points = format_decimal(earned.points, 4) or ""
        table.add_row(plan.adjustments.zh, "", "", "", points, style="bold")
        for item in (item for item in plan.adjustments.items if item.id in by_id):
            points = format_decimal(earned.items[item.id], 4) or "不适用"
            table.add_row(*metric_row(by_id[item.id], plan, [points, "", ""]))
    if pointless := [found for found in explained if found.metric.id not in point_metric_ids(plan)]:
        table.add_row("不计分", style="bold")
        for found in pointless:
            table.add_row(*metric_row(found, plan, ["", "", ""]))
    console.print(table)
    for remark in describe_standings([standing], plan, {standing.unit_id: name}):
        console.print(remark, markup=False)


def point_metric_ids(plan: GroupPlan) -> set[str]:
    """The metrics that earn points, in pillars or as adjustments."""
    adjusting = plan.adjustments.items if plan.adjustments else ()
    return {scored.id for _, scored in plan.scored_by_pillar()} | {item.id for item in adjusting}


def metric_row(explanation: MetricExplanation, plan: GroupPlan, figures: list[str]) -> list[str]:
    metric, numerator, denominator = (
        explanation.metric,
        explanation.numerator,
        explanation.denominator,
    )
    value = format_metric_terms(metric, numerator, denominator, plan.scale(metric))
    divisor = "" if denominator is None else f"{denominator:,}"
    rows = str(len(explanation.counted)), str(len(explanation.left_out))
    return [f"  {metric.zh}", value, f"{numerator:,}", divisor, *figures, *rows]


def figure_cells(figure: Figure | None) -> list[str]:
    if figure is None:
        return ["不适用", "—", "—"]
    rank = "不适用" if figure.rank is None else str(figure.rank)
    return [format_decimal(figure.points, 4) or "", format_decimal(figure.weight, 4) or "", rank]


def show_rows(console: Console, explanation: MetricExplanation, projects: dict[str, str]) -> None:
    """Show the rows in numerator and denominator, their sums, and the rows left out."""
    console.print(
        f"{explanation.metric.zh}：{explanation.metric.formula}　（{explanation.metric.source}）"
    )
    if explanation.metric.by_hand:
        return
    table = Table("编号", "项目", show_footer=True)
    table.columns[1].footer = "合计"
    counted, others = explanation.counted, explanation.denominator_of_others
    sums = sum(row.numerator for row in counted), sum(row.denominator for row in counted) + others
    for title, total in zip(("分子", "分母"), sums, strict=True):
        table.add_column(title, footer=f"{total:,}", justify="right")
    items = list(next((row.items for row in counted if row.items), {}))
    for item in items:
        table.add_column(item, justify="right")
    for row in counted:
        name = projects.get(row.project_id or "", "（未落到项目）")
        points = [format_decimal((row.items or {}).get(item), 2) or "" for item in items]
        figures = f"{row.numerator:,}", f"{row.denominator:,}"
        table.add_row(row.project_id or "—", name, *figures, *points)
    if others:
        table.add_row("", "其他单位", "", f"{others:,}")
    console.print(table)
    if explanation.left_out:
        left = Table("编号", "项目", "条数", "未计入的原因")
        alike = Counter((row.project_id, row.left_out) for row in explanation.left_out)
        for (project_id, reason), rows in alike.items():
            left.add_row(project_id or "—", projects.get(project_id or "", ""), str(rows), reason)
        console.print(left)
