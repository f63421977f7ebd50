"""The facts of many projects from the registry to scoring, against a bare COPY of the same rows.

python -m tests.bench.facts [PROJECTS]: seconds and peak memory of each process, over loopback.
"""

import asyncio
import multiprocessing
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import httpx
import pyarrow as pa
import pyarrow.compute as pc
import uvicorn
from joserfc.jwk import KeySet

from services.registry.main import build_app
from services.registry.records.search_text import derive_search_columns
from services.registry.tables import derived_columns
from services.scoring.execution.content_digest import digest_facts
from services.scoring.registry_client import RegistryClient
from shared.database.embedded_postgres import run_embedded_server
from shared.database.migrations import migrate_schema
from shared.database.sessions import create_sessions
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.http.questions import Question
from shared.http.tokens import WHOLE_COUNTRY, Caller, Issuer, Role
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.paths import GOLDEN

LEDGER = GOLDEN / "county"
KEYS = ("unit_id", "project_id", "competent_unit_id", "authority_unit_id", "handler_unit_id")
MEGABYTE = 1 << 20


def many(facts: Facts, projects: int) -> Facts:
    """Copies of a county until there are so many projects, each with keys of its own."""
    copies = -(-projects // facts.tables["projects"].num_rows)
    return Facts(
        {
            name: pa.concat_tables(renamed(table, f"-{n}") for n in range(copies)).combine_chunks()
            for name, table in facts.tables.items()
        }
    )


def renamed(table: pa.Table, suffix: str) -> pa.Table:
    for name in ("problem_id", *KEYS):
        if name in table.column_names:
            at = table.column_names.index(name)
            table = table.set_column(at, name, pc.binary_join_element_wise(table[name], suffix, ""))
    return table


OFFICE = "990101"
MARKS = ("recorded_at", "recorded_by", "recorded_for", "why", "office")


async def fill(url: str, facts: Facts, office: str = OFFICE) -> None:
    """Straight into the tables of an office: how they come there is measured elsewhere."""
    connection = await asyncpg.connect(plain(url))
    marks = (datetime.now(UTC), "bench", office, "", office)  # noqa: TID251
    for name, table in facts.tables.items():
        columns = [column.name for column in FACT_COLUMNS[name]]
        kind, derived = FACT_KINDS[name], derived_columns(FACT_KINDS[name])
        made = [derive_search_columns(kind, fact) for fact in table.to_pylist()] if derived else []
        values = (
            *(table[column].to_pylist() for column in columns),
            *([each[column] for each in made] for column in derived),
        )
        await connection.copy_records_to_table(
            name,
            schema_name="registry",
            columns=[*columns, *derived, *MARKS],
            records=((*row, *marks) for row in zip(*values, strict=True)),
        )
    await connection.execute("ANALYZE")
    await connection.close()


def plain(url: str) -> str:
    return url.replace("+asyncpg", "")


def serve(url: str, port: int, key: Path) -> None:
    app = build_app(create_sessions(url), KeySet([Issuer(key).key]))
    uvicorn.run(app, port=port, log_level="error")


@contextmanager
def served(url: str, port: int, key: Path) -> Iterator[int]:
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(url, port, key))
    process.start()
    try:
        wait_for(port, process)
        yield process.pid or 0
    finally:
        process.terminate()
        process.join()


def wait_for(port: int, process: BaseProcess) -> None:
    """Until the port answers; a process that ends before it does is told at once."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        process.join(0.1)
        if process.exitcode is not None:
            break
    raise TimeoutError(f"port {port}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def copied(url: str) -> tuple[float, int]:
    """Seconds and bytes of COPY … TO STDOUT of the same columns, thrown away as they come."""
    connection = await asyncpg.connect(plain(url))
    size = 0

    async def count(data: bytes) -> None:
        nonlocal size
        size += len(data)

    begun = time.perf_counter()
    for name in FACT_COLUMNS:
        columns = ", ".join(f'"{column.name}"' for column in FACT_COLUMNS[name])
        query = f"SELECT {columns} FROM registry.{name} WHERE superseded_at IS NULL"
        await connection.copy_from_query(query, output=count, format="csv")
    await connection.close()
    return time.perf_counter() - begun, size


async def taken(port: int, key: Path) -> tuple[float, Facts]:
    who = Caller("bench", Role.inspector, WHOLE_COUNTRY)
    token = Issuer(key).issue(who, now=datetime.now(UTC), lasts=timedelta(hours=1))  # noqa: TID251
    headers = {"authorization": f"Bearer {token}"}
    base = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=120) as http:
        begun = time.perf_counter()
        known = await RegistryClient(http).load_facts(Question.of_office(OFFICE))
        return time.perf_counter() - begun, known.facts


def peak_of(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure(url: str, key: Path, queue: "multiprocessing.Queue[list[str]]") -> None:
    port = free_port()
    before = peak_of(os.getpid())
    lines = []
    with served(url, port, key) as pid:
        rested = peak_of(pid)
        bare, size = asyncio.run(copied(url))
        for turn in ("first", "again"):
            facts = Facts({})  # the first are let go before the others come
            seconds, facts = asyncio.run(taken(port, key))
            lines.append(f"{turn}: {seconds:.2f} s, {seconds / bare:.2f} x a bare COPY")
        begun = time.perf_counter()
        digest_facts(facts)
        rows = sum(table.num_rows for table in facts.tables.values())
        held = sum(table.nbytes for table in facts.tables.values()) / MEGABYTE
        lines += [
            f"bare COPY: {bare:.2f} s, {size / MEGABYTE:.0f} MB, {rows:,} rows",
            f"digest: {time.perf_counter() - begun:.2f} s; facts held: {held:.0f} MB",
            f"registry: {rested:.0f} -> {peak_of(pid):.0f} MB at its peak",
            f"scoring: {before:.0f} -> {peak_of(os.getpid()):.0f} MB at its peak",
        ]
    queue.put(lines)


def main(projects: int) -> None:
    facts = many(read_ledger(LEDGER, region_codes()).accepted(), projects)
    folder = Path(tempfile.mkdtemp(prefix="bairi-bench-"))
    with run_embedded_server(folder) as url, tempfile.TemporaryDirectory() as keys:
        asyncio.run(migrate_schema(url, "registry"))
        asyncio.run(fill(url, facts))
        key = Path(keys) / "key.json"
        Issuer(key)
        spawn = multiprocessing.get_context("spawn")
        queue = spawn.Queue()
        process = spawn.Process(target=measure, args=(url, key, queue))
        process.start()
        sys.stdout.write("\n".join(queue.get()) + "\n")
        process.join()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
