"""The portfolio of a day: the lines' ledgers asked by the compiled query, the answers added."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.scoring.engine.catalogue.facts import NAMED_FACTS
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.overview.portfolio import (
    METRICS_OF_A_LINE,
    By,
    Row,
    added,
    everything,
    ledgers,
    lines_of,
    portfolio_document,
    together,
)
from services.scoring.execution.duckdb import queries_over
from shared.facts.projects import Unit
from shared.facts.tables import Facts

DECLARED = {fact.id: fact for fact in NAMED_FACTS}


def portfolio(
    facts: Facts, day: date, by: By, regions: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The lines and their total as of a day; `regions` are names by code.

    Raises FiguresTooLarge.
    """
    lines = added(answers(ledgers(facts, lines_of(by), by_unit=by is By.unit), day))
    total = together(added(answers(ledgers(facts, everything, by_unit=False), day)))
    units = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    made = portfolio_document(by, lines, total, units if by is By.unit else regions or {})
    return {"as_of": day.isoformat(), **made}


def answers(given: Iterator[Facts], day: date) -> Iterator[Row]:
    query = terms_query(METRICS_OF_A_LINE, DECLARED)
    for facts in given:
        with queries_over(facts) as run:
            yield from run(query, day)
