"""Queries of reports: a page of them, their totals, one of them, and the records beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.registry.records.queries import QueryConnection
from services.registry.records.report_rules import ReportState
from services.registry.records.report_statements import (
    STALE_SQL,
    STATE_SQL,
    report_lines_sql,
    report_source_sql,
)
from services.registry.records.report_visibility import fact_row_sql
from services.registry.records.statements import (
    Statement,
    compile_statement,
    quote_column,
    record_lines_sql,
    visible_rows_sql,
)
from services.registry.reviews.schemas import REPORTED_KINDS, ReportOrder
from services.registry.tables import SCHEMA
from shared.facts.tables import FACT_KINDS

# Conditions of filters, each for what has a value.
FILTERS_SQL: Mapping[str, str] = {
    "project_id": "report.project_id = %(project_id)s::text"
    " AND report.office = %(office_of_project_id)s::text",
    "unit_id": "report.unit_id = %(unit_id)s::text AND report.office = %(office_of_unit_id)s::text",
    "state": f"{STATE_SQL} = %(state)s::text",
}
OF_OFFICE_SQL = "(%(rows_of)s::text IS NULL OR report.office = %(rows_of)s::text)"
STALE_FILTER_SQL = f"{STALE_SQL} = %(stale)s::boolean"
PAGES_SQL: Mapping[ReportOrder, tuple[str, str]] = {
    ReportOrder.oldest: ("report.id > %(after)s::bigint", "id"),
    ReportOrder.newest: ("(%(after)s::bigint = 0 OR report.id < %(after)s::bigint)", "id DESC"),
}


@dataclass(frozen=True)
class ReportShape:
    """What a list is asked for: kinds, filters that have a value, order."""

    kinds: tuple[str, ...]
    filters: tuple[str, ...]
    order: ReportOrder


@lru_cache
def report_page_query(shape: ReportShape) -> Statement:
    """Query of `limit` reports after the one with the id `after`."""
    continued, order = PAGES_SQL[shape.order]
    limited = f"ORDER BY {order} LIMIT %(limit)s::bigint"
    reports = " AND ".join([*report_conditions(shape), continued])
    branches = (
        f"({report_lines_sql(name, reports, where=where(shape))} {limited})" for name in shape.kinds
    )
    return compile_statement(f"SELECT * FROM ({' UNION ALL '.join(branches)}) AS listed {limited}")


@lru_cache
def report_totals_query(shape: ReportShape) -> Statement:
    """Query of the JSON of the totals by state, whichever state the list asks for."""
    whole = ReportShape(shape.kinds, tuple({*shape.filters} - {"state", "stale"}), shape.order)
    reports = " AND ".join(report_conditions(whole))
    branches = (
        f"(SELECT {STATE_SQL} AS state, {STALE_SQL} AS is_stale"
        f" FROM {report_source_sql(name, reports)})"
        for name in shape.kinds
    )
    numbers = ", ".join(
        f"count(*) FILTER (WHERE state = '{state}') AS {state}" for state in ReportState
    )
    return compile_statement(
        "SELECT row_to_json(totals)::text AS line FROM (SELECT"
        f" {numbers}, count(*) FILTER (WHERE is_stale) AS stale"
        f" FROM ({' UNION ALL '.join(branches)}) AS listed) AS totals"
    )


def report_conditions(shape: ReportShape) -> Iterable[str]:
    yield OF_OFFICE_SQL
    for name in shape.filters:
        if name in FILTERS_SQL:
            yield FILTERS_SQL[name]


def where(shape: ReportShape) -> Sequence[str]:
    return [STALE_FILTER_SQL] if "stale" in shape.filters else []


@lru_cache
def any_report_query() -> Statement:
    """Query of a report by its id, of whichever kind."""
    reports = "report.id = %(report_id)s::bigint"
    return compile_statement(
        " UNION ALL ".join(f"({report_lines_sql(name, reports)})" for name in REPORTED_KINDS)
    )


@lru_cache
def record_versions_query(name: str) -> Statement:
    """Query of the versions of records that the caller may see, of those that are named."""
    rows = visible_rows_sql(name, "version = ANY(%(versions)s::bigint[])")
    return compile_statement(record_lines_sql(name, rows))


async def load_reported_values(
    connection: QueryConnection, name: str, report_id: int
) -> Mapping[str, Any]:
    """Load what a report reports, as values of the columns of its kind."""
    columns = ", ".join(f"fact.{quote_column(each.name)}" for each in FACT_KINDS[name].columns)
    (row,) = await connection.fetch(
        f"SELECT {columns} FROM {SCHEMA}.reports AS report"
        f" CROSS JOIN LATERAL {fact_row_sql(name)} AS fact WHERE report.id = $1",
        report_id,
    )
    return dict(row)
