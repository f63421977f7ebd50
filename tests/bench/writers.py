"""Sixteen writers in sixteen offices against sixteen in one, also where a commit takes 5 ms.

    python -m tests.bench.writers [SECONDS]

Each writer records a report after the other, over the service's own statements, in a transaction of
its own. The baseline is sixteen writers in one office, who take turns, in the same run.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter

import pyarrow as pa
from rich.console import Console
from rich.table import Table

from services.registry.records.addresses import RecordQuestion
from services.registry.records.endpoints import build_write_spec
from services.registry.records.visibility import caller_scope
from services.registry.records.writes import WriteSpec, record_fact
from services.registry.resources import RESOURCES
from shared.database.embedded_postgres import run_embedded_server
from shared.database.migrations import migrate_schema
from shared.database.sessions import Sessions, create_sessions
from shared.facts.tables import FACT_KINDS, Facts
from shared.http.tokens import Caller, Role
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.bench.facts import fill
from tests.paths import GOLDEN


def regionless(facts: Facts) -> Facts:
    """The facts with units and projects of whatever region their recorder has."""
    tables = dict(facts.tables)
    for name in ("units", "projects"):
        index = tables[name].column_names.index("region_code")
        nothing = pa.nulls(tables[name].num_rows, pa.string())
        tables[name] = tables[name].set_column(index, "region_code", nothing)
    return Facts(tables)


WRITERS, ROUNDS = 16, 5
SECONDS = 3.0  # of a round
FIRST_DAY = date(2030, 1, 1)
DAYS = count()
# A commit waits so many microseconds, whoever else commits: a slow disk.
SLOW_COMMITS = ("commit_delay=5000", "commit_siblings=0")
SETTINGS = {"as the disk is": (), "a commit of 5 ms": SLOW_COMMITS}
OFFICES = [f"35{number:04}" for number in range(1, WRITERS + 1)]
PROGRESS = FACT_KINDS["progress"]
LEDGER = regionless(read_ledger(GOLDEN / "small", region_codes()).accepted())
PROJECT = LEDGER.tables["projects"]["project_id"][0].as_py()


def progress_spec() -> WriteSpec:
    (resource,) = [each for each in RESOURCES if each.kind is PROGRESS]
    return build_write_spec(resource, resource.key).write


@contextmanager
def filled_server(settings: Sequence[str]) -> Iterator[str]:
    """A server with the same small county in each office."""
    with (
        tempfile.TemporaryDirectory(prefix="bairi-bench-") as folder,
        run_embedded_server(Path(folder), settings) as url,
    ):
        asyncio.run(migrate_schema(url, "registry"))
        for office in OFFICES:
            asyncio.run(fill(url, LEDGER, office))
        yield url


async def write(sessions: Sessions, spec: WriteSpec, office: str, until: float) -> int:
    """Record reports until then; how many."""
    who = Caller("bench", Role.office, office)
    question, done = RecordQuestion(office, caller_scope(who)), 0
    while perf_counter() < until:
        as_of = FIRST_DAY + timedelta(days=next(DAYS))
        values = {
            **dict.fromkeys(PROGRESS.column_names),
            **{"project_id": PROJECT, "as_of": as_of, "invested_ytd_yuan": 1, "office": office},
        }
        async with sessions() as session:
            await record_fact(session, spec, values, question, who=who, why="", expected=None)
        done += 1
    return done


async def transactions_per_second(url: str, offices: Sequence[str], seconds: float) -> float:
    sessions = create_sessions(url, connections=WRITERS)
    spec, begun = progress_spec(), perf_counter()
    done = await asyncio.gather(
        *(write(sessions, spec, office, begun + seconds) for office in offices)
    )
    taken = perf_counter() - begun
    await sessions.kw["bind"].dispose()
    return sum(done) / taken


def main(seconds: float) -> None:
    console = Console(width=110)
    columns = ("", "16 in one office", "16 in 16 offices", "ratio: min · median · max")
    table = Table(*columns, title="Reports recorded, transactions a second")
    for name, settings in SETTINGS.items():
        with filled_server(settings) as url:
            one, many = [], []
            for _ in range(ROUNDS):
                one.append(
                    asyncio.run(transactions_per_second(url, OFFICES[:1] * WRITERS, seconds))
                )
                many.append(asyncio.run(transactions_per_second(url, OFFICES, seconds)))
        ratios = sorted(b / a for a, b in zip(one, many, strict=True))
        shown = " · ".join(f"{r:.2f}" for r in (ratios[0], statistics.median(ratios), ratios[-1]))
        medians = (f"{statistics.median(each):,.0f}" for each in (one, many))
        table.add_row(name, *medians, shown)
    console.print(table)


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else SECONDS)
