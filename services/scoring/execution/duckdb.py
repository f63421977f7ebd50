"""Runs compiled queries over the columns of a ledger, in this process, on DuckDB."""

import calendar
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

import duckdb
import pyarrow as pa

from shared.calendar import last_month_end
from shared.facts.tables import Facts
from shared.problems import Conflict

EPOCH = date(1970, 1, 1)
QueryRows = list[dict[str, Any]]
QueryAnswers = Generator[QueryRows, None, None]


class QueryRunner(ABC):
    """Asks queries about a ledger, each as of a day. Raises FiguresTooLarge."""

    @abstractmethod
    def together(self, facts: str, queries: Sequence[str], day: date) -> QueryAnswers:
        """The answers of queries that may read what `facts` answers as a table `facts`.

        One after another, so that of a province no two need be held; who stops before the end
        closes them.
        """

    def __call__(self, query: str, day: date) -> QueryRows:
        (rows,) = self.together("", [query], day)
        return rows


QueryEngine = Callable[
    [Facts], AbstractContextManager[QueryRunner]
]  # where queries over a ledger are run
# Where no script is run (in a spawned process), DuckDB takes itself to be at a prompt and draws.
NO_PROGRESS_BAR = "SET enable_progress_bar = false"
# DuckDB shares out a table by so many rows; a ledger below is quicker asked by one thread.
ROWS_PER_THREAD = 122_880
# What costs such a ledger more than it saves: 500 rows take longer to plan for than to read.
LARGE_LEDGER_OPTIMIZERS = (
    "common_subexpressions",
    "join_order",
    "projection_placement",
    "projection_pullup",
    "statistics_propagation",
)
FETCH_SIZE = 10_000  # made of what DuckDB answers, which is not held twice


class FiguresTooLarge(Conflict):
    """数额过大

    The figures are too large.
    """

    ZH = "算出的数超出 64 位整数或日期的范围，请核对金额和公式"
    EN = "A number leaves 64 bits, or a date the calendar; check the amounts and the formulas."

    def __init__(self, detail: str = ZH, en: str = EN) -> None:
        super().__init__(detail, en)


@contextmanager
def open_query_runner(facts: Facts) -> Iterator[QueryRunner]:
    """Queries over the tables of a ledger, asked in this process.

    They raise FiguresTooLarge where a sum does not fit 64 bits; never a wrong number.
    """
    is_small = all(table.num_rows <= ROWS_PER_THREAD for table in facts.tables.values())
    with open_database(os.getpid(), small=is_small).cursor() as connection:
        connection.execute(NO_PROGRESS_BAR)
        yield LocalQueryRunner(connection, dict(facts.tables))


@dataclass(frozen=True)
class LocalQueryRunner(QueryRunner):
    """Asks in this process. A table is made known when it is first asked for: it takes time."""

    connection: duckdb.DuckDBPyConnection
    waiting: dict[str, pa.Table]

    def together(self, facts: str, queries: Sequence[str], day: date) -> QueryAnswers:
        for name in self.waiting.keys() & query_words(facts).union(*map(query_words, queries)):
            self.connection.register(name, convert_dates_to_days(self.waiting.pop(name)))
        given = day_parameters(day)
        with self.made(facts, given) if facts else nullcontext():
            for query in queries:
                yield fetch_rows(self.connection, query, given)

    @contextmanager
    def made(self, facts: str, given: Mapping[str, object]) -> Iterator[None]:
        """The table as long as it is read."""
        fetch_rows(self.connection, f"CREATE TEMP TABLE facts AS {facts}", given)
        try:
            yield
        finally:
            self.connection.execute("DROP TABLE facts")


@cache
def open_database(process: int, *, small: bool = False) -> duckdb.DuckDBPyConnection:
    """An empty database, opened once a process: a forked one may not use its parent's threads.

    For ledgers that are `small`, with one thread, and a plan without what pays over many rows only.
    What is registered on a cursor is seen by that cursor alone, and gone when it is closed.
    """
    if not small:
        return duckdb.connect()
    return duckdb.connect(
        config={"threads": 1, "disabled_optimizers": ",".join(LARGE_LEDGER_OPTIMIZERS)}
    )


@lru_cache(maxsize=256)
def parse_statement(query: str) -> duckdb.Statement:
    """A query read once, for all its days and ledgers: reading is a sixth of a small run."""
    (statement,) = duckdb.extract_statements(query)
    return statement


@lru_cache(maxsize=256)
def query_words(query: str) -> frozenset[str]:
    """Every word of a query, the tables that it reads among them."""
    return frozenset(re.findall(r"\w+", query))


def fetch_rows(
    connection: duckdb.DuckDBPyConnection, query: str, given: Mapping[str, object]
) -> QueryRows:
    """The rows that a query answers; of what is given it takes the parameters that it names."""
    statement = parse_statement(query)
    asked = {name: given[name] for name in statement.named_parameters}
    try:
        answer = connection.execute(statement, asked)
        names = [column[0] for column in answer.description or ()]
        rows: QueryRows = []
        while some := answer.fetchmany(FETCH_SIZE):
            rows += [dict(zip(names, row, strict=True)) for row in some]
        return rows
    except duckdb.DataError as error:
        raise FiguresTooLarge from error


def convert_dates_to_days(table: pa.Table) -> pa.Table:
    """Dates as days since 1970-01-01: the same bytes, read as integers."""
    days = [n for n, column in enumerate(table.schema) if pa.types.is_date32(column.type)]
    for n in days:
        table = table.set_column(n, table.schema[n].name, table[n].cast(pa.int32()))
    return table


def day_parameters(day: date) -> Mapping[str, int]:
    """The day as the language names it (`names.THE_DAY`)."""

    def number(of: date) -> int:
        return (of - EPOCH).days

    days_in_month = calendar.monthrange(day.year, day.month)[1]
    ended = last_month_end(day)
    return {
        "day": number(day),
        "year_start": number(date(day.year, 1, 1)),
        "year_end": number(date(day.year, 12, 31)),
        "month_start": number(day.replace(day=1)),
        "day_last_year": number(day_year_before(day)),
        "last_year_start": number(date(day.year - 1, 1, 1)),
        "last_year": day.year - 1,
        "quarter_start": number(date(day.year, day.month - (day.month - 1) % 3, 1)),
        "last_month_start": number(ended.replace(day=1)),
        "last_month_end": number(ended),
        "this_year": day.year,
        "month": day.month,
        "day_of_month": day.day,
        "days_in_month": days_in_month,
    }


def day_year_before(day: date) -> date:
    """The same day a year earlier; of 29 February the 28th."""
    there = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, there))
