"""A run: compile the queries, run them over the facts of a day, rank what they answer."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from services.scoring.engine.compiler import lights_query, rows_query, terms_query
from services.scoring.engine.declarations import Metric
from services.scoring.engine.drilldown import Contribution, contributions
from services.scoring.engine.results import Light, Result, light_of, result
from services.scoring.engine.scheme import Lights, Scheme
from services.scoring.execution.duckdb import FiguresTooLarge, Rows, Run, queries_over
from shared.facts import Facts, Unit


def score(facts: Facts, scheme: Scheme, preset: Lights, day: date) -> Result:
    """Metrics, points, ranks and lights as of a day.

    Raises FormulaMistake for a scheme's own, and FiguresTooLarge with the metric's name.
    """
    declared = scheme.facts_by_id
    with queries_over(facts) as run:
        terms = terms_of(run, scheme.scored_metrics, scheme, day)
        with naming("亮灯", "Lights"):
            lights = run(lights_query(preset.axes, declared), day)
    groups = {unit.unit_id: unit.group for unit in facts.rows(Unit)}
    return result(day, scheme, preset, groups, terms, lights)


def lights_on(
    facts: Facts, scheme: Scheme, preset: Lights, days: Iterable[date]
) -> Iterator[tuple[date, list[Light]]]:
    """The lights of some days, one after another: what the letters ask for month ends."""
    query = lights_query(preset.axes, scheme.facts_by_id)
    with naming("亮灯", "Lights"), queries_over(facts) as run:
        for day in days:
            yield day, [light_of(row, preset, day) for row in run(query, day)]


def rows_behind(
    metrics: Iterable[Metric], facts: Facts, scheme: Scheme, day: date
) -> Iterator[tuple[Metric, list[Contribution]]]:
    """What each row of the ledger adds to each metric, or why it adds nothing."""
    with queries_over(facts) as run:
        for metric in metrics:
            query, conditions = rows_query(metric, scheme.facts_by_id)
            with naming(f"指标 {metric.id}", f"Metric {metric.id}"):
                rows = run(query, day)
            yield metric, contributions(rows, conditions)


def terms_of(run: Run, metrics: Sequence[Metric], scheme: Scheme, day: date) -> Rows:
    """The terms of metrics, all in one query; where a number is too large, of each, to name it."""
    try:
        return run(terms_query(metrics, scheme.facts_by_id), day)
    except FiguresTooLarge:
        for metric in metrics:
            with naming(f"指标 {metric.id}", f"Metric {metric.id}"):
                run(terms_query([metric], scheme.facts_by_id), day)
        raise


@contextmanager
def naming(zh: str, en: str) -> Iterator[None]:
    """Say of what the figures are too large."""
    try:
        yield
    except FiguresTooLarge as problem:
        raise FiguresTooLarge(f"{zh}：{problem.detail}", f"{en}: {problem.en}") from problem
