"""The queries of a run's day in one batch: the facts of projects are computed once for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from services.scoring.engine.declarations import Axis, Metric, NamedFact
from services.scoring.engine.language.compiler import compile_facts_query, with_clause_sql
from services.scoring.engine.language.symbols import ProjectSymbols, quote_identifier
from services.scoring.engine.lights.project_lights import compile_lights_facts_query


@dataclass(frozen=True)
class QueryBatch:
    """Queries over a table `facts`, and the query that answers its rows."""

    facts: str
    queries: tuple[str, ...]


def compile_terms_and_lights(
    metrics: Iterable[Metric],
    axes: Iterable[Axis],
    declared: Mapping[str, NamedFact],
    *,
    figures: bool = False,
) -> QueryBatch:
    """The batch of `terms_query` and `lights_query` over the same facts."""
    return compile_query_batch(tuple(metrics), tuple(axes), tuple(declared.values()), figures)


@lru_cache(maxsize=64)
def compile_query_batch(
    metrics: tuple[Metric, ...],
    axes: tuple[Axis, ...],
    facts: tuple[NamedFact, ...],
    figures: bool,
) -> QueryBatch:
    """The batch, compiled once for all its days and ledgers."""
    projects = ProjectSymbols({fact.id: fact for fact in facts})
    queries = (
        compile_facts_query(metrics, projects),
        compile_lights_facts_query(axes, projects, figures=figures),
    )
    layers = with_clause_sql(projects.build_layers())
    return QueryBatch(
        f"{layers}\nSELECT {', '.join(map(quote_identifier, sorted(projects.queried)))} FROM facts",
        tuple(query.batched_sql() for query in queries),
    )
