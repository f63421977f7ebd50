"""Regions above and below, and a unit's own lights.

Who may do what at all is shown in tests/together/test_roles.py.
"""

import httpx

from shared.offices import office_code
from tests.registry.clients import REGION
from tests.scoring.service.conftest import As
from tests.scoring.service.test_runs import DAY, all_items, begun

OWN, OTHER = "U01", "U02"
ABOVE, BESIDE = "9901", "990102"


async def test_who_is_above_sees_the_regions_below_and_nobody_runs_above_itself(
    as_: As, office: httpx.AsyncClient
) -> None:
    run = await begun(office)
    above = as_("office", region=ABOVE)
    below = await begun(above, office=REGION)
    wider = await begun(above)

    assert below == run
    assert wider["region"] == ABOVE
    assert [r["id"] for r in (await above.get("/v1/runs")).json()["items"]] == [
        run["id"],
        wider["id"],
    ]
    assert (await office.get(f"/v1/runs/{wider['id']}")).status_code == 404
    for region in (ABOVE, BESIDE):
        for scope in ({"region": region}, {"office": office_code(region)}):
            refused = await office.post("/v1/runs", json={"as_of": DAY, **scope})
            assert refused.status_code == 404
            lights = await office.get("/v1/lights", params={"as_of": DAY, **scope})
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
