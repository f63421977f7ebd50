"""What a run asks of its day at once: the facts of projects are made for all, not for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from services.scoring.engine.declarations import Axis, Metric, NamedFact
from services.scoring.engine.language.compiler import terms_over, with_layers
from services.scoring.engine.language.symbols import ProjectNames, quoted
from services.scoring.engine.lights.project_lights import lights_over


@dataclass(frozen=True)
class Together:
    """Queries over a table `facts`, and the query that answers what is in it."""

    facts: str
    queries: tuple[str, ...]


def terms_and_lights(
    metrics: Iterable[Metric],
    axes: Iterable[Axis],
    declared: Mapping[str, NamedFact],
    *,
    figures: bool = False,
) -> Together:
    """What `terms_query` and `lights_query` ask, over the same facts."""
    return compiled_together(tuple(metrics), tuple(axes), tuple(declared.values()), figures)


@lru_cache(maxsize=64)
def compiled_together(
    metrics: tuple[Metric, ...],
    axes: tuple[Axis, ...],
    facts: tuple[NamedFact, ...],
    figures: bool,
) -> Together:
    """Both, compiled once for all their days and ledgers."""
    projects = ProjectNames({fact.id: fact for fact in facts})
    asked = (terms_over(metrics, projects), lights_over(axes, projects, figures=figures))
    layers = with_layers(projects.layers())
    return Together(
        f"{layers}\nSELECT {', '.join(map(quoted, sorted(projects.asked)))} FROM facts",
        tuple(query.beside_others() for query in asked),
    )
