"""Laws of the drill-down: the rows behind every metric add up to every unit's terms."""

from collections import Counter
from datetime import date

from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.language.compiler import terms_query
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.run import contributions_by_metric
from tests.facts import facts_of
from tests.oracle.random_more import with_more
from tests.scoring.engine.combined_ledgers import together
from tests.scoring.engine.language.queries import DECLARED
from tests.scoring.engine.result_documents import LANXIAN

DAYS = (date(2021, 6, 30), date(2022, 6, 30), date(2022, 12, 25))
FUNDS = {metric.id for metric in METRICS if metric.over == "funds"}
OFF = {metric.id for metric in METRICS if metric.needs}


def test_the_rows_behind_every_metric_add_up_to_every_units_terms() -> None:
    facts = facts_of(with_more(together(range(30, 35)), 30))
    unit_of = {row["project_id"]: row["unit_id"] for row in facts.tables["projects"].to_pylist()}
    counting, without_project, of_another_unit = set(), set(), set()
    for day in DAYS:
        with open_query_runner(facts) as run:
            terms = {row["unit_id"]: row for row in run(terms_query(METRICS, DECLARED), day)}
        for metric, rows in contributions_by_metric(METRICS, facts, LANXIAN, day):
            numerators: Counter[str] = Counter()
            denominators: Counter[str] = Counter()
            for row in rows:
                numerators[row.unit_id] += row.numerator
                denominators[row.unit_id] += row.denominator
                assert row.left_out is None or (row.numerator, row.denominator) == (0, 0)
                if row.numerator and row.unit_id:
                    counting.add(metric.id)
                    if row.project_id is None:
                        without_project.add(metric.id)
                    elif unit_of[row.project_id] != row.unit_id:
                        of_another_unit.add(metric.id)
            for unit, found in terms.items():
                assert numerators[unit] == found[f"{metric.id} n"], (metric.id, unit, day)
                if metric.denominator:
                    assert denominators[unit] == found[f"{metric.id} d"], (metric.id, unit, day)
    # So that nothing adds up only because there is nothing.
    assert counting == {metric.id for metric in METRICS} - OFF
    assert without_project == of_another_unit == FUNDS
