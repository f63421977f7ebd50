"""Execution of compiled queries on Spark: each task runs them over blocks of regions on DuckDB.

Blocks travel as Parquet, a row of the frame each, and answers come back as Arrow; the caller ranks
their sums, as after any other run of the queries.
"""

import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from services.scoring.execution.blocks import merge_answers, split_into_blocks
from services.scoring.execution.duckdb import (
    FiguresTooLarge,
    QueryAnswers,
    QueryEngine,
    QueryRows,
    QueryRunner,
    open_database,
    open_query_runner,
)
from services.scoring.execution.engine_names import LOCAL_MASTER
from services.scoring.execution.facts_storage import from_parquet, to_parquet
from shared.facts.tables import FACT_KINDS, Facts
from shared.problems import Problem

if TYPE_CHECKING:
    from py4j.java_gateway import JavaGateway
    from pyspark import SparkConf
    from pyspark.sql import DataFrame, SparkSession

BLOCK_SCHEMA = pa.schema([(table, pa.binary()) for table in FACT_KINDS])
ANSWERS_SCHEMA = pa.schema([("answers", pa.list_(pa.binary()))])
SESSION_SETTINGS = {
    "spark.app.name": "bairi",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",  # a block is large enough alone
}
LOOPBACK = "127.0.0.1"
# Repeated warnings, though nothing here goes through pandas.
PANDAS_WARNING = "PySpark does not yet fully support pandas"
SHOWN_LOG_LINES = 5  # of Java's output where it does not start


class SparkMissing(Problem):
    """没有可用的 Spark

    There is no Spark to compute on.
    """


@contextmanager
def open_spark(master: str = LOCAL_MASTER) -> Iterator[QueryEngine]:
    """Spark as long as it is needed: one start for many runs.

    `master` is a cluster's address as Spark writes it; its workers need this program installed.
    Raises SparkMissing without pyspark or Java, and where it does not start.
    """
    try:
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession
    except ImportError:
        raise SparkMissing(
            "没有装 pyspark，请用 make spark 安装，或 pip install 'bairi[spark]'",
            "pyspark is not installed: make spark, or pip install 'bairi[spark]'.",
        ) from None
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise SparkMissing(
            "没有找到 Java，请装 Java 17 或更新的版本，或设 JAVA_HOME",
            "Java was not found: install Java 17 or newer, or set JAVA_HOME.",
        )
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # It logs every connection that it closes, some of them long after all is over.
    logging.getLogger("py4j").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", PANDAS_WARNING, FutureWarning)
    with TemporaryDirectory(prefix="bairi-spark-") as folder:
        settings = {"spark.master": master, **SESSION_SETTINGS, **location_settings(master, folder)}
        conf = SparkConf().setAll([*settings.items()])
        with start_java(conf, Path(folder) / "java.log") as gateway:
            session = SparkSession(SparkContext(conf=conf, gateway=gateway))
            try:
                yield partial(open_block_query_runner, session)
            finally:
                session.stop()


@contextmanager
def start_java(conf: "SparkConf", log: Path) -> Iterator["JavaGateway"]:
    """Spark's Java process, which is gone when this ends."""
    from pyspark import SparkContext
    from pyspark.errors import PySparkRuntimeError
    from pyspark.java_gateway import launch_gateway

    with log.open("wb") as sink:
        try:
            gateway = launch_gateway(conf, {"stderr": sink})
        except PySparkRuntimeError:
            lines = log.read_text("utf-8", "replace").strip().splitlines()[-SHOWN_LOG_LINES:]
            end = "\n".join(lines)
            raise SparkMissing(f"Spark 没有启动：{end}", f"Spark did not start: {end}") from None
    try:
        yield gateway
    finally:
        gateway.shutdown()
        gateway.proc.stdin.close()  # which it takes for the end
        gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None  # else the next session asks the dead one


def location_settings(master: str, folder: str) -> dict[str, str]:
    """The folders and addresses of Spark; a cluster has most of them itself."""
    if not master.startswith("local"):
        return {"spark.sql.warehouse.dir": folder}
    return {
        "spark.sql.warehouse.dir": folder,
        "spark.local.dir": folder,
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
    }


@contextmanager
def open_block_query_runner(session: "SparkSession", facts: Facts) -> Iterator[QueryRunner]:
    """A runner over the blocks of a ledger, wherever Spark puts them."""
    packed = [
        pa.RecordBatch.from_pylist(
            [{t: to_parquet(block.tables[t]) for t in FACT_KINDS}], BLOCK_SCHEMA
        )
        for block in split_into_blocks(facts)
    ]
    yield BlockQueryRunner(session.createDataFrame(pa.Table.from_batches(packed)))


@dataclass(frozen=True)
class BlockQueryRunner(QueryRunner):
    """A runner over the blocks of a frame, all queries in one job."""

    frame: "DataFrame"

    def run_batch(self, facts: str, queries: Sequence[str], as_of: date) -> QueryAnswers:
        task = partial(answer_blocks, facts=facts, queries=[*queries], as_of=as_of)
        of_blocks = self.frame.mapInArrow(task, "answers array<binary>").toArrow()["answers"]
        for n, _ in enumerate(queries):
            yield merge_answers(
                deserialize_rows(of_block) for of_block in pc.list_element(of_blocks, n).to_pylist()
            )


def answer_blocks(
    batches: Iterable[pa.RecordBatch], *, facts: str, queries: Sequence[str], as_of: date
) -> Iterator[pa.RecordBatch]:
    """The work of a task: the answers of each of its blocks; None where figures are too large."""
    # The other tasks have the other cores.
    open_database(os.getpid()).execute("SET threads = 1")
    for packed in (row for batch in batches for row in batch.to_pylist()):
        block = Facts({table: from_parquet(table, packed[table]) for table in FACT_KINDS})
        with open_query_runner(block) as run:
            answers: list[bytes | None]
            try:
                answers = [serialize_rows(rows) for rows in run.run_batch(facts, queries, as_of)]
            except FiguresTooLarge:
                answers = [None] * len(queries)
        yield pa.RecordBatch.from_pylist([{"answers": answers}], ANSWERS_SCHEMA)


def serialize_rows(rows: QueryRows) -> bytes:
    table, sink = pa.Table.from_pylist(rows), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    answer: bytes = sink.getvalue().to_pybytes()
    return answer


def deserialize_rows(answer: bytes | None) -> QueryRows:
    if answer is None:
        raise FiguresTooLarge
    rows: QueryRows = pa.ipc.open_stream(answer).read_all().to_pylist()
    return rows
