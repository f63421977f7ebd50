"""SQL statements of lists: a page in an order, and the totals of all that is listed.

What a request does not ask for is not in its statement: filters that are not given cost nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from services.registry.records.list_orders import Rank
from services.registry.records.report_statements import waiting_reports_sql
from services.registry.records.resource import ComputedFilter, View
from services.registry.records.statements import (
    CURRENT_SQL,
    OFFICE_SQL,
    Statement,
    compile_statement,
    key_condition_sql,
    parameter_sql,
    quote_column,
    record_lines_sql,
    visible_rows_sql,
)
from services.registry.tables import RECORD_TABLES, SEARCH_TEXT
from shared.facts.belonging import PROJECT_ID
from shared.facts.tables import FACT_KINDS

MAX_STATEMENTS = 512  # that are kept, of all the ways to ask
ROWS_OF_SQL = "%(rows_of)s::text"
SEARCH_SQL = f"{SEARCH_TEXT} LIKE %(search_pattern)s::text"


@dataclass(frozen=True)
class ListShape:
    """What a list is asked for, from which its statement follows; values are its parameters.

    `path` are columns of the address, `part` is a condition of the resource; `filters` columns that
    have a value; `conditions` those that are met or not; `ranks` the order, which goes on after the
    ranks `after_0`, `after_1` … where `is_continued`, and by the version. In the order of recording
    there are none. `has_waiting` adds a last row without a version, whose line is what waits.
    """

    path: tuple[str, ...] = ()
    part: str = ""
    filters: tuple[str, ...] = ()
    conditions: tuple[tuple[ComputedFilter, bool], ...] = ()
    is_search: bool = False
    ranks: tuple[Rank, ...] = ()
    is_continued: bool = False
    view: View | None = None
    has_waiting: bool = False


@lru_cache(MAX_STATEMENTS)
def record_page_query(name: str, shape: ListShape) -> Statement:
    """Query of `limit` current records after the version `after`, or after ranks and version."""
    ranks = [rank.sql for rank in shape.ranks]
    named = "".join(f", {rank} AS rank_{number}" for number, rank in enumerate(ranks))
    order = f"ORDER BY {', '.join([*ranks, 'version'])} LIMIT %(limit)s"
    rows = visible_rows_sql(
        name, *list_conditions(name, shape), *page_conditions(shape), order=order
    )
    page = f"{record_lines_sql(name, rows, shape.view, named)} {order}"
    if not shape.has_waiting:
        return compile_statement(page)
    blanks = "".join(f", NULL::{rank.type}" for rank in shape.ranks)
    waiting = f"SELECT NULL::bigint, line{blanks} FROM ({waiting_sql(name, shape)}) AS waiting"
    return compile_statement(f"({page}) UNION ALL ({waiting})")


@lru_cache(MAX_STATEMENTS)
def record_totals_query(name: str, shape: ListShape, sums: tuple[str, ...]) -> Statement:
    """Query of the JSON of the totals of all that a list has, on whichever page."""
    rows = visible_rows_sql(name, *list_conditions(name, shape))
    totals = ", ".join(["count(*)", *(f"sum({column}) AS {column}" for column in sums)])
    return compile_statement(
        f"SELECT row_to_json(totals)::text AS line FROM (SELECT {totals} FROM ({rows}) AS found)"
        " AS totals"
    )


def list_conditions(name: str, shape: ListShape) -> Iterable[str]:
    """Conditions for all rows of a list; without a path it is of the office `rows_of`, if any."""
    yield CURRENT_SQL
    if shape.path:
        yield key_condition_sql(name, shape.path)
    else:
        yield f"({ROWS_OF_SQL} IS NULL OR office = {ROWS_OF_SQL})"
    if shape.part:
        yield shape.part
    for column in shape.filters:
        yield filter_sql(name, column)
    for each, is_met in shape.conditions:
        yield f"({each.condition})" if is_met else f"NOT ({each.condition})"
    if shape.is_search:
        yield SEARCH_SQL


def waiting_sql(name: str, shape: ListShape) -> str:
    """Query of what waits for the records of a list."""
    if PROJECT_ID in shape.path:  # by the index
        reports = [f"report.{PROJECT_ID} = %({PROJECT_ID})s::text", f"report.office = {OFFICE_SQL}"]
    else:
        reports = [f"({ROWS_OF_SQL} IS NULL OR report.office = {ROWS_OF_SQL})"]
    return waiting_reports_sql(name, reports, *list_conditions(name, shape))


def page_conditions(shape: ListShape) -> Sequence[str]:
    """Condition for rows after the last page."""
    if not shape.ranks:
        return ["version > %(after)s"]
    if not shape.is_continued:
        return []
    ranks = ", ".join([*(rank.sql for rank in shape.ranks), "version"])
    seen = [f"%(after_{number})s::{rank.type}" for number, rank in enumerate(shape.ranks)]
    return [f"({ranks}) > ({', '.join([*seen, '%(after)s::bigint'])})"]


def filter_sql(name: str, column: str) -> str:
    """Condition of a filter. Of a list it is one word."""
    value, stored = parameter_sql(name, column), quote_column(column)
    is_list = isinstance(RECORD_TABLES[name].c[column].type, sa.ARRAY)
    if is_list:
        value = f"%({column})s::text"
    same = f"{value} = ANY({stored})" if is_list else f"{stored} = {value}"
    if column not in FACT_KINDS[name].id_columns:
        return same
    office = f"%(office_of_{column})s::text"
    own = f"{same} AND office = {office}"
    return f"({own})" if is_list else f"({own} OR {stored} = {office} || ':' || {value})"
