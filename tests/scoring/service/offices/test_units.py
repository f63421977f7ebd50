"""A unit sees itself, not its namesake of another office, as ids are written in each question."""

import httpx

from tests.scoring.service.conftest import As
from tests.scoring.service.offices.office_registry import (
    AS_OF,
    CITY,
    COUNTY,
    REGION,
    OfficeRegistry,
    got,
    sent,
)
from tests.scoring.service.test_runs import all_items, begun


async def test_a_unit_sees_itself_and_not_its_namesake_of_another_office(
    as_: As, city: httpx.AsyncClient, county: httpx.AsyncClient
) -> None:
    of_county, of_city = (as_("unit", region=at, unit_id="U01") for at in (COUNTY, REGION))
    of_office = await begun(county, as_of=AS_OF)
    of_region = await begun(county, as_of=AS_OF, region=COUNTY)
    for run in (of_office, of_region):
        await sent(county, f"/v1/runs/{run['id']}/publish", 200)

    plain = await all_items(of_county, f"/v1/runs/{of_office['id']}/lights")
    qualified = await all_items(of_county, f"/v1/runs/{of_region['id']}/lights")
    assert {light["unit_id"] for light in plain} == {"U01"}
    assert {light["unit_id"] for light in qualified} == {f"{COUNTY}:U01"}
    assert len(plain) == len(qualified)
    assert await all_items(of_city, f"/v1/runs/{of_office['id']}/lights") == []
    for run, unit_id, status in (
        (of_office, "U01", 200),
        (of_office, f"{COUNTY}:U01", 200),
        (of_office, f"{CITY}:U01", 404),
        (of_region, f"{COUNTY}:U01", 200),
        (of_region, "U01", 404),
    ):
        path = f"/v1/runs/{run['id']}/units/{unit_id}"
        assert (await of_county.get(path)).status_code == status
        assert (await of_city.get(path)).status_code == 404
        sensitivity = f"/v1/runs/{run['id']}/sensitivity"
        found = await of_county.get(sensitivity, params={"unit_id": unit_id})
        assert found.status_code == status


async def test_the_same_of_movement_awards_portfolio_and_bulletin(
    as_: As, county: httpx.AsyncClient
) -> None:
    own, other = (as_("unit", region=COUNTY, unit_id=unit) for unit in ("U01", f"{CITY}:U01"))
    runs = [
        await begun(county, as_of=at, region=COUNTY, scheme="lanxian-2022")
        for at in ("2022-06-30", AS_OF)
    ]
    for run in runs:
        await sent(county, f"/v1/runs/{run['id']}/publish", 200)
    path, since = f"/v1/runs/{runs[1]['id']}", runs[0]["id"]

    lights = {light["project_id"] for light in await all_items(own, f"{path}/lights")}
    moved = (await got(own, f"{path}/movement", since=since))["lights"]
    assert {light["project_id"] for light in moved} <= lights
    assert (await got(other, f"{path}/movement", since=since))["lights"] == []
    assert (await got(own, f"{path}/awards"))["items"] == []
    asked = {"as_of": AS_OF, "by": "unit", "region": COUNTY}
    lines = (await got(own, "/v1/portfolio", **asked))["lines"]
    assert [line["id"] for line in lines] == [f"{COUNTY}:U01"]
    assert (await got(own, "/v1/portfolio", as_of=AS_OF, by="unit"))["lines"][0]["id"] == "U01"
    assert (await got(other, "/v1/portfolio", **asked))["total"]["projects"] == 0
    assert (await own.get(f"{path}/bulletin.xlsx")).status_code == 200


async def test_a_bulletin_is_named_after_the_runs_office_or_the_readers(
    city: httpx.AsyncClient, offices: OfficeRegistry
) -> None:
    of_office = await begun(city, as_of=AS_OF, office=COUNTY)
    of_region = await begun(city, as_of=AS_OF, region=REGION)
    for run, office in ((of_office, COUNTY), (of_region, CITY)):
        assert (await city.get(f"/v1/runs/{run['id']}/bulletin.xlsx")).status_code == 200
        assert offices.asked[-1] == f"/v1/offices/{office}?"
