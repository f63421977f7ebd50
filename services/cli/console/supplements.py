"""Tables after a ranking: lights of units, boards, streaks, awards; metrics that are off."""

from collections.abc import Sequence
from fractions import Fraction

from rich.console import Console
from rich.table import Table

from services.scoring.engine.declarations import Measure, Words, describe_unavailable
from services.scoring.engine.figures import format_decimal
from services.scoring.engine.honours.awards import AwardResult
from services.scoring.engine.honours.boards import BoardUnit, GroupBoards
from services.scoring.engine.lights.documents import format_figure
from services.scoring.engine.lights.history import ColourSince
from services.scoring.engine.results.run_result import ScoringResult, unavailable_metrics
from services.scoring.engine.results.supplements import award_figure_measure

NamesById = dict[str, str]
LIGHT_TEMPLATES = {"green": "[green]● {}[/]", "yellow": "[yellow]● {}[/]", "red": "[red]● {}[/]"}
MEASURE_SUFFIXES = {"points": "点", "yuan": "元", "days": "天", "months": "个月", "marks": "分"}


def show_supplements(
    console: Console, result: ScoringResult, units: NamesById, projects: NamesById
) -> None:
    """Show a table per part that scheme and preset declare, and a line per unavailable one."""
    if result.preset.unit_axes:
        console.print(unit_lights_table(result, units))
    for board in result.supplements.boards or ():
        console.print(board_table(board, result, units))
    show_streaks(console, result, units)
    for award in result.supplements.awards:
        if award.off:
            console.print(f"{award.award.zh}：{award.off}")
        else:
            console.print(award_table(award, result, {**units, **projects}))
    for metric in unavailable_metrics(result.scheme):
        if metric.needs:
            console.print(
                f"指标“{metric.zh}”：{describe_unavailable(metric.needs)}，暂不计分，权重由其他指标分担"
            )


def unit_lights_table(result: ScoringResult, units: NamesById) -> Table:
    """A row per unit: the colour of every axis, its figure, target and average."""
    table = Table(title=f"单位红黄绿灯　{result.preset.zh}", title_justify="left")
    table.add_column("单位")
    for axis in result.preset.unit_axes:
        table.add_column(axis.zh)
    lights = {(light.unit_id, light.axis): light for light in result.supplements.unit_lights}
    for unit in dict.fromkeys(light.unit_id for light in result.supplements.unit_lights):
        cells = []
        for axis in result.preset.unit_axes:
            light = lights.get((unit, axis.id))
            if light is None:
                cells.append("")
                continue
            measure = result.supplements.metrics[axis.metric or ""].measure
            references = {"目标": light.values["target"], "平均": light.values["average"]}
            notes = [
                f"{zh} {format_measure_value(value, measure)}"
                for zh, value in references.items()
                if value
            ]
            if missed := light.values.get("months_missed"):
                notes.append(f"连续 {missed} 个月")
            since = result.supplements.unit_lights_since.get(unit, {}).get(axis.id)
            figure = format_measure_value(light.values["figure"], measure)
            cell = format_light(axis.words, light.colour, figure, since)
            cells.append(f"{cell}{'（' + '，'.join(notes) + '）' if notes else ''}")
        table.add_row(units[unit], *cells)
    return table


def format_light(words: Words, colour: str, figure: str, since: ColourSince | None) -> str:
    """A light with its figure, and since when it has its colour: ● 红 35.47点 自 2022-03-31."""
    # «红灯» is a word of ours; in a column of lights its first sign says it.
    word = str(getattr(words, colour)).removesuffix("灯")
    when = f" 自 {since.on}{'或更早' if since.or_earlier else ''}" if since else ""
    return f"{LIGHT_TEMPLATES[colour].format(word)}{' ' + figure if figure else ''}{when}"


def format_measure_value(value: Fraction | None, measure: Measure) -> str:
    """A figure with its unit; shares in per cent."""
    if value is None:
        return "—"
    if measure == "share":
        return f"{format_decimal(value * 100, 2)}%"
    return f"{format_figure(value, measure)}{MEASURE_SUFFIXES.get(measure, '')}"


def board_table(board: GroupBoards, result: ScoringResult, units: NamesById) -> Table:
    title = f"{board.board.zh}　{board.group}"
    table = Table("榜", "单位", "数值", "目标", "说明", title=title, title_justify="left")
    measure = result.supplements.metrics[board.board.metric].measure
    sides: dict[str, Sequence[BoardUnit]] = {
        "红榜": board.red,
        "黑榜": board.black,
        "前列未上榜": board.red_excluded,
        "末位未上榜": board.black_excluded,
    }
    for zh, lines in sides.items():
        for line in lines:
            figures = (
                format_measure_value(line.value, measure),
                format_measure_value(line.target, measure),
            )
            table.add_row(zh, units[line.unit_id], *figures, line.reason)
    return table


def show_streaks(console: Console, result: ScoringResult, units: NamesById) -> None:
    if result.supplements.streaks is None:
        return
    for found in result.supplements.streaks:
        months = "、".join(f"{day:%Y-%m}" for day in found.months)
        console.print(f"{units[found.unit_id]}（{found.group}）：{found.rung.zh}（{months}）")
    if not result.supplements.streaks:
        console.print("连续排名靠后：无")


def award_table(award: AwardResult, result: ScoringResult, names: NamesById) -> Table:
    """The winners, then the other candidates with the reasons."""
    requires = "、".join(required.zh for required in award.award.requires)
    table = Table("", "编号", "名称", "数值", "说明", title=award.award.zh, title_justify="left")
    measure = award_figure_measure(award, result.supplements.metrics)
    for mark, candidates in (("获奖", award.winners), ("候选", award.others)):
        for found in candidates:
            reasons = "；".join(found.reasons) or requires
            name = names[found.subject_id]
            table.add_row(
                mark, found.subject_id, name, format_measure_value(found.figure, measure), reasons
            )
    return table
