"""The terms of a metric of the catalogue on days, for tests that are tables of days."""

from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.language.compiler import terms_query
from services.scoring.execution.duckdb import open_query_runner
from tests.builders import Row, a_ledger, a_project
from tests.dates import day
from tests.scoring.engine.language.queries import DECLARED

BY_ID = {metric.id: metric for metric in METRICS}
Terms = tuple[int, int | None]


def terms(metric: str, *days: str, **tables: list[Row]) -> dict[str, Terms]:
    """Day → the terms of unit U01; the one project P001 unless the test brings its own."""
    facts = a_ledger(**{"projects": [a_project()], **tables})
    query = terms_query([BY_ID[metric]], DECLARED)
    with open_query_runner(facts) as run:
        rows = {said: run(query, day(said))[0] for said in days}
    return {said: (row[f"{metric} n"], row.get(f"{metric} d")) for said, row in rows.items()}
