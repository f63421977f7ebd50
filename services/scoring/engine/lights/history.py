"""The history of lights: since when they have their colours; and what moved between documents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.calendar import ONE_DAY, last_month_end

JsonDocument = Mapping[str, Any]
FIGURE_KEYS = ("numerator", "denominator", "points")  # of what a unit's item is, but its rank
ColoursByAxis = Mapping[str, Mapping[str, str | None]]  # project or unit → axis → its colour


@dataclass(frozen=True)
class ColourSince:
    """The first of the queried days since when a colour has stayed; or it is older than all."""

    on: date
    or_earlier: bool


def find_colour_since(colours: Sequence[tuple[date, str | None]]) -> ColourSince:
    """The day since when the first colour holds; days and colours come the latest first.

    Of month ends, it is the month end at which the light changed.
    """
    (on, colour), *earlier = colours
    for day, then in earlier:
        if then != colour:
            return ColourSince(on, or_earlier=False)
        on = day
    return ColourSince(on, or_earlier=True)


def find_colours_since(
    as_of: date, colours: ColoursByAxis, earlier: Sequence[tuple[date, ColoursByAxis]]
) -> dict[str, dict[str, ColourSince]]:
    """Every light that has a colour → since when; earlier days are the latest first."""
    return {
        name: {
            axis: find_colour_since(
                [(as_of, colour), *((on, then.get(name, {}).get(axis)) for on, then in earlier)]
            )
            for axis, colour in axes.items()
            if colour not in (None, "none")
        }
        for name, axes in colours.items()
    }


def latest_month_ends(as_of: date, count: int) -> list[date]:
    """The latest `count` month ends up to a day, the last one first, the day itself included."""
    ends: list[date] = []
    for _ in range(count):
        ends.append(last_month_end(ends[-1] - ONE_DAY if ends else as_of))
    return ends


def movement_document(before: JsonDocument, after: JsonDocument) -> dict[str, Any]:
    """The ranks, totals and terms of units and the lights that differ between two documents.

    Either is as `bairi score --format json` prints it. A value that only one of them has is None in
    the other. Sides are listed as `[before, after]`.
    """
    return {
        "from": {key: before[key] for key in ("as_of", "scheme", "lights_preset")},
        "to": {key: after[key] for key in ("as_of", "scheme", "lights_preset")},
        "units": list(moved_units(units_by_id(before), units_by_id(after))),
        "lights": list(
            changed_lights(lights_by_project(before), lights_by_project(after), "project_id")
        ),
        "unit_lights": list(
            changed_lights(lights_by_unit(before), lights_by_unit(after), "unit_id")
        ),
    }


def units_by_id(document: JsonDocument) -> dict[str, JsonDocument]:
    """Unit → its part of the document, with its group."""
    return {
        unit["unit_id"]: {**unit, "group": group["group"]}
        for group in document["groups"]
        for unit in group["units"]
    }


def lights_by_project(document: JsonDocument) -> dict[str, JsonDocument]:
    return {light["project_id"]: light for light in document["lights"]}


def lights_by_unit(document: JsonDocument) -> dict[str, JsonDocument]:
    return {light["unit_id"]: light for light in document.get("unit_lights", [])}


def moved_units(
    before: Mapping[str, JsonDocument], after: Mapping[str, JsonDocument]
) -> Iterator[dict[str, Any]]:
    """Units whose group, rank or total differs, with the metrics that differ and so moved them."""
    for unit_id in sorted(before.keys() | after.keys()):
        one, other = before.get(unit_id, {}), after.get(unit_id, {})
        if moved := differing_standing(one, other):
            metrics = differing_values(one.get("metrics", {}), other.get("metrics", {}))
            yield {"unit_id": unit_id, **moved, "metrics": metrics}


def changed_units(
    before: Mapping[str, JsonDocument], after: Mapping[str, JsonDocument]
) -> Iterator[dict[str, Any]]:
    """Units of which group, rank, total, or terms or points of an item differ."""
    for unit_id in sorted(before.keys() | after.keys()):
        one, other = before.get(unit_id, {}), after.get(unit_id, {})
        moved = differing_standing(one, other)
        metrics = {
            name: pair
            for name, pair in differing_values(item_figures(one), item_figures(other)).items()
            if differs_beyond_rank(*pair)
        }
        if moved or metrics:
            yield {"unit_id": unit_id, **moved, "metrics": metrics}


def differing_standing(before: JsonDocument, after: JsonDocument) -> dict[str, list[Any]]:
    """Group, rank and total of a unit, where they differ."""
    return {
        key: pair
        for key in ("group", "rank", "total")
        if (pair := differing_pair(before, after, key))
    }


def differs_beyond_rank(before: JsonDocument | None, after: JsonDocument | None) -> bool:
    """Whether terms or points of a figure differ, and not its rank among others alone."""
    if before is None or after is None:
        return True
    return any(differing_pair(before, after, key) for key in FIGURE_KEYS)


def item_figures(unit: JsonDocument) -> dict[str, JsonDocument]:
    """Figures by metric, of the pillars and of the adjustments, which have no rank."""
    items: JsonDocument = unit.get("adjustments", {}).get("items", {})
    return {
        **unit.get("metrics", {}),
        **{name: {"rank": None, **figure} for name, figure in items.items()},
    }


def changed_lights(
    before: Mapping[str, JsonDocument], after: Mapping[str, JsonDocument], key: str
) -> Iterator[dict[str, Any]]:
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name, {}), after.get(name, {})
        moved: dict[str, Any] = {}
        if pair := differing_pair(one, other, "overall"):
            moved["overall"] = pair
        if axes := differing_values(one.get("axes", {}), other.get("axes", {})):
            moved["axes"] = axes
        if moved:
            yield {key: name, **moved}


def differing_values(before: JsonDocument, after: JsonDocument) -> dict[str, list[Any]]:
    """Key → both sides, where they differ."""
    keys = [*before, *(key for key in after if key not in before)]
    return {key: pair for key in keys if (pair := differing_pair(before, after, key))}


def differing_pair(before: JsonDocument, after: JsonDocument, key: str) -> list[Any] | None:
    pair = [before.get(key), after.get(key)]
    return pair if pair[0] != pair[1] else None
