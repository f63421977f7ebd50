"""Runs of a campaign: its scheme, its projects, its targets."""

from datetime import date

import httpx
import pytest

from services.scoring.engine.campaigns.population import restrict_to_population
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.runs import service as runs
from services.scoring.runs.rules import serialize_result
from tests.registry.clients import REGION
from tests.scoring.service.test_campaigns import computed, published

DAY = date(2022, 10, 31)


async def test_a_run_of_a_campaign_is_of_its_projects_and_targets(
    office: httpx.AsyncClient,
) -> None:
    campaign = int((await published(office)).rpartition("/")[2])
    asking = computed()
    whose = restrict_to_population(asking.facts, asking.campaign.population)
    taken = asking.campaign.targets_in_force(DAY)
    expected, names = runs.compute_result(
        whose, asking.scheme, asking.preset, DAY, taken, engine=open_query_runner
    )

    ask = {"campaign_id": campaign, "as_of": DAY.isoformat()}
    run = (await office.post("/v1/runs", json=ask)).json()
    again = await office.post("/v1/runs", json=ask)
    of_all = await office.post("/v1/runs", json={"as_of": DAY.isoformat()})
    path = f"/v1/runs/{run['id']}"

    assert run["campaign_id"] == campaign
    assert (await office.get(f"{path}/document")).text == serialize_result(expected, names)
    assert (await office.post(f"{path}/repeat")).json()["same"]
    assert (again.status_code, again.json()["id"]) == (200, run["id"])
    assert of_all.json()["id"] != run["id"]
    listed = await office.get("/v1/runs", params={"campaign_id": campaign})
    assert [each["id"] for each in listed.json()["items"]] == [run["id"]]


@pytest.mark.parametrize("said", [{"scheme": "lanxian-2022"}, {"region": REGION}])
async def test_a_campaign_says_scheme_and_region_itself(
    office: httpx.AsyncClient, said: dict[str, str]
) -> None:
    campaign = int((await published(office)).rpartition("/")[2])
    ask = {"campaign_id": campaign, "as_of": "2022-10-31", **said}
    assert (await office.post("/v1/runs", json=ask)).status_code == 422
    nowhere = {"campaign_id": 999_999, "as_of": "2022-10-31"}
    assert (await office.post("/v1/runs", json=nowhere)).status_code == 404
