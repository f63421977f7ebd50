"""What if: facts and scheme changed for one question, scored before and after, nothing stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring.engine.changes import FactChange, changed
from services.scoring.engine.entered import NOTHING_ENTERED, Entered
from services.scoring.engine.movement import movement
from services.scoring.engine.presets import Lights
from services.scoring.engine.results import document
from services.scoring.engine.scheme import Scheme
from services.scoring.execution.scoring import score
from shared.facts import Facts, Unit


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


def what_if(
    before: Scored, facts: Sequence[FactChange], scheme: Scheme, preset: Lights
) -> dict[str, Any]:
    """What moves when facts change and the scheme is this one, and both rankings.

    Raises ChangeMistake, and whatever `score` raises.
    """
    after = Scored(changed(before.facts, facts), scheme, preset, before.day, before.entered)
    one, other = before.document(), after.document()
    return {
        "as_of": before.day.isoformat(),
        "scheme": before.scheme.id,
        "movement": movement(one, other),
        "before": one["groups"],
        "after": other["groups"],
    }
