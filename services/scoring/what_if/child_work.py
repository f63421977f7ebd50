"""Work of «what if» and sensitivity that child processes do."""

from collections.abc import Collection
from functools import partial
from typing import Any

from services.scoring.engine.what_if.changes import Changes
from services.scoring.execution.run import score_facts
from services.scoring.execution.sensitivity import compute_sensitivity
from services.scoring.execution.what_if import ScoringInput, compute_what_if
from services.scoring.schemes.scheme_changes import apply_scheme_changes


def answer_changes(before: ScoringInput, changes: Changes) -> dict[str, Any]:
    after = partial(apply_scheme_changes, before.scheme, before.preset, changes.scheme)
    return compute_what_if(before, changes.facts, after)


def score_sensitivity(inputs: ScoringInput, unit_ids: Collection[str]) -> dict[str, Any]:
    result = score_facts(inputs.facts, inputs.scheme, inputs.preset, inputs.as_of, inputs.entered)
    return compute_sensitivity(inputs.facts, result, unit_ids)
