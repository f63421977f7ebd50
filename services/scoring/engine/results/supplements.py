"""The supplements of a ranking that scheme or preset declare: units' lights, boards and so on.

A part that is not declared is empty, and not in the document.
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
    """The parts of a result beyond ranking and lights; `metrics` are those of the parts."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    lights_since: ColourSinceByAxis = field(default_factory=dict)
    unit_lights: Sequence[UnitLight] = ()
    unit_lights_since: ColourSinceByAxis = field(default_factory=dict)
    boards: Sequence[GroupBoards] | None = None
    streaks: Sequence[UnitStreak] | None = None
    awards: Sequence[AwardResult] = ()


NO_SUPPLEMENTS = Supplements()


def supplements_document(
    supplements: Supplements, preset: Lights, unavailable: Sequence[Metric]
) -> dict[str, Any]:
    """The keys of a result beyond ranking and lights; `unavailable` are metrics without data."""
    document, metrics = dict[str, Any](), supplements.metrics
    if preset.unit_axes:
        document["unit_lights"] = unit_lights_document(
            supplements.unit_lights, preset, metrics, supplements.unit_lights_since
        )
    if supplements.boards is not None:
        document["boards"] = [
            board_document(board, supplements.metrics) for board in supplements.boards
        ]
    if supplements.streaks is not None:
        document["streaks"] = [streak_document(streak) for streak in supplements.streaks]
    if supplements.awards:
        document["awards"] = [
            award_document(result, supplements.metrics) for result in supplements.awards
        ]
    if unavailable:
        document["off"] = [
            {"id": m.id, "zh": m.zh, "reason": describe_unavailable(m.needs)}
            for m in unavailable
            if m.needs
        ]
    return document


def board_document(boards: GroupBoards, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    measure = metrics[boards.board.metric].measure

    def lines(units: Sequence[BoardUnit]) -> list[dict[str, Any]]:
        return [
            {
                "unit_id": line.unit_id,
                "value": format_figure(line.value, measure),
                "target": format_figure(line.target, measure),
                "reason": line.reason,
            }
            for line in units
        ]

    return {
        "board": boards.board.id,
        "zh": boards.board.zh,
        "group": boards.group,
        "metric": boards.board.metric,
        "red": lines(boards.red),
        "black": lines(boards.black),
        "red_beside": lines(boards.red_excluded),
        "black_beside": lines(boards.black_excluded),
    }


def streak_document(reached: UnitStreak) -> dict[str, Any]:
    return {
        "streak": reached.streak.id,
        "rung": reached.rung.id,
        "zh": reached.rung.zh,
        "group": reached.group,
        "unit_id": reached.unit_id,
        "months": [day.isoformat() for day in reached.months],
    }


def award_document(result: AwardResult, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """An award: its winners and the other candidates; or the reason why it is off."""
    award = result.award
    head = {"award": award.id, "zh": award.zh, "subject": award.subject}
    if result.off:
        return {**head, "off": result.off}
    requires = [required.zh for required in award.requires]
    measure = award_figure_measure(result, metrics)

    def candidate_document(candidate: AwardCandidate) -> dict[str, Any]:
        key = {"project_id": candidate.subject_id} if award.subject == "project" else {}
        figure = format_figure(candidate.figure, measure)
        return {**key, "unit_id": candidate.unit_id, "figure": figure}

    return {
        **head,
        "requires": requires,
        "winners": [candidate_document(candidate) for candidate in result.winners],
        "others": [candidate_document(c) | {"reasons": list(c.reasons)} for c in result.others],
    }


def award_figure_measure(result: AwardResult, metrics: Mapping[str, Metric]) -> Measure:
    award = result.award
    if award.metric:
        return metrics[award.metric].measure
    return award.figure.measure if award.figure else "count"
