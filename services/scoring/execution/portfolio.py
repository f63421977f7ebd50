"""The portfolio of a day: the compiled query run over the lines' ledgers, the answers added up."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.scoring.engine.catalogue.facts import CATALOGUE_FACTS
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.overview.portfolio import (
    LINE_METRICS,
    Grouping,
    PortfolioRow,
    build_line_selector,
    build_lines,
    ledgers_by_line,
    portfolio_document,
    select_total_line,
    sum_lines,
)
from services.scoring.execution.duckdb import open_query_runner
from shared.facts.projects import Unit
from shared.facts.tables import Facts


def compute_portfolio(
    facts: Facts, as_of: date, by: Grouping, regions: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The lines and their total as of a day; `regions` are names by code.

    Raises FiguresTooLarge.
    """
    lines = build_lines(
        query_ledgers(
            ledgers_by_line(facts, build_line_selector(by), by_unit=by is Grouping.unit), as_of
        )
    )
    total = sum_lines(
        build_lines(query_ledgers(ledgers_by_line(facts, select_total_line, by_unit=False), as_of))
    )
    units = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    by_units = by in (Grouping.unit, Grouping.competent_unit)
    document = portfolio_document(by, lines, total, units if by_units else regions or {})
    return {"as_of": as_of.isoformat(), **document}


def query_ledgers(ledgers: Iterator[Facts], as_of: date) -> Iterator[PortfolioRow]:
    query = terms_query(LINE_METRICS, CATALOGUE_FACTS)
    for facts in ledgers:
        with open_query_runner(facts) as run:
            yield from run(query, as_of)
