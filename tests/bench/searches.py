"""Searches of names against a bare LIKE on the name, in one database and one run.

    python -m tests.bench.searches [NAMES [MORE]]

So many names in counties of 500 each, asked about as a whole; then more, asked about one county,
and as a whole, as nothing is worse. Ours is the statement of the list with order, visibility and
JSON of 51 records; bare is a LIKE on the name alone, of the same office, in the order of length.
The last line is what is made of a name when it is written.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from rich.console import Console
from rich.table import Table

from services.registry.records.addresses import RecordQuestion
from services.registry.records.list_requests import read_list_request
from services.registry.records.list_statements import record_page_query
from services.registry.records.search_text import build_search_columns
from services.registry.records.visibility import caller_scope
from services.registry.resources import RESOURCES
from shared.database.embedded_postgres import run_embedded_server
from shared.database.migrations import migrate_schema
from shared.database.sessions import PLANNER_SETTINGS
from shared.http.pages import CursorPaging
from shared.http.tokens import Caller, Role
from tests.bench.facts import MARKS, plain

NAMES, MORE = 50_000, 1_400_000
NAMES_OF_COUNTY = 500
ROUNDS = 7
LIMIT = 50  # records of a page
BATCH = 50_000  # rows that are copied at once
PLACES = (
    *("重庆路", "长乐镇", "厂前", "城关", "行署", "柏林", "东川", "西关"),
    *("朝阳", "普安", "顺和", "青石", "单家", "解放", "石桥", "乐山"),
)
WORKS = (
    *("年产5万吨装配式构件", "县人民医院门诊楼", "高标准农田", "污水处理厂"),
    *("冷链物流园", "老旧小区", "数据中心", "储能"),
)
KINDS = (
    *("建设项目", "改造工程", "二期工程", "扩建项目"),
    *("100%清洁供热", "配套设施_一期", "提升工程"),
)
# Of two characters, of five, initials (of two readings of 重), with escapes, and what is nowhere.
SOUGHT = (
    *("医院", "农田", "人民医院门", "装配式构件"),
    *("zqlx", "cqlx", "cqlwsclc", "0%清", "施_一", "没有这样的"),
)
PROJECTS = next(each for each in RESOURCES if each.singular == "project")
COLUMNS = ("office", "project_id", "name", "region_code", "unit_id", "nature", "key_levels")
BARE = """
    SELECT version, name FROM registry.projects
    WHERE superseded_at IS NULL AND ($1::text IS NULL OR office = $1) AND name LIKE $2
    ORDER BY length(name), version LIMIT 51"""


@dataclass(frozen=True)
class Compared:
    """Milliseconds of a search, of the bare one, and how many names it finds."""

    sought: str
    ours: float
    bare: float
    found: int


def build_name(number: int) -> str:
    """A name, of some 900 that are told apart by a number."""
    place, work = PLACES[number % len(PLACES)], WORKS[number // 16 % len(WORKS)]
    return f"{place}{work}{KINDS[number // 128 % len(KINDS)]}（{number % 9973}号）"


def county_of(number: int) -> str:
    return f"{100_000 + number // NAMES_OF_COUNTY % 899_999:06}"


def rows(first: int, last: int) -> Iterator[tuple[Any, ...]]:
    marks = (datetime.now(UTC), "bench", "", "")  # noqa: TID251
    for number in range(first, last):
        name, county = build_name(number), county_of(number)
        fact: tuple[Any, ...] = (county, f"P{number}", name, county, "U01", "new", [], [])
        made = build_search_columns(name, (f"P{number}", None))
        yield (*fact, *made.values(), *marks)


async def fill(connection: Any, first: int, last: int) -> float:
    """Copy rows; seconds of making what is searched of a thousand names."""
    columns = [*COLUMNS, "programs", "search_text", "name_order", *MARKS[:-1]]
    for begin in range(first, last, BATCH):
        await connection.copy_records_to_table(
            "projects",
            schema_name="registry",
            columns=columns,
            records=rows(begin, min(begin + BATCH, last)),
        )
    await connection.execute("VACUUM ANALYZE registry.projects")
    begun = perf_counter()
    for number in range(first, first + 1000):
        build_search_columns(build_name(number), (f"P{number}", None))
    return perf_counter() - begun


def statement_of(search: str, office: str | None) -> tuple[str, list[Any]]:
    """The statement and values of a list, as the service sends them for a caller of everything."""
    who = Caller("bench", Role.office, "")
    question = RecordQuestion(office or "", caller_scope(who))
    sent = dict.fromkeys((*PROJECTS.filters, *(flag.name for flag in PROJECTS.computed_filters)))
    asked = read_list_request(
        PROJECTS,
        {**sent, "search": search, "totals": False},
        CursorPaging("", LIMIT),
        question,
        who,
    )
    query = record_page_query(PROJECTS.kind.name, asked.shape)
    return query.text, query.arguments({**asked.values, **question.values})


async def compare(connection: Any, sought: str, office: str | None) -> Compared:
    text, values = statement_of(sought, office)
    escaped = sought.replace("%", "\\%").replace("_", "\\_")
    took: dict[str, list[float]] = {"ours": [], "bare": []}
    for turn in range(ROUNDS + 1):
        for name, asked in (("ours", (text, *values)), ("bare", (BARE, office, f"%{escaped}%"))):
            begun = perf_counter()
            await connection.fetch(*asked)
            if turn:  # the first warms up
                took[name].append((perf_counter() - begun) * 1000)
    count = "SELECT count(*) FROM registry.projects WHERE search_text LIKE $2"
    of_office = " AND ($1::text IS NULL OR office = $1)"
    found = await connection.fetchval(count + of_office, office, f"%{escaped}%")
    ours, bare = (statistics.median(took[name]) for name in ("ours", "bare"))
    return Compared(sought, ours, bare, found)


def shown(title: str, compared: Sequence[Compared]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in ("sought", "found", "ours ms", "bare ms", "ours ÷ bare"):
        table.add_column(column, justify="left" if column == "sought" else "right")
    for each in compared:
        ratio = each.ours / each.bare
        figures = (f"{each.found:,}", f"{each.ours:.1f}", f"{each.bare:.1f}", f"{ratio:.2f}")
        table.add_row(each.sought, *figures)
    return table


async def measure(url: str, names: int, more: int, console: Console) -> None:
    connection = await asyncpg.connect(plain(url), server_settings=PLANNER_SETTINGS)
    seconds = await fill(connection, 0, names)
    whole = [await compare(connection, sought, None) for sought in SOUGHT]
    console.print(shown(f"{names:,} names in {names // NAMES_OF_COUNTY or 1:,} counties", whole))
    await fill(connection, names, more)
    county = county_of(more // 2)
    of_one = [await compare(connection, sought, county) for sought in SOUGHT]
    console.print(shown(f"one county of {more:,} names", of_one))
    largest = [await compare(connection, sought, None) for sought in SOUGHT]
    console.print(shown(f"all {more:,} names", largest))
    sizes = "SELECT avg(octet_length(name)), avg(octet_length(search_text)) FROM registry.projects"
    name, text = await connection.fetchrow(sizes)
    console.print(f"bytes of a name {name:.0f}, of its search text {text:.0f}")
    console.print(f"making the search text of a name: {seconds * 1000:.0f} µs")
    await connection.close()


def main(names: int = NAMES, more: int = MORE) -> None:
    folder = Path(tempfile.mkdtemp(prefix="bairi-bench-"))
    folder.chmod(0o711)
    with run_embedded_server(folder / "server") as url:
        asyncio.run(migrate_schema(url, "registry"))
        asyncio.run(measure(url, names, more, Console()))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
