"""A ledger made in one process and measured in another, whose peak memory is then its own."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from shared.facts import TABLES, Facts
from tests.bench.ledgers import ledger
from tests.bench.measuring import Report, report_on


def measured(size: int) -> Report:
    """The report on a made-up ledger of so many projects."""
    with (
        TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as processes,
    ):
        processes.submit(make, size, Path(folder)).result()
        return processes.submit(measure, Path(folder)).result()


def make(size: int, folder: Path) -> None:
    keep(ledger(size), folder)


def measure(folder: Path) -> Report:
    return report_on(kept(folder))


def keep(facts: Facts, folder: Path) -> None:
    for name, table in facts.tables.items():
        with pa.OSFile(str(folder / name), "wb") as file, pa.ipc.new_file(file, table.schema) as to:
            to.write_table(table)


def kept(folder: Path) -> Facts:
    tables = {}
    for name in TABLES:
        with pa.OSFile(str(folder / name), "rb") as file:
            tables[name] = pa.ipc.open_file(file).read_all()
    return Facts(tables)
