"""What moved since an earlier run: who climbed and fell, and by which items."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.scoring.documents.bulletin import NOTHING, Part, TableOf, figures, texts
from services.scoring.documents.composition.number_format import (
    MEASURED_IN,
    NOT_APPLICABLE,
    NOT_ENTERED,
    change,
    or_dash,
    signed,
    value_of,
)
from services.scoring.documents.composition.sources import Document, Matter
from services.scoring.engine.declarations import Metric
from services.scoring.engine.scheme.model import Scheme
from shared.paper.dates import day

MOST_REASONS = 3


@dataclass(frozen=True)
class Move:
    """A unit that was ranked in the same group both times; `places` won, negative when lost."""

    unit: Document
    before: Document
    places: int


def climbed(before: Document, after: Document) -> int | None:
    """Places won; None where a side has no rank."""
    ranks = before["rank"], after["rank"]
    return None if None in ranks else ranks[0] - ranks[1]


def moves(matter: Matter) -> Iterator[Move]:
    """Of the units in order of the document."""
    for group, units in matter.groups.items():
        for unit in units:
            before = matter.earlier.get(unit["unit_id"])
            if before and before["group"] == group:
                places = climbed(before, unit)
                if places is not None:
                    yield Move(unit, before, places)


def movement_part(matter: Matter) -> Part | None:
    """Ranks before and after, and the items whose points changed most."""
    if matter.before is None:
        return None
    table = TableOf(
        (
            *texts("组别", "单位"),
            *figures("上次名次", "本次名次", "升降", "上次总分", "本次总分", "增减"),
            *texts("主要因素"),
        )
    )
    for group, units in matter.groups.items():
        for unit in units:
            table.add(group, unit["name"], *moved(matter, group, unit))
    for unit_id, before in matter.earlier.items():
        if unit_id not in {u["unit_id"] for units in matter.groups.values() for u in units}:
            was = or_dash(before["rank"]), NOTHING, NOTHING, or_dash(before["total"])
            table.add(before["group"], before["name"], *was, NOTHING, NOTHING, "本次不在册")
    caption = f"与{day(matter.day_before)}相比"
    tables = (table.made(caption, "名次变动"),)
    return Part("名次变动及主要因素", (*told(matter),), tables, landscape=True)


def told(matter: Matter) -> Iterator[str]:
    """How to read the table."""
    assert matter.before
    yield (
        "升降为正的是名次上升；主要因素列得分增减最多的指标，括号内为得分增减。"
        "数值未变而得分有增减的，是组内最好值或该指标的应得分值有变动。"
    )
    if not matter.is_comparable:
        schemes = f"{matter.before['scheme']}、{matter.document['scheme']}"
        yield f"两次计分的方案不同（{schemes}），得分不作比较，只比较名次。"


def moved(matter: Matter, group: str, unit: Document) -> Sequence[str]:
    before = matter.earlier.get(unit["unit_id"])
    after = or_dash(unit["rank"]), or_dash(unit["total"])
    if before is None:
        return NOTHING, after[0], NOTHING, NOTHING, after[1], NOTHING, "上次不在册"
    if before["group"] != group:
        why = f"由{before['group']}调入"
        return NOTHING, after[0], NOTHING, NOTHING, after[1], NOTHING, why
    places = climbed(before, unit)
    return (
        or_dash(before["rank"]),
        after[0],
        NOTHING if places is None else f"{places:+}" if places else "0",
        or_dash(before["total"]),
        after[1],
        signed(change(before["total"], unit["total"])) if matter.is_comparable else NOTHING,
        because(matter, group, before, unit) if matter.is_comparable else NOTHING,
    )


def because(matter: Matter, group: str, before: Document, after: Document) -> str:
    """The items that won and lost a unit most points, greatest first."""
    if before["total"] is None and after["total"] is None:
        return NOTHING
    scheme = matter.scheme_of(group)
    metrics = scheme.metrics_by_id
    gained = gains(items_of(before), items_of(after))
    most = sorted(gained, key=lambda item: (-abs(gained[item]), item))[:MOST_REASONS]
    told = [
        f"{metrics[item].zh}{step(scheme, metrics[item], before, after)}（{points(gained[item])}）"
        for item in most
        if item in metrics
    ]
    if told:
        return "；".join(told)
    if climbed(before, after):
        return "得分未变，名次因其他单位得分或同分先后变动"
    return "各项得分未变"


def items_of(unit: Document) -> dict[str, Document]:
    """Metric → its figures, of the pillars and of the adjustments."""
    return {**unit["metrics"], **unit.get("adjustments", {}).get("items", {})}


def gains(before: Mapping[str, Document], after: Mapping[str, Document]) -> dict[str, Decimal]:
    """Item → the points that it won or lost, where it did; what is not applicable earns none."""
    found = {}
    for item in dict.fromkeys([*before, *after]):
        was, now = (Decimal(side.get(item, {}).get("points") or 0) for side in (before, after))
        if was != now:
            found[item] = now - was
    return found


def points(gained: Decimal) -> str:
    """In words: a sign would be torn off at a line's end."""
    return f"{'加' if gained > 0 else '减'}{abs(gained)}分"


def step(scheme: Scheme, metric: Metric, before: Document, after: Document) -> str:
    """From which value to which; or that the value stayed."""
    scale, values = scheme.scale(metric), []
    for side in (before, after):
        item = items_of(side).get(metric.id)
        if item:
            value = value_of(metric, item["numerator"], item["denominator"], scale)
            unit = (
                ""
                if value in (NOT_APPLICABLE, NOT_ENTERED)
                else MEASURED_IN.get(metric.measure, "")
            )
            values.append(f"{value}{unit}")
    return "→".join(values) if len(set(values)) > 1 else f"{values[0]}未变"
