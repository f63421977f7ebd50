"""The totals of month ends, from facts: what quarters and years are the means of."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pyarrow.compute as pc

from services.scoring.engine.points.manual_entries import NOTHING_ENTERED, Entered
from services.scoring.engine.ranking.ranking import ranked
from services.scoring.engine.results.period_rankings import MonthlyTotals
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, check_groups
from services.scoring.execution.duckdb import queries_over
from services.scoring.execution.unit_terms import declared_by, terms_on
from shared.facts.projects import Unit
from shared.facts.tables import Facts


def monthly_totals(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    ends: Iterable[date],
    entered: Entered = NOTHING_ENTERED,
) -> MonthlyTotals:
    """Every unit's total at month ends of one year, by month.

    Targets entered hold for all of them; marks by hand are of a day, and so of none.
    """
    declared, entered = declared_by(scheme, preset), replace(entered, marks={})
    groups = {unit.unit_id: unit.group for unit in facts.rows(Unit)}
    check_groups(scheme, groups)
    metrics, made = scheme.needed_metrics, {}
    with queries_over(facts) as run:
        for end in ends:
            terms = terms_on(end, run, metrics, scheme, declared, groups, entered)
            found = ranked(terms.values(), scheme, entered)
            made[end.month] = {
                group: {standing.unit_id: standing.total for standing in standings}
                for group, standings in found.items()
            }
    return made


def reported_until(facts: Facts) -> date | None:
    """The day of the latest report of progress: later months are not told of yet."""
    latest: date | None = pc.max(facts.tables["progress"]["as_of"]).as_py()
    return latest
