"""A run: compile the queries, run them over the facts of a day, rank what they answer."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from services.scoring.engine.compiler import lights_query, rows_query, terms_query
from services.scoring.engine.declarations import Metric
from services.scoring.engine.drilldown import Contribution, contributions, contributions_of_marks
from services.scoring.engine.entered import NOTHING_ENTERED, Entered
from services.scoring.engine.project_marks import (
    ProjectMark,
    marks_of,
    marks_query,
    terms_of_marks,
)
from services.scoring.engine.results import Light, Result, light_of, result
from services.scoring.engine.scheme import Lights, Scheme, check_groups
from services.scoring.execution.duckdb import FiguresTooLarge, Rows, Run, queries_over
from shared.facts import Facts, Unit


def score(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    day: date,
    entered: Entered = NOTHING_ENTERED,
) -> Result:
    """Metrics, points, ranks and lights as of a day.

    Raises FormulaMistake for a scheme's own, SchemeMistake for groups that it does not know, and
    FiguresTooLarge with the metric's name.
    """
    groups = {unit.unit_id: unit.group for unit in facts.rows(Unit)}
    check_groups(scheme, groups)
    declared, needed = scheme.facts_by_id, scheme.needed_metrics
    with queries_over(facts) as run:
        terms = terms_of(run, needed, scheme, day)
        with naming("亮灯", "Lights"):
            lights = run(lights_query(preset.axes, declared), day)
        marked = [metric for metric in needed if metric.marks]
        marks = {
            metric.id: terms_of_marks(metric, marks_on(metric, scheme, run, day)[0])
            for metric in marked
        }
    return result(day, scheme, preset, groups, terms, lights, marks, entered)


def marks_on(
    metric: Metric, scheme: Scheme, run: Run, day: date
) -> tuple[list[ProjectMark], list[str]]:
    """The marks of projects that a metric takes, and the conditions of being marked in words."""
    declared = next(marks for marks in scheme.project_marks if marks.id == metric.marks)
    query, conditions = marks_query(declared, scheme.facts_by_id)
    return marks_of(run(query, day), declared), conditions


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
    """What each row of the ledger adds to each metric, or why it adds nothing.

    Behind a metric that was entered by hand there are no rows.
    """
    with queries_over(facts) as run:
        for metric in metrics:
            with naming(f"指标 {metric.id}", f"Metric {metric.id}"):
                yield metric, [*contributions_to(metric, scheme, run, day)]


def contributions_to(metric: Metric, scheme: Scheme, run: Run, day: date) -> Sequence[Contribution]:
    if metric.marks:
        return contributions_of_marks(metric, *marks_on(metric, scheme, run, day))
    if not metric.is_tallied:
        return ()
    query, conditions = rows_query(metric, scheme.facts_by_id)
    return contributions(run(query, day), conditions)


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
