"""The totals of month ends, from facts: the numbers whose means are quarters and years."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pyarrow.compute as pc

from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.results.period_rankings import MonthlyTotals
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, check_groups
from services.scoring.execution.day_query import build_day_query, unit_groups
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.unit_terms import query_day_ranking
from shared.facts.tables import Facts


def compute_monthly_totals(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    ends: Iterable[date],
    entered: ManualEntries = NO_ENTRIES,
) -> MonthlyTotals:
    """Month → every unit's total, at month ends of one year.

    Targets entered hold for all of them; marks by hand are of a day, and so of none.
    """
    groups, days, totals = unit_groups(facts), [*ends], {}
    check_groups(scheme, groups)
    if not days:
        return {}
    with open_query_runner(facts) as run:
        targets = replace(entered, marks={})
        query = build_day_query(run, days[0], scheme, preset, groups, targets)
        for end in days:
            standings_by_group = query_day_ranking(query.for_day(end)).groups
            totals[end.month] = {
                group: {standing.unit_id: standing.total for standing in standings}
                for group, standings in standings_by_group.items()
            }
    return totals


def latest_report_day(facts: Facts) -> date | None:
    """The day of the latest report of progress: later months have no reports yet."""
    latest: date | None = pc.max(facts.tables["progress"]["as_of"]).as_py()
    return latest
