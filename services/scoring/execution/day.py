"""One day of a run: the terms, standings and light colours that its queries give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.scoring.engine.declarations import Metric
from services.scoring.engine.honours.placement import RankedOnDay
from services.scoring.engine.lights.documents import OVERALL
from services.scoring.engine.lights.history import Colours
from services.scoring.engine.lights.project_lights import Light, lights_from, lights_query
from services.scoring.engine.lights.unit_lights import UnitsOnDay
from services.scoring.engine.points.manual_entries import Entered
from services.scoring.engine.ranking.ranking import ranked
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.duckdb import Run
from services.scoring.execution.unit_terms import Declared, naming, terms_on


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


def colours_of(lights: Sequence[Light]) -> Colours:
    return {light.project_id: {**light.axes, OVERALL: light.overall} for light in lights}
