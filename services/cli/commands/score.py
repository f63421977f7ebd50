"""bairi score: the big comparison and the lights of a ledger."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from rich.console import Console
from rich.table import Table

from services.cli.console.arguments import (
    AsOfOption,
    EngineOption,
    EntriesOption,
    FormatOption,
    LedgerArgument,
    SchemeOption,
    SparkMasterOption,
)
from services.cli.console.ledger_input import read_facts_or_exit
from services.cli.console.printing import LIGHT_MARKUP, format_money, print_json
from services.cli.console.scheme_input import find_scheme_and_lights, resolve_entries_option
from services.cli.console.supplements import format_light, format_measure_value, show_supplements
from services.cli.console.terminal import OUT, show_progress
from services.scoring.engine.declarations import Axis, Metric
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.lights.history import ColourSince
from services.scoring.engine.lights.project_lights import COLOURS, ProjectLight
from services.scoring.engine.phrasing.point_rules import describe_gate_consequence
from services.scoring.engine.ranking.ranking import Standing
from services.scoring.engine.results.run_result import ScoringResult, stream_document
from services.scoring.engine.scheme.grades_and_gates import format_value_with_unit
from services.scoring.engine.scheme.plan import GroupPlan
from services.scoring.execution.engine_names import LOCAL_MASTER
from services.scoring.execution.engines import open_engine
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import DEFAULT_SCHEME
from shared.facts.projects import Project, Unit

NamesById = dict[str, str]
BASIS_SUFFIXES = {"linear": "", "own_curve": "（按曲线）", "common_curve": "（按统一曲线）"}


def score(
    path: LedgerArgument,
    as_of: AsOfOption,
    scheme: SchemeOption = DEFAULT_SCHEME,
    entered: EntriesOption = None,
    output: FormatOption = "table",
    engine: EngineOption = "duckdb",
    spark_master: SparkMasterOption = LOCAL_MASTER,
) -> None:
    """计分排名：指标、得分、名次、红黄绿灯。"""
    chosen, preset = find_scheme_and_lights(scheme)
    facts = read_facts_or_exit(path)
    units = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    given = resolve_entries_option(entered, chosen, preset, units, as_of)
    since = output == "table"
    with show_progress("计算"), open_engine(engine, spark_master) as query_engine:
        result = score_facts(
            facts, chosen, preset, as_of, given.entries, since=since, engine=query_engine
        )
    if output == "json":
        print_json(given.tell_unused(stream_document(result, units)))
        return
    show_ranking(OUT, result, units)
    projects = {project.project_id: project.name for project in facts.rows(Project)}
    show_lights(OUT, result, units, projects)
    show_supplements(OUT, result, units, projects)
    show_notes(OUT, result)


def show_ranking(console: Console, result: ScoringResult, units: NamesById) -> None:
    """Show a table per group: rank, total, and the points and rank of every pillar."""
    for group, standings in result.groups.items():
        plan = result.plans[group]
        table = Table(
            title=f"{result.scheme.zh}　{group}　截至 {result.as_of}", title_justify="left"
        )
        table.add_column("名次", justify="right")
        table.add_column("单位")
        table.add_column("总分", justify="right", style="bold")
        if plan.grades:
            table.add_column("等次")
        for pillar in plan.pillars:
            table.add_column(f"{pillar.zh}（{pillar.weight}）", justify="right")
        if plan.adjustments:
            table.add_column(plan.adjustments.zh, justify="right")
        for unit in standings:
            table.add_row(*ranking_row(unit, plan, units))
        console.print(table)
        for remark in describe_standings(standings, plan, units):
            console.print(remark, markup=False)


def ranking_row(unit: Standing, plan: GroupPlan, units: NamesById) -> list[str]:
    if unit.rank is None:
        blanks = bool(plan.grades) + len(plan.pillars) + bool(plan.adjustments)
        return ["—", units[unit.unit_id], "不参与", *["—"] * blanks]
    total = format_decimal(unit.total, plan.decimals) or ""
    row = [str(unit.rank), units[unit.unit_id], total]
    if plan.grades:
        row += [grade.zh for grade in plan.grades if grade.id == unit.grade]
    for pillar in plan.pillars:
        figure = unit.pillars.get(pillar.id)
        row.append(f"{format_decimal(figure.points, 2)}（{figure.rank}）" if figure else "不适用")
    if unit.adjusted:
        row.append(format_decimal(unit.adjusted.points, 2) or "")
    return row


def describe_standings(
    standings: Sequence[Standing], plan: GroupPlan, units: NamesById
) -> Iterator[str]:
    """Remarks on gates that lowered a grade or a total, and on ties that were broken."""
    metrics = plan.metrics_by_id
    for unit in standings:
        for missed in unit.missed:
            then = describe_gate_consequence(missed.gate, plan.grades)
            yield f"{units[unit.unit_id]}：{missed.gate.zh}未过，{missed.reason}；{then}"
    for unit in standings:
        if unit.parted_by:
            by = "、".join(metrics[name].zh for name in unit.parted_by)
            yield f"{units[unit.unit_id]}：总分相同，按{by}区分"


def show_lights(
    console: Console, result: ScoringResult, units: NamesById, projects: NamesById
) -> None:
    """Show the number of lights of each colour, then every red project with its figures."""
    counts = Table(title=f"红黄绿灯　{result.preset.zh}", title_justify="left")
    counts.add_column("")
    for colour in (*reversed(COLOURS), "paused", "none"):
        counts.add_column(LIGHT_MARKUP[colour], justify="right")
    overall = Counter(light.overall for light in result.lights)
    counts.add_row(
        "总灯", *(str(overall[c]) for c in (*reversed(COLOURS), "paused", "none")), style="bold"
    )
    for axis in result.preset.project_axes:
        axis_counts = Counter(light.axes[axis.id] for light in result.lights)
        numbers = [str(axis_counts[colour]) for colour in reversed(COLOURS)]
        counts.add_row(axis.zh, *numbers, "", str(axis_counts[None]))
    console.print(counts)
    red = [light for light in result.lights if light.overall == "red"]
    if red:
        console.print(red_lights_table(red, result, units, projects))


def red_lights_table(
    lights: list[ProjectLight], result: ScoringResult, units: NamesById, projects: NamesById
) -> Table:
    table = Table(title="红灯项目", title_justify="left")
    for title in ("编号", "项目", "责任单位", *(axis.zh for axis in result.preset.project_axes)):
        table.add_column(title)
    for title in ("完成率", "序时进度", "超/欠序时"):
        table.add_column(title, justify="right")
    for light in lights:
        since = result.supplements.lights_since.get(light.project_id, {})
        axes = [
            format_axis_light(light, axis, since.get(axis.id))
            for axis in result.preset.project_axes
        ]
        table.add_row(
            light.project_id,
            projects[light.project_id],
            units[light.unit_id],
            *axes,
            format_percentage(light.completion) + ("（未报）" if light.not_reported else ""),
            format_percentage(light.time_progress) + BASIS_SUFFIXES[light.basis],
            format_decimal(light.lead, 2) or "",
        )
    return table


def format_axis_light(light: ProjectLight, axis: Axis, since: ColourSince | None) -> str:
    """A light, with its figure and since when it has its colour where it is not green."""
    colour = light.axes[axis.id]
    if colour is None or colour == "green":
        return LIGHT_MARKUP[colour] if colour else ""
    figure = light.figure(axis.id)
    measure = axis.figure.measure if axis.figure else "count"
    return format_light(
        axis.words, colour, "" if figure is None else format_measure_value(figure, measure), since
    )


def format_percentage(value: Fraction | None) -> str:
    return "" if value is None else f"{format_decimal(value * 100, 2)}%"


def show_notes(console: Console, result: ScoringResult) -> None:
    """Show our readings of the source documents, where these leave something open."""
    readings = {metric.reading for metric in result.scheme.scored_metrics if metric.reading}
    for note in (result.scheme.notes, result.preset.notes, *sorted(readings)):
        if note:
            console.print(f"[dim]注：{note}[/]")


def format_metric_terms(
    metric: Metric, numerator: int, denominator: int | None, scale: int = 1
) -> str:
    """A metric's value as people write it: 90.57 %, 3 个, 1.2亿元, 412.5 天."""
    if denominator == 0:
        return "不适用"
    value = Fraction(numerator, scale if denominator is None else denominator * scale)
    match metric.measure:
        case "share":
            return format_percentage(value)
        case "yuan":
            return format_money(numerator)
        case "days":
            return f"{format_decimal(value, 1)}天"
        case "marks":
            return f"{format_decimal(value, 2)}分"
    return format_value_with_unit(metric, value)
