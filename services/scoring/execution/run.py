"""A run: compile the queries, run them over the facts of a day, rank the units of the answers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from services.scoring.engine.declarations import Metric
from services.scoring.engine.language.compiler import metric_rows_query
from services.scoring.engine.lights.project_lights import ProjectLight, build_lights, lights_query
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.ranking.unit_terms import UnitTerms
from services.scoring.engine.results.explanation import (
    Contribution,
    build_contributions,
    build_mark_contributions,
)
from services.scoring.engine.results.run_result import ScoringResult, build_result
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme, check_groups
from services.scoring.execution.day_query import (
    DayQuery,
    build_day_query,
    declared_facts,
    unit_groups,
)
from services.scoring.execution.duckdb import QueryEngine, open_query_runner
from services.scoring.execution.supplements import compute_supplements
from services.scoring.execution.unit_terms import (
    name_overflow_source,
    query_project_marks,
    query_terms_and_lights,
    query_unit_terms,
)
from shared.facts.tables import Facts


def score_facts(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    as_of: date,
    entered: ManualEntries = NO_ENTRIES,
    *,
    since: bool = False,
    extra_metrics: Sequence[Metric] = (),
    engine: QueryEngine = open_query_runner,
) -> ScoringResult:
    """Metrics, points, ranks, lights and supplements as of a day.

    `since`: the day from which every light has its colour, too; a `detailed` preset has it anyway.
    `extra_metrics`: the terms of these metrics, too, which the scheme does not need. Raises
    FormulaMistake for a scheme's own, SchemeMistake for groups that it does not know, and
    FiguresTooLarge with the metric's name.
    """
    groups = unit_groups(facts)
    check_groups(scheme, groups)
    with engine(facts) as run:
        query = build_day_query(run, as_of, scheme, preset, groups, entered)
        terms, lights = query_terms_and_lights(
            query.for_metrics([*query.metrics, *extra_metrics]), figures=since or preset.detailed
        )
        result = build_result(as_of, scheme, preset, terms, lights, entered)
        return replace(result, supplements=compute_supplements(query, result, since=since))


def compute_unit_terms(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    as_of: date,
    *,
    engine: QueryEngine = open_query_runner,
) -> dict[str, UnitTerms]:
    """Unit → its terms of all metrics that the scheme needs, for ranks above the county.

    Without entries for units. Raises FiguresTooLarge with the metric's name.
    """
    groups = unit_groups(facts)
    with engine(facts) as run:
        return query_unit_terms(build_day_query(run, as_of, scheme, preset, groups))


def lights_by_day(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    days: Iterable[date],
    *,
    figures: bool = False,
) -> Iterator[tuple[date, list[ProjectLight]]]:
    """The lights of several days, one after another: letters need those of month ends.

    `figures`: with the figures of their axes.
    """
    query = lights_query(preset.project_axes, declared_facts(scheme, preset), figures=figures)
    with name_overflow_source("亮灯", "Lights"), open_query_runner(facts) as run:
        for as_of in days:
            yield as_of, build_lights(run(query, as_of), preset, as_of)


def contributions_by_metric(
    metrics: Iterable[Metric],
    facts: Facts,
    scheme: Scheme,
    as_of: date,
    preset: Lights | None = None,
) -> Iterator[tuple[Metric, list[Contribution]]]:
    """Metric → the contribution of each row of the ledger, or the reason why the row has none.

    With the preset of the run, where that sets a curve for everyone. Behind a metric that was
    entered by hand there are no rows.
    """
    with open_query_runner(facts) as run:
        query = build_day_query(run, as_of, scheme, preset)
        for metric in metrics:
            with name_overflow_source(f"指标 {metric.id}", f"Metric {metric.id}"):
                yield metric, [*metric_contributions(query, metric)]


def metric_contributions(query: DayQuery, metric: Metric) -> Sequence[Contribution]:
    if metric.marks:
        return build_mark_contributions(metric, *query_project_marks(query, metric))
    if not metric.is_tallied:
        return ()
    sql, conditions = metric_rows_query(metric, query.declared)
    return build_contributions(query.run(sql, query.as_of), conditions)
