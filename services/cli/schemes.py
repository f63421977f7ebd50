"""bairi schemes: the built-in schemes and lights, and the formulas that they run."""

from rich.table import Table

from services.cli.opening import OUT, Format
from services.cli.printing import print_json
from services.scoring.engine.names import PROJECTS
from services.scoring.engine.presets import Lights
from services.scoring.engine.scheme import Scheme
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
        OUT.print(scheme_table(scheme))
        OUT.print(f"[dim]来源：{scheme.source}\n注：{scheme.notes}[/]\n")
    for preset in built_in_lights().values():
        OUT.print(lights_table(preset))
        OUT.print(f"[dim]来源：{preset.source}\n注：{preset.notes}[/]\n")


def scheme_table(scheme: Scheme) -> Table:
    title = f"方案 {scheme.id}（第 {scheme.version} 版）　{scheme.zh}"
    table = Table(title=title, title_justify="left", show_lines=True)
    for column in ("板块", "指标", "计分", "分子", "分母", "范围"):
        table.add_column(column, overflow="fold")
    metrics = scheme.metrics_by_id
    for pillar, scored in scheme.scored():
        metric = metrics[scored.id]
        first = scored is pillar.metrics[0]
        head = f"{pillar.zh}（{pillar.weight}）" if first else ""
        better = "，越小越好" if metric.direction == "lower" else ""
        of_all = "全部单位的 " if metric.of_all else ""
        table.add_row(
            head,
            f"{metric.zh}\n{metric.id}",
            scored.points.rule + better,
            metric.numerator,
            f"{of_all}{metric.denominator}" if metric.denominator else "",
            metric.population if metric.over == PROJECTS else f"{metric.over}：{metric.population}",
        )
    return table


def lights_table(preset: Lights) -> Table:
    title = f"红黄绿灯 {preset.id}　{preset.zh}"
    table = Table("轴", "适用", "黄灯", "红灯", title=title, title_justify="left")
    for axis in preset.axes:
        table.add_row(axis.zh, axis.applies, axis.yellow, axis.red)
    return table
