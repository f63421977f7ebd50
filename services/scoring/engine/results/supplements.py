"""What stands beside a ranking where scheme or preset ask for it: units' lights, boards and so on.

Every part is empty where nobody asks, and then is not in the document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.scoring.engine.declarations import Measure, Metric, describe_unavailable
from services.scoring.engine.honours.awards import AwardCandidate, AwardResult
from services.scoring.engine.honours.boards import BoardUnit, GroupBoards
from services.scoring.engine.honours.streaks import UnitStreak
from services.scoring.engine.lights.documents import (
    ColourSinceByAxis,
    format_figure,
    unit_lights_document,
)
from services.scoring.engine.lights.unit_lights import UnitLight
from services.scoring.engine.scheme.light_presets import Lights


@dataclass(frozen=True)
class Supplements:
    """`metrics` are those that boards, awards and units' lights are told by."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    lights_since: ColourSinceByAxis = field(default_factory=dict)
    unit_lights: Sequence[UnitLight] = ()
    unit_lights_since: ColourSinceByAxis = field(default_factory=dict)
    boards: Sequence[GroupBoards] | None = None
    streaks: Sequence[UnitStreak] | None = None
    awards: Sequence[AwardResult] = ()


NO_SUPPLEMENTS = Supplements()


def supplements_document(
    beside: Supplements, preset: Lights, without: Sequence[Metric]
) -> dict[str, Any]:
    """The keys that a result has beyond ranking and lights; `without` are metrics that stay off."""
    made: dict[str, Any] = {}
    if preset.unit_axes:
        made["unit_lights"] = unit_lights_document(
            beside.unit_lights, preset, beside.metrics, beside.unit_lights_since
        )
    if beside.boards is not None:
        made["boards"] = [board_document(board, beside.metrics) for board in beside.boards]
    if beside.streaks is not None:
        made["streaks"] = [streak_document(streak) for streak in beside.streaks]
    if beside.awards:
        made["awards"] = [award_document(given, beside.metrics) for given in beside.awards]
    if without:
        made["off"] = [
            {"id": m.id, "zh": m.zh, "reason": describe_unavailable(m.needs)}
            for m in without
            if m.needs
        ]
    return made


def board_document(found: GroupBoards, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    measure = metrics[found.board.metric].measure

    def lines(given: Sequence[BoardUnit]) -> list[dict[str, Any]]:
        return [
            {
                "unit_id": line.unit_id,
                "value": format_figure(line.value, measure),
                "target": format_figure(line.target, measure),
                "reason": line.reason,
            }
            for line in given
        ]

    return {
        "board": found.board.id,
        "zh": found.board.zh,
        "group": found.group,
        "metric": found.board.metric,
        "red": lines(found.red),
        "black": lines(found.black),
        "red_beside": lines(found.red_beside),
        "black_beside": lines(found.black_beside),
    }


def streak_document(found: UnitStreak) -> dict[str, Any]:
    return {
        "streak": found.streak.id,
        "rung": found.rung.id,
        "zh": found.rung.zh,
        "group": found.group,
        "unit_id": found.unit_id,
        "months": [day.isoformat() for day in found.months],
    }


def award_document(given: AwardResult, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """An award: who has it and who was considered; or why it is off."""
    award = given.award
    head = {"award": award.id, "zh": award.zh, "subject": award.subject}
    if given.off:
        return {**head, "off": given.off}
    requires = [required.zh for required in award.requires]
    measure = award_figure_measure(given, metrics)

    def told(candidate: AwardCandidate) -> dict[str, Any]:
        key = {"project_id": candidate.subject_id} if award.subject == "project" else {}
        figure = format_figure(candidate.figure, measure)
        return {**key, "unit_id": candidate.unit_id, "figure": figure}

    return {
        **head,
        "requires": requires,
        "winners": [told(candidate) for candidate in given.winners],
        "others": [told(c) | {"reasons": list(c.reasons)} for c in given.others],
    }


def award_figure_measure(given: AwardResult, metrics: Mapping[str, Metric]) -> Measure:
    award = given.award
    if award.metric:
        return metrics[award.metric].measure
    return award.figure.measure if award.figure else "count"
