"""The totals of month ends, from facts: the numbers whose means are quarters and years."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import pyarrow.compute as pc

from services.scoring.engine.points.dated_entries import NOTHING_ENTERED, DatedEntries
from services.scoring.engine.results.period_rankings import (
    MonthlyScores,
    UnmarkedMetric,
    find_unmarked_metrics,
)
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, check_groups
from services.scoring.execution.day_query import build_day_query, unit_groups
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.unit_terms import query_day_ranking
from shared.facts.tables import Facts


def compute_monthly_scores(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    ends: Iterable[date],
    entered: DatedEntries = NOTHING_ENTERED,
) -> MonthlyScores:
    """Month → every unit's total, at month ends of one year, each with the entries of its day."""
    groups, days = unit_groups(facts), [*ends]
    totals: dict[int, dict[str, dict[str, Fraction | None]]] = {}
    unmarked: list[UnmarkedMetric] = []
    check_groups(scheme, groups)
    if not days:
        return MonthlyScores({}, [])
    with open_query_runner(facts) as run:
        query = build_day_query(run, days[0], scheme, preset, groups, entered.on(days[0]))
        for end in days:
            ranking = query_day_ranking(query.for_day(end))
            of_month = totals.setdefault(end.month, {})
            for group, standings in ranking.groups.items():
                of_month[group] = {s.unit_id: s.total for s in standings}
                ranked = [s.unit_id for s in standings if s.rank is not None]
                terms = {unit: ranking.units.terms[unit].of_metric for unit in ranked}
                denominators = {u: {m: d for m, (_, d) in terms[u].items()} for u in terms}
                unmarked += find_unmarked_metrics(scheme, end.month, group, denominators)
    return MonthlyScores(totals, unmarked)


def latest_report_day(facts: Facts) -> date | None:
    """The day of the latest report of progress: later months have no reports yet."""
    latest: date | None = pc.max(facts.tables["progress"]["as_of"]).as_py()
    return latest
