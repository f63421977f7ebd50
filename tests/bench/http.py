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
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from joserfc.jwk import KeySet
from rich.console import Console
from rich.table import Table

from services.registry.main import build_app
from shared.database.embedded_postgres import run_embedded_server
from shared.database.migrations import migrate_schema
from shared.database.sessions import create_sessions
from shared.http.tokens import Caller, Issuer, Role
from shared.logs import configure_logging
from shared.offices import office_code
from tests.bench import bare_service
from tests.bench.facts import fill, free_port, plain, wait_for
from tests.bench.provinces import PROVINCE, Job, county, jobs, lists_of_some, province

SIZES = (500, 50_000)
AT_ONCE = 8  # connections
ROUNDS = 11
ALONE = 60  # requests of one connection, for the latencies
WARM_UP = 200  # requests of each kind
LASTS = timedelta(hours=1)
WIDTH = 110  # columns, where the output is no terminal


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
    """As it is run, so with its log, which nobody reads here."""
    with Path(os.devnull).open("w") as sys.stderr:
        configure_logging()
        run(build_app(create_sessions(url), KeySet([Issuer(key).key])), port)


def serve_bare(port: int, url: str, key: Path, remembers: bool) -> None:
    run(bare_service.create_app(plain(url), KeySet([Issuer(key).key]), remembers=remembers), port)


def run(app: FastAPI, port: int) -> None:
    uvicorn.run(app, port=port, log_config=None, access_log=False)


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


@dataclass(frozen=True)
class Opened:
    """A registry of so many projects that answers at a port; the database and the key for others.

    `asked` are the jobs of the comparison, `lists` those of who sees a small part of it.
    """

    projects: int
    ours: int
    url: str
    key: Path
    asked: list[Job]
    lists: list[Job]


@contextmanager
def opened(size: int) -> Iterator[Opened]:
    facts = province(size)
    units, projects = (
        facts.tables[name][f"{name[:-1]}_id"].to_pylist() for name in ("units", "projects")
    )
    last = county(int(units[-1].rpartition("-")[2]))
    folder = Path(tempfile.mkdtemp(prefix="bairi-bench-"))
    with run_embedded_server(folder) as url, tempfile.TemporaryDirectory() as keys:
        asyncio.run(migrate_schema(url, "registry"))
        asyncio.run(fill(url, facts, office_code(PROVINCE)))
        key = Path(keys) / "key.json"
        whole, part, unit = (
            Issuer(key).issue(who, now=datetime.now(UTC), lasts=LASTS)  # noqa: TID251
            for who in (
                Caller("bench", Role.office, PROVINCE),
                Caller("bench", Role.office, last),
                Caller("bench", Role.unit, PROVINCE, units[-1]),
            )
        )
        asked, lists = jobs(whole, projects), lists_of_some(part, unit, last)
        with serving(serve_ours, url, key) as ours:
            yield Opened(len(projects), ours, url, key, asked, lists)
    shutil.rmtree(folder)


def compared_with_bare(registry: Opened) -> list[Compared]:
    bare = serve_bare, registry.url, registry.key
    with serving(*bare, False) as verifying, serving(*bare, True) as remembering:
        ports = registry.ours, verifying, remembering
        return [compared(job, ports) for job in registry.asked]


Growth = Mapping[str, list[float]]


def growth(registries: Sequence[Opened]) -> Growth:
    """The median seconds of a request when no other is under way, in turns, by what is asked."""
    found: dict[str, list[list[float]]] = {}
    for same in zip(*([*each.asked, *each.lists] for each in registries), strict=True):
        times: list[list[float]] = [[] for _ in registries]
        for n in range(ROUNDS):
            for registry, job, each in zip(registries, same, times, strict=True):
                taken = job.ask(registry.ours, ALONE, 1).each
                each += taken if n else []  # the first warm up
        found[same[0].name] = times
    return {name: [statistics.median(each) for each in times] for name, times in found.items()}


def show_compared(console: Console, projects: int, compared: Sequence[Compared]) -> None:
    title = f"Registry ÷ bare endpoint, requests a second, {projects:,} projects"
    columns = ("registry", "bare", "ratio: min · median · max", "limit", "token verified once")
    table = Table("", *columns, title=title)
    for found in compared:
        ours, bare, _ = (f"{each:,.0f}" for each in found.per_second)
        limit = found.job.limit
        once = f"{statistics.median(found.ratios_to_remembering):.2f}"
        table.add_row(found.job.name, ours, bare, spread(found.ratios, limit), f"≥ {limit}", once)
    console.print(table)


def show_growth(console: Console, sizes: Sequence[int], found: Growth) -> None:
    columns = (*(f"{size:,} projects" for size in sizes), "growth")
    table = Table("", *columns, title="Milliseconds of one request alone")
    for name, times in found.items():
        shown = (f"{each * 1000:.2f}" for each in times)
        table.add_row(name, *shown, f"{times[-1] / times[0]:.2f} x")
    console.print(table)


def spread(ratios: Sequence[float], limit: float) -> str:
    median = statistics.median(ratios)
    colour = "green" if median >= limit else "red"
    return f"{min(ratios):.2f} · [{colour}]{median:.2f}[/] · {max(ratios):.2f}"


def main(sizes: Sequence[int]) -> None:
    console = Console() if Console().is_terminal else Console(width=WIDTH)
    with ExitStack() as stack:
        registries = [stack.enter_context(opened(size)) for size in sizes]
        for registry in registries:
            show_compared(console, registry.projects, compared_with_bare(registry))
        show_growth(console, [each.projects for each in registries], growth(registries))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
