"""What-if runs: facts and scheme changed for one question, scored before and after, not stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring.engine.lights.history import movement_document
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.results.run_result import result_document
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.engine.what_if.changes import (
    ChangeErrorDetail,
    ChangeMistake,
    FactChange,
    apply_fact_changes,
)
from services.scoring.execution.run import score_facts
from shared.facts.projects import Unit
from shared.facts.tables import Facts

ChangedScheme = Callable[[], tuple[Scheme, Lights]]  # may raise ChangeMistake


@dataclass(frozen=True)
class ScoringInput:
    """The input of a run: facts, scheme, lights, day and entries."""

    facts: Facts
    scheme: Scheme
    preset: Lights
    as_of: date
    entered: ManualEntries = NO_ENTRIES

    def document(self) -> dict[str, Any]:
        names = {unit.unit_id: unit.name for unit in self.facts.rows(Unit)}
        result = score_facts(self.facts, self.scheme, self.preset, self.as_of, self.entered)
        return result_document(result, names)


def compute_what_if(
    before: ScoringInput, facts: Sequence[FactChange], scheme: ChangedScheme
) -> dict[str, Any]:
    """The movement between the ranking now and after the changes, and both rankings.

    Raises ChangeMistake with the mistakes of both, and whatever `score_facts` raises.
    """
    after = ScoringInput(
        *apply_all_changes(before.facts, facts, scheme), before.as_of, before.entered
    )
    one = before.document()
    try:
        other = after.document()
    except SchemeMistake as mistake:  # the ledger has a group that the scheme now does not know
        raise ChangeMistake([ChangeErrorDetail(("scheme",), "scheme", mistake.detail)]) from None
    return {
        "as_of": before.as_of.isoformat(),
        "scheme": before.scheme.id,
        "movement": movement_document(one, other),
        "before": one["groups"],
        "after": other["groups"],
    }


def apply_all_changes(
    before: Facts, changes: Sequence[FactChange], scheme: ChangedScheme
) -> tuple[Facts, Scheme, Lights]:
    """The facts and the scheme after the changes. Raises ChangeMistake with all mistakes."""
    try:
        after = apply_fact_changes(before, changes)
    except ChangeMistake as of_facts:
        try:
            scheme()
        except ChangeMistake as of_scheme:
            raise ChangeMistake([*of_facts.mistakes, *of_scheme.mistakes]) from None
        raise
    return after, *scheme()
