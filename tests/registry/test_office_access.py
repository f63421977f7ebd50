"""Who reads the settings of an office, who sets them, and which offices a list has."""

import httpx
import pytest

from tests.paths import GOLDEN
from tests.registry.clients import As, imported, zipped
from tests.registry.office_settings import BESIDE, CITY, COUNTY, FORM, PLACE

READERS = ("office", "inspector", "unit", "leader", "field")


@pytest.mark.parametrize("role", READERS)
async def test_everybody_of_the_region_reads_its_office_and_those_above(
    as_: As, county: httpx.AsyncClient, role: str
) -> None:
    await county.put(PLACE, json=FORM)
    reader = as_(role, COUNTY, "U01")
    assert (await reader.get(PLACE)).json()["name"] == FORM["name"]
    assert (await reader.get(f"{PLACE}/history")).status_code == 200
    for above in ("3505", "350000", "000000"):
        assert (await reader.get(f"/v1/offices/{above}")).status_code == 200
    for elsewhere in (BESIDE, "350600", "140000"):
        assert (await reader.get(f"/v1/offices/{elsewhere}")).status_code == 404
        assert (await reader.get(f"/v1/offices/{elsewhere}/history")).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "approval"])
async def test_others_do_not_read_it(as_: As, role: str) -> None:
    client = as_(role, COUNTY, "U01")
    for place in (PLACE, f"{PLACE}/history", "/v1/offices"):
        assert (await client.get(place)).status_code == 403


@pytest.mark.parametrize(
    ("role", "region", "status"),
    [
        ("office", COUNTY, 201),
        ("office", f"{COUNTY}001", 201),
        ("office", "3505", 403),
        ("office", "", 403),
        ("office", BESIDE, 404),
        ("office", CITY, 403),
        ("inspector", COUNTY, 403),
        ("unit", COUNTY, 403),
        ("leader", COUNTY, 403),
        ("field", COUNTY, 403),
        ("viewer", COUNTY, 403),
    ],
)
async def test_only_the_office_itself_sets_anything(
    as_: As, county: httpx.AsyncClient, role: str, region: str, status: int
) -> None:
    answer = await as_(role, region, "U01").put(PLACE, json=FORM)
    assert answer.status_code == status, answer.text
    set_by_itself = (await county.get(PLACE)).json()["version"] is not None
    assert set_by_itself == (status == 201)


async def test_a_county_does_not_set_what_is_above_it(county: httpx.AsyncClient) -> None:
    answer = await county.put(f"/v1/offices/{CITY}", json=FORM)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/outside-region")


async def listed(client: httpx.AsyncClient, **asked: str | int) -> list[str]:
    answer = await client.get("/v1/offices", params=asked)
    assert answer.status_code == 200, answer.text
    return [item["office"] for item in answer.json()["items"]]


async def test_a_list_has_offices_with_settings_or_rows_within_a_region_and_above(
    as_: As,
) -> None:
    await imported(as_("office"), zipped(GOLDEN / "small"))  # of 990101
    for region in (COUNTY, BESIDE, "350622", "3505", ""):
        code = region or "000000"
        await as_("office", region).put(f"/v1/offices/{code}", json=FORM)

    country, city, county = (as_("inspector", region) for region in ("", "3505", COUNTY))
    everything = ["000000", CITY, COUNTY, BESIDE, "350622", "990101"]
    assert await listed(country) == everything
    assert await listed(country, region="3505") == ["000000", CITY, COUNTY, BESIDE]
    assert await listed(country, region="35") == ["000000", CITY, COUNTY, BESIDE, "350622"]
    assert await listed(city) == ["000000", CITY, COUNTY, BESIDE]
    assert await listed(county) == ["000000", CITY, COUNTY]
    assert await listed(county, region="3505") == ["000000", CITY, COUNTY]
    for elsewhere in (BESIDE, "3506"):
        answer = await county.get("/v1/offices", params={"region": elsewhere})
        assert answer.status_code == 404

    first = (await country.get("/v1/offices", params={"limit": 4})).json()
    rest = (await country.get("/v1/offices", params={"limit": 4, "after": first["next"]})).json()
    items = [*first["items"], *rest["items"]]
    assert [item["office"] for item in items] == everything
    assert rest["next"] is None
    assert items[2]["agency_words"] == FORM["agency_words"]
    assert (items[5]["name"], items[5]["version"]) == ("重点项目建设领导小组办公室", None)
