"""A registry of several offices as its API tells of it, without a database.

A city, and two counties that number their units and projects alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyarrow as pa

from services.scoring.execution.office_facts import join_offices
from shared.facts.tables import Facts
from shared.offices import region_prefix
from tests.registry.clients import ledger

KNOWN_AT = "2023-01-09T01:00:00+00:00"
CITY, COUNTY, BESIDE = "990100", "990101", "990102"
AS_OF = "2022-09-30"
REGION, TOWNSHIP = "9901", "990101100"
TWIN, CODE = "P008", "2106-990101-12-04-000088"  # a county's project that the city has, too


def replaced(facts: Facts, table: str, column: str, value: str | None) -> Facts:
    found = facts.tables[table]
    same = pa.array([value] * found.num_rows, pa.string())
    changed = found.set_column(found.schema.get_field_index(column), column, same)
    return Facts({**facts.tables, table: changed})


def beside() -> Facts:
    """The same ledger of another county: its ids, and other national codes."""
    facts = replaced(ledger("small"), "projects", "national_code", None)
    for table in ("units", "projects"):
        facts = replaced(facts, table, "region_code", BESIDE)
    return facts


OF_CITY = Facts.from_rows(
    {
        "units": [{"unit_id": "U01", "name": "市局", "kind": "department", "group": "departments"}],
        "projects": [
            {"project_id": "P001", "name": "市项目", "unit_id": "U01", "nature": "new"},
            {
                **{"project_id": "P002", "name": "同一项目", "unit_id": "U01", "nature": "new"},
                "national_code": CODE,
            },
        ],
        "plans": [{"project_id": "P002", "year": 2022, "planned_yuan": 1}],
    }
)
FACTS = {CITY: OF_CITY, COUNTY: ledger("small"), BESIDE: beside()}


@dataclass
class OfficeRegistry:
    """Own facts by office, with plain ids, and what was asked for."""

    facts: Mapping[str, Facts]
    asked: list[str] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.MockTransport(self.answer), base_url="http://registry"
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, params = request.url.path, request.url.params
        self.asked.append(f"{path}?{request.url.query.decode()}")
        if path.startswith("/v1/offices/"):
            return office_settings(path.rsplit("/", 1)[1])
        office, region = params.get("office"), params.get("region")
        assert (office is None) != (region is None)
        prefix = region_prefix(office) if office else region
        if path == "/v1/facts":
            within = [code for code in self.facts if region_prefix(code).startswith(prefix)]
            return httpx.Response(200, json={"known_at": KNOWN_AT, "offices": within})
        assert "known_at" in params
        table = path.rsplit("/", 1)[1]
        if office:
            return arrow(self.facts.get(office, Facts.from_columns({})).tables[table])
        return arrow(join_offices(self.facts).facts.tables[table])


def office_settings(office: str) -> httpx.Response:
    nothing = dict.fromkeys(("contact", "telephone", "version"))
    names = {"name": "重点项目建设领导小组办公室", "agency_words": {"default": "重办"}}
    return httpx.Response(200, json={"office": office, "signers": {}, **names, **nothing})


def arrow(table: pa.Table) -> httpx.Response:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return httpx.Response(200, content=sink.getvalue().to_pybytes())


async def got(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sent(client: httpx.AsyncClient, path: str, status: int = 201, /, **body: Any) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()
