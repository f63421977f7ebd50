"""What stands beside a ranking: the days and metrics that it takes are asked here, judged purely.

Nothing is asked that scheme and preset do not ask for.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from services.scoring.engine.declarations import Metric
from services.scoring.engine.honours.awards import awards, awards_query
from services.scoring.engine.honours.boards import boards
from services.scoring.engine.honours.streaks import streaks
from services.scoring.engine.lights.documents import SinceOf
from services.scoring.engine.lights.history import Colours, latest_month_ends, since_of
from services.scoring.engine.lights.project_lights import Light
from services.scoring.engine.lights.unit_lights import Targets, UnitLight, UnitsOnDay, unit_lights
from services.scoring.engine.results.run_result import Result
from services.scoring.engine.results.supplements import Beside
from services.scoring.engine.scheme.honour_declarations import MONTHS_BACK, TOTAL
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.day import Asking, colours_of
from services.scoring.execution.duckdb import Run
from services.scoring.execution.unit_terms import Declared


def beside(
    run: Run,
    found: Result,
    declared: Declared,
    groups: Mapping[str, str],
    *,
    since: bool,
) -> Beside:
    """Units' lights, boards, streaks, awards, and since when the lights are as they are."""
    scheme, preset, day = found.scheme, found.preset, found.as_of
    since = since or preset.detailed
    metrics, targets = metrics_asked(scheme, preset), found.entered.target_values
    asking = Asking(run, scheme, preset, declared, groups, metrics, day, found.entered)
    lights_since = since_month_ends(asking, found.lights, day) if since else {}
    if not (preset.unit_axes or scheme.boards or scheme.streaks or scheme.awards):
        return Beside(lights_since=lights_since)
    today = asking.ranked_on(day)
    of_lights = {metric.id: metric for metric in preset.unit_metrics(scheme.metrics_by_id)}
    lit = latest_month_ends(day, months_of_lights(preset, since))
    units = [asking.units_on(end, of_lights) for end in lit]
    months = latest_month_ends(day, MONTHS_BACK if scheme.streaks else 0)
    ends = [asking.ranked_on(end) for end in months]
    query = awards_query(scheme.awards, declared)
    rows = run(query, day) if query else []

    lights = unit_lights(preset, today.units, units[:MONTHS_BACK], targets)
    return Beside(
        asking.metrics,
        lights_since,
        lights,
        units_since(preset, today.units, units, lights, targets) if since else {},
        boards(scheme.boards, today, targets) if scheme.boards else None,
        streaks(scheme.streaks, ends) if scheme.streaks else None,
        awards(scheme.awards, rows, today, targets),
    )


def metrics_asked(scheme: Scheme, preset: Lights) -> dict[str, Metric]:
    """The metrics that rank, and those that only lights, boards, streaks or awards look at."""
    known = preset.metrics_by_id(scheme.metrics_by_id)
    named = [
        *(metric.id for metric in scheme.needed_metrics),
        *(axis.metric for axis in preset.unit_axes),
        *(name for board in scheme.boards for name in (board.by, board.metric)),
        *(streak.by for streak in scheme.streaks),
        *(award.metric for award in scheme.awards if not award.needs),
    ]
    return {name: known[name] for name in named if name is not None and name != TOTAL}


def months_of_lights(preset: Lights, since: bool) -> int:
    """How many month ends are looked at: to tell since when a unit missed months takes twice."""
    missed = any(axis.missed for axis in preset.unit_axes)
    return MONTHS_BACK * (missed + (since and bool(preset.unit_axes)))


def since_month_ends(asking: Asking, lights: Sequence[Light], day: date) -> SinceOf:
    """Project → axis → since when it has its colour, from the month ends of a year back."""
    days = [end for end in latest_month_ends(day, MONTHS_BACK) if end < day]
    return since_of(day, colours_of(lights), [(end, asking.lights_on(end)) for end in days])


def units_since(
    preset: Lights,
    today: UnitsOnDay,
    ends: list[UnitsOnDay],
    lights: list[UnitLight],
    targets: Targets,
) -> SinceOf:
    earlier = [
        (end.day, unit_colours(unit_lights(preset, end, ends[n : n + MONTHS_BACK], targets)))
        for n, end in enumerate(ends[:MONTHS_BACK])
        if end.day < today.day
    ]
    return since_of(today.day, unit_colours(lights), earlier)


def unit_colours(lights: list[UnitLight]) -> Colours:
    found: dict[str, dict[str, str | None]] = {}
    for light in lights:
        found.setdefault(light.unit_id, {})[light.axis] = light.colour
    return found
