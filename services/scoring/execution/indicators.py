"""The indicators of a ledger's regions, with the proxy that its projects add up to."""

from collections import Counter
from datetime import date

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.overview.indicators import (
    COUNTY_CODE_DIGITS,
    PROXY_METRIC,
    RegionIndicator,
    build_region_indicators,
)
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.unit_terms import name_overflow_source
from shared.facts.money_and_statistics import Indicator
from shared.facts.projects import Unit
from shared.facts.tables import Facts


def compute_region_indicators(facts: Facts, as_of: date) -> list[RegionIndicator]:
    """Every indicator of the year as of a day; units without a region are in no proxy."""
    declared = {fact.id: fact for fact in NAMED_FACTS}
    region_of = {unit.unit_id: unit.region_code for unit in facts.rows(Unit)}
    with (
        open_query_runner(facts) as run,
        name_overflow_source(f"指标 {PROXY_METRIC.id}", f"Metric {PROXY_METRIC.id}"),
    ):
        rows = run(terms_query([PROXY_METRIC], declared), as_of)
    pooled: Counter[str] = Counter()
    for row in rows:
        if region := region_of[row["unit_id"]]:
            pooled[region[:COUNTY_CODE_DIGITS]] += row[f"{PROXY_METRIC.id} n"]
    return build_region_indicators(facts.rows(Indicator), pooled, as_of)
