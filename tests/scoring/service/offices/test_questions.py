"""Whose facts a question is about: an office's, with plain ids, or a region's, all qualified."""

import json
from datetime import date
from typing import Any

import httpx
import pytest

from services.scoring.execution.office_facts import join_offices, write_ids
from services.scoring.execution.run import score_facts
from services.scoring.runs import rules
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from tests.scoring.service.conftest import As
from tests.scoring.service.offices.office_registry import (
    AS_OF,
    BESIDE,
    CITY,
    CODE,
    COUNTY,
    FACTS,
    OF_TOWNSHIP,
    REGION,
    TOWNSHIP,
    TWIN,
    OfficeRegistry,
    got,
    sent,
)
from tests.scoring.service.test_runs import all_items, begun

BOTH = {"office": COUNTY, "region": COUNTY}


def scored(facts: Facts) -> Any:
    scheme = find_scheme("lanxian-2022")
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    result = score_facts(facts, scheme, resolve_lights(scheme), date.fromisoformat(AS_OF))
    return json.loads(rules.serialize_result(result, names))


# --- runs


async def test_an_office_runs_over_its_own_rows_and_whoever_is_above_finds_that_run(
    county: httpx.AsyncClient, city: httpx.AsyncClient
) -> None:
    run = await begun(county, as_of=AS_OF)
    document = await got(county, f"/v1/runs/{run['id']}/document")

    assert (run["office"], run["region"]) == (COUNTY, COUNTY)
    assert document == scored(FACTS[COUNTY])
    assert await begun(county, as_of=AS_OF, office=COUNTY) == run
    assert await begun(city, as_of=AS_OF, office=COUNTY) == run
    assert (await begun(city, as_of=AS_OF))["office"] == CITY
    assert await got(county, f"/v1/runs/{run['id']}/left-out") == {
        **{"as_of": AS_OF, "scheme": "lanxian-2022", "items": []}
    }


async def test_a_region_runs_over_the_facts_of_its_offices_joined(
    city: httpx.AsyncClient, county: httpx.AsyncClient, offices: OfficeRegistry
) -> None:
    run = await begun(city, as_of=AS_OF, region=REGION)
    asked = [httpx.URL(each) for each in offices.asked if "known_at" in each]
    path = f"/v1/runs/{run['id']}"
    document = await got(city, f"{path}/document")
    left_out = await got(city, f"{path}/left-out")

    assert (run["office"], run["region"]) == ("", REGION)
    assert document == scored(join_offices(FACTS).facts)
    assert left_out["items"] == [
        {
            **{"office": CITY, "project_id": f"{CITY}:P002", "national_code": CODE},
            **{"kept_project_id": f"{COUNTY}:{TWIN}", "reason": "项目代码与下级办公室的项目相同"},
        }
    ]
    assert (await sent(city, f"{path}/repeat", 200))["same"]
    assert await begun(city, as_of=AS_OF, region=REGION) == run
    assert (await county.get(path)).status_code == 404
    assert {each.params["office"] for each in asked} == {*FACTS}
    assert len({each.params["known_at"] for each in asked}) == 1


async def test_a_region_of_one_office_has_qualified_ids_too(county: httpx.AsyncClient) -> None:
    run = await begun(county, as_of=AS_OF, region=COUNTY)
    document = await got(county, f"/v1/runs/{run['id']}/document")
    assert document == scored(write_ids(FACTS[COUNTY], COUNTY))
    assert run["id"] != (await begun(county, as_of=AS_OF))["id"]


async def test_a_township_is_asked_about_what_it_may_see(
    as_: As, county: httpx.AsyncClient, offices: OfficeRegistry
) -> None:
    """With its office's ids plain; the whole county's run is not its."""
    whole = await begun(county, as_of=AS_OF)
    own = await begun(as_("office", region=TOWNSHIP), as_of=AS_OF)
    assert (own["office"], own["region"]) == (COUNTY, TOWNSHIP)
    assert own["id"] != whole["id"]
    assert any(f"office={COUNTY}&within={TOWNSHIP}" in asked for asked in offices.asked)
    explained = await got(county, f"/v1/runs/{own['id']}/units/{OF_TOWNSHIP}")
    assert explained["unit_id"] == OF_TOWNSHIP
    assert (await county.get(f"/v1/runs/{own['id']}/units/U01")).status_code == 404
    # Of a city's project in the township it is the city that answers.
    lights = await all_items(county, f"/v1/runs/{own['id']}/lights")
    assert {light["unit_id"] for light in lights} == {OF_TOWNSHIP}
    of_region = await begun(county, as_of=AS_OF, region=TOWNSHIP)
    lights = await all_items(county, f"/v1/runs/{of_region['id']}/lights")
    assert {light["unit_id"] for light in lights} == {f"{COUNTY}:{OF_TOWNSHIP}"}
    assert (await as_("office", region=TOWNSHIP).get(f"/v1/runs/{whole['id']}")).status_code == 404


PLACES = [
    ("GET", "/v1/lights", {"as_of": AS_OF}),
    ("GET", "/v1/judgements", {}),
    ("GET", "/v1/entries", {}),
    ("GET", "/v1/portfolio", {"as_of": AS_OF}),
    ("GET", "/v1/indicators", {"as_of": AS_OF}),
    ("GET", "/v1/counties", {"as_of": AS_OF}),
    ("GET", "/v1/periods", {"year": 2022}),
    ("GET", "/v1/schemes", {}),
    ("GET", "/v1/schemes/lanxian-2022", {}),
    ("POST", "/v1/runs", {"as_of": AS_OF}),
    ("POST", "/v1/what-if", {"as_of": AS_OF}),
    ("POST", "/v1/entries", {"day": AS_OF}),
    ("POST", "/v1/judgements", {"project_id": "P001", "axis": "overall", "reason": "核查"}),
]


@pytest.mark.parametrize(("method", "path", "asked"), PLACES, ids=lambda part: str(part))
async def test_an_office_or_a_region_is_named_and_not_one_elsewhere(
    method: str, path: str, asked: dict[str, Any], county: httpx.AsyncClient
) -> None:
    async def status(scope: dict[str, str]) -> int:
        body = None if method == "GET" else {**asked, **scope}
        params = {} if body else {**asked, **scope}
        return (await county.request(method, path, params=params, json=body)).status_code

    assert await status(BOTH) == 422
    for scope in ({"office": CITY}, {"office": BESIDE}, {"region": REGION}, {"region": BESIDE}):
        assert await status(scope) == 404
    assert await status({"office": REGION}) == 404  # its code is the city's
    assert await status({"office": f"{REGION}0"}) == 422


# --- answers that nothing is stored of


async def test_ids_of_a_question_are_as_it_writes_them(city: httpx.AsyncClient) -> None:
    change = {"path": "pillars.speed.weight", "value": 40}
    for scope, of_county, units in (
        ({"office": COUNTY}, "U01", len(FACTS[COUNTY].rows(Unit))),
        ({"region": REGION}, f"{COUNTY}:U01", sum(len(f.rows(Unit)) for f in FACTS.values())),
    ):
        asked = {"as_of": AS_OF, "changes": {"scheme": [change]}, **scope}
        found = await sent(city, "/v1/what-if", 200, **asked)
        ids = [unit["unit_id"] for group in found["before"] for unit in group["units"]]
        assert (of_county in ids, len(ids)) == (True, units)
        run = await begun(city, as_of=AS_OF, **scope)
        explained = await got(city, f"/v1/runs/{run['id']}/units/{of_county}")
        assert explained["unit_id"] == of_county
        period = await got(city, "/v1/periods", year=2022, quarter=3, **scope)
        assert [used["run_id"] for used in period["runs"]] == [run["id"]]
    assert (await got(city, "/v1/periods", year=2022, quarter=3))["runs"] == []


async def test_counties_are_ranked_by_their_offices_runs_or_by_the_whole(
    city: httpx.AsyncClient,
) -> None:
    own = await begun(city, as_of=AS_OF)
    runs = [await begun(city, as_of=AS_OF, office=office) for office in (COUNTY, BESIDE)]
    added = await got(city, "/v1/counties", as_of=AS_OF)
    whole = await begun(city, as_of=AS_OF, region=REGION)
    exact = await got(city, "/v1/counties", as_of=AS_OF)
    of_city = await got(city, "/v1/counties", as_of=AS_OF, office=CITY)

    assert [run["id"] for run in added["runs"]] == [run["id"] for run in runs]
    assert [run["id"] for run in exact["runs"]] == [whole["id"]]
    assert exact["nowhere"] == [f"{CITY}:U01"]
    assert [run["id"] for run in of_city["runs"]] == [own["id"]]
    assert of_city["nowhere"] == ["U01"]
    for found in (added, exact):
        assert [u["unit_id"] for g in found["groups"] for u in g["units"]] == [COUNTY, BESIDE]
