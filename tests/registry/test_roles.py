"""Writing on what is foreign. Who may do what at all is shown in tests/together/test_roles.py."""

from fastapi import FastAPI

from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, imported, zipped


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
    answer = await own.put(
        "/v1/projects/P024/progress/2022-10-30", json={"invested_ytd_yuan": 25_000_000}
    )
    assert answer.status_code == 201, answer.text
    taken = {"name": "甲", "unit_id": "U01", "nature": "new"}
    for address in (f"{REGION}:P024", f"{REGION}:P999"):  # elsewhere and nowhere are alike
        answer = await as_("office", "990102").put(f"/v1/projects/{address}", json=taken)
        assert answer.status_code == 404
    answer = await as_("office", "990102").put("/v1/projects/P024", json=taken)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/unit_id"]
    answer = await as_("office", "990102").put(
        "/v1/units/U99", json={"name": "甲", "kind": "zone", "group": "g", "region_code": REGION}
    )
    assert answer.status_code == 403


async def test_every_operation_has_a_name_of_its_own(registry: FastAPI) -> None:
    paths = registry.openapi()["paths"]
    names = [of["operationId"] for path in paths.values() for of in path.values()]
    assert len(names) == len(set(names))
