"""Red, yellow and green lights: how many of each a unit has, lights of units, the red projects."""

from collections import Counter
from collections.abc import Mapping

from services.scoring.documents.bulletin import (
    DASH,
    BulletinPart,
    Cell,
    Table,
    TableBuilder,
    figure_columns,
    text_columns,
)
from services.scoring.documents.composition.number_format import (
    format_document_figure,
    format_or_dash,
    format_percent,
)
from services.scoring.documents.composition.sources import LIGHT_LABELS, BulletinInput, JsonDocument
from services.scoring.engine.declarations import Axis
from services.scoring.engine.lights.documents import axis_measure
from shared.paper.dates import format_date

BASIS_LABELS = {"own_curve": "按计划曲线", "common_curve": "按统一曲线", "linear": "按月均分"}


def lights_part(matter: BulletinInput) -> BulletinPart:
    """Counts by unit, and the lights of units where the preset has such."""
    counts = Counter(light["overall"] for _, light in matter.lights())
    if not counts:
        said = "没有纳入亮灯的项目。"
    else:
        told = "、".join(f"{zh}{counts[colour]}个" for colour, zh in LIGHT_LABELS.items())
        said = f"按“{matter.preset.zh}”，纳入亮灯的项目共{counts.total()}个，其中{told}。"
    tables = [counts_table(matter)] if counts else []
    if matter.preset.unit_axes:
        tables.append(unit_lights_table(matter))
    return BulletinPart("红黄绿灯情况", (said, *describe_red_changes(matter)), tuple(tables))


def describe_red_changes(matter: BulletinInput) -> tuple[str, ...]:
    """How many projects turned red since, and how many are red no more."""
    if matter.before is None:
        return ()
    was, now = red_project_ids(matter.before), red_project_ids(matter.document)
    if not was | now:
        return ()
    on = format_date(matter.day_before)
    return (f"与{on}相比，新增红灯{len(now - was)}个，消除红灯{len(was - now)}个。",)


def red_project_ids(document: JsonDocument) -> set[str]:
    return {light["project_id"] for light in document["lights"] if light["overall"] == "red"}


def counts_table(matter: BulletinInput) -> Table:
    """A row a unit that has any project with a light, and one for all together."""
    by_unit: dict[str, Counter[str]] = {unit: Counter() for unit in matter.units}
    for unit, light in matter.lights():
        by_unit[unit][light["overall"]] += 1
    table = TableBuilder((*text_columns("单位"), *figure_columns(*LIGHT_LABELS.values(), "合计")))
    whole: Counter[str] = Counter()
    for unit, counts in by_unit.items():
        whole += counts
        if counts:
            table.add(matter.units[unit], *count_cells(counts))
    table.add("合计", *count_cells(whole))
    return table.made("各单位亮灯项目数", "红黄绿灯")


def count_cells(counts: Mapping[str, int]) -> list[str]:
    return [*(str(counts[colour]) for colour in LIGHT_LABELS), str(sum(counts.values()))]


def unit_lights_table(matter: BulletinInput) -> Table:
    """Every unit's light on every axis, its figure and what that was held against."""
    columns = (
        *text_columns("单位", "指标灯", "颜色"),
        *figure_columns("数值", "目标", "全部单位平均"),
    )
    axes = {axis.id: axis for axis in matter.preset.unit_axes}
    metrics = matter.preset.metrics_by_id(matter.scheme.metrics_by_id)
    table = TableBuilder(columns)
    for light in matter.document["unit_lights"]:
        for name, detail in light["details"].items():
            axis = axes[name]
            measure = axis_measure(axis, metrics[axis.metric or ""])
            told = [
                format_document_figure(detail[key], measure)
                for key in ("figure", "target", "average")
            ]
            colour = Cell(detail["word"], light["axes"][name])
            table.add(matter.units[light["unit_id"]], axis.zh, colour, *told)
    return table.made("单位指标灯", "单位指标灯")


def red_projects_part(matter: BulletinInput) -> BulletinPart | None:
    """The red projects that the reader may see, with their figures."""
    red = [(unit, light) for unit, light in matter.lights() if light["overall"] == "red"]
    shown = [(unit, light) for unit, light in red if matter.audience.sees(unit)]
    if not shown:
        return None
    axes = matter.preset.project_axes
    names = [*text_columns("编号", "项目", "责任单位"), *text_columns(*(axis.zh for axis in axes))]
    columns = *names, *figure_columns("完成率", "序时进度", "超/欠序时（百分点）")
    has_remarks = any(light_remark(light) for _, light in shown)
    table = TableBuilder((*columns, *text_columns("备注")) if has_remarks else columns)
    order = {unit: number for number, unit in enumerate(matter.units)}
    for unit, light in sorted(shown, key=lambda of: (order[of[0]], of[1]["project_id"])):
        table.add(
            light["project_id"],
            matter.ledger.projects[light["project_id"]],
            matter.units[unit],
            *(axis_cell(axis, light) for axis in axes),
            format_percent(light["completion"]),
            format_percent(light["time_progress"]),
            format_or_dash(light["lead"]),
            *([light_remark(light)] if has_remarks else []),
        )
    return BulletinPart("红灯项目明细", (), (table.made("", "红灯项目"),), landscape=True)


def axis_cell(axis: Axis, light: JsonDocument) -> Cell:
    """The colour in the office's own word."""
    colour = light["axes"][axis.id]
    return Cell(str(getattr(axis.words, colour)), colour) if colour else Cell(DASH)


def light_remark(light: JsonDocument) -> str:
    told = ["本年未报进度"] if light["not_reported"] else []
    if basis := light.get("basis"):
        told.append(BASIS_LABELS[basis])
    return "，".join(told)
