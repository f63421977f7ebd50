"""The readings of indicators over a ledger, with the proxy that its projects add up to."""

from collections import Counter
from datetime import date

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.overview.indicators import COUNTY, POOLED, Reading, readings
from services.scoring.execution.duckdb import queries_over
from services.scoring.execution.unit_terms import naming
from shared.facts.money_and_statistics import Indicator
from shared.facts.projects import Unit
from shared.facts.tables import Facts


def readings_on(facts: Facts, day: date) -> list[Reading]:
    """Every indicator of the year as of a day; units without a region are in no proxy."""
    declared = {fact.id: fact for fact in NAMED_FACTS}
    region_of = {unit.unit_id: unit.region_code for unit in facts.rows(Unit)}
    with queries_over(facts) as run, naming(f"指标 {POOLED.id}", f"Metric {POOLED.id}"):
        rows = run(terms_query([POOLED], declared), day)
    pooled: Counter[str] = Counter()
    for row in rows:
        if region := region_of[row["unit_id"]]:
            pooled[region[:COUNTY]] += row[f"{POOLED.id} n"]
    return readings(facts.rows(Indicator), pooled, day)
