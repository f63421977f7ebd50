"""The terms of units: tallied in one query, made of projects' marks, or entered by hand."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date

from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.lights.project_lights import lights_query
from services.scoring.engine.points.manual_entries import Entered
from services.scoring.engine.ranking.unit_terms import Terms
from services.scoring.engine.results.day_query import terms_and_lights
from services.scoring.engine.results.run_result import MoreTerms, terms_of
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.project_marks import (
    ProjectMark,
    marks_of,
    marks_query,
    terms_of_marks,
)
from services.scoring.execution.duckdb import FiguresTooLarge, Rows, Run

Declared = Mapping[str, NamedFact]


def declared_by(scheme: Scheme, preset: Lights | None) -> dict[str, NamedFact]:
    """The facts that texts may name: the catalogue's, the scheme's, the preset's."""
    return {**scheme.facts_by_id, **(preset.facts_by_id if preset else {})}


def terms_on(
    day: date,
    run: Run,
    metrics: Sequence[Metric],
    scheme: Scheme,
    declared: Declared,
    groups: Mapping[str, str],
    entered: Entered,
) -> dict[str, Terms]:
    """Unit → its terms of these metrics as of a day; `groups` is unit → group.

    Raises FiguresTooLarge with the metric's name.
    """
    rows = tallied(run, metrics, declared, day)
    marks = terms_by_marks(day, run, metrics, scheme, declared)
    return {unit.unit_id: unit for unit in terms_of(rows, groups, metrics, marks, entered)}


def terms_and_lights_on(
    day: date,
    run: Run,
    metrics: Sequence[Metric],
    scheme: Scheme,
    preset: Lights,
    groups: Mapping[str, str],
    entered: Entered,
    *,
    figures: bool,
) -> tuple[dict[str, Terms], Rows]:
    """The same, and what `lights_query` answers, over facts that are made once for both."""
    declared = declared_by(scheme, preset)
    marks = terms_by_marks(day, run, metrics, scheme, declared)
    asked = terms_and_lights(metrics, preset.project_axes, declared, figures=figures)
    try:
        with closing(run.together(asked.facts, asked.queries, day)) as answers:
            units = terms_of(next(answers), groups, metrics, marks, entered)
            terms = {unit.unit_id: unit for unit in units}
            (lights,) = answers
        return terms, lights
    except FiguresTooLarge:
        tallied(run, metrics, declared, day)
        with naming("亮灯", "Lights"):
            run(lights_query(preset.project_axes, declared, figures=figures), day)
        raise


def tallied(run: Run, metrics: Sequence[Metric], declared: Declared, day: date) -> Rows:
    """The terms of metrics, all in one query; where a number is too large, of each, to name it."""
    try:
        return run(terms_query(metrics, declared), day)
    except FiguresTooLarge:
        for metric in metrics:
            with naming(f"指标 {metric.id}", f"Metric {metric.id}"):
                run(terms_query([metric], declared), day)
        raise


def terms_by_marks(
    day: date, run: Run, metrics: Sequence[Metric], scheme: Scheme, declared: Declared
) -> MoreTerms:
    """Of the metrics that take marks of projects."""
    made = {}
    for metric in (metric for metric in metrics if metric.marks):
        with naming(f"指标 {metric.id}", f"Metric {metric.id}"):
            marks, _ = marks_on(day, run, metric, scheme, declared)
        made[metric.id] = terms_of_marks(metric, marks)
    return made


def marks_on(
    day: date, run: Run, metric: Metric, scheme: Scheme, declared: Declared
) -> tuple[list[ProjectMark], list[str]]:
    """The marks of projects that a metric takes, and the conditions of being marked in words."""
    taken = next(marks for marks in scheme.project_marks if marks.id == metric.marks)
    query, conditions = marks_query(taken, declared, metric.weighted_by)
    return marks_of(run(query, day), taken), conditions


@contextmanager
def naming(zh: str, en: str) -> Iterator[None]:
    """Say of what the figures are too large."""
    try:
        yield
    except FiguresTooLarge as problem:
        raise FiguresTooLarge(f"{zh}：{problem.detail}", f"{en}: {problem.en}") from problem
