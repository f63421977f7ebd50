"""Every operation × every role × own and foreign region and unit: who may, and who sees nothing."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.tokens import Role
from tests.registry.clients import GOLDEN, REGION, As, imported, zipped

PUBLIC = {"/health/live", "/health/ready"}
FOR_EVERYBODY = {"/v1/calendar/{year}"}
# Paths with the values of a record that is there, of unit U06.
PLACES = {
    "unit_id": "U06",
    "project_id": "P024",
    "year": "2022",
    "as_of": "2022-06-30",
    "decided_on": "2022-01-01",
    "kind": "started",
    "problem_id": "Q0003",
    "version": "1",
    "import_id": "1",
    "table": "units",
}


def operations(app: FastAPI) -> list[tuple[str, str]]:
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return [(method, path) for path, of in paths.items() for method in of if path not in PUBLIC]


def filled(path: str) -> str:
    kind = "eia" if "permits" in path else PLACES["kind"]
    return path.format(**PLACES | {"kind": kind})


async def test_nobody_comes_in_without_a_token(registry: FastAPI) -> None:
    transport = httpx.ASGITransport(registry)
    async with httpx.AsyncClient(transport=transport, base_url="http://registry") as stranger:
        for method, path in operations(registry):
            for headers in ({}, {"authorization": "Bearer nonsense"}):
                answer = await stranger.request(method, filled(path), headers=headers)
                assert answer.status_code == 401, (method, path)
                assert answer.json()["type"] == "/problems/unauthorized"


@pytest.mark.parametrize("role", [Role.viewer, Role.approval])
async def test_some_roles_have_nothing_here(registry: FastAPI, as_: As, role: Role) -> None:
    client = as_(role)
    for method, path in operations(registry):
        if role is Role.approval and "/permits" in path:
            continue
        answer = await client.request(method, filled(path), json={})
        expected = {200} if path in FOR_EVERYBODY else {403}
        assert answer.status_code in expected, (method, path, answer.text)


@pytest.mark.parametrize("role", [Role.inspector, Role.leader])
async def test_who_only_reads_writes_nothing(registry: FastAPI, as_: As, role: Role) -> None:
    client = as_(role, unit_id="U06")
    for method, path in operations(registry):
        if method != "get":
            answer = await client.request(method, filled(path), json={})
            assert answer.status_code == 403, (method, path)


async def test_what_is_of_another_region_or_unit_does_not_exist(registry: FastAPI, as_: As) -> None:
    """404 for one of it, nothing in a list; and the same addresses answer to their own."""
    await imported(as_("office"), zipped(GOLDEN / "county"))
    foreign = [
        as_("office", "990102"),
        as_("inspector", "990102"),
        as_("unit", unit_id="U01"),
        as_("unit", "990102", unit_id="U06"),
        as_("field", unit_id="U01"),
        as_("leader"),
    ]
    reads = [path for method, path in operations(registry) if method == "get"]
    items = [path for path in reads if "{" in path and "calendar" not in path]
    items = [path for path in items if path not in ("/v1/facts/{table}", "/v1/imports/{import_id}")]
    lists = [f"/v1/{name}" for name in ("units", "projects", "funds", "problems", "events")]
    for client in foreign:
        for path in items:
            answer = await client.get(filled(path))
            assert answer.status_code == 404, (path, answer.text)
    for client in (foreign[0], foreign[1]):
        for path in lists:
            assert (await client.get(path)).json() == {"items": [], "next": None}, path
    for path in ("/v1/projects/P024", "/v1/projects/P024/progress/2022-06-30"):
        for owner in (as_("office"), as_("inspector", "9901"), as_("office", "")):
            assert (await owner.get(path)).status_code == 200


async def test_writing_on_what_is_foreign_is_404(as_: As) -> None:
    await imported(as_("office"), zipped(GOLDEN / "county"))
    project = (await as_("office").get("/v1/projects/P024")).json()
    other = "U02" if project["unit_id"] != "U02" else "U01"
    foreign = [as_("office", "990102"), as_("unit", unit_id=other)]
    for client in foreign:
        report = "/v1/projects/P024/progress/2022-10-30"
        answer = await client.put(report, json={"invested_ytd_yuan": 1})
        assert answer.status_code == 404
    own = as_("unit", unit_id=project["unit_id"])
    answer = await own.put("/v1/projects/P024/progress/2022-10-30", json={"invested_ytd_yuan": 1})
    assert answer.status_code == 201, answer.text
    taken = {"name": "甲", "unit_id": "U01", "nature": "new"}
    answer = await as_("office", "990102").put("/v1/projects/P024", json=taken)
    assert answer.status_code == 404
    answer = await as_("office", "990102").put(
        "/v1/units/U99", json={"name": "甲", "kind": "zone", "group": "g", "region_code": REGION}
    )
    assert answer.status_code == 403


async def test_every_operation_has_a_name_of_its_own(registry: FastAPI) -> None:
    paths = registry.openapi()["paths"]
    names = [of["operationId"] for path in paths.values() for of in path.values()]
    assert len(names) == len(set(names))


async def test_every_operation_but_health_asks_for_a_token(registry: FastAPI) -> None:
    paths = registry.openapi()["paths"]
    unguarded = {
        path for path, of in paths.items() if not all("security" in o for o in of.values())
    }
    assert unguarded == PUBLIC
