"""Movement since an earlier run: ranks gained and lost, and the items that caused it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.scoring.documents.bulletin import (
    DASH,
    BulletinPart,
    TableBuilder,
    figure_columns,
    text_columns,
)
from services.scoring.documents.composition.number_format import (
    MEASURE_LABELS,
    NOT_APPLICABLE,
    NOT_ENTERED,
    figure_change,
    format_metric_value,
    format_or_dash,
    format_signed_change,
)
from services.scoring.documents.composition.sources import BulletinInput, JsonDocument
from services.scoring.engine.declarations import Metric
from services.scoring.engine.lights.history import item_figures
from services.scoring.engine.scheme.plan import GroupPlan
from shared.paper.dates import format_date

MAX_REASONS = 3


@dataclass(frozen=True)
class RankMove:
    """A unit ranked in the same group both times; `gain` is in ranks, negative for a fall."""

    unit: JsonDocument
    before: JsonDocument
    gain: int


def ranks_gained(before: JsonDocument, after: JsonDocument) -> int | None:
    """Ranks gained, negative for a fall; None where a side has no rank."""
    ranks = before["rank"], after["rank"]
    return None if None in ranks else ranks[0] - ranks[1]


def rank_moves(inputs: BulletinInput) -> Iterator[RankMove]:
    """The moves of units ranked both times, in order of the document."""
    for group, units in inputs.groups.items():
        for unit in units:
            before = inputs.units_before.get(unit["unit_id"])
            if before and before["group"] == group:
                gain = ranks_gained(before, unit)
                if gain is not None:
                    yield RankMove(unit, before, gain)


def movement_part(inputs: BulletinInput) -> BulletinPart | None:
    """Ranks before and after, and the items whose points changed most."""
    if inputs.before is None:
        return None
    table = TableBuilder(
        (
            *text_columns("组别", "单位"),
            *figure_columns("上次名次", "本次名次", "升降", "上次总分", "本次总分", "增减"),
            *text_columns("主要因素"),
        )
    )
    for group, units in inputs.groups.items():
        for unit in units:
            table.add(group, unit["name"], *movement_cells(inputs, group, unit))
    for unit_id, before in inputs.units_before.items():
        if unit_id not in {u["unit_id"] for units in inputs.groups.values() for u in units}:
            was = format_or_dash(before["rank"]), DASH, DASH, format_or_dash(before["total"])
            table.add(before["group"], before["name"], *was, DASH, DASH, "本次不在册")
    caption = f"与{format_date(inputs.as_of_before)}相比"
    tables = (table.build(caption, "名次变动"),)
    return BulletinPart(
        "名次变动及主要因素", (*describe_movement_table(inputs),), tables, landscape=True
    )


def describe_movement_table(inputs: BulletinInput) -> Iterator[str]:
    """Yield remarks on how to read the table."""
    assert inputs.before
    yield (
        "升降为正的是名次上升；主要因素列得分增减最多的指标，括号内为得分增减。"
        "数值未变而得分有增减的，是组内最好值或该指标的应得分值有变动。"
    )
    if not inputs.is_comparable:
        schemes = f"{inputs.before['scheme']}、{inputs.document['scheme']}"
        yield f"两次计分的方案不同（{schemes}），得分不作比较，只比较名次。"


def movement_cells(inputs: BulletinInput, group: str, unit: JsonDocument) -> Sequence[str]:
    before = inputs.units_before.get(unit["unit_id"])
    after = format_or_dash(unit["rank"]), format_or_dash(unit["total"])
    if before is None:
        return DASH, after[0], DASH, DASH, after[1], DASH, "上次不在册"
    if before["group"] != group:
        why = f"由{before['group']}调入"
        return DASH, after[0], DASH, DASH, after[1], DASH, why
    gain = ranks_gained(before, unit)
    return (
        format_or_dash(before["rank"]),
        after[0],
        DASH if gain is None else f"{gain:+}" if gain else "0",
        format_or_dash(before["total"]),
        after[1],
        format_signed_change(figure_change(before["total"], unit["total"]))
        if inputs.is_comparable
        else DASH,
        describe_causes(inputs.plans[group], before, unit) if inputs.is_comparable else DASH,
    )


def describe_causes(plan: GroupPlan, before: JsonDocument, after: JsonDocument) -> str:
    """The items with the greatest changes of a unit's points, greatest first."""
    if before["total"] is None and after["total"] is None:
        return DASH
    metrics = plan.metrics_by_id
    gained = points_gained(item_figures(before), item_figures(after))
    most = sorted(gained, key=lambda item: (-abs(gained[item]), item))[:MAX_REASONS]
    causes = [
        f"{metrics[item].zh}{phrase_value_change(plan, metrics[item], before, after)}"
        f"（{phrase_points(gained[item])}）"
        for item in most
        if item in metrics
    ]
    if causes:
        return "；".join(causes)
    if ranks_gained(before, after):
        return "得分未变，名次因其他单位得分或同分先后变动"
    return "各项得分未变"


def points_gained(
    before: Mapping[str, JsonDocument], after: Mapping[str, JsonDocument]
) -> dict[str, Decimal]:
    """Points gained or lost by item, where any; one that is not applicable earns 0."""
    changes = {}
    for item in dict.fromkeys([*before, *after]):
        was, now = (Decimal(side.get(item, {}).get("points") or 0) for side in (before, after))
        if was != now:
            changes[item] = now - was
    return changes


def phrase_points(gained: Decimal) -> str:
    """Points gained or lost, in words: a sign would be torn off at a line's end."""
    return f"{'加' if gained > 0 else '减'}{abs(gained)}分"


def phrase_value_change(
    plan: GroupPlan, metric: Metric, before: JsonDocument, after: JsonDocument
) -> str:
    """The values before and after; one value where it stayed."""
    figures = [item_figures(side).get(metric.id) for side in (before, after)]
    values = [format_figure_text(plan, metric, figure) for figure in figures if figure]
    return "→".join(values) if len(set(values)) > 1 else f"{values[0]}未变"


def format_figure_text(plan: GroupPlan, metric: Metric, figure: JsonDocument) -> str:
    """A figure's value with the unit of its measure."""
    numerator, denominator = figure["numerator"], figure["denominator"]
    value = format_metric_value(metric, numerator, denominator, plan.scale(metric))
    has_no_unit = value in (NOT_APPLICABLE, NOT_ENTERED)
    return value if has_no_unit else f"{value}{MEASURE_LABELS.get(metric.measure, '')}"
