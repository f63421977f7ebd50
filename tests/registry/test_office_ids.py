"""Offices with the same ids: each has its own, and an answer writes them as the question asks."""

from typing import Any

import httpx
import pytest

from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, apply, imported, ledger, table_of, upload, zipped

NEIGHBOUR, CITY = "990102", "990100"
UNIT = {"name": "甲", "kind": "zone", "group": "g"}


def moved_to(region: str) -> bytes:
    """The golden county's ledger as another county has it, every number the same."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in (GOLDEN / "county").iterdir()}
    return zipped(
        GOLDEN / "county", **{name: text.replace(REGION, region) for name, text in files.items()}
    )


@pytest.fixture
async def offices(as_: As) -> dict[str, httpx.AsyncClient]:
    """Two counties with the same ledger, and their city, which has a unit and a project there."""
    clients = {code: as_("office", code) for code in (REGION, NEIGHBOUR)}
    clients[CITY] = as_("office", "9901")
    for code, client in clients.items():
        if code != CITY:
            await imported(client, moved_to(code))
    await put(clients[CITY], "/v1/units/U01", UNIT | {"name": "市甲"})
    project = {"name": "市重点", "unit_id": "U01", "nature": "new", "region_code": REGION}
    await put(clients[CITY], "/v1/projects/P001", project)
    return clients


async def put(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.put(path, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed(client: httpx.AsyncClient, path: str, **asked: str) -> list[dict[str, Any]]:
    answer = await client.get(path, params={"limit": "200", **asked})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def ids(client: httpx.AsyncClient, path: str, **asked: str) -> set[str]:
    key = f"{path.rpartition('/')[2][:-1]}_id"
    return {item[key] for item in await listed(client, path, **asked)}


Offices = dict[str, httpx.AsyncClient]


async def test_a_list_of_an_office_has_its_own_rows_plain(offices: Offices) -> None:
    own = set(ledger("county").tables["projects"]["project_id"].to_pylist())
    assert await ids(offices[REGION], "/v1/projects") == own
    assert await ids(offices[NEIGHBOUR], "/v1/projects") == own
    assert await ids(offices[CITY], "/v1/projects") == {"P001"}
    assert await ids(offices[CITY], "/v1/projects", office=NEIGHBOUR) == own


async def test_a_list_of_a_region_has_every_id_qualified(offices: Offices) -> None:
    own = ledger("county").tables["projects"]["project_id"].to_pylist()
    in_region = {f"{REGION}:{key}" for key in own} | {f"{CITY}:P001"}
    assert await ids(offices[REGION], "/v1/projects", region=REGION) == in_region
    assert await ids(offices[REGION], "/v1/projects", region="99") == in_region
    elsewhere = {f"{NEIGHBOUR}:{key}" for key in own}
    assert await ids(offices[CITY], "/v1/projects", region="9901") == in_region | elsewhere
    assert await ids(offices[CITY], "/v1/units", region=NEIGHBOUR) == {
        f"{NEIGHBOUR}:{key}" for key in ledger("county").tables["units"]["unit_id"].to_pylist()
    }
    both = await offices[CITY].get("/v1/projects", params={"region": "9901", "office": CITY})
    assert both.status_code == 422


async def test_an_address_may_be_qualified(offices: Offices) -> None:
    city = offices[CITY]
    of_county = (await city.get(f"/v1/projects/{REGION}:P024")).json()
    assert (of_county["project_id"], of_county["office"]) == (f"{REGION}:P024", REGION)
    assert of_county["unit_id"].startswith(f"{REGION}:")
    as_the_county = (await offices[REGION].get("/v1/projects/P024")).json()
    asked = (await city.get("/v1/projects/P024", params={"office": REGION})).json()
    assert asked == as_the_county
    reports = await listed(city, f"/v1/projects/{REGION}:P024/progress")
    assert {report["project_id"] for report in reports} == {f"{REGION}:P024"}
    plain = await listed(offices[REGION], "/v1/projects/P024/progress")
    assert len(plain) == len(reports) > 0
    filtered = await listed(city, "/v1/projects", region="", unit_id=of_county["unit_id"])
    assert {item["unit_id"] for item in filtered} == {of_county["unit_id"]}


async def test_what_is_anothers_may_only_be_read(offices: Offices) -> None:
    county = offices[REGION]
    path = f"/v1/projects/{CITY}:P001"
    seen = await county.get(path)
    assert (seen.status_code, seen.json()["project_id"]) == (200, f"{CITY}:P001")
    body = {"name": "改", "unit_id": f"{CITY}:U01", "nature": "new"}
    headers = {"if-match": seen.headers["etag"]}
    assert (await county.put(path, json=body, headers=headers)).status_code == 403
    report = await county.put(f"{path}/progress/2022-09-30", json={"invested_ytd_yuan": 1})
    assert report.status_code == 403
    above = await offices[CITY].put(f"/v1/projects/{REGION}:P024", json=body, headers=headers)
    assert above.status_code == 403
    for hidden in (f"{REGION}:P024", f"{REGION}:P999", f"{CITY}:P001"):
        neighbour = offices[NEIGHBOUR]
        assert (await neighbour.get(f"/v1/projects/{hidden}")).status_code == 404
        answer = await neighbour.put(f"/v1/projects/{hidden}", json=body)
        assert answer.status_code == 404, hidden
        answer = await neighbour.put(f"/v1/projects/{hidden}/plans/2022", json={})
        assert answer.status_code == 404, hidden


async def test_a_unit_is_its_offices(offices: Offices, as_: As) -> None:
    own = await ids(as_("unit", unit_id="U06"), "/v1/projects")
    assert own != set()
    assert own == await ids(as_("unit", NEIGHBOUR, "U06"), "/v1/projects")
    of_city = as_("unit", "9901", "U01")
    for asked in ({}, {"region": ""}):
        found = await listed(of_city, "/v1/projects", **asked)
        assert [item["name"] for item in found] == ["市重点"]
    assert (await of_city.get(f"/v1/projects/{REGION}:P001")).status_code == 404


async def test_a_unit_of_an_office_above_may_be_named(offices: Offices, as_: As) -> None:
    county, above = offices[REGION], f"{CITY}:U01"
    body = {"name": "市管", "unit_id": above, "nature": "new"}
    assert (await put(county, "/v1/projects/P901", body))["unit_id"] == above
    assert (await put(county, "/v1/projects/P902", body | {"unit_id": f"{REGION}:U02"}))[
        "unit_id"
    ] == "U02"
    for unknown in (f"{CITY}:U99", f"{NEIGHBOUR}:U02", f"{REGION}:U99"):
        answer = await county.put("/v1/projects/P903", json=body | {"unit_id": unknown})
        assert [e["code"] for e in answer.json()["errors"]] == ["unknown_reference"], unknown
    of_city = await ids(as_("unit", "9901", "U01"), "/v1/projects", region="")
    assert of_city == {f"{CITY}:P001", f"{REGION}:P901"}
    assert await ids(county, "/v1/projects", unit_id=above) == {"P901"}
    units = (await table_of(county, "units"))["unit_id"].to_pylist()
    assert above in units
    assert len(units) == 1 + ledger("county").tables["units"].num_rows
    named = (await table_of(county, "projects", region=REGION))["unit_id"].to_pylist()
    assert above in named


async def test_a_ledger_may_name_units_of_an_office_above(offices: Offices) -> None:
    county = offices[REGION]
    projects = (GOLDEN / "county" / "projects.csv").read_text(encoding="utf-8")
    first = projects.splitlines()[1]
    for unit, errors in ((f"{CITY}:U01", 0), (f"{CITY}:U99", 1), (f"{NEIGHBOUR}:U01", 1)):
        named = projects.replace(first, ",".join(with_unit(projects, first, unit)))
        uploaded = await upload(county, zipped(GOLDEN / "county", projects=named))
        assert uploaded["errors"] == errors, uploaded["findings"]
        if not errors:
            applied = await apply(county, uploaded["id"])
            assert applied["changes"] == {"projects": {"added": 1, "superseded": 1}}
            units = (await table_of(county, "projects"))["unit_id"].to_pylist()
            assert unit in units


def with_unit(ledger_text: str, line: str, unit: str) -> list[str]:
    """The cells of a line, with another responsible unit."""
    cells = line.split(",")
    cells[ledger_text.splitlines()[0].split(",").index("unit_id")] = unit
    return cells


async def test_facts_are_of_an_office_or_of_a_region(offices: Offices) -> None:
    city = offices[CITY]
    for name, table in ledger("county").tables.items():
        for code in (REGION, NEIGHBOUR):
            assert (await table_of(offices[code], name)).num_rows == table.num_rows
            assert (await table_of(city, name, office=code)).num_rows == table.num_rows
    moment = (await city.get("/v1/facts", params={"region": ""})).json()
    assert moment["offices"] == [CITY, REGION, NEIGHBOUR]
    assert (await city.get("/v1/facts")).json()["offices"] == [CITY]
    assert (await offices[NEIGHBOUR].get("/v1/facts", params={"region": ""})).json()["offices"] == [
        NEIGHBOUR
    ]


async def test_facts_of_an_office_within_a_region(offices: Offices) -> None:
    """What a part of an office's region is asked about by who sees all: only that office's rows."""
    city = offices[CITY]

    async def projects(**asked: str) -> int:
        found: int = (await table_of(city, "projects", **asked)).num_rows
        return found

    of_county = await projects(office=REGION)
    assert await projects(office=CITY, within=REGION) == await projects(office=CITY) == 1
    assert await projects(office=CITY, within=NEIGHBOUR) == 0
    assert await projects(region="9901", within=REGION) == of_county + 1
    assert await projects(office=REGION, within=REGION) == of_county
    assert await projects(office=REGION, within="99") == of_county
    elsewhere = await city.get("/v1/facts/projects", params={"office": REGION, "within": "9902"})
    assert elsewhere.status_code == 404


@pytest.mark.parametrize("unit_id", ["a:b", "350521:U01", " U01", "U01 "])
async def test_an_id_has_no_colon_and_no_blank_edge(
    office: httpx.AsyncClient, unit_id: str
) -> None:
    answer = await office.put(f"/v1/units/{unit_id}", json=UNIT)
    assert answer.status_code in (404, 422), answer.text
    ledger = {"units": f"unit_id,name,kind,group\n{unit_id.strip()}/x,甲,zone,g\n"}
    uploaded = await office.post(
        "/v1/imports", files={"file": ("ledger.zip", zipped(GOLDEN / "small", **ledger))}
    )
    codes = {finding["code"] for finding in uploaded.json()["findings"]}
    assert "bad_id" in codes


# --- feeds ---------------------------------------------------------------------------------------


async def read_all(client: httpx.AsyncClient, path: str, **asked: str) -> list[dict[str, Any]]:
    """All items of a feed, in small pages."""
    items, after = list[dict[str, Any]](), "0"
    while True:
        params = {"after": after, "limit": "7", **asked}
        page = (await client.get(path, params=params)).json()
        items += page["items"]
        if page["next"] is None:
            return items
        after = page["next"]


@pytest.mark.parametrize("path", ["/v1/events", "/v1/audit"])
async def test_a_feed_is_of_an_office_or_of_a_region(offices: Offices, path: str) -> None:
    for code, client in offices.items():
        own = await read_all(client, path)
        assert {item["office"] for item in own} == {code}
        assert [item["id"] for item in own] == sorted(item["id"] for item in own)
    everything = await read_all(offices[CITY], path, region="9901")
    assert {item["office"] for item in everything} == {*offices}
    assert len({item["id"] for item in everything}) == len(everything)


async def test_a_cursor_goes_on_in_every_office(offices: Offices) -> None:
    city = offices[CITY]
    page = (await city.get("/v1/events", params={"region": "", "limit": "200"})).json()
    assert page["next"] is None
    for client in offices.values():
        await put(client, "/v1/units/X1", UNIT)
    params = {"region": "", "after": page["cursor"]}
    following = (await city.get("/v1/events", params=params)).json()["items"]
    assert sorted(item["office"] for item in following) == sorted(offices)
    for wrong in ("x", "9" * 30, "eJ", "AAAA", page["cursor"][:-4]):
        answer = await city.get("/v1/events", params={"region": "", "after": wrong})
        assert answer.status_code == 422, wrong


async def test_a_number_goes_on_from_before(offices: Offices) -> None:
    """Cursors were ids, when all offices were of one order."""
    events = (await offices[REGION].get("/v1/events")).json()["items"]
    await put(offices[REGION], "/v1/units/X1", UNIT)
    for asked in ({}, {"region": ""}):
        params = {**asked, "after": str(events[-1]["id"])}
        found = (await offices[REGION].get("/v1/events", params=params)).json()["items"]
        assert "units/X1" in {item["subject"] for item in found}
        assert not {item["id"] for item in found} & {item["id"] for item in events}
