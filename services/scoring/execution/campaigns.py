"""The figures of a campaign: the terms of its population as of the requested days."""

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
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.execution.day_query import build_day_query, unit_groups
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.unit_terms import query_units_on_day
from shared.calendar import Calendar
from shared.facts.tables import Facts

MetricsById = Mapping[str, Metric]


@dataclass(frozen=True)
class CampaignInput:
    """A campaign, the scheme and the lights that it is computed by, and the facts."""

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
    """The items that a campaign by this scheme may name."""
    units, projects = (
        frozenset(facts.tables[table][column].to_pylist())
        for table, column in (("units", "unit_id"), ("projects", "project_id"))
    )
    return KnownItems(scheme.metrics_by_id, units, projects)


def compute_progress(
    source: CampaignInput, days: Sequence[date], calendar: Calendar
) -> list[dict[str, Any]]:
    """The documents of the requested days: countdown, and every target against its line."""
    campaign, metrics = source.campaign, source.metrics_of_targets
    units = compute_units_by_day(source, source.population, metrics, needed_days(campaign, days))
    return [
        campaign_day_document(
            build_countdown(campaign, as_of, calendar),
            build_target_standings(as_of, campaign, units),
            metrics,
        )
        for as_of in days
    ]


def compute_summary(source: CampaignInput) -> dict[str, Any]:
    """The summary document of a campaign: metrics of its targets first, then the scheme's."""
    campaign, population = source.campaign, source.population
    scored = {m.id: m for m in source.scheme.scored_metrics if not m.by_hand}
    metrics = {**source.metrics_of_targets, **scored}
    units = compute_units_by_day(
        source, population, metrics, needed_days(campaign, [campaign.to_on])
    )
    milestones = reached_milestones(population, campaign.from_on, campaign.to_on)
    return campaign_summary_document(campaign, units, milestones, metrics)


def compute_units_by_day(
    source: CampaignInput, facts: Facts, metrics: MetricsById, days: Iterable[date]
) -> UnitsByDay:
    """Day → the terms of all units. Raises FiguresTooLarge with the metric's name."""
    days = sorted(days)
    if not days:
        return {}
    with open_query_runner(facts) as run:
        groups = unit_groups(facts)
        query = build_day_query(run, days[0], source.scheme, source.preset, groups)
        query = query.for_metrics([*metrics.values()])
        return {day: query_units_on_day(query.for_day(day)) for day in days}
