"""What if: facts and scheme changed for one question, scored before and after, nothing stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring.engine.lights.history import movement
from services.scoring.engine.points.manual_entries import NOTHING_ENTERED, Entered
from services.scoring.engine.results.run_result import document
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, SchemeMistake
from services.scoring.engine.what_if.changes import ChangeMistake, FactChange, Mistake, changed
from services.scoring.execution.run import score
from shared.facts.projects import Unit
from shared.facts.tables import Facts

SchemeAfter = Callable[[], tuple[Scheme, Lights]]  # may raise ChangeMistake


@dataclass(frozen=True)
class Scored:
    """What is scored: facts by a scheme with its lights on a day, with what was entered."""

    facts: Facts
    scheme: Scheme
    preset: Lights
    day: date
    entered: Entered = NOTHING_ENTERED

    def document(self) -> dict[str, Any]:
        names = {unit.unit_id: unit.name for unit in self.facts.rows(Unit)}
        result = score(self.facts, self.scheme, self.preset, self.day, self.entered)
        return document(result, names)


def what_if(before: Scored, facts: Sequence[FactChange], scheme: SchemeAfter) -> dict[str, Any]:
    """What moves when facts change and the scheme is another one, and both rankings.

    Raises ChangeMistake with the mistakes of both, and whatever `score` raises.
    """
    after = Scored(*changed_by(before.facts, facts, scheme), before.day, before.entered)
    one = before.document()
    try:
        other = after.document()
    except SchemeMistake as mistake:  # the ledger has a group that the scheme now does not know
        raise ChangeMistake([Mistake(("scheme",), "scheme", mistake.detail)]) from None
    return {
        "as_of": before.day.isoformat(),
        "scheme": before.scheme.id,
        "movement": movement(one, other),
        "before": one["groups"],
        "after": other["groups"],
    }


def changed_by(
    before: Facts, changes: Sequence[FactChange], scheme: SchemeAfter
) -> tuple[Facts, Scheme, Lights]:
    """The facts and the scheme after the changes; what is wrong with either is told at once."""
    try:
        after = changed(before, changes)
    except ChangeMistake as of_facts:
        try:
            scheme()
        except ChangeMistake as of_scheme:
            raise ChangeMistake([*of_facts.mistakes, *of_scheme.mistakes]) from None
        raise
    return after, *scheme()
