"""Which engine runs the queries: DuckDB in this process, or Spark."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from services.scoring.execution.duckdb import Engine, queries_over
from services.scoring.execution.spark import spark

EngineName = Literal["duckdb", "spark"]


@contextmanager
def engine_named(name: EngineName, spark_master: str) -> Iterator[Engine]:
    """An engine as long as it is needed. Raises SparkMissing."""
    if name == "duckdb":
        yield queries_over
    else:
        with spark(spark_master) as engine:
            yield engine
