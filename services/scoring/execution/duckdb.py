"""Execution of compiled queries over the columns of a ledger, in this process, on DuckDB."""

import calendar
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from threading import Timer
from time import monotonic
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
    """A runner of queries over one ledger, each as of a day. Raises FiguresTooLarge."""

    @abstractmethod
    def run_batch(self, facts: str, queries: Sequence[str], as_of: date) -> QueryAnswers:
        """The answers of queries that may read the answer of `facts` as a table `facts`.

        One after another, so that of a province no two need be held; a caller that stops before the
        end closes the generator.
        """

    def __call__(self, query: str, as_of: date) -> QueryRows:
        (rows,) = self.run_batch("", [query], as_of)
        return rows


QueryEngine = Callable[[Facts], AbstractContextManager[QueryRunner]]  # a ledger → its runner
# Without a script (in a spawned process) DuckDB takes itself to be at a prompt and draws a bar.
NO_PROGRESS_BAR = "SET enable_progress_bar = false"
# DuckDB shares a table out by so many rows; one thread is quicker with a ledger below.
ROWS_PER_THREAD = 122_880
# What costs such a ledger more than it saves: 500 rows take longer to plan for than to read.
LARGE_LEDGER_OPTIMIZERS = (
    "common_subexpressions",
    "join_order",
    "projection_placement",
    "projection_pullup",
    "statistics_propagation",
)
QUERIES_SECONDS = 120.0  # of one ledger's queries together; those of a province take a fifth
MAX_ROWS = 5_000_000  # of an answer
# What a process holds for queries; DuckDB's own measure is the machine's memory.
MEMORY_LIMIT = "2GB"
FETCH_SIZE = 10_000  # rows converted at once, so that an answer is not held twice


class FiguresTooLarge(Conflict):
    """数额过大

    The figures are too large.
    """

    ZH = "算出的数超出 64 位整数或日期的范围，请核对金额和公式"
    EN = "A number leaves 64 bits, or a date the calendar; check the amounts and the formulas."

    def __init__(self, detail: str = ZH, en: str = EN) -> None:
        super().__init__(detail, en)


class QueryTooCostly(Conflict):
    """方案的计算量太大

    The scheme asks for too much work.
    """


QUERY_PROBLEMS = (FiguresTooLarge, QueryTooCostly)


@contextmanager
def open_query_runner(facts: Facts, *, seconds: float = QUERIES_SECONDS) -> Iterator[QueryRunner]:
    """A runner over the tables of a ledger, in this process, for so many seconds.

    Raises FiguresTooLarge where a sum does not fit 64 bits, and QueryTooCostly; never answers a
    wrong number.
    """
    is_small = all(table.num_rows <= ROWS_PER_THREAD for table in facts.tables.values())
    with open_database(os.getpid(), small=is_small).cursor() as connection:
        connection.execute(NO_PROGRESS_BAR)
        ends = Timer(seconds, connection.interrupt)
        ends.daemon = True
        ends.start()
        try:
            yield LocalQueryRunner(connection, dict(facts.tables), monotonic() + seconds)
        finally:
            ends.cancel()
            ends.join()  # else its thread may hold the connection when the process ends


@dataclass(frozen=True)
class LocalQueryRunner(QueryRunner):
    """A runner in this process. Registering a table takes time: each waits for its first query."""

    connection: duckdb.DuckDBPyConnection
    unregistered: dict[str, pa.Table]
    ends_at: float

    def run_batch(self, facts: str, queries: Sequence[str], as_of: date) -> QueryAnswers:
        for name in self.unregistered.keys() & query_words(facts).union(*map(query_words, queries)):
            self.connection.register(name, convert_dates_to_days(self.unregistered.pop(name)))
        parameters = day_parameters(as_of)
        with self.facts_table(facts, parameters) if facts else nullcontext():
            for query in queries:
                if monotonic() > self.ends_at:
                    raise too_long()
                yield fetch_rows(self.connection, query, parameters)

    @contextmanager
    def facts_table(self, facts: str, parameters: Mapping[str, object]) -> Iterator[None]:
        """Hold the table `facts` as long as it is read."""
        fetch_rows(self.connection, f"CREATE TEMP TABLE facts AS {facts}", parameters)
        try:
            yield
        finally:
            self.connection.execute("DROP TABLE facts")


@cache
def open_database(process: int, *, small: bool = False) -> duckdb.DuckDBPyConnection:
    """An empty database, opened once a process: a forked one may not use its parent's threads.

    With `small`, for small ledgers: one thread, and a plan without the optimizers that pay over
    many rows only. A table registered on a cursor is visible to that cursor alone, and gone when it
    closes.
    """
    if not small:
        return duckdb.connect(config={"memory_limit": MEMORY_LIMIT})
    return duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": 1,
            "disabled_optimizers": ",".join(LARGE_LEDGER_OPTIMIZERS),
        }
    )


@lru_cache(maxsize=256)
def parse_statement(query: str) -> duckdb.Statement:
    """A query parsed once, for all its days and ledgers: parsing is a sixth of a small run."""
    (statement,) = duckdb.extract_statements(query)
    return statement


@lru_cache(maxsize=256)
def query_words(query: str) -> frozenset[str]:
    """Every word of a query, the tables that it reads among them."""
    return frozenset(re.findall(r"\w+", query))


def fetch_rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object]
) -> QueryRows:
    """The rows that a query answers; it takes the parameters that it names."""
    statement = parse_statement(query)
    named = {name: parameters[name] for name in statement.named_parameters}
    try:
        answer = connection.execute(statement, named)
        names = [column[0] for column in answer.description or ()]
        rows: QueryRows = []
        while some := answer.fetchmany(FETCH_SIZE):
            if len(rows) > MAX_ROWS:
                raise QueryTooCostly(f"超过 {MAX_ROWS} 行", f"More than {MAX_ROWS} rows.")
            rows += [dict(zip(names, row, strict=True)) for row in some]
        return rows
    except duckdb.InterruptException as error:
        raise too_long() from error
    except duckdb.OutOfMemoryException as error:
        raise QueryTooCostly(
            f"内存超过 {MEMORY_LIMIT}，请简化公式", f"More than {MEMORY_LIMIT} of memory."
        ) from error
    except duckdb.DataError as error:
        raise FiguresTooLarge from error


def too_long() -> QueryTooCostly:
    return QueryTooCostly(
        f"{QUERIES_SECONDS:.0f} 秒内算不完，请简化公式",
        f"It takes more than {QUERIES_SECONDS:.0f} s; simplify the formulas.",
    )


def convert_dates_to_days(table: pa.Table) -> pa.Table:
    """Dates as days since 1970-01-01: the same bytes, read as integers."""
    days = [n for n, column in enumerate(table.schema) if pa.types.is_date32(column.type)]
    for n in days:
        table = table.set_column(n, table.schema[n].name, table[n].cast(pa.int32()))
    return table


def day_parameters(as_of: date) -> Mapping[str, int]:
    """The day under the names of the language (`symbols.DAY_SYMBOLS`)."""

    def number(day: date) -> int:
        return (day - EPOCH).days

    days_in_month = calendar.monthrange(as_of.year, as_of.month)[1]
    ended = last_month_end(as_of)
    return {
        "day": number(as_of),
        "year_start": number(date(as_of.year, 1, 1)),
        "year_end": number(date(as_of.year, 12, 31)),
        "month_start": number(as_of.replace(day=1)),
        "day_last_year": number(day_year_before(as_of)),
        "last_year_start": number(date(as_of.year - 1, 1, 1)),
        "last_year": as_of.year - 1,
        "quarter_start": number(date(as_of.year, as_of.month - (as_of.month - 1) % 3, 1)),
        "last_month_start": number(ended.replace(day=1)),
        "last_month_end": number(ended),
        "this_year": as_of.year,
        "month": as_of.month,
        "day_of_month": as_of.day,
        "days_in_month": days_in_month,
    }


def day_year_before(day: date) -> date:
    """The same day a year earlier; of 29 February the 28th."""
    days_in_month = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, days_in_month))
