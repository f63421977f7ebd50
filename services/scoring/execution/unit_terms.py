"""The terms of units: tallied in one query, made of projects' marks, or entered by hand."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date

from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.lights.project_lights import lights_query
from services.scoring.engine.points.manual_entries import ManualEntries
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.day_query import compile_terms_and_lights
from services.scoring.engine.results.run_result import MarkTerms, build_unit_terms
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.project_marks import (
    ProjectMark,
    compute_project_marks,
    marks_query,
    sum_mark_terms,
)
from services.scoring.execution.duckdb import FiguresTooLarge, QueryRows, QueryRunner

DeclaredFacts = Mapping[str, NamedFact]


def declared_facts(scheme: Scheme, preset: Lights | None) -> dict[str, NamedFact]:
    """The facts that texts may name: the catalogue's, the scheme's, the preset's."""
    return {**scheme.facts_by_id, **(preset.facts_by_id if preset else {})}


def query_unit_terms(
    day: date,
    run: QueryRunner,
    metrics: Sequence[Metric],
    scheme: Scheme,
    declared: DeclaredFacts,
    groups: Mapping[str, str],
    entered: ManualEntries,
) -> dict[str, UnitTerms]:
    """Unit → its terms of these metrics as of a day; `groups` is unit → group.

    Raises FiguresTooLarge with the metric's name.
    """
    rows = query_tallied_terms(run, metrics, declared, day)
    marks = query_mark_terms(day, run, metrics, scheme, declared)
    return {unit.unit_id: unit for unit in build_unit_terms(rows, groups, metrics, marks, entered)}


def query_terms_and_lights(
    day: date,
    run: QueryRunner,
    metrics: Sequence[Metric],
    scheme: Scheme,
    preset: Lights,
    groups: Mapping[str, str],
    entered: ManualEntries,
    *,
    figures: bool,
) -> tuple[dict[str, UnitTerms], QueryRows]:
    """The same, and what `lights_query` answers, over facts that are made once for both."""
    declared = declared_facts(scheme, preset)
    marks = query_mark_terms(day, run, metrics, scheme, declared)
    asked = compile_terms_and_lights(metrics, preset.project_axes, declared, figures=figures)
    try:
        with closing(run.together(asked.facts, asked.queries, day)) as answers:
            units = build_unit_terms(next(answers), groups, metrics, marks, entered)
            terms = {unit.unit_id: unit for unit in units}
            (lights,) = answers
        return terms, lights
    except FiguresTooLarge:
        query_tallied_terms(run, metrics, declared, day)
        with name_overflow_source("亮灯", "Lights"):
            run(lights_query(preset.project_axes, declared, figures=figures), day)
        raise


def query_tallied_terms(
    run: QueryRunner, metrics: Sequence[Metric], declared: DeclaredFacts, day: date
) -> QueryRows:
    """The terms of metrics, all in one query; where a number is too large, of each, to name it."""
    try:
        return run(terms_query(metrics, declared), day)
    except FiguresTooLarge:
        for metric in metrics:
            with name_overflow_source(f"指标 {metric.id}", f"Metric {metric.id}"):
                run(terms_query([metric], declared), day)
        raise


def query_mark_terms(
    day: date, run: QueryRunner, metrics: Sequence[Metric], scheme: Scheme, declared: DeclaredFacts
) -> MarkTerms:
    """Of the metrics that take marks of projects."""
    made = {}
    for metric in (metric for metric in metrics if metric.marks):
        with name_overflow_source(f"指标 {metric.id}", f"Metric {metric.id}"):
            marks, _ = query_project_marks(day, run, metric, scheme, declared)
        made[metric.id] = sum_mark_terms(metric, marks)
    return made


def query_project_marks(
    day: date, run: QueryRunner, metric: Metric, scheme: Scheme, declared: DeclaredFacts
) -> tuple[list[ProjectMark], list[str]]:
    """The marks of projects that a metric takes, and the conditions of being marked in words."""
    taken = next(marks for marks in scheme.project_marks if marks.id == metric.marks)
    query, conditions = marks_query(taken, declared, metric.weighted_by)
    return compute_project_marks(run(query, day), taken), conditions


@contextmanager
def name_overflow_source(zh: str, en: str) -> Iterator[None]:
    """Say of what the figures are too large."""
    try:
        yield
    except FiguresTooLarge as problem:
        raise FiguresTooLarge(f"{zh}：{problem.detail}", f"{en}: {problem.en}") from problem
