"""Walls: why a light is as it is, in words; the order of tiles; groups."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.scoring.documents.composition.number_format import format_document_figure
from services.scoring.engine.declarations import Axis
from services.scoring.engine.lights.documents import axis_measure
from services.scoring.engine.overview.portfolio import Grouping, line_label, order_line_ids
from services.scoring.engine.scheme.light_presets import Lights

JsonDocument = Mapping[str, Any]
URGENCY = {"red": 0, "yellow": 1, "paused": 2, "green": 3, "none": 4}
NOT_REPORTED, NO_AXIS = "本年未报进度", "没有适用的灯"

# --- words ---------------------------------------------------------------------------------------


def describe_lead(lead: str) -> str:
    """How far the investment is before or behind its time progress."""
    points = Decimal(lead)
    if not points:
        return "投资与序时进度持平"
    return f"投资{'超前' if points > 0 else '滞后'} {abs(points)} 个百分点"


def is_lead(axis: Axis, figure: str, lead: str | None) -> bool:
    """Whether the figure of an axis is the lead with the other sign."""
    is_points = axis_measure(axis, None) == "points"
    return is_points and lead is not None and Decimal(figure) == -Decimal(lead)


def describe_detail(axis: Axis, detail: JsonDocument, lead: str | None) -> str:
    """The figure behind the colour of an axis in words; blank where the axis has none."""
    figure = detail["figure"]
    if figure is None:
        return ""
    if lead is not None and is_lead(axis, figure, lead):
        return describe_lead(lead)
    return format_document_figure(figure, axis_measure(axis, None))


def describe_reason(light: JsonDocument, preset: Lights, texts: Mapping[str, str]) -> str:
    """Why the overall light is as it is: of red and yellow, the axes that have that colour."""
    overall, lead = light["overall"], light["lead"]
    if overall == "none":
        return NOT_REPORTED if light["not_reported"] else NO_AXIS
    if overall not in ("red", "yellow"):
        return describe_lead(lead) if lead is not None else ""
    return "；".join(
        phrase_axis(axis, light["details"].get(axis.id), texts.get(axis.id, ""), lead)
        for axis in preset.project_axes
        if light["axes"].get(axis.id) == overall
    )


def phrase_axis(axis: Axis, detail: JsonDocument | None, text: str, lead: str | None) -> str:
    """A part of the reason; the lead speaks for itself, other figures need their axis' name."""
    if not text or detail is None:
        return axis.zh
    return text if is_lead(axis, detail["figure"], lead) else f"{axis.zh}：{text}"


# --- tiles ---------------------------------------------------------------------------------------


def build_tile(
    light: JsonDocument, preset: Lights, project_name: str | None, unit_name: str | None
) -> dict[str, Any]:
    """A project with its light and the words for it."""
    axes = {axis.id: axis for axis in preset.project_axes}
    details = light["details"]
    texts = {
        name: describe_detail(axes[name], detail, light["lead"]) for name, detail in details.items()
    }
    return {
        **light,
        "project_name": project_name,
        "unit_name": unit_name,
        "reason": describe_reason(light, preset, texts),
        "details": {name: {**detail, "text": texts[name]} for name, detail in details.items()},
    }


def order_tiles(tiles: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tiles, red ones first, of a colour those that have it longest, then by their ids."""
    return sorted(
        tiles,
        key=lambda tile: (
            URGENCY[tile["overall"]],
            tile.get("since") or "9999",
            not tile.get("or_earlier"),
            tile["project_id"],
        ),
    )


# --- groups --------------------------------------------------------------------------------------


def hang_tiles(
    tiles: Sequence[JsonDocument],
    by: Grouping,
    lines_of: Callable[[str], Sequence[str]],
    names: Mapping[str, str],
    count: Callable[[Sequence[JsonDocument]], JsonDocument],
) -> list[dict[str, Any]]:
    """The groups in their order, each with its tiles in theirs, and what `count` says of them."""
    groups: dict[str, list[JsonDocument]] = {}
    for tile in tiles:
        for line in dict.fromkeys(lines_of(tile["project_id"])):
            groups.setdefault(line, []).append(tile)
    return [
        {
            "id": line,
            "name": line_label(line, by, names),
            "totals": count(groups[line]),
            "project_ids": [tile["project_id"] for tile in groups[line]],
        }
        for line in order_line_ids(groups, by)
    ]
