"""Real registries of several offices: a city, and two counties that number alike.

Each is a database of its own with the ledgers that its offices imported, made once.
"""

import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.compute as pc
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.registry.main import build_app
from shared.facts.tables import Facts
from shared.http.tokens import Issuer
from shared.ledger.writer import write_ledger
from shared.offices import region_prefix
from tests.databases import database
from tests.registry.clients import imported, ledger, speaking, zipped
from tests.scoring.service.registry import connected

CITY, COUNTY, BESIDE = "990100", "990101", "990102"
AS_OF = "2022-09-30"
REGION, TOWNSHIP = "9901", "990101100"
OF_TOWNSHIP = "U05"  # the unit of the county whose projects lie in the township
TWIN, CODE = "P008", "2106-990101-12-04-000088"  # a county's project that the city has, too


def replaced(facts: Facts, table: str, column: str, value: str | None, *of_units: str) -> Facts:
    """The facts with one value in a column, of all rows or of those of some units."""
    found = facts.tables[table]
    is_changed = pc.is_in(found["unit_id"], pa.array(of_units or found["unit_id"].to_pylist()))
    changed = pc.if_else(is_changed, pa.scalar(value, pa.string()), found[column])
    index = found.schema.get_field_index(column)
    return Facts({**facts.tables, table: found.set_column(index, column, changed)})


def moved(facts: Facts, region: str, *of_units: str) -> Facts:
    """The facts with units and their projects in a region."""
    for table in ("units", "projects"):
        facts = replaced(facts, table, "region_code", region, *of_units)
    return facts


OF_CITY = Facts.from_rows(
    {
        "units": [{"unit_id": "U01", "name": "市局", "kind": "department", "group": "departments"}],
        "projects": [
            {
                **{"project_id": "P001", "name": "市项目", "unit_id": "U01", "nature": "new"},
                "region_code": TOWNSHIP,
            },
            {
                **{"project_id": "P002", "name": "同一项目", "unit_id": "U01", "nature": "new"},
                "national_code": CODE,
            },
        ],
        "plans": [{"project_id": "P002", "year": 2022, "planned_yuan": 1}],
    }
)
FACTS = {
    CITY: OF_CITY,
    COUNTY: moved(ledger("small"), TOWNSHIP, OF_TOWNSHIP),
    # The same ledger of another county: its ids, and other national codes.
    BESIDE: replaced(moved(ledger("small"), BESIDE), "projects", "national_code", None),
}
STATISTICS = Facts.from_rows(  # of an office that has no units
    {
        "indicators": [
            {
                **{"region_code": COUNTY, "period": date(2022, 6, 30), "value": 1},
                **{"indicator": "fixed_asset_investment", "source": "统计局"},
            }
        ]
    }
)


@dataclass
class OfficeRegistry:
    """A registry as the scoring service asks it, what was asked, and offices it does not reach."""

    reader: httpx.AsyncClient
    asked: list[str] = field(default_factory=list)
    unreachable: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reader.event_hooks["request"].append(self.record)

    async def record(self, request: httpx.Request) -> None:
        self.asked.append(f"{request.url.path}?{request.url.query.decode()}")
        if request.url.params.get("office") in self.unreachable:
            raise httpx.ConnectError("refused")


@dataclass
class OfficeRegistries:
    """Registries by what their offices have, made where one is first wanted."""

    server: str
    issuer: Issuer
    stack: AsyncExitStack
    made: list[tuple[Mapping[str, Facts], FastAPI]] = field(default_factory=list)

    async def of(self, facts_by_office: Mapping[str, Facts]) -> OfficeRegistry:
        for known, app in self.made:
            if known == facts_by_office:
                return self.registry(app)
        name = f"registry_offices_{len(self.made)}"
        url = await self.stack.enter_async_context(database(self.server, name, "registry"))
        sessions = await self.stack.enter_async_context(connected(url))
        app = build_app(sessions, KeySet([self.issuer.key]))
        for office, facts in facts_by_office.items():
            client = speaking(app, self.issuer)("office", region_prefix(office))
            await imported(client, zipped_facts(facts))
        self.made.append((facts_by_office, app))
        return self.registry(app)

    def registry(self, app: FastAPI) -> OfficeRegistry:
        return OfficeRegistry(speaking(app, self.issuer)("inspector", ""))


def zipped_facts(facts: Facts) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_ledger(facts, Path(folder))
        return zipped(Path(folder))


async def got(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sent(client: httpx.AsyncClient, path: str, status: int = 201, /, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()
