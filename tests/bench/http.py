"""Three requests to the registry against a bare endpoint that sends the same SQL.

    python -m tests.bench.http [PROJECTS…]

Each server has one worker and a process of its own; both answer over loopback from one database.
They take turns, in rounds as short as can be, so that what else the machine does touches both;
ratios are made within a round, of requests a second. Ours verifies a token's signature once and
checks its dates at each request; the bare one verifies it each time, and so that this does not hide
anything, there is a third server: the bare one that verifies it once, too.
"""

import asyncio
import multiprocessing
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count, cycle, islice, repeat
from pathlib import Path

import pyarrow as pa
import uvicorn
from fastapi import FastAPI
from joserfc.jwk import KeySet
from rich.console import Console
from rich.table import Table

from services.registry.main import build
from shared import db
from shared.facts import Facts
from shared.ledger.read import read_ledger
from shared.migrating import migrate
from shared.postgres import embedded
from shared.reference import regions
from shared.tokens import Caller, Issuer, Role
from tests.bench import bare
from tests.bench.facts import LEDGER, fill, free_port, many, plain, wait_for
from tests.bench.knocking import Took, knock, request

SIZES = (500, 50_000)
PROVINCE = "99"
AT_ONCE = 8  # connections
ROUNDS = 11
ALONE = 60  # requests of one connection, for the latencies
WARM_UP = 200  # requests of each kind
REPORT = '{"invested_ytd_yuan":24000000,"physical_pct":"62.5","note":"主体施工"}'.encode()
FIRST_DAY = date(2030, 1, 1)
DAYS = 20_000
LASTS = timedelta(hours=1)
WIDTH = 110  # columns, where the output is no terminal


@dataclass(frozen=True)
class Job:
    """What is asked, the status expected, how many in a round, and the least ratio to the bare."""

    name: str
    requests: Iterator[bytes]
    status: int = 200
    each: int = 100
    limit: float = 0.0

    def ask(self, port: int, number: int, at_once: int) -> Took:
        asked = islice(self.requests, number)
        return asyncio.run(knock(port, asked, self.status, at_once=at_once))


def jobs(token: str, projects: Sequence[str]) -> list[Job]:
    """A read of one, a list of fifty, a report that is new each time."""
    reads = (request("GET", f"/v1/projects/{project}", token) for project in cycle(projects))
    lists = (request("GET", "/v1/projects?limit=50", token) for _ in count())
    reports = (
        request("PUT", f"/v1/projects/{project}/progress/{day}", token, REPORT)
        for day in (FIRST_DAY + timedelta(days=n) for n in range(DAYS))
        for project in projects
    )
    return [
        Job("read one project", reads, each=240, limit=0.5),
        Job("list 50 projects", lists, each=120, limit=0.6),
        Job("report progress", reports, 201, each=120, limit=0.4),
    ]


def lists_of_some(county: str, unit: str) -> list[Job]:
    """Lists of who sees a small part of the province; the tokens are a county's and a unit's."""
    return [
        Job("list of one county", repeat(request("GET", "/v1/projects?limit=50", county))),
        Job("list of one unit", repeat(request("GET", "/v1/projects?limit=50", unit))),
    ]


def province(projects: int) -> Facts:
    """So many projects, or a few more, of counties with sixty each."""
    facts = many(read_ledger(LEDGER, regions()).accepted(), projects)
    tables = dict(facts.tables)
    for name in ("units", "projects"):
        keys = tables[name][f"{name[:-1]}_id"].to_pylist()
        codes = [county(int(key.rpartition("-")[2])) for key in keys]
        at = tables[name].column_names.index("region_code")
        tables[name] = tables[name].set_column(at, "region_code", pa.array(codes))
    return Facts(tables)


def county(number: int) -> str:
    return f"{PROVINCE}{number:04}"


@contextmanager
def serving(target: Callable[..., None], *given: object) -> Iterator[int]:
    """A server in a process of its own, at a port that answers."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=target, args=(port, *given))
    process.start()
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.join()


def serve_ours(port: int, url: str, key: Path) -> None:
    run(build(db.connect(url), KeySet([Issuer(key).key])), port)


def serve_bare(port: int, url: str, key: Path, remembers: bool) -> None:
    run(bare.create_app(plain(url), KeySet([Issuer(key).key]), remembers=remembers), port)


def run(app: FastAPI, port: int) -> None:
    uvicorn.run(app, port=port, log_level="error", access_log=False)


@dataclass(frozen=True)
class Compared:
    """Requests a second, medians of the rounds: ours, the bare, the bare that remembers tokens."""

    job: Job
    per_second: list[float]
    ratios: list[float]
    ratios_to_remembering: list[float]


def compared(job: Job, ports: Sequence[int], rounds: int = ROUNDS) -> Compared:
    """The three servers take turns, who begins changing every round."""
    found: dict[int, list[float]] = {port: [] for port in ports}
    for port in ports:
        job.ask(port, WARM_UP, AT_ONCE)
    for n in range(rounds):
        for at in range(len(ports)):
            port = ports[(n + at) % len(ports)]
            found[port].append(job.ask(port, job.each, AT_ONCE).per_second)
    ours, *others = found.values()
    ratios = ([a / b for a, b in zip(ours, other, strict=True)] for other in others)
    return Compared(job, [statistics.median(each) for each in found.values()], *ratios)


def alone(job: Job, port: int) -> float:
    """The median seconds of a request when no other is under way."""
    job.ask(port, WARM_UP, AT_ONCE)
    return statistics.median(job.ask(port, ALONE, 1).each)


@dataclass(frozen=True)
class Measured:
    """Of one size: the comparison with the bare endpoint, and seconds a request by what it is."""

    projects: int
    compared: list[Compared]
    latencies: Mapping[str, float]


def measured(size: int) -> Measured:
    facts = province(size)
    units, projects = (
        facts.tables[name][f"{name[:-1]}_id"].to_pylist() for name in ("units", "projects")
    )
    folder = Path(tempfile.mkdtemp(prefix="bairi-bench-"))
    with embedded(folder) as url, tempfile.TemporaryDirectory() as keys:
        asyncio.run(migrate(url, "registry"))
        asyncio.run(fill(url, facts))
        key = Path(keys) / "key.json"
        last = county(int(units[-1].rpartition("-")[2]))
        whole, part, unit = (
            Issuer(key).issue(who, now=datetime.now(UTC), lasts=LASTS)  # noqa: TID251
            for who in (
                Caller("bench", Role.office, PROVINCE),
                Caller("bench", Role.office, last),
                Caller("bench", Role.unit, last, units[-1]),
            )
        )
        with (
            serving(serve_ours, url, key) as ours,
            serving(serve_bare, url, key, False) as bare,
            serving(serve_bare, url, key, True) as remembering,
        ):
            asked = jobs(whole, projects)
            found = [compared(job, (ours, bare, remembering)) for job in asked]
            latencies = {job.name: alone(job, ours) for job in (*asked, *lists_of_some(part, unit))}
    shutil.rmtree(folder)
    return Measured(len(projects), found, latencies)


def show(console: Console, reports: Sequence[Measured]) -> None:
    """A table of ratios for each size, and one of growth."""
    for report in reports:
        title = f"Registry ÷ bare endpoint, requests a second, {report.projects:,} projects"
        columns = ("registry", "bare", "ratio: min · median · max", "limit", "token verified once")
        table = Table("", *columns, title=title)
        for found in report.compared:
            ours, bare, _ = (f"{each:,.0f}" for each in found.per_second)
            limit = found.job.limit
            once = f"{statistics.median(found.ratios_to_remembering):.2f}"
            table.add_row(
                found.job.name, ours, bare, spread(found.ratios, limit), f"≥ {limit}", once
            )
        console.print(table)
    sizes = [f"{report.projects:,}" for report in reports]
    table = Table("", *sizes, "growth", title="Growth: ms of one request alone, by projects")
    for name in reports[0].latencies:
        times = [report.latencies[name] * 1000 for report in reports]
        table.add_row(name, *(f"{t:.2f}" for t in times), f"{times[-1] / times[0]:.2f} x")
    console.print(table)


def spread(ratios: Sequence[float], limit: float) -> str:
    median = statistics.median(ratios)
    colour = "green" if median >= limit else "red"
    return f"{min(ratios):.2f} · [{colour}]{median:.2f}[/] · {max(ratios):.2f}"


def main(sizes: Sequence[int]) -> None:
    console = Console() if Console().is_terminal else Console(width=WIDTH)
    show(console, [measured(size) for size in sizes])


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
