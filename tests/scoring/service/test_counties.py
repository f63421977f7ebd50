"""Ranks above the county over HTTP: of a city's run, or of its counties' runs added together."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import httpx
import pytest

from services.scoring.counties.rules import choose_runs, missing_counties
from services.scoring.engine.results.regions_above import RegionLevel
from shared.http.tokens import Issuer
from shared.offices import NO_OFFICE
from shared.reference import region_codes
from tests.paths import GOLDEN
from tests.registry.clients import REGION, imported, speaking
from tests.scoring.service.conftest import As
from tests.scoring.service.registry import Registry, registry_with
from tests.scoring.service.test_runs import DAY, begun
from tests.together.ledgers import neighbours
from tests.together.regions import BESIDE

CITY = "9901"
OF_DAY = {"as_of": DAY}
LVLIANG = "1411"  # thirteen counties that are really there


@pytest.fixture(scope="module")
async def registry(server: str, issuer: Issuer) -> AsyncIterator[Registry]:
    """A registry with two counties of a city."""
    async with registry_with("county", server, issuer, database_name="two_counties") as made:
        await imported(speaking(made.app, issuer)("office", BESIDE), neighbours(GOLDEN / "small"))
        yield made


@pytest.fixture
def city(as_: As) -> httpx.AsyncClient:
    return as_("office", region=CITY)


async def told(client: httpx.AsyncClient, path: str, **params: str) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


# --- what is ranked


async def test_a_citys_run_ranks_its_counties_by_total_pillar_and_item(
    city: httpx.AsyncClient,
) -> None:
    run = await begun(city, region=CITY)
    found = await told(city, f"/v1/runs/{run['id']}/counties")
    assert (found["as_of"], found["scheme"], found["level"]) == (DAY, "lanxian-2022", "county")
    assert [each["id"] for each in found["runs"]] == [run["id"]]
    (group,) = found["groups"]
    assert group["group"] == "county"
    assert {unit["unit_id"]: unit["name"] for unit in group["units"]} == {
        REGION: REGION,  # no county of the list has this code
        BESIDE: BESIDE,
    }
    assert [unit["rank"] for unit in group["units"]] == [1, 2]
    start = {unit["unit_id"]: unit["metrics"]["start_rate"] for unit in group["units"]}
    rates = {code: Fraction(each["numerator"], each["denominator"]) for code, each in start.items()}
    better, worse = sorted(rates, key=lambda code: -rates[code])
    assert (start[better]["rank"], start[worse]["rank"]) == (1, 2)


async def test_a_countys_terms_are_those_of_its_units_together(city: httpx.AsyncClient) -> None:
    run = await begun(city, region=CITY)
    ranking = await told(city, f"/v1/runs/{run['id']}/ranking")
    (group,) = (await told(city, f"/v1/runs/{run['id']}/counties"))["groups"]
    own = next(unit for unit in group["units"] if unit["unit_id"] == REGION)
    units = [
        unit
        for each in ranking["groups"]
        for unit in each["units"]
        if unit["unit_id"].startswith(f"{REGION}:")
    ]
    assert len(units) > 5
    for metric in ("start_rate", "investment_completion", "permit_efficiency"):
        for side in ("numerator", "denominator"):
            summed = sum(unit["metrics"][metric][side] for unit in units)
            assert own["metrics"][metric][side] == summed
    shares = {unit["metrics"]["investment_contribution"]["denominator"] for unit in units}
    assert {own["metrics"]["investment_contribution"]["denominator"]} == shares


async def test_runs_of_the_counties_rank_as_the_citys_own_run(
    as_: As, city: httpx.AsyncClient
) -> None:
    """What each county computed for itself is enough; none of them sees the others' projects."""
    parts = [await begun(as_("office", region=region)) for region in (REGION, BESIDE)]
    added = await told(city, "/v1/counties", **OF_DAY)
    assert [run["id"] for run in added["runs"]] == [run["id"] for run in parts]

    whole = await begun(city, region=CITY)
    of_run = await told(city, f"/v1/runs/{whole['id']}/counties")
    assert of_run["groups"] == added["groups"]
    now = await told(city, "/v1/counties", **OF_DAY)
    assert [run["id"] for run in now["runs"]] == [whole["id"]]
    assert now["groups"] == added["groups"]


async def test_cities_are_ranked_too(as_: As) -> None:
    country = as_("office", region="")
    run = await begun(country, region="")
    (group,) = (await told(country, f"/v1/runs/{run['id']}/counties", level="city"))["groups"]
    assert group["group"] == "city"
    assert [(unit["unit_id"], unit["rank"]) for unit in group["units"]] == [("990100", 1)]


# --- what is missing


async def test_it_tells_which_counties_have_no_run_that_day(as_: As) -> None:
    lvliang = as_("office", region=LVLIANG)
    nobody = await told(lvliang, "/v1/counties", **OF_DAY)
    assert (nobody["groups"], nobody["runs"], len(nobody["missing"])) == ([], [], 13)
    assert {"code": "141127", "name": "吕梁市岚县"} in nobody["missing"]

    await begun(as_("office", region="141127"))
    but_one = await told(lvliang, "/v1/counties", **OF_DAY)
    assert len(but_one["missing"]) == 12
    assert "141127" not in {county["code"] for county in but_one["missing"]}
    assert (await told(lvliang, "/v1/counties", as_of="2022-11-30"))["missing"] == nobody["missing"]


async def test_a_city_of_one_countys_run_lacks_its_other_counties(as_: As) -> None:
    office = as_("office", region="141127")
    run = await begun(office)
    of_county = await told(office, f"/v1/runs/{run['id']}/counties")
    assert of_county["missing"] == []
    of_city = await told(office, f"/v1/runs/{run['id']}/counties", level="city")
    assert len(of_city["missing"]) == 12


# --- who sees what


async def test_whoever_sees_no_drafts_sees_the_counties_whose_runs_are_published(as_: As) -> None:
    own, beside = as_("office"), as_("office", region=BESIDE)
    run = await begun(own)
    await begun(beside)
    await own.post(f"/v1/runs/{run['id']}/publish")
    for role in ("viewer", "unit", "leader"):
        found = await told(as_(role, region=CITY), "/v1/counties", **OF_DAY)
        assert [each["region"] for each in found["runs"]] == [REGION]
    inspected = await told(as_("inspector", region=CITY), "/v1/counties", **OF_DAY)
    assert [each["region"] for each in inspected["runs"]] == [REGION, BESIDE]


async def test_a_county_sees_no_other_countys_runs(as_: As, office: httpx.AsyncClient) -> None:
    await begun(office)
    foreign = await begun(as_("office", region=BESIDE))
    found = await told(office, "/v1/counties", **OF_DAY)
    assert [each["region"] for each in found["runs"]] == [REGION]
    assert (await office.get(f"/v1/runs/{foreign['id']}/counties")).status_code == 404
    for region in (BESIDE, CITY):
        answer = await office.get("/v1/counties", params={**OF_DAY, "region": region})
        assert answer.status_code == 404


# --- which runs are added


@dataclass(frozen=True)
class Stored:
    id: int
    region: str
    scheme_version: int = 1
    office: str = NO_OFFICE


def ids(*runs: Stored, version: int | None = None) -> list[int]:
    return [run.id for run in choose_runs(runs, version)]


def test_of_a_region_the_latest_run_is_added() -> None:
    assert ids(Stored(3, "141127"), Stored(7, "141127"), Stored(5, "141121")) == [5, 7]


def test_only_runs_of_one_version_are_added() -> None:
    runs = (Stored(1, "141127", 2), Stored(2, "141121", 3), Stored(3, "141127", 3))
    assert ids(*runs) == [2, 3]
    assert ids(*runs, version=2) == [1]
    assert ids(*runs, version=9) == []


def test_a_run_of_a_wider_region_stands_for_those_within_it() -> None:
    assert ids(Stored(1, "1411"), Stored(2, "141127"), Stored(3, "140981")) == [1, 3]


def test_a_run_of_an_office_above_counts_where_no_run_below_does() -> None:
    """It has that office's own rows, and not its counties'."""
    city, county = Stored(1, "1411", office="141100"), Stored(2, "141127", office="141127")
    whole = Stored(3, "1411")
    assert ids(city) == [1]
    assert ids(city, county) == [2]
    assert ids(city, county, whole) == [3]
    assert ids(city, Stored(4, "1409", office="140900")) == [4, 1]
    missing = missing_counties(region_codes(), "1411", RegionLevel.county, [city], ["141127"])
    assert (len(missing), "141127" in missing) == (12, False)


def test_a_run_of_a_township_stands_for_no_county() -> None:
    assert ids(Stored(1, "141127100"), Stored(2, "141121")) == [2]


def test_a_county_is_missing_where_no_run_covers_it() -> None:
    assert len(missing_counties(region_codes(), "1411", RegionLevel.county, [])) == 13
    assert missing_counties(region_codes(), "1411", RegionLevel.county, [Stored(1, "1411")]) == []
    assert missing_counties(region_codes(), "141127", RegionLevel.county, []) == ["141127"]
    lacking = missing_counties(region_codes(), "141127", RegionLevel.city, [Stored(1, "141127")])
    assert (len(lacking), "141127" in lacking) == (12, False)
