"""The figures of a campaign: the terms of its population as of the days that are asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring.engine.campaigns.campaign import Campaign, KnownItems, build_countdown
from services.scoring.engine.campaigns.population import restrict_to_population
from services.scoring.engine.campaigns.standings import (
    UnitsByDay,
    build_target_standings,
    campaign_day_document,
    needed_days,
)
from services.scoring.engine.campaigns.summary import campaign_summary_document, reached_milestones
from services.scoring.engine.declarations import Metric
from services.scoring.engine.lights.unit_lights import UnitsOnDay
from services.scoring.engine.points.manual_entries import NO_ENTRIES
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.duckdb import QueryRunner, open_query_runner
from services.scoring.execution.unit_terms import declared_facts, query_unit_terms
from shared.calendar import Calendar
from shared.facts.projects import Unit
from shared.facts.tables import Facts

MetricsById = Mapping[str, Metric]


@dataclass(frozen=True)
class CampaignInput:
    """A campaign with the scheme and the lights that it reckons by, and the facts."""

    campaign: Campaign
    scheme: Scheme
    preset: Lights
    facts: Facts

    @property
    def population(self) -> Facts:
        return restrict_to_population(self.facts, self.campaign.population)

    @property
    def metrics_of_targets(self) -> MetricsById:
        known = self.scheme.metrics_by_id
        return {target.metric: known[target.metric] for target in self.campaign.targets}


def build_known_items(scheme: Scheme, facts: Facts) -> KnownItems:
    """What a campaign by this scheme may name."""
    units, projects = (
        frozenset(facts.tables[table][column].to_pylist())
        for table, column in (("units", "unit_id"), ("projects", "project_id"))
    )
    return KnownItems(scheme.metrics_by_id, units, projects)


def compute_progress(
    asking: CampaignInput, on: Sequence[date], calendar: Calendar
) -> list[dict[str, Any]]:
    """Each of the days asked, as a document: countdown, and every target against its line."""
    campaign, metrics = asking.campaign, asking.metrics_of_targets
    days = compute_units_by_day(asking, asking.population, metrics, needed_days(campaign, on))
    return [
        campaign_day_document(
            build_countdown(campaign, day, calendar),
            build_target_standings(day, campaign, days),
            metrics,
        )
        for day in on
    ]


def compute_summary(asking: CampaignInput) -> dict[str, Any]:
    """What the campaign came to, as a document: metrics of its targets first, then the scheme's."""
    campaign, population = asking.campaign, asking.population
    scored = {m.id: m for m in asking.scheme.scored_metrics if not m.by_hand}
    metrics = {**asking.metrics_of_targets, **scored}
    days = compute_units_by_day(
        asking, population, metrics, needed_days(campaign, [campaign.to_on])
    )
    moved = reached_milestones(population, campaign.from_on, campaign.to_on)
    return campaign_summary_document(campaign, days, moved, metrics)


def compute_units_by_day(
    asking: CampaignInput, facts: Facts, metrics: MetricsById, days: Iterable[date]
) -> UnitsByDay:
    """The terms of all units on each day; raises FiguresTooLarge with the metric's name."""
    scheme, asked = asking.scheme, [*metrics.values()]
    declared = declared_facts(scheme, asking.preset)
    groups = {unit.unit_id: unit.group for unit in facts.rows(Unit)}
    scales = {metric.id: scheme.scale(metric) for metric in asked}

    def terms(run: QueryRunner, day: date) -> UnitsOnDay:
        found = query_unit_terms(day, run, asked, scheme, declared, groups, NO_ENTRIES)
        return UnitsOnDay(day, found, metrics, scales)

    with open_query_runner(facts) as run:
        return {day: terms(run, day) for day in sorted(days)}
