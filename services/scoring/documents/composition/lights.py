"""Red, yellow and green lights: counts by unit, lights of units, the red projects."""

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


def lights_part(inputs: BulletinInput) -> BulletinPart:
    """Counts by unit, and lights of units where the preset has axes for them."""
    counts = Counter(light["overall"] for _, light in inputs.lights())
    if not counts:
        summary = "没有纳入亮灯的项目。"
    else:
        by_colour = "、".join(f"{zh}{counts[colour]}个" for colour, zh in LIGHT_LABELS.items())
        summary = f"按“{inputs.preset.zh}”，纳入亮灯的项目共{counts.total()}个，其中{by_colour}。"
    tables = [counts_table(inputs)] if counts else []
    if inputs.preset.unit_axes:
        tables.append(unit_lights_table(inputs))
    return BulletinPart("红黄绿灯情况", (summary, *describe_red_changes(inputs)), tuple(tables))


def describe_red_changes(inputs: BulletinInput) -> tuple[str, ...]:
    """The numbers of projects that turned red since the run before, and that are red no more."""
    if inputs.before is None:
        return ()
    was, now = red_project_ids(inputs.before), red_project_ids(inputs.document)
    if not was | now:
        return ()
    since = format_date(inputs.as_of_before)
    return (f"与{since}相比，新增红灯{len(now - was)}个，消除红灯{len(was - now)}个。",)


def red_project_ids(document: JsonDocument) -> set[str]:
    return {light["project_id"] for light in document["lights"] if light["overall"] == "red"}


def counts_table(inputs: BulletinInput) -> Table:
    """A row for each unit with a lit project, and one for all together."""
    by_unit: dict[str, Counter[str]] = {unit: Counter() for unit in inputs.unit_names}
    for unit, light in inputs.lights():
        by_unit[unit][light["overall"]] += 1
    table = TableBuilder((*text_columns("单位"), *figure_columns(*LIGHT_LABELS.values(), "合计")))
    whole: Counter[str] = Counter()
    for unit, counts in by_unit.items():
        whole += counts
        if counts:
            table.add(inputs.unit_names[unit], *count_cells(counts))
    table.add("合计", *count_cells(whole))
    return table.build("各单位亮灯项目数", "红黄绿灯")


def count_cells(counts: Mapping[str, int]) -> list[str]:
    return [*(str(counts[colour]) for colour in LIGHT_LABELS), str(sum(counts.values()))]


def unit_lights_table(inputs: BulletinInput) -> Table:
    """Every unit's light on every axis, with its figure, target and average."""
    columns = (
        *text_columns("单位", "指标灯", "颜色"),
        *figure_columns("数值", "目标", "全部单位平均"),
    )
    axes = {axis.id: axis for axis in inputs.preset.unit_axes}
    metrics = inputs.preset.metrics_by_id(inputs.scheme.metrics_by_id)
    table = TableBuilder(columns)
    for light in inputs.document["unit_lights"]:
        for name, detail in light["details"].items():
            axis = axes[name]
            measure = axis_measure(axis, metrics[axis.metric or ""])
            figures = [
                format_document_figure(detail[key], measure)
                for key in ("figure", "target", "average")
            ]
            colour = Cell(detail["word"], light["axes"][name])
            table.add(inputs.unit_names[light["unit_id"]], axis.zh, colour, *figures)
    return table.build("单位指标灯", "单位指标灯")


def red_projects_part(inputs: BulletinInput) -> BulletinPart | None:
    """The red projects that the reader may see, with their figures."""
    red = [(unit, light) for unit, light in inputs.lights() if light["overall"] == "red"]
    shown = [(unit, light) for unit, light in red if inputs.audience.can_see(unit)]
    if not shown:
        return None
    axes = inputs.preset.project_axes
    names = [*text_columns("编号", "项目", "责任单位"), *text_columns(*(axis.zh for axis in axes))]
    columns = *names, *figure_columns("完成率", "序时进度", "超/欠序时（百分点）")
    has_remarks = any(light_remark(light) for _, light in shown)
    table = TableBuilder((*columns, *text_columns("备注")) if has_remarks else columns)
    order = {unit: number for number, unit in enumerate(inputs.unit_names)}
    for unit, light in sorted(shown, key=lambda of: (order[of[0]], of[1]["project_id"])):
        table.add(
            light["project_id"],
            inputs.ledger.project_names[light["project_id"]],
            inputs.unit_names[unit],
            *(axis_cell(axis, light) for axis in axes),
            format_percent(light["completion"]),
            format_percent(light["time_progress"]),
            format_or_dash(light["lead"]),
            *([light_remark(light)] if has_remarks else []),
        )
    return BulletinPart("红灯项目明细", (), (table.build("", "红灯项目"),), landscape=True)


def axis_cell(axis: Axis, light: JsonDocument) -> Cell:
    """The colour on an axis in the office's own word."""
    colour = light["axes"][axis.id]
    return Cell(str(getattr(axis.words, colour)), colour) if colour else Cell(DASH)


def light_remark(light: JsonDocument) -> str:
    remarks = ["本年未报进度"] if light["not_reported"] else []
    if basis := light.get("basis"):
        remarks.append(BASIS_LABELS[basis])
    return "，".join(remarks)
