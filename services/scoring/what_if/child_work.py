"""Work of «what if» and sensitivity that child processes do."""

from collections.abc import Collection
from functools import partial
from typing import Any

from services.scoring.captions.movement import (
    RunSide,
    caption_movement,
    name_changed_lights,
)
from services.scoring.captions.ranking import caption_groups
from services.scoring.engine.what_if.changes import Changes
from services.scoring.execution.run import score_facts
from services.scoring.execution.sensitivity import compute_sensitivity
from services.scoring.execution.what_if import ScoringInput, compute_what_if
from services.scoring.schemes.scheme_changes import apply_scheme_changes
from shared.facts.projects import Project, Unit


def answer_changes(before: ScoringInput, changes: Changes) -> dict[str, Any]:
    after = partial(apply_scheme_changes, before.scheme, before.preset, changes.scheme)
    answer = compute_what_if(before, changes.facts, after)
    scheme, _ = after()
    one = RunSide.of_document({"groups": answer["before"]}, before.scheme)
    other = RunSide.of_document({"groups": answer["after"]}, scheme)
    movement = caption_movement(answer["movement"], one, other)
    projects = {project.project_id: project.name for project in before.facts.rows(Project)}
    units = {unit.unit_id: unit.name for unit in before.facts.rows(Unit)}
    return {
        **answer,
        "scheme_name": before.scheme.zh,
        "movement": name_changed_lights(movement, projects, units),
        "before": caption_groups(answer["before"], before.scheme),
        "after": caption_groups(answer["after"], scheme),
    }


def score_sensitivity(inputs: ScoringInput, unit_ids: Collection[str]) -> dict[str, Any]:
    result = score_facts(inputs.facts, inputs.scheme, inputs.preset, inputs.as_of, inputs.entered)
    return compute_sensitivity(inputs.facts, result, unit_ids)
