"""One day of a run: the terms, standings and light colours that its queries give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.scoring.engine.declarations import Metric
from services.scoring.engine.honours.placement import DayRanking
from services.scoring.engine.lights.documents import OVERALL
from services.scoring.engine.lights.history import ColoursByAxis
from services.scoring.engine.lights.project_lights import ProjectLight, build_lights, lights_query
from services.scoring.engine.lights.unit_lights import UnitsOnDay
from services.scoring.engine.points.manual_entries import ManualEntries
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.duckdb import QueryRunner
from services.scoring.execution.unit_terms import (
    DeclaredFacts,
    name_overflow_source,
    query_unit_terms,
)


@dataclass(frozen=True)
class DayQueries:
    """How days are asked: a run of queries, and what all days have in common."""

    run: QueryRunner
    scheme: Scheme
    preset: Lights
    declared: DeclaredFacts
    groups: Mapping[str, str]
    metrics: Mapping[str, Metric]
    of_day: date
    entered: ManualEntries

    def units_on(self, day: date, metrics: Mapping[str, Metric]) -> UnitsOnDay:
        """The terms of these metrics on a day."""
        asked, entered = list(metrics.values()), self.entered_for(day)
        terms = query_unit_terms(
            day, self.run, asked, self.scheme, self.declared, self.groups, entered
        )
        scales = {metric.id: self.scheme.scale(metric) for metric in asked}
        return UnitsOnDay(day, terms, metrics, scales)

    def entered_for(self, day: date) -> ManualEntries:
        """Targets are for every month; marks are of the day of the run alone."""
        return self.entered if day == self.of_day else replace(self.entered, marks={})

    def ranked_on(self, day: date) -> DayRanking:
        """The standings of a day, with the terms of every metric asked."""
        units = self.units_on(day, self.metrics)
        return DayRanking(units, rank_units(units.terms.values(), self.scheme, self.entered))

    def lights_on(self, day: date) -> ColoursByAxis:
        """Project → axis → its colour on a day, the overall one among them."""
        with name_overflow_source("亮灯", "Lights"):
            rows = self.run(lights_query(self.preset.project_axes, self.declared), day)
        return colours_by_project(build_lights(rows, self.preset, day))


def colours_by_project(lights: Sequence[ProjectLight]) -> ColoursByAxis:
    return {light.project_id: {**light.axes, OVERALL: light.overall} for light in lights}
