"""bairi schemes: the built-in schemes and lights, and the formulas that they run."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from services.cli.opening import OUT, Format
from services.cli.printing import print_json
from services.scoring.engine.declarations import Metric
from services.scoring.engine.names import PROJECTS
from services.scoring.engine.project_marks import ProjectMarks
from services.scoring.engine.scheme import Lights, Scheme
from services.scoring.engine.wording import (
    caps_in_words,
    gate_in_words,
    grade_in_words,
    item_in_words,
    periods_in_words,
    rule_in_words,
)
from services.scoring.schemes.reading import built_in_lights, built_in_schemes


def schemes(output: Format = "table") -> None:
    """内置方案和红黄绿灯，及其来源、公式。"""
    if output == "json":
        print_json(
            {
                "schemes": [s.model_dump(mode="json") for s in built_in_schemes().values()],
                "lights": [p.model_dump(mode="json") for p in built_in_lights().values()],
            }
        )
        return
    for scheme in built_in_schemes().values():
        show_scheme(OUT, scheme)
    for preset in built_in_lights().values():
        OUT.print(lights_table(preset))
        OUT.print(f"[dim]来源：{preset.source}\n注：{preset.notes}[/]\n")


def show_scheme(console: Console, scheme: Scheme) -> None:
    """Its metrics with points rules and formulas; then all that stands around them, in words."""
    console.print(scheme_table(scheme))
    for marks in scheme.project_marks:
        console.print(marks_table(marks))
    for line in around(scheme):
        console.print(line, markup=False)
    console.print(f"[dim]来源：{scheme.source}\n注：{scheme.notes}[/]\n")


def scheme_table(scheme: Scheme) -> Table:
    title = f"方案 {scheme.id}（第 {scheme.version} 版）　{scheme.zh}"
    table = Table(title=title, title_justify="left", show_lines=True)
    for column in ("板块", "指标", "计分", "分子", "分母", "范围"):
        table.add_column(column, overflow="fold", no_wrap=column == "指标")  # ids stay whole
    metrics = scheme.metrics_by_id
    for pillar, scored in scheme.scored():
        metric, first = metrics[scored.id], scored is pillar.metrics[0]
        head = f"{pillar.zh}（{pillar.weight}）{for_groups(pillar.groups)}" if first else ""
        rule = rule_in_words(scored.points, lower_is_better=metric.direction == "lower")
        missing = {"share": "", "zero": "\n不适用得 0 分", "full": "\n不适用得满分"}
        rule += missing[scored.not_applicable] + for_groups(scored.groups)
        table.add_row(head, f"{metric.zh}\n{metric.id}", rule, *formula_cells(metric))
    if scheme.adjustments:
        for item in scheme.adjustments.items:
            metric, first = metrics[item.id], item is scheme.adjustments.items[0]
            head = f"{scheme.adjustments.zh}\n{caps_in_words(scheme.adjustments)}" if first else ""
            rule = rule_in_words(item.points, lower_is_better=metric.direction == "lower")
            weight = "" if item.weight is None else f"满分 {item.weight} 分，"
            rule = f"{weight}{rule}{for_groups(item.groups)}"
            table.add_row(head, f"{metric.zh}\n{metric.id}", rule, *formula_cells(metric))
    return table


def formula_cells(metric: Metric) -> tuple[str, str, str]:
    """What is divided by what, and over which rows."""
    if not metric.is_tallied:
        return metric.formula, "", ""
    of_all = "全部单位的 " if metric.of_all else ""
    denominator = f"{of_all}{metric.denominator}" if metric.denominator else ""
    over = "" if metric.over == PROJECTS else f"{metric.over}："
    return metric.numerator, denominator, f"{over}{metric.population}"


def for_groups(groups: tuple[str, ...]) -> str:
    return f"\n（只用于 {'、'.join(groups)}）" if groups else ""


def marks_table(marks: ProjectMarks) -> Table:
    table = Table("得分项", "怎样得分", title=f"{marks.zh} {marks.id}", title_justify="left")
    for item in marks.items:
        table.add_row(item.zh, item_in_words(item))
    return table


def around(scheme: Scheme) -> Iterator[str]:
    """Ranking, grades, gates and periods, a line each; lines that say nothing new are left out."""
    metrics = scheme.metrics_by_id
    if scheme.ranking == "competition":
        yield "名次：并列占位（7、7、9）"
    if scheme.tie_break:
        yield f"总分相同：依次比较 {'、'.join(metrics[name].zh for name in scheme.tie_break)}"
    if scheme.grades:
        yield f"等次：{'；'.join(map(grade_in_words, scheme.grades))}"
    for gate in scheme.gates:
        words = gate_in_words(gate, metrics[gate.metric], scheme.grades)
        yield f"{gate.zh}：{words}{for_groups(gate.groups)}"
    if scheme.periods:
        yield f"季度、年度：{periods_in_words(scheme.periods)}"


def lights_table(preset: Lights) -> Table:
    title = f"红黄绿灯 {preset.id}　{preset.zh}"
    table = Table("轴", "适用", "黄灯", "红灯", title=title, title_justify="left")
    for axis in preset.axes:
        table.add_row(axis.zh, axis.applies, axis.yellow, axis.red)
    return table
