"""A ledger made in one process and measured in others, whose peak memory is then their own."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pyarrow as pa

from services.scoring.execution.duckdb import NO_PROGRESS_BAR, fetch_rows, open_database
from shared.facts.tables import FACT_KINDS, Facts
from tests.bench.handwritten_query import TERMS
from tests.bench.ledgers import ledger
from tests.bench.measurements import DATES, Report, report_on
from tests.bench.timings import peak_memory
from tests.bench.whole_pass import OURS, Passes, one_pass, passes

T = TypeVar("T")


@dataclass(frozen=True)
class Measured:
    """Everything measured over one ledger; `memory` in MB: the ledger and what was done with it."""

    report: Report
    passes: Passes
    memory: Mapping[str, float]


def measured(size: int, rounds: int | None = None) -> Measured:
    """The figures of a made-up ledger of so many projects; rounds are fewer the larger it is."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        alone(partial(make, size, folder))
        works: dict[str, Callable[[Facts], object]] = {
            "the ledger alone": nothing,
            "by hand": by_hand,
            OURS: one_pass,
        }
        memory = {name: alone(partial(peak_of, work, folder)) for name, work in works.items()}
        report = alone(partial(on_kept, partial(report_on, rounds=rounds), folder))
        took = alone(partial(on_kept, partial(passes, rounds=rounds), folder))
        return Measured(report, took, memory)


def alone(work: Callable[[], T]) -> T:
    """What a piece of work answers in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as processes:
        return processes.submit(work).result()


def make(size: int, folder: Path) -> None:
    keep(ledger(size), folder)


def on_kept(work: Callable[[Facts], T], folder: Path) -> T:
    return work(kept(folder))


def peak_of(work: Callable[[Facts], object], folder: Path) -> float:
    work(kept(folder))
    return peak_memory()


def nothing(facts: Facts) -> None:
    """Only to hold the ledger."""


def by_hand(facts: Facts) -> None:
    """The metric query written by hand, and nothing else."""
    with open_database(os.getpid()).cursor() as connection:
        connection.execute(NO_PROGRESS_BAR)
        for name, table in facts.tables.items():
            connection.register(name, table)
        fetch_rows(connection, TERMS, DATES)


def keep(facts: Facts, folder: Path) -> None:
    for name, table in facts.tables.items():
        with pa.OSFile(str(folder / name), "wb") as file, pa.ipc.new_file(file, table.schema) as to:
            to.write_table(table)


def kept(folder: Path) -> Facts:
    tables = {}
    for name in FACT_KINDS:
        with pa.OSFile(str(folder / name), "rb") as file:
            tables[name] = pa.ipc.open_file(file).read_all()
    return Facts(tables)
