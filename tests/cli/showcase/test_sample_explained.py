"""Every unit of the sample county, down to its projects: the parts add up to the whole."""

from datetime import date
from fractions import Fraction

import pytest

from services.cli.showcase.sample.county import sample_county
from services.scoring.engine.catalogue.metrics import METRICS
from services.scoring.engine.figures import rounded_sum
from services.scoring.engine.language.compiler import terms_query
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.execution.run import contributions_by_metric, score_facts
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights

SCHEME = find_scheme("lanxian-2022")


@pytest.mark.parametrize("day", [date(2022, 9, 30), date(2022, 12, 25)], ids=str)
def test_the_projects_behind_every_figure_add_up_and_the_figures_to_the_totals(day: date) -> None:
    facts = sample_county()
    result = score_facts(facts, SCHEME, resolve_lights(SCHEME), day)
    explained = 0
    for metric, rows in contributions_by_metric(SCHEME.scored_metrics, facts, SCHEME, day):
        all_units = sum(row.denominator for row in rows)
        for unit, terms in result.terms.items():
            own = [row for row in rows if row.unit_id == unit and row.left_out is None]
            numerator, denominator = terms.of_metric[metric.id]
            assert sum(row.numerator for row in own) == numerator
            if denominator is not None:
                counted = all_units if metric.of_all else sum(row.denominator for row in own)
                assert counted == denominator
            explained += 1
    assert explained == 20 * 26

    for standing in (unit for group in result.groups.values() for unit in group):
        for pillar in SCHEME.pillars:
            ids = [scored.id for scored in pillar.metrics if scored.id in standing.metrics]
            points = sum((standing.metrics[name].points for name in ids), Fraction(0))
            assert not ids or points == standing.pillars[pillar.id].points
        if standing.total is not None:
            figures = (figure.points for figure in standing.pillars.values())
            assert rounded_sum(figures, SCHEME.decimals) == standing.total


def test_the_rows_behind_every_metric_of_the_catalogue_add_up() -> None:
    facts, day = sample_county(), date(2022, 12, 25)
    with open_query_runner(facts) as run:
        terms = {row["unit_id"]: row for row in run(terms_query(METRICS, SCHEME.facts_by_id), day)}
    for metric, rows in contributions_by_metric(METRICS, facts, SCHEME, day):
        all_units = sum(row.denominator for row in rows)
        for unit, of_unit in terms.items():
            own = [row for row in rows if row.unit_id == unit and row.left_out is None]
            assert sum(row.numerator for row in own) == of_unit[f"{metric.id} n"], metric.id
            if metric.denominator:
                counted = all_units if metric.of_all else sum(row.denominator for row in own)
                whole = [row[f"{metric.id} d"] for row in terms.values()]
                expected = sum(whole) if metric.of_all else of_unit[f"{metric.id} d"]
                assert counted == expected, metric.id


@pytest.mark.parametrize("name", ["heilongjiang-2021", "yanan-2017"])
def test_the_same_holds_of_other_rule_books_and_of_the_marks_of_projects(name: str) -> None:
    facts, scheme, day = sample_county(), find_scheme(name), date(2022, 12, 25)
    result = score_facts(facts, scheme, resolve_lights(scheme), day)
    asked = [metric for metric in scheme.needed_metrics if not metric.by_hand]
    counting = set()
    for metric, rows in contributions_by_metric(asked, facts, scheme, day):
        for unit, terms in result.terms.items():
            own = [row for row in rows if row.unit_id == unit and row.left_out is None]
            numerator, denominator = terms.of_metric[metric.id]
            assert sum(row.numerator for row in own) == numerator, (metric.id, unit)
            if denominator is not None:
                assert sum(row.denominator for row in own) == denominator, (metric.id, unit)
            if numerator:
                counting.add(metric.id)
    assert counting == {metric.id for metric in asked}


def test_funds_without_a_project_are_among_the_rows_of_their_unit() -> None:
    facts, day = sample_county(), date(2022, 12, 25)
    (metric,) = [metric for metric in METRICS if metric.id == "central_budget_won"]
    ((_, rows),) = contributions_by_metric([metric], facts, SCHEME, day)
    alone = [row for row in rows if row.project_id is None and row.left_out is None]
    assert len(alone) == 8
    assert all(row.numerator > 0 for row in alone)
