"""The figures of a campaign: the terms of its population as of the days that are asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring.engine.campaigns.campaign import Campaign, Known, countdown
from services.scoring.engine.campaigns.population import populated
from services.scoring.engine.campaigns.standings import Days, day_document, days_asked, standings_on
from services.scoring.engine.campaigns.summary import moves, summary_document
from services.scoring.engine.declarations import Metric
from services.scoring.engine.lights.unit_lights import UnitsOnDay
from services.scoring.engine.points.manual_entries import NOTHING_ENTERED
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.duckdb import Run, queries_over
from services.scoring.execution.unit_terms import declared_by, terms_on
from shared.calendar import Calendar
from shared.facts.projects import Unit
from shared.facts.tables import Facts

Metrics = Mapping[str, Metric]


@dataclass(frozen=True)
class Asking:
    """A campaign with the scheme and the lights that it reckons by, and the facts."""

    campaign: Campaign
    scheme: Scheme
    preset: Lights
    facts: Facts

    @property
    def population(self) -> Facts:
        return populated(self.facts, self.campaign.population)

    @property
    def metrics_of_targets(self) -> Metrics:
        known = self.scheme.metrics_by_id
        return {target.metric: known[target.metric] for target in self.campaign.targets}


def known_to(scheme: Scheme, facts: Facts) -> Known:
    """What a campaign by this scheme may name."""
    units, projects = (
        frozenset(facts.tables[table][column].to_pylist())
        for table, column in (("units", "unit_id"), ("projects", "project_id"))
    )
    return Known(scheme.metrics_by_id, units, projects)


def progress(asking: Asking, on: Sequence[date], calendar: Calendar) -> list[dict[str, Any]]:
    """Each of the days asked, as a document: countdown, and every target against its line."""
    campaign, metrics = asking.campaign, asking.metrics_of_targets
    days = units_on(asking, asking.population, metrics, days_asked(campaign, on))
    return [
        day_document(countdown(campaign, day, calendar), standings_on(day, campaign, days), metrics)
        for day in on
    ]


def summary(asking: Asking) -> dict[str, Any]:
    """What the campaign came to, as a document: metrics of its targets first, then the scheme's."""
    campaign, population = asking.campaign, asking.population
    scored = {m.id: m for m in asking.scheme.scored_metrics if not m.by_hand}
    metrics = {**asking.metrics_of_targets, **scored}
    days = units_on(asking, population, metrics, days_asked(campaign, [campaign.to_on]))
    moved = moves(population, campaign.from_on, campaign.to_on)
    return summary_document(campaign, days, moved, metrics)


def units_on(asking: Asking, facts: Facts, metrics: Metrics, days: Iterable[date]) -> Days:
    """The terms of all units on each day; raises FiguresTooLarge with the metric's name."""
    scheme, asked = asking.scheme, [*metrics.values()]
    declared = declared_by(scheme, asking.preset)
    groups = {unit.unit_id: unit.group for unit in facts.rows(Unit)}
    scales = {metric.id: scheme.scale(metric) for metric in asked}

    def terms(run: Run, day: date) -> UnitsOnDay:
        found = terms_on(day, run, asked, scheme, declared, groups, NOTHING_ENTERED)
        return UnitsOnDay(day, found, metrics, scales)

    with queries_over(facts) as run:
        return {day: terms(run, day) for day in sorted(days)}
