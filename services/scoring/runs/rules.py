"""What is kept of a result, and what can be said again from it without the facts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.scoring.engine.entered import NOTHING_ENTERED, Entered
from services.scoring.engine.presets import Lights
from services.scoring.engine.ranking import Terms, ranked
from services.scoring.engine.results import Result, streamed, written
from services.scoring.engine.scheme import Scheme


def text_of(result: Result, names: Mapping[str, str]) -> str:
    """The document byte for byte as `bairi score --format json` prints it."""
    return written(streamed(result, names)).decode()


def terms_kept(result: Result, names: Mapping[str, str]) -> dict[str, Any]:
    """Unit → its group, live projects and terms: all that a ranking needs, whatever the weights."""
    return {
        unit.unit_id: {
            "name": names[unit.unit_id],
            "group": unit.group,
            "live_projects": unit.live_projects,
            "of_metric": unit.of_metric,
        }
        for unit in result.terms.values()
    }


def ranked_again(
    kept: Mapping[str, Any],
    scheme: Scheme,
    preset: Lights,
    day: date,
    entered: Entered = NOTHING_ENTERED,
) -> Result:
    """The standings from kept terms, marks by hand among them; targets are entered anew.

    Lights need facts and are left out.
    """
    terms = {
        unit_id: Terms(
            unit_id,
            unit["group"],
            unit["live_projects"],
            {metric: (n, d) for metric, (n, d) in unit["of_metric"].items()},
        )
        for unit_id, unit in kept.items()
    }
    standings = ranked(terms.values(), scheme, entered)
    return Result(day, scheme, preset, standings, terms, [], entered)
