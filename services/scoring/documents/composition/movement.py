"""What moved since an earlier run: who climbed and fell, and by which items."""

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
from services.scoring.engine.scheme.plan import GroupPlan
from shared.paper.dates import format_date

MAX_REASONS = 3


@dataclass(frozen=True)
class RankMove:
    """A unit that was ranked in the same group both times; `places` won, negative when lost."""

    unit: JsonDocument
    before: JsonDocument
    places: int


def ranks_gained(before: JsonDocument, after: JsonDocument) -> int | None:
    """Places won; None where a side has no rank."""
    ranks = before["rank"], after["rank"]
    return None if None in ranks else ranks[0] - ranks[1]


def rank_moves(matter: BulletinInput) -> Iterator[RankMove]:
    """Of the units in order of the document."""
    for group, units in matter.groups.items():
        for unit in units:
            before = matter.earlier.get(unit["unit_id"])
            if before and before["group"] == group:
                places = ranks_gained(before, unit)
                if places is not None:
                    yield RankMove(unit, before, places)


def movement_part(matter: BulletinInput) -> BulletinPart | None:
    """Ranks before and after, and the items whose points changed most."""
    if matter.before is None:
        return None
    table = TableBuilder(
        (
            *text_columns("组别", "单位"),
            *figure_columns("上次名次", "本次名次", "升降", "上次总分", "本次总分", "增减"),
            *text_columns("主要因素"),
        )
    )
    for group, units in matter.groups.items():
        for unit in units:
            table.add(group, unit["name"], *movement_cells(matter, group, unit))
    for unit_id, before in matter.earlier.items():
        if unit_id not in {u["unit_id"] for units in matter.groups.values() for u in units}:
            was = format_or_dash(before["rank"]), DASH, DASH, format_or_dash(before["total"])
            table.add(before["group"], before["name"], *was, DASH, DASH, "本次不在册")
    caption = f"与{format_date(matter.day_before)}相比"
    tables = (table.made(caption, "名次变动"),)
    return BulletinPart(
        "名次变动及主要因素", (*describe_movement_table(matter),), tables, landscape=True
    )


def describe_movement_table(matter: BulletinInput) -> Iterator[str]:
    """How to read the table."""
    assert matter.before
    yield (
        "升降为正的是名次上升；主要因素列得分增减最多的指标，括号内为得分增减。"
        "数值未变而得分有增减的，是组内最好值或该指标的应得分值有变动。"
    )
    if not matter.is_comparable:
        schemes = f"{matter.before['scheme']}、{matter.document['scheme']}"
        yield f"两次计分的方案不同（{schemes}），得分不作比较，只比较名次。"


def movement_cells(matter: BulletinInput, group: str, unit: JsonDocument) -> Sequence[str]:
    before = matter.earlier.get(unit["unit_id"])
    after = format_or_dash(unit["rank"]), format_or_dash(unit["total"])
    if before is None:
        return DASH, after[0], DASH, DASH, after[1], DASH, "上次不在册"
    if before["group"] != group:
        why = f"由{before['group']}调入"
        return DASH, after[0], DASH, DASH, after[1], DASH, why
    places = ranks_gained(before, unit)
    return (
        format_or_dash(before["rank"]),
        after[0],
        DASH if places is None else f"{places:+}" if places else "0",
        format_or_dash(before["total"]),
        after[1],
        format_signed_change(figure_change(before["total"], unit["total"]))
        if matter.is_comparable
        else DASH,
        describe_causes(matter, group, before, unit) if matter.is_comparable else DASH,
    )


def describe_causes(
    matter: BulletinInput, group: str, before: JsonDocument, after: JsonDocument
) -> str:
    """The items that won and lost a unit most points, greatest first."""
    if before["total"] is None and after["total"] is None:
        return DASH
    plan = matter.plans[group]
    metrics = plan.metrics_by_id
    gained = points_gained(item_figures(before), item_figures(after))
    most = sorted(gained, key=lambda item: (-abs(gained[item]), item))[:MAX_REASONS]
    told = [
        f"{metrics[item].zh}{phrase_value_change(plan, metrics[item], before, after)}"
        f"（{phrase_points(gained[item])}）"
        for item in most
        if item in metrics
    ]
    if told:
        return "；".join(told)
    if ranks_gained(before, after):
        return "得分未变，名次因其他单位得分或同分先后变动"
    return "各项得分未变"


def item_figures(unit: JsonDocument) -> dict[str, JsonDocument]:
    """Metric → its figures, of the pillars and of the adjustments."""
    return {**unit["metrics"], **unit.get("adjustments", {}).get("items", {})}


def points_gained(
    before: Mapping[str, JsonDocument], after: Mapping[str, JsonDocument]
) -> dict[str, Decimal]:
    """Item → the points that it won or lost, where it did; what is not applicable earns none."""
    found = {}
    for item in dict.fromkeys([*before, *after]):
        was, now = (Decimal(side.get(item, {}).get("points") or 0) for side in (before, after))
        if was != now:
            found[item] = now - was
    return found


def phrase_points(gained: Decimal) -> str:
    """In words: a sign would be torn off at a line's end."""
    return f"{'加' if gained > 0 else '减'}{abs(gained)}分"


def phrase_value_change(
    plan: GroupPlan, metric: Metric, before: JsonDocument, after: JsonDocument
) -> str:
    """From which value to which; or that the value stayed."""
    scale, values = plan.scale(metric), []
    for side in (before, after):
        item = item_figures(side).get(metric.id)
        if item:
            value = format_metric_value(metric, item["numerator"], item["denominator"], scale)
            unit = (
                ""
                if value in (NOT_APPLICABLE, NOT_ENTERED)
                else MEASURE_LABELS.get(metric.measure, "")
            )
            values.append(f"{value}{unit}")
    return "→".join(values) if len(set(values)) > 1 else f"{values[0]}未变"
