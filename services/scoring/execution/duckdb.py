"""Runs compiled queries over the columns of a ledger, in this process, on DuckDB."""

import calendar
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from shared.facts import Facts

EPOCH = date(1970, 1, 1)
Rows = list[dict[str, Any]]
Run = Callable[[str, date], Rows]


@contextmanager
def queries_over(facts: Facts) -> Iterator[Run]:
    """A function that runs a query as of a day over the tables of a ledger.

    It raises duckdb.OutOfRangeException where a sum does not fit 64 bits; never a wrong number.
    """
    with duckdb.connect() as connection:
        for name, table in facts.tables.items():
            connection.register(name, with_day_numbers(table))

        def run(query: str, day: date) -> Rows:
            given = {name: value for name, value in parameters(day).items() if f"${name}" in query}
            answer = connection.execute(query, given)
            names = [column[0] for column in answer.description or ()]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

        yield run


def with_day_numbers(table: pa.Table) -> pa.Table:
    """Dates as days since 1970-01-01: the same bytes, read as integers."""
    days = [n for n, column in enumerate(table.schema) if pa.types.is_date32(column.type)]
    for n in days:
        table = table.set_column(n, table.schema[n].name, table[n].cast(pa.int32()))
    return table


def parameters(day: date) -> Mapping[str, int]:
    """The day as the language names it (`names.THE_DAY`)."""

    def number(of: date) -> int:
        return (of - EPOCH).days

    return {
        "day": number(day),
        "year_start": number(date(day.year, 1, 1)),
        "year_end": number(date(day.year, 12, 31)),
        "this_year": day.year,
        "month": day.month,
        "day_of_month": day.day,
        "days_in_month": calendar.monthrange(day.year, day.month)[1],
    }
