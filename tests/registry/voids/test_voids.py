"""A void empties a key with all that refers to it, and may be taken back while that is so."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from shared.database.sessions import Sessions
from tests.paths import GOLDEN
from tests.registry.clients import As, facts_of, imported, items, put, table_of, zipped

REPORT = "projects/P024/progress/2022-10-30"


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    return office


async def record(client: httpx.AsyncClient, path: str, **query: str) -> dict[str, Any]:
    answer = await client.get(f"/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def void(
    client: httpx.AsyncClient, kind: str, version: int, reason: str = "重复录入", **more: Any
) -> httpx.Response:
    sent = {"kind": kind, "version": version, "reason": reason, **more}
    return await client.post("/v1/voids", json=sent)


async def voided(client: httpx.AsyncClient, kind: str, version: int, **more: Any) -> dict[str, Any]:
    answer = await void(client, kind, version, **more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/voids/{found['id']}"
    return found


async def test_a_key_is_empty_and_its_history_tells_of_the_void(county: httpx.AsyncClient) -> None:
    await put(county, REPORT, invested_ytd_yuan=1, why="月报")
    first = await record(county, REPORT)
    answer = await county.put(
        f"/v1/{REPORT}",
        json={"invested_ytd_yuan": 2},
        headers={"if-match": f'"{first["version"]}"'},
    )
    second = answer.json()

    made = await voided(county, "progress", second["version"])

    assert (made["subject"], made["count"], made["counts"]) == (
        "progress/P024/2022-10-30",
        1,
        {"progress": 1},
    )
    (was,) = made["records"]
    assert was["record"]["invested_ytd_yuan"] == 2
    assert was["previous"]["invested_ytd_yuan"] == 1
    assert (await county.get(f"/v1/{REPORT}")).status_code == 404
    listed = await items(county, "/v1/projects/P024/progress")
    assert "2022-10-30" not in [each["as_of"] for each in listed]
    latest, earlier = (await county.get(f"/v1/{REPORT}/history")).json()
    assert (latest["version"], earlier["void"]) == (second["version"], None)
    assert latest["void"] == {
        "id": made["id"],
        "reason": "重复录入",
        "voided_at": latest["superseded_at"],
        "voided_by": "the office",
        "taken_back_at": None,
    }


async def test_a_version_that_is_not_current_is_told(county: httpx.AsyncClient) -> None:
    await put(county, REPORT, invested_ytd_yuan=1)
    first = (await record(county, REPORT))["version"]
    seen = {"if-match": f'"{first}"'}
    await county.put(f"/v1/{REPORT}", json={"invested_ytd_yuan": 2}, headers=seen)
    current = (await record(county, REPORT))["version"]

    stale = await void(county, "progress", first)
    assert (stale.status_code, stale.json()["current"]) == (409, current)
    await voided(county, "progress", current)
    gone = await void(county, "progress", current)
    assert (gone.status_code, gone.json()["current"]) == (409, None)
    assert (await void(county, "progress", 10**9)).status_code == 404
    assert (await void(county, "plans", current)).status_code == 404


async def test_facts_leave_it_out_and_as_known_before_still_have_it(
    county: httpx.AsyncClient,
) -> None:
    before = (await county.get("/v1/facts")).json()["known_at"]
    whole = await facts_of(county)
    project = await record(county, "projects/P017")
    seen = (await county.post("/v1/voids/preview", json=named(project))).json()
    assert seen["counts"] == {
        "plans": 1,
        "milestones": 2,
        "progress": 9,
        "permits": 8,
        "funds": 25,
    }

    made = await voided(county, "projects", project["version"], dependants=seen["count"])

    assert made["counts"] == {"projects": 1, **seen["counts"]}
    now = await facts_of(county)
    for name, table in now.tables.items():
        kept = [row for row in whole.tables[name].to_pylist() if row.get("project_id") != "P017"]
        assert table.to_pylist() == kept, name
    as_known = await facts_of(county, known_at=before)
    assert {n: t.to_pylist() for n, t in as_known.tables.items()} == {
        n: t.to_pylist() for n, t in whole.tables.items()
    }
    below = await county.get("/v1/projects/P017/progress")
    assert below.status_code == 404
    (history, *_) = (await county.get("/v1/projects/P017/progress/2022-06-30/history")).json()
    assert history["void"]["id"] == made["id"]


def named(record: dict[str, Any], kind: str = "projects") -> dict[str, Any]:
    return {"kind": kind, "version": record["version"]}


async def test_what_others_refer_to_needs_their_number(county: httpx.AsyncClient) -> None:
    project = await record(county, "projects/P024")
    refused = await void(county, "projects", project["version"])
    assert refused.status_code == 409, refused.text
    problem = refused.json()
    assert problem["type"] == "/problems/has-dependants"
    assert (problem["count"], problem["elsewhere"]) == (15, 0)
    assert problem["dependants"][0] == {
        "kind": "plans",
        "version": problem["dependants"][0]["version"],
        "subject": "plans/P024/2022",
        "office": "990101",
    }
    wrong = await void(county, "projects", project["version"], dependants=14)
    assert (wrong.status_code, wrong.json()["count"]) == (409, 15)
    assert (await record(county, "projects/P024"))["version"] == project["version"]


async def test_a_unit_takes_its_projects_and_what_is_below_them(county: httpx.AsyncClient) -> None:
    unit = await record(county, "units/U06")
    seen = (await county.post("/v1/voids/preview", json=named(unit, "units"))).json()
    projects = [p for p in await items(county, "/v1/projects") if p["unit_id"] == "U06"]
    assert seen["counts"]["projects"] == len(projects)
    assert len(seen["dependants"]) == 100 < seen["count"]
    made = await voided(county, "units", unit["version"], dependants=seen["count"])
    assert made["count"] == seen["count"] + 1
    assert len(made["records"]) == 100
    rows = await items(county, "/v1/voided-records", table="projects", void_id=made["id"])
    assert {each["record"]["project_id"] for each in rows} == {p["project_id"] for p in projects}


async def test_a_record_of_another_office_forbids_it(as_: As, county: httpx.AsyncClient) -> None:
    city = as_("office", "9901")
    await put(city, "units/U01", name="市发展改革委", kind="department", group="g")
    await put(county, "projects/P900", name="某项目", unit_id="990100:U01", nature="new")
    unit = await record(city, "units/U01")
    refused = await void(city, "units", unit["version"], dependants=1)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/named-elsewhere"
    assert refused.json()["elsewhere"] == 1
    assert [d["office"] for d in refused.json()["dependants"]] == ["990101"]


async def test_a_payment_is_voided_by_its_version(county: httpx.AsyncClient) -> None:
    sent = {"project_id": "P024", "source": "bank_loan", "event": "arrived", "amount_yuan": 5}
    first = (await county.post("/v1/funds", json=sent | {"on": "2022-10-01"})).json()
    second = (await county.post("/v1/funds", json=sent | {"on": "2022-10-01"})).json()
    made = await voided(county, "funds", first["version"])
    assert made["records"][0]["previous"] is None
    assert made["subject"] == "funds/P024/bank_loan/arrived/2022-10-01"
    left = [row["version"] for row in await items(county, "/v1/funds", project_id="P024")]
    assert (first["version"] in left, second["version"] in left) == (False, True)


@pytest.mark.parametrize("role", ["unit", "field", "leader", "inspector", "viewer"])
async def test_only_the_office_voids(as_: As, county: httpx.AsyncClient, role: str) -> None:
    report = (await items(county, "/v1/projects/P024/progress"))[0]
    client = as_(role, unit_id="U02" if role in ("unit", "field", "leader") else None)
    assert (await void(client, "progress", report["version"])).status_code == 403


async def test_every_record_has_its_audit_row_and_event(county: httpx.AsyncClient) -> None:
    cursor = (await county.get("/v1/events", params={"limit": 200})).json()["cursor"]
    project = await record(county, "projects/P024")
    made = await voided(county, "projects", project["version"], dependants=15)
    events = (await county.get("/v1/events", params={"after": cursor, "limit": 200})).json()
    assert len(events["items"]) == 16
    first = events["items"][0]
    assert (first["kind"], first["subject"]) == ("projects.voided", "projects/P024")
    assert first["data"] == {
        "version": project["version"],
        "void_id": made["id"],
        "reason": "重复录入",
    }
    (row,) = await items(county, "/v1/audit", subject="projects/P024")
    assert (row["action"], row["before"]["name"]) == ("projects.voided", project["name"])
    changed = (await county.get("/v1/events/latest")).json()["changed_at"]
    assert changed == first["at"] == made["voided_at"]


async def test_taken_back_all_of_it_counts_again(county: httpx.AsyncClient) -> None:
    whole = await facts_of(county)
    project = await record(county, "projects/P024")
    made = await voided(county, "projects", project["version"], dependants=15)
    answer = await county.post(f"/v1/voids/{made['id']}/take-back", json={"reason": "误作废"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["taken_back_by"], told["taken_back_why"]) == ("the office", "误作废")
    now = await facts_of(county)
    for name, table in now.tables.items():
        kept = sorted(map(repr, whole.tables[name].to_pylist()))
        assert sorted(map(repr, table.to_pylist())) == kept, name
    latest, was = (await county.get("/v1/projects/P024/history")).json()
    assert (latest["why"], latest["void"], was["void"]["taken_back_at"]) == (
        "误作废",
        None,
        told["taken_back_at"],
    )
    found = await items(county, "/v1/projects", search="P024")
    assert [each["project_id"] for each in found] == ["P024"]
    again = await county.post(f"/v1/voids/{made['id']}/take-back", json={"reason": "再来"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/void-closed")


async def test_a_figure_stays_its_units_when_it_comes_back(
    county: httpx.AsyncClient, sessions: Sessions
) -> None:
    await put(county, REPORT, invested_ytd_yuan=1)
    version = (await record(county, REPORT))["version"]
    made = await voided(county, "progress", version)
    # As if a unit had reported it: only migrations and imports may write these two columns so.
    await county.post(f"/v1/voids/{made['id']}/take-back", json={"reason": "误作废"})
    marks = text(
        "SELECT reported_by, reported_at FROM registry.progress WHERE as_of = '2022-10-30'"
    )
    async with sessions() as session:
        found = (await (await session.connection()).execute(marks)).all()
    assert len(found) == 2
    assert found[0] == found[1]


async def test_what_was_recorded_since_stays_and_forbids_it(county: httpx.AsyncClient) -> None:
    await put(county, REPORT, invested_ytd_yuan=1)
    made = await voided(county, "progress", (await record(county, REPORT))["version"])
    await put(county, REPORT, invested_ytd_yuan=3)
    refused = await county.post(f"/v1/voids/{made['id']}/take-back", json={"reason": "误作废"})
    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["type"], problem["count"]) == ("/problems/not-free", 1)
    assert problem["obstacles"][0]["subject"] == "progress/P024/2022-10-30"
    assert problem["obstacles"][0]["cause"] == "key_taken"
    # Neither does it come back when the new one is withdrawn, too: that void may be taken back.
    await voided(county, "progress", (await record(county, REPORT))["version"])
    refused = await county.post(f"/v1/voids/{made['id']}/take-back", json={"reason": "误作废"})
    assert refused.status_code == 409


async def test_what_refers_to_nothing_does_not_come_back(county: httpx.AsyncClient) -> None:
    await put(county, REPORT, invested_ytd_yuan=1)
    report = await voided(county, "progress", (await record(county, REPORT))["version"])
    project = await record(county, "projects/P024")
    whole = await voided(county, "projects", project["version"], dependants=15)
    back = f"/v1/voids/{report['id']}/take-back"
    refused = await county.post(back, json={"reason": "误作废"})
    assert (refused.status_code, refused.json()["obstacles"][0]["cause"]) == (409, "reference_gone")
    await county.post(f"/v1/voids/{whole['id']}/take-back", json={"reason": "误作废"})
    assert (await county.post(back, json={"reason": "误作废"})).status_code == 200


async def test_voids_are_listed_by_kind_and_project(county: httpx.AsyncClient) -> None:
    await put(county, REPORT, invested_ytd_yuan=1)
    one = await voided(county, "progress", (await record(county, REPORT))["version"])
    plan = (await items(county, "/v1/projects/P010/plans"))[0]
    two = await voided(county, "plans", plan["version"])
    await county.post(f"/v1/voids/{two['id']}/take-back", json={"reason": "误作废"})

    async def ids(**asked: Any) -> list[int]:
        return [each["id"] for each in await items(county, "/v1/voids", **asked)]

    assert await ids() == [one["id"], two["id"]]
    assert await ids(order="latest") == [two["id"], one["id"]]
    assert await ids(kind="plans") == [two["id"]]
    assert await ids(project_id="P024") == [one["id"]]
    assert await ids(in_force=True) == [one["id"]]
    read = (await county.get(f"/v1/voids/{one['id']}")).json()
    assert read == one
    assert (await table_of(county, "progress")).num_rows == 307
