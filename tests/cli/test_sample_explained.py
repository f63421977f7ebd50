"""Every unit of the sample county, down to its projects: the parts add up to the whole."""

from datetime import date
from fractions import Fraction

import pytest

from services.cli.showcase.sample.county import sample_county
from services.scoring.engine.figures import rounded_sum
from services.scoring.execution.scoring import rows_behind, score
from services.scoring.schemes.reading import find_scheme, lights_of

SCHEME = find_scheme("lanxian-2022")


@pytest.mark.parametrize("day", [date(2022, 9, 30), date(2022, 12, 25)], ids=str)
def test_the_projects_behind_every_figure_add_up_and_the_figures_to_the_totals(day: date) -> None:
    facts = sample_county()
    result = score(facts, SCHEME, lights_of(SCHEME), day)
    explained = 0
    for metric, rows in rows_behind(SCHEME.scored_metrics, facts, SCHEME, day):
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
