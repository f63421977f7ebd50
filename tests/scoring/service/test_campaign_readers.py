"""Campaigns: who reads a draft, who what is published, and who writes."""

import httpx

from tests.registry.clients import REGION
from tests.scoring.service.conftest import As
from tests.scoring.service.test_campaigns import HEAD, TARGETS, WHOLE, made, published
from tests.scoring.service.test_runs import all_items


async def test_a_draft_is_the_offices_and_of_a_unit_its_own_targets(
    as_: As, office: httpx.AsyncClient
) -> None:
    path = f"/v1/campaigns/{(await made(office, population={'projects': ['P001']}))['id']}"
    own, other = as_("unit", unit_id="U02"), as_("unit", unit_id="U03")

    assert (await as_("inspector").get(path)).json()["population"]["projects"] == ["P001"]
    assert (await own.get(path)).json()["population"]["projects"] == []
    assert await all_items(own, f"{path}/targets") == [TARGETS[1]]
    assert [each["unit_id"] for each in await all_items(own, f"{path}/commitments")] == ["U02"]
    assert (await own.get(f"{path}/progress")).status_code == 404
    assert (await own.get(f"{path}/summary")).status_code == 404
    for nobody in (other, as_("viewer"), as_("viewer", unit_id="U02"), as_("unit")):
        assert (await nobody.get(path)).status_code == 404
        assert await all_items(nobody, "/v1/campaigns") == []


async def test_what_is_published_is_for_all_and_figures_are_each_units_own(
    as_: As, office: httpx.AsyncClient
) -> None:
    path = await published(office)
    unit, day = as_("unit", unit_id="U02"), {"on": "2022-12-25"}

    for reader in (unit, as_("viewer"), as_("leader", unit_id="U05")):
        assert (await reader.get(path)).json()["published_at"]
        assert await all_items(reader, f"{path}/targets") == TARGETS
    whole = (await office.get(f"{path}/progress", params=day)).json()["days"][0]["targets"]
    own = (await unit.get(f"{path}/progress", params=day)).json()["days"][0]["targets"]
    ended = (await office.get(f"{path}/summary")).json()
    of_own = (await unit.get(f"{path}/summary")).json()

    assert own == [line for line in whole if line["unit_id"] in (None, "U02")]
    assert {line["unit_id"] for line in of_own["metrics"]} == {None, "U02"}
    assert of_own["projects"] == [m for m in ended["projects"] if m["unit_id"] == "U02"] != []
    assert of_own["commitments"] == ended["commitments"]
    assert (await as_("viewer").get(f"{path}/progress")).status_code == 403


async def test_only_the_office_writes_and_only_in_its_region(
    as_: As, office: httpx.AsyncClient
) -> None:
    path = await published(office)
    for role in ("unit", "inspector", "viewer", "leader", "field"):
        client = as_(role, unit_id="U01")
        assert (await client.post("/v1/campaigns", json=WHOLE)).status_code == 403
        assert (await client.put(path, json=HEAD)).status_code == 403
        assert (await client.post(f"{path}/publish")).status_code == 403
    beside = as_("office", region="990102")
    assert (await beside.get(path)).status_code == 404
    assert (await beside.post(f"{path}/publish")).status_code == 404
    assert (await beside.post("/v1/campaigns", json={**WHOLE, "region": REGION})).status_code == 404
