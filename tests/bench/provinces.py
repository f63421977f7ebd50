"""Provinces of many counties, and what is asked of a registry that has one."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, cycle, islice, repeat

import pyarrow as pa

from shared.facts.tables import Facts
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.bench.facts import LEDGER, many
from tests.bench.http_load import Took, knock, request

PROVINCE = "99"
REPORT = '{"invested_ytd_yuan":24000000,"physical_pct":"62.5","note":"主体施工"}'.encode()
FIRST_DAY = date(2030, 1, 1)
DAYS = 20_000


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


def lists_of_some(county: str, unit: str, region: str) -> list[Job]:
    """Lists of who sees a small part of the province; the tokens are a county's and a unit's."""
    of_region = f"/v1/projects?limit=50&region={region}"
    return [
        Job("list of one county", repeat(request("GET", of_region, county))),
        Job("list of one unit", repeat(request("GET", "/v1/projects?limit=50", unit))),
    ]


def province(projects: int) -> Facts:
    """So many projects, or a few more, of counties with sixty each."""
    facts = many(read_ledger(LEDGER, region_codes()).accepted(), projects)
    tables = dict(facts.tables)
    for name in ("units", "projects"):
        keys = tables[name][f"{name[:-1]}_id"].to_pylist()
        codes = [county(int(key.rpartition("-")[2])) for key in keys]
        at = tables[name].column_names.index("region_code")
        tables[name] = tables[name].set_column(at, "region_code", pa.array(codes))
    return Facts(tables)


def county(number: int) -> str:
    return f"{PROVINCE}{number:04}"
