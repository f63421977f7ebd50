"""bairi schemes: schemes and lights in plain words, and the formulas that they run."""

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli.console.arguments import FormatOption
from services.cli.console.printing import print_json
from services.cli.console.terminal import OUT
from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.catalogue.metrics import CATALOGUE_METRICS, METRICS
from services.scoring.engine.declarations import Axis, Metric
from services.scoring.engine.language.symbols import PROJECTS_TABLE
from services.scoring.engine.phrasing.point_rules import (
    describe_adjustment_caps,
    describe_mark_item,
    describe_scoring_conditions,
)
from services.scoring.engine.phrasing.scheme_lines import (
    describe_award,
    describe_board,
    describe_group_limit,
    describe_metric_rule,
    describe_scheme_lines,
    describe_streak,
)
from services.scoring.engine.scheme.honour_declarations import HONOUR_SECTIONS, Honours
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.project_marks import ProjectMarks
from services.scoring.schemes.scheme_files import (
    built_in_honours,
    built_in_lights,
    built_in_schemes,
    find_scheme,
    resolve_lights,
)
from shared.facts.tables import FACT_COLUMNS

SchemeArgument = Annotated[
    str | None, typer.Argument(metavar="NAME|FILE", help="只看一个：内置方案的名称，或方案文件")
]
CatalogueOption = Annotated[bool, typer.Option("--catalogue", help="方案里可用的指标、事实、栏目")]
HONOUR_TITLES = {"boards": "红黑榜", "streaks": "连续排名", "awards": "奖项"}


def schemes(
    name_or_file: SchemeArgument = None,
    catalogue: CatalogueOption = False,
    output: FormatOption = "table",
) -> None:
    """方案和红黄绿灯：计分办法、来源、公式；不写名称时是全部内置的。"""
    if catalogue:
        show_catalogue(OUT)
        return
    if name_or_file is not None:
        show_named_scheme(find_scheme(name_or_file), output)
        return
    if output == "json":
        print_json(
            {
                "schemes": [s.model_dump(mode="json") for s in built_in_schemes().values()],
                "lights": [p.model_dump(mode="json") for p in built_in_lights().values()],
                **{
                    kind: [
                        honours.model_dump(mode="json")
                        for honours in built_in_honours(kind).values()
                    ]
                    for kind in HONOUR_SECTIONS
                },
            }
        )
        return
    for scheme in built_in_schemes().values():
        show_scheme(OUT, scheme)
    for preset in built_in_lights().values():
        OUT.print(preset_table(preset))
        OUT.print(f"[dim]来源：{preset.source}\n注：{preset.notes}[/]\n")
    for kind in HONOUR_SECTIONS:
        for honours in built_in_honours(kind).values():
            OUT.print(honours_table(f"{HONOUR_TITLES[kind]} {honours.id}　{honours.zh}", honours))
            OUT.print(f"[dim]来源：{honours.source}\n注：{honours.notes}[/]\n")


def show_named_scheme(scheme: Scheme, output: FormatOption) -> None:
    """Show one scheme with its lights, boards, streaks and awards."""
    preset = resolve_lights(scheme)
    if output == "json":
        print_json(scheme.model_dump(mode="json"))
        return
    show_scheme(OUT, scheme)
    OUT.print(preset_table(preset))
    honours = Honours(
        id=scheme.id,
        zh=scheme.zh,
        source=scheme.source,
        **{kind: getattr(scheme, kind) for kind in HONOUR_SECTIONS},
    )
    if any(getattr(scheme, kind) for kind in HONOUR_SECTIONS):
        metrics = preset.metrics_by_id(scheme.metrics_by_id)
        OUT.print(honours_table("榜、连续排名、奖项", honours, metrics))


def show_catalogue(console: Console) -> None:
    """Show the names that a scheme may use: metrics, facts of formulas, columns."""
    metrics = Table("指标", "名称", "公式", title="指标", title_justify="left")
    for metric in METRICS:
        metrics.add_row(metric.id, metric.zh, metric.formula)
    facts = Table("事实", "名称", "公式", title="公式里可用的事实", title_justify="left")
    for fact in NAMED_FACTS:
        over = "" if fact.over == PROJECTS_TABLE else f"{fact.over}：{fact.where}，"
        facts.add_row(fact.id, fact.zh, f"{over}{fact.text}")
    console.print(metrics)
    console.print(facts)
    for table, columns in FACT_COLUMNS.items():
        names = "、".join(column.name for column in columns)
        console.print(f"{table} 的栏目：{names}", markup=False)


def show_scheme(console: Console, scheme: Scheme) -> None:
    """Show the metrics with points rules and formulas, then the rest of the scheme in words."""
    console.print(scheme_table(scheme))
    for marks in scheme.project_marks:
        console.print(marks_table(marks))
    for line in describe_scheme_lines(scheme):
        console.print(line, markup=False)
    console.print(f"[dim]来源：{scheme.source}\n注：{scheme.notes}[/]\n")


def scheme_table(scheme: Scheme) -> Table:
    title = f"方案 {scheme.id}（第 {scheme.version} 版）　{scheme.zh}"
    table = Table(title=title, title_justify="left", show_lines=True)
    for column in ("板块", "指标", "计分", "分子", "分母", "范围"):
        table.add_column(column, overflow="fold", no_wrap=column == "指标")  # ids stay whole
    metrics = scheme.metrics_by_id
    for pillar, scored in scheme.scored_by_pillar():
        metric, first = metrics[scored.id], scored is pillar.metrics[0]
        head = (
            f"{pillar.zh}（{pillar.weight}）{describe_group_limit(pillar.groups)}" if first else ""
        )
        rule = describe_metric_rule(scored.points, metric)
        rule += describe_scoring_conditions(scored, metric, metrics) + describe_group_limit(
            scored.groups
        )
        table.add_row(head, f"{metric.zh}\n{metric.id}", rule, *formula_cells(metric))
    if scheme.adjustments:
        for item in scheme.adjustments.items:
            metric, first = metrics[item.id], item is scheme.adjustments.items[0]
            head = (
                f"{scheme.adjustments.zh}\n{describe_adjustment_caps(scheme.adjustments)}"
                if first
                else ""
            )
            rule = describe_metric_rule(item.points, metric)
            weight = "" if item.weight is None else f"满分 {item.weight} 分，"
            rule = f"{weight}{rule}{describe_group_limit(item.groups)}"
            table.add_row(head, f"{metric.zh}\n{metric.id}", rule, *formula_cells(metric))
    return table


def formula_cells(metric: Metric) -> tuple[str, str, str]:
    """Numerator, denominator and population of a metric."""
    if not metric.is_tallied:
        return metric.formula, "", ""
    of_all = "全部单位的 " if metric.of_all else ""
    denominator = f"{of_all}{metric.denominator}" if metric.denominator else ""
    over = "" if metric.over == PROJECTS_TABLE else f"{metric.over}："
    return metric.numerator, denominator, f"{over}{metric.population}"


def marks_table(marks: ProjectMarks) -> Table:
    table = Table("得分项", "怎样得分", title=f"{marks.zh} {marks.id}", title_justify="left")
    for item in marks.items:
        table.add_row(item.zh, describe_mark_item(item))
    return table


def preset_table(preset: Lights) -> Table:
    title = f"红黄绿灯 {preset.id}　{preset.zh}"
    table = Table("轴", "对象", "数值", "适用", "黄灯", "红灯", title=title, title_justify="left")
    for axis in preset.axes:
        subject = "单位" if axis.subject == "unit" else "项目"
        table.add_row(
            axis.zh, subject, axis_figure_formula(axis), axis.applies, axis.yellow, axis.red
        )
    return table


def axis_figure_formula(axis: Axis) -> str:
    """The formulas of `figure` and `months_missed` in the texts of an axis."""
    if axis.metric:
        missed = f"\nmonths_missed：连续 {axis.missed} 的月末数" if axis.missed else ""
        return f"{axis.metric}{missed}"
    if axis.figure is None:
        return ""
    divisor = f" ÷ ({axis.figure.denominator})" if axis.figure.denominator else ""
    return f"({axis.figure.numerator}){divisor}" if divisor else axis.figure.numerator


def honours_table(
    title: str, honours: Honours, metrics: Mapping[str, Metric] = CATALOGUE_METRICS
) -> Table:
    """A row per board, streak and award."""
    table = Table("名称", "规则", title=title, title_justify="left")
    for board in honours.boards:
        table.add_row(board.zh, describe_board(board, metrics))
    for streak in honours.streaks:
        table.add_row(streak.zh, describe_streak(streak, metrics))
    for award in honours.awards:
        table.add_row(award.zh, describe_award(award))
    return table
