"""The parts of a correction: which run it replaces, why, and what changed, old and new."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from services.scoring.documents.bulletin import (
    DASH,
    BulletinPart,
    TableBuilder,
    figure_columns,
    text_columns,
)
from services.scoring.documents.composition.movement import format_figure_text
from services.scoring.documents.composition.number_format import format_or_dash
from services.scoring.documents.composition.sources import (
    BulletinInput,
    CorrectedRun,
    JsonDocument,
)
from services.scoring.engine.lights.history import changed_units, units_by_id
from services.scoring.engine.scheme.plan import GroupPlan, resolve_group
from shared.paper.dates import format_date


class CorrectedUnits:
    """The units of a correction of which something changed, beside what they were before."""

    def __init__(self, inputs: BulletinInput, corrected: CorrectedRun) -> None:
        self.scheme = inputs.scheme
        self.before = units_by_id(corrected.document)
        self.after = units_by_id(inputs.document)

    @cached_property
    def changed(self) -> list[JsonDocument]:
        """In the order of the correction; those that are no longer in it come last."""
        found = {unit["unit_id"]: unit for unit in changed_units(self.before, self.after)}
        return [found[unit] for unit in {**self.after, **self.before} if unit in found]

    def sides(self, unit_id: str) -> tuple[JsonDocument, JsonDocument]:
        """A unit before and after; empty where it was not there."""
        return self.before.get(unit_id, {}), self.after.get(unit_id, {})

    def name(self, unit_id: str) -> str:
        before, after = self.sides(unit_id)
        return str((after or before)["name"])

    @cached_property
    def plans(self) -> Mapping[str, GroupPlan]:
        """Plans by group."""
        both = [*self.before.values(), *self.after.values()]
        return {group: resolve_group(self.scheme, group) for group in {u["group"] for u in both}}


def describe_correction(corrected: CorrectedRun) -> str:
    """The first paragraph of a correction."""
    return (
        f"{format_date(corrected.published_on)}公布的第{corrected.number}次计分有误，现予更正，"
        f"以本通报为准，原通报存查。更正理由：{end_sentence(corrected.reason)}"
    )


def end_sentence(text: str) -> str:
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def correction_part(inputs: BulletinInput) -> BulletinPart | None:
    """Ranks and totals of units before and after; None of what corrects nothing."""
    if inputs.corrected is None:
        return None
    units = CorrectedUnits(inputs, inputs.corrected)
    table = TableBuilder(
        (
            *text_columns("组别", "单位"),
            *figure_columns("原名次", "现名次", "原总分", "现总分"),
        )
    )
    for changed in units.changed:
        if changed.keys() & {"group", "rank", "total"}:
            before, after = units.sides(changed["unit_id"])
            figures = [side.get(key) for key in ("rank", "total") for side in (before, after)]
            group, name = (after or before)["group"], units.name(changed["unit_id"])
            table.add(group, name, *map(format_or_dash, figures))
    tables = (table.build("", "更正的名次和总分"),) if table.rows else ()
    return BulletinPart("更正的名次和总分", (*describe_changes(units, bool(tables)),), tables)


def describe_changes(units: CorrectedUnits, has_moves: bool) -> Iterator[str]:
    """Yield what is in the table, and where figures of items are."""
    if has_moves:
        yield "名次、总分有变动的单位如下，其余单位不变。"
    else:
        yield "各单位的名次、总分都不变。"
    if any(unit["metrics"] for unit in units.changed):
        yield "指标数值和得分的变动见附件。"


def corrected_items_part(inputs: BulletinInput) -> BulletinPart | None:
    """Values and points of items before and after; None where none changed."""
    if inputs.corrected is None:
        return None
    units = CorrectedUnits(inputs, inputs.corrected)
    table = TableBuilder(
        (
            *text_columns("单位", "指标"),
            *figure_columns("原数值", "现数值", "原得分", "现得分"),
        )
    )
    for changed in units.changed:
        for row in item_rows(units, changed):
            table.add(*row)
    if not table.rows:
        return None
    tables = (table.build("", "更正的指标"),)
    return BulletinPart("更正的指标数值和得分", (), tables, landscape=True)


def item_rows(units: CorrectedUnits, changed: JsonDocument) -> Iterator[list[str]]:
    """Yield a row an item of a unit."""
    unit_id = changed["unit_id"]
    for item, pair in changed["metrics"].items():
        plans = [units.plans[side["group"]] for side in units.sides(unit_id) if side]
        metric = next(p.metrics_by_id[item] for p in plans if item in p.metrics_by_id)
        values = [format_figure_text(plans[-1], metric, each) if each else DASH for each in pair]
        points = [format_or_dash(each and each["points"]) for each in pair]
        yield [units.name(unit_id), metric.zh, *values, *points]
