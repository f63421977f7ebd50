"""A run: compile the queries, run them over the facts of a day, rank what they answer."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from services.scoring.engine.compiler import rows_query, terms_query
from services.scoring.engine.declarations import Metric, NamedFact
from services.scoring.engine.drilldown import Contribution, contributions
from services.scoring.engine.lights import Light, lights_from, lights_query
from services.scoring.engine.presets import Lights
from services.scoring.engine.results import Result, result
from services.scoring.engine.scheme import Scheme
from services.scoring.engine.unit_lights import NO_TARGETS, Targets
from services.scoring.execution.besides import beside
from services.scoring.execution.duckdb import queries_over
from shared.facts import Facts, Unit


def declared_by(scheme: Scheme, preset: Lights | None) -> dict[str, NamedFact]:
    """The facts that texts may name: the catalogue's, the scheme's, the preset's."""
    return {**scheme.facts_by_id, **(preset.facts_by_id if preset else {})}


def score(
    facts: Facts,
    scheme: Scheme,
    preset: Lights,
    day: date,
    targets: Targets = NO_TARGETS,
    *,
    since: bool = False,
) -> Result:
    """Metrics, points, ranks, lights and what stands beside them, as of a day.

    `since`: tell of every light since when it has its colour; a `detailed` preset tells it anyway.
    Raises FormulaMistake for a scheme's own.
    """
    declared = declared_by(scheme, preset)
    groups = {unit.unit_id: unit.group for unit in facts.rows(Unit)}
    with queries_over(facts) as run:
        terms = run(terms_query(scheme.scored_metrics, declared), day)
        figures = since or preset.detailed
        lights = run(lights_query(preset.project_axes, declared, figures=figures), day)
        found = result(day, scheme, preset, groups, terms, lights)
        return replace(found, beside=beside(run, found, declared, groups, targets, since=since))


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
    with queries_over(facts) as run:
        for day in days:
            yield day, lights_from(run(query, day), preset, day)


def rows_behind(
    metrics: Iterable[Metric],
    facts: Facts,
    scheme: Scheme,
    day: date,
    preset: Lights | None = None,
) -> Iterator[tuple[Metric, list[Contribution]]]:
    """What each row of the ledger adds to each metric, or why it adds nothing.

    With the preset of the run, where that sets a curve for everyone.
    """
    declared = declared_by(scheme, preset)
    with queries_over(facts) as run:
        for metric in metrics:
            query, conditions = rows_query(metric, declared)
            yield metric, contributions(run(query, day), conditions)
