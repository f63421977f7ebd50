"""The supplements of a ranking: the queries of the days and metrics that they take.

Only what scheme and preset declare is queried.
"""

from collections.abc import Sequence
from datetime import date

from services.scoring.engine.declarations import Metric
from services.scoring.engine.honours.awards import awards_query, decide_awards
from services.scoring.engine.honours.boards import build_boards
from services.scoring.engine.honours.streaks import find_streaks
from services.scoring.engine.lights.documents import OVERALL, ColourSinceByAxis
from services.scoring.engine.lights.history import (
    ColoursByAxis,
    find_colours_since,
    latest_month_ends,
)
from services.scoring.engine.lights.project_lights import ProjectLight, build_lights
from services.scoring.engine.lights.unit_lights import (
    UnitLight,
    UnitsOnDay,
    UnitTargets,
    build_unit_lights,
)
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.engine.results.supplements import Supplements
from services.scoring.engine.scheme.honour_declarations import BY_TOTAL, LOOKBACK_MONTHS
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.day_query import DayQuery
from services.scoring.execution.unit_terms import (
    query_day_ranking,
    query_lights,
    query_units_on_day,
)


def compute_supplements(query: DayQuery, result: ScoringResult, *, since: bool) -> Supplements:
    """Units' lights, boards, streaks, awards, and the days since when lights have their colours.

    `query` is the one of the result.
    """
    scheme, preset, as_of = result.scheme, result.preset, result.as_of
    since = since or preset.detailed
    metrics, targets = metrics_to_query(scheme, preset), result.entered.target_values
    lights_since = project_colours_since(query, result) if since else {}
    if not (preset.unit_axes or scheme.boards or scheme.streaks or scheme.awards):
        return Supplements(lights_since=lights_since)
    ranking_query = query.for_metrics([*metrics.values()])
    today = query_day_ranking(ranking_query)
    of_lights = {metric.id: metric for metric in preset.unit_axis_metrics(scheme.metrics_by_id)}
    lights_query = query.for_metrics([*of_lights.values()])
    lit = latest_month_ends(as_of, light_month_count(preset, since))
    units = [query_units_on_day(lights_query.for_day(end)) for end in lit]
    months = latest_month_ends(as_of, LOOKBACK_MONTHS if scheme.streaks else 0)
    rankings = [query_day_ranking(ranking_query.for_day(end)) for end in months]
    sql = awards_query(scheme.awards, query.declared)
    rows = query.run(sql, as_of) if sql else []

    lights = build_unit_lights(preset, today.units, units[:LOOKBACK_MONTHS], targets)
    return Supplements(
        metrics,
        lights_since,
        lights,
        unit_colours_since(preset, today.units, units, lights, targets) if since else {},
        build_boards(scheme.boards, today, targets) if scheme.boards else None,
        find_streaks(scheme.streaks, rankings) if scheme.streaks else None,
        decide_awards(scheme.awards, rows, today, targets),
    )


def looked_back_days(scheme: Scheme, preset: Lights, as_of: date) -> Sequence[date]:
    """The earlier month ends whose marks by hand count in streaks and units' lights."""
    of_lights = preset.unit_axis_metrics(scheme.metrics_by_id)
    months = light_month_count(preset, since=True) if any(m.by_hand for m in of_lights) else 0
    return latest_month_ends(as_of, max(months, LOOKBACK_MONTHS if scheme.streaks else 0))


def metrics_to_query(scheme: Scheme, preset: Lights) -> dict[str, Metric]:
    """The metrics that rank, and those that only lights, boards, streaks or awards use."""
    known = preset.metrics_by_id(scheme.metrics_by_id)
    named = [
        *(metric.id for metric in scheme.needed_metrics),
        *(axis.metric for axis in preset.unit_axes),
        *(name for board in scheme.boards for name in (board.by, board.metric)),
        *(streak.by for streak in scheme.streaks),
        *(award.metric for award in scheme.awards if not award.needs),
    ]
    return {name: known[name] for name in named if name is not None and name != BY_TOTAL}


def light_month_count(preset: Lights, since: bool) -> int:
    """The number of month ends needed: the history of missed months takes twice as many."""
    missed = any(axis.missed for axis in preset.unit_axes)
    return LOOKBACK_MONTHS * (missed + (since and bool(preset.unit_axes)))


def project_colours_since(query: DayQuery, result: ScoringResult) -> ColourSinceByAxis:
    """Project → axis → since when it has its colour, from the month ends of a year back."""
    as_of, preset = result.as_of, result.preset
    earlier = []
    for end in latest_month_ends(as_of, LOOKBACK_MONTHS):
        if end < as_of:
            lights = build_lights(query_lights(query.for_day(end)), preset, end)
            earlier.append((end, colours_by_project(lights)))
    return find_colours_since(as_of, colours_by_project(result.lights), earlier)


def colours_by_project(lights: Sequence[ProjectLight]) -> ColoursByAxis:
    """Project → axis → its colour on a day, the overall one among them."""
    return {light.project_id: {**light.axes, OVERALL: light.overall} for light in lights}


def unit_colours_since(
    preset: Lights,
    today: UnitsOnDay,
    ends: list[UnitsOnDay],
    lights: list[UnitLight],
    targets: UnitTargets,
) -> ColourSinceByAxis:
    earlier = [
        (
            end.as_of,
            unit_colours(build_unit_lights(preset, end, ends[n : n + LOOKBACK_MONTHS], targets)),
        )
        for n, end in enumerate(ends[:LOOKBACK_MONTHS])
        if end.as_of < today.as_of
    ]
    return find_colours_since(today.as_of, unit_colours(lights), earlier)


def unit_colours(lights: list[UnitLight]) -> ColoursByAxis:
    found: dict[str, dict[str, str | None]] = {}
    for light in lights:
        found.setdefault(light.unit_id, {})[light.axis] = light.colour
    return found
