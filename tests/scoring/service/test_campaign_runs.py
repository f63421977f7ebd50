"""Runs of a campaign: its scheme, its projects, its targets."""

from datetime import date

import httpx
import pytest

from services.scoring.engine.campaigns.population import restrict_to_population
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.runs import service as runs
from services.scoring.runs.rules import serialize_result
from tests.registry.clients import REGION
from tests.scoring.service.test_campaigns import TARGETS, computed, published
from tests.scoring.service.test_corrections import correct, corrected_run

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


async def test_a_campaigns_run_is_corrected_by_its_targets_of_today(
    office: httpx.AsyncClient,
) -> None:
    path = await published(office)
    ask = {"campaign_id": int(path.rpartition("/")[2]), "as_of": "2022-10-31"}
    first = (await office.post("/v1/runs", json=ask)).json()
    await office.post(f"/v1/runs/{first['id']}/publish")
    assert (await correct(office, first["id"])).json()["type"] == "/problems/nothing-changed"
    etag = (await office.get(path)).headers["etag"]
    lower = {"items": [{**target, "value": "0.7"} for target in TARGETS[:1]] + TARGETS[1:]}
    changed = await office.put(f"{path}/targets", json=lower, headers={"if-match": etag})
    assert changed.status_code == 200, changed.text
    second = await corrected_run(office, first["id"])
    assert second["campaign_id"] == first["campaign_id"]
    assert second["facts_digest"] == first["facts_digest"]
    assert second["entered_digest"] != first["entered_digest"]
