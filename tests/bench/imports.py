"""A ledger into the registry, against reading its cells and COPYing them unlooked at.

    python -m tests.bench.imports [PROJECTS]

Ours are the steps behind `POST /v1/imports` and `…/apply`, without HTTP: the workbook is read and
checked and kept, then merged into the records, one transaction each. Bare is python-calamine's rows
and asyncpg's COPY of them into plain tables with the same columns. Each has a process of its own,
so that its peak memory is its own; they take turns, each round on new databases.
"""

import asyncio
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineWorkbook
from rich.console import Console
from rich.table import Table

from services.registry.ledger import kept_imports, service
from services.registry.uploaders import Uploader
from shared import clock
from shared.child_processes.child import preload
from shared.child_processes.limits import UPLOAD, Limits
from shared.database.embedded_postgres import run_embedded_server
from shared.database.migrations import migrate_schema
from shared.database.sessions import create_sessions
from shared.facts.columns import ColumnType
from shared.facts.packed_facts import unpack_part
from shared.facts.tables import FACT_COLUMNS, FACT_KINDS, Facts
from shared.http.heavy_work import work_in_child
from shared.http.tokens import Caller, Role
from shared.http.uploads import StoredUpload, digest_file
from shared.ledger.writer import write_ledger
from tests.bench.ledgers import ledger
from tests.bench.timings import peak_memory, with_peak_memory

PROJECTS = 10_000  # with twelve reports each
LIMIT = 5.0  # ours ÷ bare, the first import
ROUNDS = 3
REPORTED = ("units", "projects", "progress")
LEDGERS = {"projects and progress": REPORTED, "whole ledger": tuple(FACT_KINDS)}
OFFICE = Caller("bench", Role.office, "990101")
IMPORTS = ("first", "the same again", "1 % changed")
# A text of each table that is no key; other tables stay as they are.
CHANGED = {
    "units": "name",
    "projects": "name",
    "milestones": "reason",
    "progress": "note",
    "permits": "document_no",
    "problems": "summary",
    "pauses": "reason",
}
EVERY = 100  # one row of so many is changed
PLAIN = {ColumnType.day: "date"} | dict.fromkeys(
    (ColumnType.yuan, ColumnType.year, ColumnType.percent), "double precision"
)


@dataclass(frozen=True)
class Took:
    """Seconds of both steps; peak memory in MB, also of the child that reads; rows added."""

    read: float
    written: float
    memory: float
    rows: int
    child_memory: float = 0.0

    @property
    def whole(self) -> float:
        return self.read + self.written


# --- ours


def imported(url: str, path: Path) -> Took:
    return asyncio.run(upload_and_apply(url, path))


@dataclass
class WatchedWork:
    """Work in children, and the most memory that one had."""

    memory: float = 0.0

    async def __call__(
        self, who: Caller, limits: Limits, function: Callable[..., Any], *arguments: Any
    ) -> Any:
        work = work_in_child(who, limits, with_peak_memory, function, *arguments)
        result, memory = await work
        self.memory = max(self.memory, memory)
        return result


def stored(path: Path) -> StoredUpload:
    with path.open("rb") as file:
        return StoredUpload(path, path.stat().st_size, digest_file(file))


async def untold(_name: str, _rows: int) -> None:
    """Nobody watches."""


async def upload_and_apply(url: str, path: Path) -> Took:
    pa.array([0])  # imports pandas where it is installed, which it is for the tests only
    sessions = create_sessions(url)
    async with sessions.begin() as session:
        await session.connection()
    preload("services.registry.ledger.files", "tests.bench.timings")
    work = WatchedWork()
    by = Uploader(sessions.begin, work, OFFICE)
    await work(OFFICE, UPLOAD, len, "")  # a service has the server of children running
    begun = perf_counter()
    async with sessions.begin() as session:
        upload = await asyncio.to_thread(stored, path)
        found = await service.store_upload(session, path.name, upload, None, by, now=clock.now())
    checked = perf_counter()
    async with sessions.begin() as session:
        await service.enqueue_import(session, found.id, who=OFFICE, now=clock.now(), english=False)
        facts = await kept_imports.load_packed_facts(session, found.id)
        assert facts is not None
        await service.apply_import(session, found.id, unpack_part(facts), OFFICE, untold)
        applied = await kept_imports.find_import(session, found.id, OFFICE)
    done = perf_counter()
    await sessions.kw["bind"].dispose()
    rows = sum(change["added"] for change in (applied["changes"] or {}).values())
    return Took(checked - begun, done - checked, peak_memory(), rows, work.memory)


# --- bare


def copied(url: str, path: Path) -> Took:
    return asyncio.run(read_and_copy(url, path))


async def read_and_copy(url: str, path: Path) -> Took:
    connection = await asyncpg.connect(plain(url))
    for table in FACT_KINDS:
        columns = ", ".join(f'"{c.name}" {PLAIN.get(c.kind, "text")}' for c in FACT_COLUMNS[table])
        await connection.execute(f"CREATE TABLE {table} ({columns})")
    begun = perf_counter()
    with CalamineWorkbook.from_path(path) as workbook:
        sheets = {
            table: workbook.get_sheet_by_name(title).to_python()
            for table, title in ((kind.name, kind.zh) for kind in FACT_KINDS.values())
            if title in workbook.sheet_names  # optional kinds have none where they are empty
        }
    read = perf_counter()
    rows = 0
    for table, (_, *lines) in sheets.items():
        await connection.copy_records_to_table(table, records=map(known, lines))
        rows += len(lines)
    done = perf_counter()
    await connection.close()
    return Took(read - begun, done - read, peak_memory(), rows)


def known(row: list[Any]) -> list[Any]:
    """The reader's blank is an empty text, which no number or date is."""
    return [None if cell == "" else cell for cell in row]


def plain(url: str) -> str:
    return url.replace("+asyncpg", "")


# --- the workbooks


def write(projects: int, tables: tuple[str, ...], folder: Path) -> None:
    """Two workbooks, the second with one row of a hundred changed."""
    made = ledger(projects).tables
    facts = Facts({name: made[name] if name in tables else made[name][:0] for name in FACT_KINDS})
    write_ledger(facts, folder / "ledger.xlsx")
    changed = {name: revised(table, CHANGED.get(name)) for name, table in facts.tables.items()}
    write_ledger(Facts(changed), folder / "changed.xlsx")


def revised(table: pa.Table, name: str | None) -> pa.Table:
    if name is None:
        return table
    at, chosen = table.column_names.index(name), [n % EVERY == 0 for n in range(table.num_rows)]
    texts = pc.if_else(
        pa.array(chosen, pa.bool_()),
        pc.binary_join_element_wise(pc.coalesce(table[name], ""), "已核", ""),
        table[name],
    )
    return table.set_column(at, name, texts)


# --- side by side


def apart(work: Callable[..., Any], *given: Any) -> Any:
    """What a function returns in a new process."""
    with ProcessPoolExecutor(1, get_context("spawn")) as processes:
        return processes.submit(work, *given).result()


def databases(url: str) -> Iterator[str]:
    """New databases with the registry's tables in them, one after the other."""
    asyncio.run(migrate_schema(url, "registry"))
    for number in range(sys.maxsize):
        asyncio.run(execute(url, f"CREATE DATABASE round_{number} TEMPLATE postgres"))
        yield url.replace("/postgres?", f"/round_{number}?")


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(plain(url).replace("/postgres?", "/template1?"))
    await connection.execute(statement)
    await connection.close()


def measured(urls: Iterator[str], folder: Path) -> Mapping[str, list[Took]]:
    took: dict[str, list[Took]] = {name: [] for name in ("bare", *IMPORTS)}
    files = (folder / "ledger.xlsx", folder / "ledger.xlsx", folder / "changed.xlsx")
    for _ in range(ROUNDS):
        took["bare"].append(apart(copied, next(urls), files[0]))
        url = next(urls)
        for name, file in zip(IMPORTS, files, strict=True):
            took[name].append(apart(imported, url, file))
    return took


def shown(title: str, took: Mapping[str, list[Took]]) -> Table:
    table = Table(title=title, title_justify="left")
    columns = (
        "",
        "read, check s",
        "COPY, merge s",
        "in all s",
        "÷ bare",
        "peak MB",
        "child MB",
        "rows added",
    )
    for column in columns:
        table.add_column(column, justify="right" if column else "left")
    bare = [each.whole for each in took["bare"]]
    for name, turns in took.items():
        ratio = statistics.median(a.whole / b for a, b in zip(turns, bare, strict=True))
        colour = "green" if ratio <= LIMIT else "red"
        table.add_row(
            name,
            *(f"{statistics.median(all_of):.2f}" for all_of in parts(turns)),
            f"[{colour}]{ratio:.2f}[/]",
            f"{max(each.memory for each in turns):,.0f}",
            f"{max(each.child_memory for each in turns):,.0f}",
            f"{turns[0].rows:,}",
        )
    return table


def parts(turns: list[Took]) -> Iterator[list[float]]:
    yield [each.read for each in turns]
    yield [each.written for each in turns]
    yield [each.whole for each in turns]


def main(projects: int) -> None:
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="bairi-bench-"))
    folder.chmod(0o711)
    with run_embedded_server(folder / "server") as url:
        urls = databases(url)
        for name, tables in LEDGERS.items():
            apart(write, projects, tables, folder)
            title = f"{projects:,} projects, {name}: median of {ROUNDS} (limit {LIMIT:g} x bare)"
            console.print(shown(title, measured(urls, folder)))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PROJECTS)
