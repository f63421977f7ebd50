"""Captions of what moved between two runs: names, ranks gained, and the items that caused it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.scoring.captions.ranking import GroupCaptions, name_metric
from services.scoring.documents.bulletin import DASH
from services.scoring.documents.composition.movement import describe_causes, ranks_gained
from services.scoring.documents.composition.number_format import (
    figure_change,
    format_signed_change,
)
from services.scoring.engine.lights.history import units_by_id
from services.scoring.engine.scheme.model import Scheme

JsonDocument = Mapping[str, Any]
NamesById = Mapping[str, str]
NEWCOMER, LEAVER = "上次不在册", "本次不在册"


@dataclass(frozen=True)
class RunSide:
    """One of two runs that are compared: its units by id, its scheme, captions by group."""

    units: Mapping[str, JsonDocument]
    scheme: Scheme
    captions: dict[str, GroupCaptions] = field(default_factory=dict)

    @classmethod
    def of_document(cls, document: JsonDocument, scheme: Scheme) -> "RunSide":
        return cls(units_by_id(document), scheme)

    def group_captions(self, group: str) -> GroupCaptions:
        if group not in self.captions:
            self.captions[group] = GroupCaptions.of_group(self.scheme, group)
        return self.captions[group]

    def caption_figure(self, unit_id: str, name: str, figure: JsonDocument | None) -> Any:
        """A figure of a unit with its texts; None where the run has none."""
        if figure is None:
            return None
        group = self.units[unit_id]["group"]
        return self.group_captions(group).caption_figure(name, figure)


def caption_movement(movement: JsonDocument, before: RunSide, after: RunSide) -> dict[str, Any]:
    """The moves of units with their names, ranks gained, and the items that caused them."""
    declared = {m.id: m for side in (before, after) for m in side.scheme.needed_metrics}
    return {
        **movement,
        "metrics": [name_metric(metric) for metric in declared.values()],
        "units": [caption_moved_unit(moved, before, after) for moved in movement["units"]],
    }


def caption_moved_unit(moved: JsonDocument, before: RunSide, after: RunSide) -> dict[str, Any]:
    unit_id = moved["unit_id"]
    sides = (before, after)
    metrics = {
        name: [
            side.caption_figure(unit_id, name, figure)
            for side, figure in zip(sides, pair, strict=True)
        ]
        for name, pair in moved["metrics"].items()
    }
    name = (after.units.get(unit_id) or before.units[unit_id])["name"]
    return {**moved, "name": name, "metrics": metrics, **phrase_move(unit_id, before, after)}


def phrase_move(unit_id: str, before: RunSide, after: RunSide) -> dict[str, Any]:
    """How a unit moved; points are compared where both runs are by one scheme."""
    one, other = before.units.get(unit_id), after.units.get(unit_id)
    made: dict[str, Any] = {"ranks_gained": None, "total_change": None, "causes": None}
    if one is None or other is None:
        return {**made, "move": NEWCOMER if one is None else LEAVER}
    if one["group"] != other["group"]:
        return {**made, "move": f"由{one['group']}调入"}
    gain = ranks_gained(one, other)
    made |= {"ranks_gained": gain, "move": DASH if gain is None else phrase_ranks_gained(gain)}
    if before.scheme.id == after.scheme.id:
        plan = after.group_captions(other["group"]).plan
        made["total_change"] = format_signed_change(figure_change(one["total"], other["total"]))
        made["causes"] = describe_causes(plan, one, other)
    return made


def phrase_ranks_gained(gain: int) -> str:
    return f"{'升' if gain > 0 else '降'}{abs(gain)}位" if gain else "名次未变"


def name_changed_lights(
    movement: JsonDocument, projects: NamesById, units: NamesById
) -> dict[str, Any]:
    """The changed lights with the names of their projects, or of their units."""
    return {
        **movement,
        "lights": [
            {**light, "project_name": projects.get(light["project_id"])}
            for light in movement["lights"]
        ],
        "unit_lights": [
            {**light, "unit_name": units.get(light["unit_id"])} for light in movement["unit_lights"]
        ],
    }
