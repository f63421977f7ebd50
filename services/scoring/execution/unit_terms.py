"""The terms of units: tallied in one query, made of projects' marks, or entered by hand."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from services.scoring.engine.declarations import Metric
from services.scoring.engine.honours.placement import DayRanking
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.lights.project_lights import lights_query
from services.scoring.engine.lights.unit_lights import UnitsOnDay
from services.scoring.engine.ranking.ranking import rank_units
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.query_batch import compile_terms_and_lights
from services.scoring.engine.results.run_result import MarkTerms, build_unit_terms
from services.scoring.engine.scheme.project_marks import (
    ProjectMark,
    compute_project_marks,
    marks_query,
    sum_mark_terms,
)
from services.scoring.execution.day_query import DayQuery
from services.scoring.execution.duckdb import FiguresTooLarge, QueryRows


def query_unit_terms(query: DayQuery) -> dict[str, UnitTerms]:
    """Unit → its terms of the query's metrics. Raises FiguresTooLarge with the metric's name."""
    rows, marks = query_tallied_terms(query), query_mark_terms(query)
    units = build_unit_terms(rows, query.groups, query.metrics, marks, query.entered)
    return {unit.unit_id: unit for unit in units}


def query_units_on_day(query: DayQuery) -> UnitsOnDay:
    """The same terms with their metrics by id and their scales."""
    metrics = {metric.id: metric for metric in query.metrics}
    scales = {metric.id: query.scheme.scale(metric) for metric in query.metrics}
    return UnitsOnDay(query.as_of, query_unit_terms(query), metrics, scales)


def query_day_ranking(query: DayQuery) -> DayRanking:
    """The standings of the day, with the terms of every metric of the query."""
    units = query_units_on_day(query)
    return DayRanking(units, rank_units(units.terms.values(), query.scheme, query.entered))


def query_terms_and_lights(
    query: DayQuery, *, figures: bool
) -> tuple[dict[str, UnitTerms], QueryRows]:
    """The terms, and the rows of `lights_query`, over facts that are computed once for both."""
    marks = query_mark_terms(query)
    batch = compile_terms_and_lights(query.metrics, query.axes, query.declared, figures=figures)
    try:
        with closing(query.run.run_batch(batch.facts, batch.queries, query.as_of)) as answers:
            units = build_unit_terms(
                next(answers), query.groups, query.metrics, marks, query.entered
            )
            terms = {unit.unit_id: unit for unit in units}
            (lights,) = answers
        return terms, lights
    except FiguresTooLarge:
        query_tallied_terms(query)
        query_lights(query, figures=figures)
        raise


def query_lights(query: DayQuery, *, figures: bool = False) -> QueryRows:
    """The rows of projects' lights. Raises FiguresTooLarge with the lights named."""
    with name_overflow_source("亮灯", "Lights"):
        return query.run(lights_query(query.axes, query.declared, figures=figures), query.as_of)


def query_tallied_terms(query: DayQuery) -> QueryRows:
    """The terms of metrics, all in one query; where a number is too large, of each, to name it."""
    try:
        return query.run(terms_query(query.metrics, query.declared), query.as_of)
    except FiguresTooLarge:
        for metric in query.metrics:
            with name_overflow_source(f"指标 {metric.id}", f"Metric {metric.id}"):
                query.run(terms_query([metric], query.declared), query.as_of)
        raise


def query_mark_terms(query: DayQuery) -> MarkTerms:
    """The terms of the metrics that take marks of projects."""
    terms = {}
    for metric in (metric for metric in query.metrics if metric.marks):
        with name_overflow_source(f"指标 {metric.id}", f"Metric {metric.id}"):
            marks, _ = query_project_marks(query, metric)
        terms[metric.id] = sum_mark_terms(metric, marks)
    return terms


def query_project_marks(query: DayQuery, metric: Metric) -> tuple[list[ProjectMark], list[str]]:
    """The marks of projects that a metric takes, and the conditions of being marked in words."""
    declared = next(marks for marks in query.scheme.project_marks if marks.id == metric.marks)
    sql, conditions = marks_query(declared, query.declared, metric.weighted_by)
    return compute_project_marks(query.run(sql, query.as_of), declared), conditions


@contextmanager
def name_overflow_source(zh: str, en: str) -> Iterator[None]:
    """Name in FiguresTooLarge whose figures are too large."""
    try:
        yield
    except FiguresTooLarge as problem:
        raise FiguresTooLarge(f"{zh}：{problem.detail}", f"{en}: {problem.en}") from problem
