"""A run: compile the queries, run them over the facts of a day, rank what they answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from services.scoring.engine.declarations import Metric
from services.scoring.engine.language.compiler import rows_query
from services.scoring.engine.lights.project_lights import Light, lights_from, lights_query
from services.scoring.engine.points.manual_entries import NOTHING_ENTERED, Entered
from services.scoring.engine.ranking.unit_terms import Terms
from services.scoring.engine.results.explanation import (
    Contribution,
    contributions,
    contributions_of_marks,
)
from services.scoring.engine.results.run_result import Result, result
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, check_groups
from services.scoring.execution.duckdb import Engine, Run, queries_over
from services.scoring.execution.supplements import beside
from services.scoring.execution.unit_terms import (
    Declared,
    declared_by,
    marks_on,
    naming,
    terms_and_lights_on,
    terms_on,
)
from shared.facts.projects import Unit
from shared.facts.tables import Facts


def score(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    day: date,
    entered: Entered = NOTHING_ENTERED,
    *,
    since: bool = False,
    also: Sequence[Metric] = (),
    engine: Engine = queries_over,
) -> Result:
    """Metrics, points, ranks, lights and what stands beside them, as of a day.

    `since`: tell of every light since when it has its colour; a `detailed` preset tells it anyway.
    `also`: the terms of these metrics, too, which the scheme does not ask for.
    Raises FormulaMistake for a scheme's own, SchemeMistake for groups that it does not know, and
    FiguresTooLarge with the metric's name.
    """
    declared = declared_by(scheme, preset)
    groups = {unit.unit_id: unit.group for unit in facts.rows(Unit)}
    check_groups(scheme, groups)
    with engine(facts) as run:
        asked = [*scheme.needed_metrics, *also]
        figures = since or preset.detailed
        terms, lights = terms_and_lights_on(
            day, run, asked, scheme, preset, groups, entered, figures=figures
        )
        found = result(day, scheme, preset, terms, lights, entered)
        return replace(found, beside=beside(run, found, declared, groups, since=since))


def unit_terms(
    facts: Facts, scheme: Scheme, preset: Lights, day: date, *, engine: Engine = queries_over
) -> dict[str, Terms]:
    """Unit → its terms of all that the scheme needs: what ranks above the county are made from.

    Nothing is entered for units. Raises FiguresTooLarge with the metric's name.
    """
    groups = {unit.unit_id: unit.group for unit in facts.rows(Unit)}
    declared = declared_by(scheme, preset)
    with engine(facts) as run:
        metrics = scheme.needed_metrics
        return terms_on(day, run, metrics, scheme, declared, groups, NOTHING_ENTERED)


def lights_on(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    days: Iterable[date],
    *,
    figures: bool = False,
) -> Iterator[tuple[date, list[Light]]]:
    """The lights of some days, one after another: what the letters ask for month ends.

    `figures`: with the figures of their axes.
    """
    query = lights_query(preset.project_axes, declared_by(scheme, preset), figures=figures)
    with naming("亮灯", "Lights"), queries_over(facts) as run:
        for day in days:
            yield day, lights_from(run(query, day), preset, day)


def rows_behind(
    metrics: Iterable[Metric], facts: Facts, scheme: Scheme, day: date, preset: Lights | None = None
) -> Iterator[tuple[Metric, list[Contribution]]]:
    """What each row of the ledger adds to each metric, or why it adds nothing.

    With the preset of the run, where that sets a curve for everyone. Behind a metric that was
    entered by hand there are no rows.
    """
    declared = declared_by(scheme, preset)
    with queries_over(facts) as run:
        for metric in metrics:
            with naming(f"指标 {metric.id}", f"Metric {metric.id}"):
                yield metric, [*contributions_to(metric, run, scheme, declared, day)]


def contributions_to(
    metric: Metric, run: Run, scheme: Scheme, declared: Declared, day: date
) -> Sequence[Contribution]:
    if metric.marks:
        return contributions_of_marks(metric, *marks_on(day, run, metric, scheme, declared))
    if not metric.is_tallied:
        return ()
    query, conditions = rows_query(metric, declared)
    return contributions(run(query, day), conditions)
