"""Judged colours: beside the computed ones, from a day on, with a reason and a name."""

from typing import Any

import httpx
import pytest

from tests.scoring.service.conftest import As
from tests.scoring.service.test_runs import DAY, all_items, begun

SEPTEMBER = "2022-09-30"


async def judged(office: httpx.AsyncClient, **ask: Any) -> httpx.Response:
    usual = {"axis": "progress", "colour": "yellow", "reason": "现场核查", "judged_on": SEPTEMBER}
    return await office.post("/v1/judgements", json={**usual, **ask})


async def a_red_one(office: httpx.AsyncClient) -> dict[str, Any]:
    asked = {"as_of": DAY, "axis": "progress", "colour": "red"}
    found: dict[str, Any] = (await office.get("/v1/lights", params=asked)).json()["items"][0]
    return found


async def light_of(office: httpx.AsyncClient, project: str, day: str = DAY) -> dict[str, Any]:
    items = (await office.get("/v1/lights", params={"as_of": day})).json()["items"]
    return next(light for light in items if light["project_id"] == project)


async def test_it_stands_beside_the_computed_colour_and_changes_nothing(
    office: httpx.AsyncClient,
) -> None:
    run, red = await begun(office), await a_red_one(office)
    document = (await office.get(f"/v1/runs/{run['id']}/document")).content
    made = await judged(office, project_id=red["project_id"])
    overall = await judged(office, project_id=red["project_id"], axis="overall", colour="green")
    lights = await all_items(office, f"/v1/runs/{run['id']}/lights")
    kept = next(light for light in lights if light["project_id"] == red["project_id"])
    now = await light_of(office, red["project_id"])

    said = {"reason": "现场核查", "judged_by": "the office", "judged_on": SEPTEMBER}
    beside = {
        "progress": {"computed": "red", "judged": "yellow", **said},
        "overall": {"computed": red["overall"], "judged": "green", **said},
    }
    assert (made.status_code, overall.status_code) == (201, 201)
    assert kept["judged"] == now["judged"] == beside
    assert {k: v for k, v in now.items() if k != "judged"} == {
        k: v for k, v in red.items() if k != "judged"
    }
    assert [light["project_id"] for light in lights if light["judged"]] == [red["project_id"]]
    assert (await office.get(f"/v1/runs/{run['id']}/document")).content == document
    still_red = {"as_of": DAY, "axis": "progress", "colour": "red"}
    assert (await office.get("/v1/lights", params=still_red)).json()["items"][0] == now


async def test_it_holds_from_its_day_until_it_is_judged_anew_or_taken_back(
    office: httpx.AsyncClient,
) -> None:
    """August knows nothing of it; of one day the last counts; November has taken it back."""
    project = (await a_red_one(office))["project_id"]
    await judged(office, project_id=project)
    await judged(office, project_id=project, colour="green", reason="复核")
    await judged(office, project_id=project, colour=None, judged_on="2022-11-30", reason="撤回")
    colours = {}
    for day in ("2022-08-31", SEPTEMBER, "2022-10-31", "2022-11-30"):
        beside = (await light_of(office, project, day)).get("judged", {})
        colours[day] = beside.get("progress", {}).get("judged")

    assert colours == {
        "2022-08-31": None,
        SEPTEMBER: "green",
        "2022-10-31": "green",
        "2022-11-30": None,
    }
    items = (await office.get("/v1/judgements", params={"project_id": project})).json()["items"]
    assert [item["colour"] for item in items] == ["yellow", "green", None]
    trail = (await office.get("/v1/audit")).json()["items"]
    assert [row["after"]["reason"] for row in trail] == ["现场核查", "复核", "撤回"]
    assert {row["subject"] for row in trail} == {f"judgements/{project}/progress"}


@pytest.mark.parametrize(
    ("wrong", "status", "problem"),
    [
        ({"reason": "  "}, 422, "judgement-mistake"),
        ({"axis": "weather"}, 422, "judgement-mistake"),
        ({"project_id": "P999"}, 404, "not-found"),
        ({"scheme": "nobodys"}, 404, "not-found"),
        ({"colour": "blue"}, 422, "invalid-request"),
        ({"judged_on": "yesterday"}, 422, "invalid-request"),
    ],
)
async def test_what_cannot_be_judged_is_told_and_not_kept(
    wrong: dict[str, Any], status: int, problem: str, office: httpx.AsyncClient
) -> None:
    answer = await judged(office, **{"project_id": "P059", **wrong})

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert (await office.get("/v1/judgements")).json()["items"] == []


async def test_a_unit_reads_those_of_its_projects_and_another_county_none(
    as_: As, office: httpx.AsyncClient
) -> None:
    red = await a_red_one(office)
    made = (await judged(office, project_id=red["project_id"])).json()
    foreign = as_("office", region="990102")

    async def read(client: httpx.AsyncClient) -> Any:
        return (await client.get("/v1/judgements")).json()["items"]

    assert await read(as_("unit", unit_id=red["unit_id"])) == [made]
    assert await read(as_("unit", unit_id="U99")) == []
    assert await read(foreign) == []
    assert (await judged(foreign, project_id=red["project_id"])).status_code == 404
