"""What offices enter and publish: each its own, of a region what is written for it."""

from typing import Any

import httpx

from tests.scoring.service.conftest import As
from tests.scoring.service.offices.office_registry import (
    AS_OF,
    BESIDE,
    CITY,
    COUNTY,
    REGION,
    got,
    sent,
)
from tests.scoring.service.test_runs import all_items, begun


async def test_a_judged_colour_is_of_one_offices_project(
    city: httpx.AsyncClient, county: httpx.AsyncClient, as_: As
) -> None:
    judged = {"axis": "overall", "colour": "red", "reason": "现场核查", "judged_on": AS_OF}
    made = await sent(county, "/v1/judgements", project_id="P001", **judged)
    assert (made["office"], made["project_id"]) == (COUNTY, "P001")
    again = await sent(county, "/v1/judgements", project_id=f"{COUNTY}:P001", **judged)
    assert again["project_id"] == "P001"
    for who, project, status in (
        (city, f"{COUNTY}:P001", 403),
        (county, f"{BESIDE}:P001", 404),
        (county, f"{CITY}:P001", 404),
        (county, "P999", 404),
    ):
        await sent(who, "/v1/judgements", status, project_id=project, **judged)

    async def judged_projects(client: httpx.AsyncClient, **scope: str) -> set[str]:
        items = (await got(client, "/v1/lights", as_of=AS_OF, **scope))["items"]
        return {light["project_id"] for light in items if light["judged"]}

    assert await judged_projects(county) == {"P001"}
    assert await judged_projects(city) == set()
    assert await judged_projects(city, office=BESIDE) == set()
    assert await judged_projects(city, region=REGION) == {f"{COUNTY}:P001"}
    for client, scope in ((county, {}), (city, {"office": COUNTY}), (city, {"region": REGION})):
        run = await begun(client, as_of=AS_OF, **scope)
        lights = await all_items(client, f"/v1/runs/{run['id']}/lights")
        written = "P001" if run["office"] else f"{COUNTY}:P001"
        assert [light["project_id"] for light in lights if light["judged"]] == [written]

    in_region = {"region": REGION, "project_id": f"{COUNTY}:P001"}
    assert len((await got(city, "/v1/judgements", **in_region))["items"]) == 2
    assert (await got(city, "/v1/judgements"))["items"] == []
    assert len((await got(county, "/v1/judgements", project_id="P001"))["items"]) == 2
    own = as_("unit", region=COUNTY, unit_id=made["unit_id"])
    assert len((await got(own, "/v1/judgements"))["items"]) == 2
    (item, _) = (await got(own, "/v1/judgements", region=COUNTY))["items"]
    assert (item["project_id"], item["unit_id"]) == (
        f"{COUNTY}:P001",
        f"{COUNTY}:{made['unit_id']}",
    )
    assert (await got(as_("unit", region=REGION, unit_id="U01"), "/v1/judgements"))["items"] == []


async def test_entries_are_for_runs_of_the_office_or_of_the_region(
    city: httpx.AsyncClient, county: httpx.AsyncClient, as_: As
) -> None:
    target = {"metric": "investment_completion", "value": "0.9"}
    plain = {"day": AS_OF, "targets": [{**target, "unit_id": "U01"}]}
    qualified = {"day": AS_OF, "targets": [{**target, "unit_id": f"{COUNTY}:U01"}]}
    before = [
        await begun(city, as_of=AS_OF, **scope)
        for scope in ({"office": COUNTY}, {"region": REGION})
    ]
    await sent(county, "/v1/entries", **plain)
    await sent(city, "/v1/entries", 422, region=REGION, **plain)
    await sent(city, "/v1/entries", 403, office=COUNTY, **plain)
    (entry,) = (await sent(city, "/v1/entries", region=REGION, **qualified))["items"]
    after = [
        await begun(city, as_of=AS_OF, **scope)
        for scope in ({"office": COUNTY}, {"region": REGION})
    ]

    assert (entry["office"], entry["unit_id"]) == ("", f"{COUNTY}:U01")
    assert after[0]["id"] != before[0]["id"]
    assert after[1]["id"] != before[1]["id"]
    assert [e["unit_id"] for e in (await got(county, "/v1/entries"))["items"]] == ["U01"]
    assert (await got(county, "/v1/entries", region=COUNTY))["items"] == []
    assert (await got(city, "/v1/entries"))["items"] == []
    assert len((await got(city, "/v1/entries", region=REGION))["items"]) == 1
    unit = as_("unit", region=COUNTY, unit_id="U01")
    assert len((await got(unit, "/v1/entries"))["items"]) == 1
    assert len((await got(unit, "/v1/entries", unit_id=f"{COUNTY}:U01"))["items"]) == 1


async def test_campaigns_are_an_offices_or_a_regions(
    city: httpx.AsyncClient, county: httpx.AsyncClient, as_: As
) -> None:
    head = {
        "name": "百日攻坚",
        "scheme": "lanxian-2022",
        "from_on": "2022-09-15",
        "to_on": "2022-12-25",
    }
    target = {"metric": "starts", "value": "3", "due_on": "2022-12-25"}

    def campaign(unit: str) -> dict[str, Any]:
        return {**head, "targets": [{**target, "unit_id": unit}]}

    own = await sent(county, "/v1/campaigns", **campaign("U01"))
    whole = await sent(city, "/v1/campaigns", region=REGION, **campaign(f"{COUNTY}:U01"))
    of_county = await sent(county, "/v1/campaigns", region=COUNTY, **campaign(f"{COUNTY}:U01"))
    await sent(city, "/v1/campaigns", 403, office=COUNTY, **campaign("U01"))
    await sent(city, "/v1/campaigns", 422, region=REGION, **campaign("U01"))
    assert [each["office"] for each in (own, whole, of_county)] == [COUNTY, "", ""]

    unit, namesake = as_("unit", COUNTY, "U01"), as_("unit", REGION, "U01")
    drafts = [each["id"] for each in (await got(unit, "/v1/campaigns"))["items"]]
    assert drafts == [own["id"], of_county["id"]]
    assert (await got(namesake, "/v1/campaigns"))["items"] == []
    for each, written in ((own, "U01"), (of_county, f"{COUNTY}:U01")):
        path = f"/v1/campaigns/{each['id']}"
        await sent(county, f"{path}/publish", 200)
        progress = await got(unit, f"{path}/progress", on=AS_OF)
        assert [line["unit_id"] for line in progress["days"][0]["targets"]] == [written]
        assert (await got(namesake, f"{path}/progress", on=AS_OF))["days"][0]["targets"] == []
        targets = await got(unit, f"{path}/targets", unit_id=f"{COUNTY}:U01")
        assert [line["unit_id"] for line in targets["items"]] == [written]
    await sent(city, f"/v1/campaigns/{own['id']}/publish", 403)
    run = await begun(city, as_of=AS_OF, campaign_id=whole["id"])
    assert (run["office"], run["region"]) == ("", REGION)


async def test_only_its_own_office_publishes_a_run(
    city: httpx.AsyncClient, county: httpx.AsyncClient
) -> None:
    run = await begun(county, as_of=AS_OF)
    await sent(city, f"/v1/runs/{run['id']}/publish", 403)
    await sent(county, f"/v1/runs/{run['id']}/publish", 200)
    whole = await begun(city, as_of=AS_OF, region=REGION)
    await sent(city, f"/v1/runs/{whole['id']}/publish", 200)
