"""The totals of month ends, from facts: what quarters and years are the means of."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pyarrow.compute as pc

from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.results.period_rankings import MonthlyTotals
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, check_groups
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.unit_terms import declared_facts, query_unit_terms
from shared.facts.projects import Unit
from shared.facts.tables import Facts


def compute_monthly_totals(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    ends: Iterable[date],
    entered: ManualEntries = NO_ENTRIES,
) -> MonthlyTotals:
    """Every unit's total at month ends of one year, by month.

    Targets entered hold for all of them; marks by hand are of a day, and so of none.
    """
    declared, entered = declared_facts(scheme, preset), replace(entered, marks={})
    groups = {unit.unit_id: unit.group for unit in facts.rows(Unit)}
    check_groups(scheme, groups)
    metrics, made = scheme.needed_metrics, {}
    with open_query_runner(facts) as run:
        for end in ends:
            terms = query_unit_terms(end, run, metrics, scheme, declared, groups, entered)
            found = rank_units(terms.values(), scheme, entered)
            made[end.month] = {
                group: {standing.unit_id: standing.total for standing in standings}
                for group, standings in found.items()
            }
    return made


def latest_report_day(facts: Facts) -> date | None:
    """The day of the latest report of progress: later months are not told of yet."""
    latest: date | None = pc.max(facts.tables["progress"]["as_of"]).as_py()
    return latest
