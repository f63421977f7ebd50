"""The engines that run queries: DuckDB in this process, or Spark."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.scoring.execution.duckdb import QueryEngine, open_query_runner
from services.scoring.execution.engine_names import EngineName


@contextmanager
def open_engine(name: EngineName, spark_master: str) -> Iterator[QueryEngine]:
    """An engine as long as it is needed. Raises SparkMissing."""
    if name == "duckdb":
        yield open_query_runner
    else:
        from services.scoring.execution.spark import open_spark

        with open_spark(spark_master) as engine:
            yield engine
