"""What stands beside a ranking: the days and metrics that it takes are asked here, judged purely.

Nothing is asked that scheme and preset do not ask for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.scoring.engine.awards import awards, awards_query
from services.scoring.engine.beside import Beside
from services.scoring.engine.boards import boards
from services.scoring.engine.declarations import Metric
from services.scoring.engine.entered import Entered
from services.scoring.engine.honours import MONTHS_BACK, TOTAL
from services.scoring.engine.light_details import OVERALL, SinceOf
from services.scoring.engine.lights import Light, lights_from, lights_query
from services.scoring.engine.movement import Colours, latest_month_ends, since_of
from services.scoring.engine.places import RankedOnDay
from services.scoring.engine.presets import Lights
from services.scoring.engine.ranking import ranked
from services.scoring.engine.results import Result
from services.scoring.engine.scheme import Scheme
from services.scoring.engine.streaks import streaks
from services.scoring.engine.unit_lights import Targets, UnitLight, UnitsOnDay, unit_lights
from services.scoring.execution.duckdb import Run
from services.scoring.execution.terms import Declared, naming, terms_on


@dataclass(frozen=True)
class Asking:
    """How days are asked: a run of queries, and what all days have in common."""

    run: Run
    scheme: Scheme
    preset: Lights
    declared: Declared
    groups: Mapping[str, str]
    metrics: Mapping[str, Metric]
    of_day: date
    entered: Entered

    def units_on(self, day: date, metrics: Mapping[str, Metric]) -> UnitsOnDay:
        """The terms of these metrics on a day."""
        asked, entered = list(metrics.values()), self.entered_for(day)
        terms = terms_on(day, self.run, asked, self.scheme, self.declared, self.groups, entered)
        scales = {metric.id: self.scheme.scale(metric) for metric in asked}
        return UnitsOnDay(day, terms, metrics, scales)

    def entered_for(self, day: date) -> Entered:
        """Targets are for every month; marks are of the day of the run alone."""
        return self.entered if day == self.of_day else replace(self.entered, marks={})

    def ranked_on(self, day: date) -> RankedOnDay:
        """The standings of a day, with the terms of every metric asked."""
        units = self.units_on(day, self.metrics)
        return RankedOnDay(units, ranked(units.terms.values(), self.scheme, self.entered))

    def lights_on(self, day: date) -> Colours:
        """Project → axis → its colour on a day, the overall one among them."""
        with naming("亮灯", "Lights"):
            rows = self.run(lights_query(self.preset.project_axes, self.declared), day)
        return colours_of(lights_from(rows, self.preset, day))


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


def colours_of(lights: Sequence[Light]) -> Colours:
    return {light.project_id: {**light.axes, OVERALL: light.overall} for light in lights}


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
