"""The ranking of every group: totals, then by pillar and by item (LX-5)."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from services.scoring.documents.bulletin import (
    DASH,
    BulletinPart,
    Cell,
    Column,
    Table,
    TableBuilder,
    figure_columns,
    text_columns,
)
from services.scoring.documents.composition.movement import ranks_gained
from services.scoring.documents.composition.number_format import (
    figure_change,
    format_metric_value,
    format_or_dash,
    format_signed_change,
    metric_label,
)
from services.scoring.documents.composition.sources import BulletinInput, JsonDocument
from services.scoring.engine.phrasing.point_rules import describe_gate_consequence
from services.scoring.engine.scheme.plan import GroupPlan

PILLARS_PER_TABLE, ITEMS_PER_TABLE = 6, 4  # what a line of a landscape page holds
T = TypeVar("T")


def ranking_part(inputs: BulletinInput) -> BulletinPart:
    """Rank and total of every unit; where there are such, grade, adjustments and movement."""
    return BulletinPart(
        "总体排名",
        (*ranking_remarks(inputs),),
        tuple(totals_table(inputs, group, units) for group, units in inputs.groups.items()),
    )


def totals_table(inputs: BulletinInput, group: str, units: Sequence[JsonDocument]) -> Table:
    plan = inputs.plans[group]
    columns = [*figure_columns("名次"), *text_columns("单位"), *figure_columns("总分")]
    columns += text_columns("等次") if plan.grades else ()
    columns += figure_columns(plan.adjustments.zh) if plan.adjustments else ()
    columns += figure_columns("上次名次", "名次升降", "总分增减") if inputs.before else ()
    table = TableBuilder(tuple(columns))
    grades = {grade.id: grade.zh for grade in plan.grades}
    for unit in units:
        row = [format_rank(unit), unit["name"], format_or_dash(unit["total"])]
        if plan.grades:
            row.append(grades.get(unit["grade"] or "", DASH))
        if plan.adjustments:
            row.append(format_or_dash(unit["adjustments"]["points"]))
        if inputs.before:
            row += rank_change_cells(inputs, group, unit)
        table.add(*row)
    return table.build(group, "总体排名", group)


def rank_change_cells(inputs: BulletinInput, group: str, unit: JsonDocument) -> list[str]:
    """The rank before, ranks gained, points gained; dashes for a unit from another group."""
    before = inputs.units_before.get(unit["unit_id"])
    if before is None or before["group"] != group:
        return [DASH] * 3
    gain = ranks_gained(before, unit)
    change = figure_change(before["total"], unit["total"]) if inputs.is_comparable else None
    return [
        format_or_dash(before["rank"]),
        DASH if gain is None else f"{gain:+}" if gain else "0",
        format_signed_change(change),
    ]


def format_rank(unit: JsonDocument) -> str:
    return "不参与" if unit["rank"] is None else str(unit["rank"])


def ranking_remarks(inputs: BulletinInput) -> Iterator[str]:
    """Yield remarks: units without rank, capped grades and totals, ties that were broken."""
    for group, units in inputs.groups.items():
        plan = inputs.plans[group]
        out = [unit["name"] for unit in units if unit["rank"] is None]
        if out:
            yield f"{group}的{'、'.join(out)}没有可计分的项目或指标，列在末尾，不参与排名。"
        gates = {gate.id: gate for gate in plan.gates}
        for unit in units:
            for missed in unit.get("missed", ()):
                gate = gates[missed["gate"]]
                then = describe_gate_consequence(gate, plan.grades)
                yield f"{unit['name']}未过“{gate.zh}”：{missed['reason']}，{then}。"
        yield from describe_tie_breaks(group, plan, units)


def describe_tie_breaks(
    group: str, plan: GroupPlan, units: Sequence[JsonDocument]
) -> Iterator[str]:
    """Yield the metrics that broke ties of totals, and the units in each tie."""
    parted: dict[tuple[str, ...], list[str]] = {}
    for unit in units:
        if by := tuple(unit.get("parted_by", ())):
            parted.setdefault(by, []).append(unit["name"])
    for by, names in parted.items():
        metrics = "、".join(plan.metrics_by_id[name].zh for name in by)
        yield f"{group}总分与其他单位相同、按{metrics}区分先后的有：{'、'.join(names)}。"


def pillars_part(inputs: BulletinInput) -> BulletinPart:
    """Points and rank of every unit by pillar."""
    tables: list[Table] = []
    for group, units in inputs.groups.items():
        for number, pillars in split_evenly(inputs.plans[group].pillars, PILLARS_PER_TABLE):
            columns = [*figure_columns("总名次"), *text_columns("单位")]
            for pillar in pillars:
                columns += figure_columns(
                    "得分", "名次", spanner=f"{pillar.zh}（{pillar.weight}分）"
                )
            table = TableBuilder(tuple(columns))
            for unit in units:
                cells = [
                    cell for p in pillars for cell in points_and_rank_cells(unit["pillars"][p.id])
                ]
                table.add(format_rank(unit), unit["name"], *cells)
            tables.append(table.build(f"{group}{number}", f"分类排名{number}", group))
    note = "括号内为应得分；某一方面全部指标不适用的单位，其分值由其余方面按比例分担。"
    return BulletinPart("分类得分和名次", (note,), tuple(tables), landscape=True)


def items_part(inputs: BulletinInput) -> BulletinPart:
    """Value, points and rank of every unit by item, a table a group and pillar."""
    tables: list[Table] = []
    for group, units in inputs.groups.items():
        plan = inputs.plans[group]
        for pillar in plan.pillars:
            for number, scored in split_evenly(pillar.metrics, ITEMS_PER_TABLE):
                ids = [metric.id for metric in scored]
                table = item_points_table(plan, ids, "metrics", units)
                caption = f"{group}　{pillar.zh}{number}"
                tables.append(table.build(caption, f"{pillar.zh}{number}", group))
    note = "不适用的指标不计分，其分值由同一方面的其余指标分担；名次按准确数值排列，相同的并列。"
    return BulletinPart("分项数值、得分和名次", (note,), tuple(tables), landscape=True)


def adjustments_part(inputs: BulletinInput) -> BulletinPart | None:
    """Points added to and taken from totals, item by item; None without adjustments."""
    if inputs.scheme.adjustments is None:
        return None
    tables: list[Table] = []
    for group, units in inputs.groups.items():
        plan = inputs.plans[group]
        items = plan.adjustments.items if plan.adjustments else ()
        for number, some in split_evenly(items, ITEMS_PER_TABLE):
            table = item_points_table(plan, [item.id for item in some], "adjustments", units)
            tables.append(table.build(f"{group}{number}", f"加减分{number}", group))
    return BulletinPart(f"{inputs.scheme.adjustments.zh}明细", (), tuple(tables), landscape=True)


def item_points_table(
    plan: GroupPlan, ids: Sequence[str], section: str, units: Sequence[JsonDocument]
) -> TableBuilder:
    """Figures of `metrics` or `adjustments` (`section`) side by side; the latter have no ranks."""
    metrics = [plan.metrics_by_id[name] for name in ids]
    ranks = ["名次"] if section == "metrics" else []
    columns: list[Column] = [*figure_columns("总名次"), *text_columns("单位")]
    for metric in metrics:
        columns += figure_columns("数值", "得分", *ranks, spanner=metric_label(metric))
    table = TableBuilder(tuple(columns))
    for unit in units:
        figures = unit[section] if section == "metrics" else unit[section]["items"]
        cells: list[Cell | str] = []
        for metric in metrics:
            item, scale = figures[metric.id], plan.scale(metric)
            cells.append(format_metric_value(metric, item["numerator"], item["denominator"], scale))
            cells += points_and_rank_cells(item) if ranks else [format_or_dash(item["points"])]
        table.add(format_rank(unit), unit["name"], *cells)
    return table


def points_and_rank_cells(figure: JsonDocument) -> list[str]:
    return [format_or_dash(figure["points"]), format_or_dash(figure["rank"])]


def split_evenly(items: Sequence[T], limit: int) -> Iterator[tuple[str, Sequence[T]]]:
    """Parts of at most `limit` items and of like length, each with its printed number."""
    parts = -(-len(items) // limit)
    size, longer = divmod(len(items), parts or 1)
    start = 0
    for part in range(parts):
        end = start + size + (part < longer)
        yield (f"（{part + 1}）" if parts > 1 else ""), items[start:end]
        start = end
