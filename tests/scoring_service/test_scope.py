"""Who may do what, and what exists for whom."""

from typing import Any

import httpx
import pytest

from shared.tokens import Role
from tests.registry.clients import REGION
from tests.scoring_service.conftest import As
from tests.scoring_service.test_runs import DAY, all_items, begun

OWN, OTHER = "U01", "U02"
RUN = {"json": {"as_of": DAY}}
ABOVE, BESIDE = "9901", "990102"


async def statuses(client: httpx.AsyncClient, run_id: int) -> dict[str, int]:
    path = f"/v1/runs/{run_id}"
    asked: dict[str, tuple[str, str, dict[str, Any]]] = {
        "begin": ("POST", "/v1/runs", RUN),
        "list": ("GET", "/v1/runs", {}),
        "read": ("GET", path, {}),
        "ranking": ("GET", f"{path}/ranking", {}),
        "document": ("GET", f"{path}/document", {}),
        "unit": ("GET", f"{path}/units/{OWN}?metric=start_rate", {}),
        "other": ("GET", f"{path}/units/{OTHER}?metric=start_rate", {}),
        "lights": ("GET", f"{path}/lights", {}),
        "repeat": ("POST", f"{path}/repeat", {}),
        "publish": ("POST", f"{path}/publish", {}),
        "days": ("GET", "/v1/lights?as_of=2022-12-25&axis=progress&colour=red", {}),
        "schemes": ("GET", "/v1/schemes", {}),
    }
    return {
        name: (await client.request(method, where, **given)).status_code
        for name, (method, where, given) in asked.items()
    }


NAMES = "begin list read ranking document unit other lights repeat publish days schemes"
ALL = dict.fromkeys(NAMES.split(" "), 200)
READS = {**ALL, "begin": 403, "publish": 403}
PUBLIC = dict.fromkeys(ALL, 403) | dict.fromkeys(("list", "read", "ranking"), 200)
OWN_PROJECTS = {**PUBLIC, "schemes": 200, "unit": 200, "other": 404, "lights": 200}
EXPECTED = {
    Role.office: ALL,
    Role.inspector: READS,
    Role.unit: OWN_PROJECTS,
    Role.leader: OWN_PROJECTS,
    Role.field: OWN_PROJECTS,
    Role.viewer: PUBLIC,
    Role.approval: dict.fromkeys(ALL, 403),
}


@pytest.mark.parametrize("role", Role)
async def test_each_role_may_what_it_may_on_a_published_run(
    role: Role, as_: As, office: httpx.AsyncClient
) -> None:
    run = await begun(office)
    await office.post(f"/v1/runs/{run['id']}/publish")

    assert await statuses(as_(role, unit_id=OWN), run["id"]) == EXPECTED[role]


@pytest.mark.parametrize("role", Role)
async def test_a_draft_exists_for_the_office_and_the_inspector_only(
    role: Role, as_: As, office: httpx.AsyncClient
) -> None:
    run = await begun(office)
    drafts = {name: EXPECTED[role][name] for name in ("read", "ranking", "unit", "lights")}
    if role not in (Role.office, Role.inspector):
        drafts = {name: 404 if code == 200 else code for name, code in drafts.items()}
    client = as_(role, unit_id=OWN)

    found = await statuses(client, run["id"])
    listed = (await client.get("/v1/runs")).json().get("items", [])

    assert {name: found[name] for name in drafts} == drafts
    assert len(listed) == (role in (Role.office, Role.inspector))


@pytest.mark.parametrize("role", set(Role) - {Role.approval})
async def test_a_foreign_regions_run_does_not_exist(
    role: Role, as_: As, office: httpx.AsyncClient
) -> None:
    run = await begun(office)
    await office.post(f"/v1/runs/{run['id']}/publish")
    client = as_(role, region=BESIDE, unit_id=OWN)

    found = await statuses(client, run["id"])
    there = {name for name, status in found.items() if status != 403}

    assert {name for name in there if found[name] != 404} <= {"begin", "list", "days", "schemes"}
    listed = (await client.get("/v1/runs")).json()["items"]
    assert [one["region"] for one in listed if one["region"] != BESIDE] == []


async def test_who_is_above_sees_the_regions_below_and_nobody_runs_above_itself(
    as_: As, office: httpx.AsyncClient
) -> None:
    run = await begun(office)
    above = as_("office", region=ABOVE)
    below = await begun(above, region=REGION)
    wider = await begun(above)

    assert below == run
    assert wider["region"] == ABOVE
    assert [r["id"] for r in (await above.get("/v1/runs")).json()["items"]] == [
        run["id"],
        wider["id"],
    ]
    assert (await office.get(f"/v1/runs/{wider['id']}")).status_code == 404
    for region in (ABOVE, BESIDE):
        refused = await office.post("/v1/runs", json={"as_of": DAY, "region": region})
        assert refused.status_code == 404
        lights = await office.get("/v1/lights", params={"as_of": DAY, "region": region})
        assert lights.status_code == 404


async def test_a_unit_sees_its_own_lights_and_no_others(as_: As, office: httpx.AsyncClient) -> None:
    path = f"/v1/runs/{(await begun(office))['id']}"
    await office.post(f"{path}/publish")
    everything = await all_items(office, f"{path}/lights")
    own = await all_items(as_("unit", unit_id=OWN), f"{path}/lights")
    homeless = await all_items(as_("unit"), f"{path}/lights")

    assert own == [light for light in everything if light["unit_id"] == OWN] != []
    assert homeless == []
    other = await as_("unit", unit_id=OWN).get(f"{path}/lights", params={"unit_id": OTHER})
    assert other.status_code == 404


async def test_without_a_token_nobody_is_anybody(as_: As) -> None:
    client = as_("office")
    client.headers.pop("authorization")

    assert set((await statuses(client, 1)).values()) == {401}
