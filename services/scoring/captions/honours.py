"""Captions of boards, streaks and awards: names, and figures as they are printed."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.scoring.documents.composition.honours import BOARD_SIDE_LABELS, phrase_streak
from services.scoring.documents.composition.number_format import format_document_figure
from services.scoring.engine.declarations import Measure
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme

JsonDocument = Mapping[str, Any]
NamesById = Mapping[str, str]


def caption_board(
    board: JsonDocument, scheme: Scheme, preset: Lights, units: NamesById
) -> dict[str, Any]:
    """A board with the name of its metric, and of each line the unit's name and texts."""
    metric = preset.metrics_by_id(scheme.metrics_by_id)[board["metric"]]

    def caption_line(line: JsonDocument) -> dict[str, Any]:
        texts = {
            f"{name}_text": format_document_figure(line[name], metric.measure)
            for name in ("value", "target")
        }
        return {**line, "unit_name": units.get(line["unit_id"]), **texts}

    lines = {side: [caption_line(line) for line in board[side]] for side in BOARD_SIDE_LABELS}
    return {**board, "metric_name": metric.zh, **lines}


def caption_streak(streak: JsonDocument, units: NamesById) -> dict[str, Any]:
    return {**streak, "unit_name": units.get(streak["unit_id"]), "text": phrase_streak(streak)}


def caption_award(
    award: JsonDocument, scheme: Scheme, preset: Lights, units: NamesById, projects: NamesById
) -> dict[str, Any]:
    """An award, and of its candidates the names and the figures as texts."""
    measure = award_measure(award["award"], scheme, preset)

    def caption_candidate(candidate: JsonDocument) -> dict[str, Any]:
        project_id = candidate.get("project_id")
        return {
            **candidate,
            "project_name": projects.get(project_id) if project_id else None,
            "unit_name": units.get(candidate["unit_id"]),
            "text": format_document_figure(candidate["figure"], measure),
        }

    sides = [side for side in ("winners", "others") if side in award]
    return {**award, **{side: [caption_candidate(each) for each in award[side]] for side in sides}}


def award_measure(award_id: str, scheme: Scheme, preset: Lights) -> Measure:
    declared = next(each for each in scheme.awards if each.id == award_id)
    if declared.metric:
        return preset.metrics_by_id(scheme.metrics_by_id)[declared.metric].measure
    return declared.figure.measure if declared.figure else "count"


def award_project_ids(awards: Sequence[JsonDocument]) -> set[str]:
    candidates = (
        c for award in awards for side in ("winners", "others") for c in award.get(side, ())
    )
    return {candidate["project_id"] for candidate in candidates if "project_id" in candidate}
