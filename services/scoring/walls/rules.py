"""Walls: why a light is as it is, in words; the order of tiles; groups."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from services.scoring.captions.lights import describe_lead, describe_light_figure, is_lead
from services.scoring.engine.declarations import Axis
from services.scoring.engine.lights.documents import axis_measure
from services.scoring.engine.overview.portfolio import Grouping, line_label, order_line_ids
from services.scoring.engine.scheme.light_presets import Lights

JsonDocument = Mapping[str, Any]
URGENCY = {"red": 0, "yellow": 1, "paused": 2, "green": 3, "none": 4}
NOT_REPORTED, NO_AXIS = "本年未报进度", "没有适用的灯"

# --- words ---------------------------------------------------------------------------------------


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
    says_lead = is_lead(detail["figure"], axis_measure(axis, None), lead)
    return text if says_lead else f"{axis.zh}：{text}"


# --- tiles ---------------------------------------------------------------------------------------


def build_tile(
    light: JsonDocument, preset: Lights, project_name: str | None, unit_name: str | None
) -> dict[str, Any]:
    """A project with its light and the words for it."""
    axes = {axis.id: axis for axis in preset.project_axes}
    details = light["details"]
    texts = {
        name: describe_light_figure(detail["figure"], axis_measure(axes[name], None), light["lead"])
        for name, detail in details.items()
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
