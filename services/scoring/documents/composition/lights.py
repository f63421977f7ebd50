"""Red, yellow and green lights: how many of each a unit has, lights of units, the red projects."""

from collections import Counter
from collections.abc import Mapping

from services.scoring.documents.bulletin import NOTHING, Cell, Part, Table, TableOf, figures, texts
from services.scoring.documents.composition.number_format import or_dash, percent, printed_figure
from services.scoring.documents.composition.sources import COLOURS, Document, Matter
from services.scoring.engine.declarations import Axis
from services.scoring.engine.lights.documents import measure_of
from shared.paper.dates import day

BASIS = {"own_curve": "按计划曲线", "common_curve": "按统一曲线", "linear": "按月均分"}


def lights_part(matter: Matter) -> Part:
    """Counts by unit, and the lights of units where the preset has such."""
    counts = Counter(light["overall"] for _, light in matter.lights())
    if not counts:
        said = "没有纳入亮灯的项目。"
    else:
        told = "、".join(f"{zh}{counts[colour]}个" for colour, zh in COLOURS.items())
        said = f"按“{matter.preset.zh}”，纳入亮灯的项目共{counts.total()}个，其中{told}。"
    tables = [counts_table(matter)] if counts else []
    if matter.preset.unit_axes:
        tables.append(unit_lights_table(matter))
    return Part("红黄绿灯情况", (said, *changed(matter)), tuple(tables))


def changed(matter: Matter) -> tuple[str, ...]:
    """How many projects turned red since, and how many are red no more."""
    if matter.before is None:
        return ()
    was, now = red_projects(matter.before), red_projects(matter.document)
    if not was | now:
        return ()
    on = day(matter.day_before)
    return (f"与{on}相比，新增红灯{len(now - was)}个，消除红灯{len(was - now)}个。",)


def red_projects(document: Document) -> set[str]:
    return {light["project_id"] for light in document["lights"] if light["overall"] == "red"}


def counts_table(matter: Matter) -> Table:
    """A row a unit that has any project with a light, and one for all together."""
    by_unit: dict[str, Counter[str]] = {unit: Counter() for unit in matter.units}
    for unit, light in matter.lights():
        by_unit[unit][light["overall"]] += 1
    table = TableOf((*texts("单位"), *figures(*COLOURS.values(), "合计")))
    whole: Counter[str] = Counter()
    for unit, counts in by_unit.items():
        whole += counts
        if counts:
            table.add(matter.units[unit], *numbers(counts))
    table.add("合计", *numbers(whole))
    return table.made("各单位亮灯项目数", "红黄绿灯")


def numbers(counts: Mapping[str, int]) -> list[str]:
    return [*(str(counts[colour]) for colour in COLOURS), str(sum(counts.values()))]


def unit_lights_table(matter: Matter) -> Table:
    """Every unit's light on every axis, its figure and what that was held against."""
    columns = *texts("单位", "指标灯", "颜色"), *figures("数值", "目标", "全部单位平均")
    axes = {axis.id: axis for axis in matter.preset.unit_axes}
    metrics = matter.preset.metrics_by_id(matter.scheme.metrics_by_id)
    table = TableOf(columns)
    for light in matter.document["unit_lights"]:
        for name, detail in light["details"].items():
            axis = axes[name]
            measure = measure_of(axis, metrics[axis.metric or ""])
            told = [printed_figure(detail[key], measure) for key in ("figure", "target", "average")]
            colour = Cell(detail["word"], light["axes"][name])
            table.add(matter.units[light["unit_id"]], axis.zh, colour, *told)
    return table.made("单位指标灯", "单位指标灯")


def red_part(matter: Matter) -> Part | None:
    """The red projects that the reader may see, with their figures."""
    red = [(unit, light) for unit, light in matter.lights() if light["overall"] == "red"]
    shown = [(unit, light) for unit, light in red if matter.audience.sees(unit)]
    if not shown:
        return None
    axes = matter.preset.project_axes
    names = [*texts("编号", "项目", "责任单位"), *texts(*(axis.zh for axis in axes))]
    columns = *names, *figures("完成率", "序时进度", "超/欠序时（百分点）")
    has_remarks = any(remark(light) for _, light in shown)
    table = TableOf((*columns, *texts("备注")) if has_remarks else columns)
    order = {unit: number for number, unit in enumerate(matter.units)}
    for unit, light in sorted(shown, key=lambda of: (order[of[0]], of[1]["project_id"])):
        table.add(
            light["project_id"],
            matter.ledger.projects[light["project_id"]],
            matter.units[unit],
            *(axis_cell(axis, light) for axis in axes),
            percent(light["completion"]),
            percent(light["time_progress"]),
            or_dash(light["lead"]),
            *([remark(light)] if has_remarks else []),
        )
    return Part("红灯项目明细", (), (table.made("", "红灯项目"),), landscape=True)


def axis_cell(axis: Axis, light: Document) -> Cell:
    """The colour in the office's own word."""
    colour = light["axes"][axis.id]
    return Cell(str(getattr(axis.words, colour)), colour) if colour else Cell(NOTHING)


def remark(light: Document) -> str:
    told = ["本年未报进度"] if light["not_reported"] else []
    if basis := light.get("basis"):
        told.append(BASIS[basis])
    return "，".join(told)
