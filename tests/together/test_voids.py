"""A void in the whole house: runs, facts, letters, imports, history and audit before and after."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.http.tokens import Issuer
from tests.databases import database
from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, zipped
from tests.together.system import (
    LETTERHEAD,
    all_items,
    answer,
    opened,
    printed_letters,
    taken_over,
)

DAY = "2022-09-30"
REGISTRY, SCORING, NOTIFIER = "/registry/v1", "/scoring/v1", "/notifier/v1"


@pytest.fixture(scope="module")
async def house(server: str, issuer: Issuer) -> AsyncIterator[As]:
    """The county, a run of it and the letters of its campaign."""
    async with (
        database(server, "voided", *SERVICE_NAMES) as url,
        opened(url, issuer) as as_,
    ):
        office = as_("office")
        await taken_over(office, zipped(GOLDEN / "county"))
        await answer(office, "PUT", f"{REGISTRY}/offices/{REGION}", json=LETTERHEAD)
        swept = {"from_on": "2022-09-15", "to_on": "2022-12-25"}
        await answer(office, "POST", f"{NOTIFIER}/sweeps", json=swept)
        await printed_letters(office)
        yield as_


@pytest.fixture(scope="module")
async def office(house: As) -> httpx.AsyncClient:
    return house("office")


async def run(office: httpx.AsyncClient) -> dict[str, Any]:
    """A run, and what it says of every unit."""
    made = await answer(office, "POST", f"{SCORING}/runs", json={"as_of": DAY})
    document = await answer(office, "GET", f"{SCORING}/runs/{made['id']}/document")
    return {"made": made, "document": document}


async def void(
    office: httpx.AsyncClient, kind: str, path: str, reason: str = "重复录入"
) -> dict[str, Any]:
    record = await answer(office, "GET", f"{REGISTRY}/{path}")
    named = {"kind": kind, "version": record["version"]}
    seen = await answer(office, "POST", f"{REGISTRY}/voids/preview", json=named)
    form = {**named, "reason": reason, "dependants": seen["count"]}
    made: dict[str, Any] = await answer(office, "POST", f"{REGISTRY}/voids", json=form)
    return made


async def take_back(office: httpx.AsyncClient, made: dict[str, Any]) -> None:
    path = f"{REGISTRY}/voids/{made['id']}/take-back"
    await answer(office, "POST", path, json={"reason": "核对后恢复"})


async def resting(office: httpx.AsyncClient) -> dict[int, Any]:
    """The letters that rest on a void fact, each with its void."""
    asked = {"rests_on_void": "true", "limit": 200, "totals": "true"}
    page = await answer(office, "GET", f"{NOTIFIER}/letters", params=asked)
    assert (page["next"], page["totals"]["count"]) == (None, len(page["items"]))
    return {each["id"]: each["void"] for each in page["items"]}


async def test_a_run_and_its_facts_are_without_the_project_and_as_known_before_with_it(
    office: httpx.AsyncClient,
) -> None:
    before = await run(office)
    known_at = before["made"]["known_at"]
    made = await void(office, "projects", "projects/P017")
    after = await run(office)
    assert after["document"]["groups"] != before["document"]["groups"]
    # What was known before stays what it was, and so does the run of then.
    asked = {"as_of": DAY, "known_at": known_at}
    again = await answer(office, "POST", f"{SCORING}/runs", json=asked)
    document = await answer(office, "GET", f"{SCORING}/runs/{again['id']}/document")
    assert document["groups"] == before["document"]["groups"]
    kept = f"{SCORING}/runs/{before['made']['id']}/document"
    assert await answer(office, "GET", kept) == before["document"]
    await take_back(office, made)
    back = await run(office)
    assert back["document"]["groups"] == before["document"]["groups"]


async def test_the_ledger_again_leaves_it_void_and_the_run_with_it(
    office: httpx.AsyncClient,
) -> None:
    made = await void(office, "projects", "projects/P017")
    before = await run(office)
    imported = await taken_over(office, zipped(GOLDEN / "county"))
    assert {c["added"] for c in imported["changes"].values()} == {0}
    told = [each for each in imported["findings"] if each["code"] == "left_void"]
    assert sum(each["count"] for each in told) == made["count"]
    assert (await run(office))["document"]["groups"] == before["document"]["groups"]
    await take_back(office, made)


async def test_letters_that_rest_on_a_void_fact_are_listed_and_stay(house: As) -> None:
    office = house("office")
    letters = await all_items(office, f"{NOTIFIER}/letters")
    assert await resting(office) == {}
    about_a_date = next(each for each in letters if each["about"] == "started")
    of_project = [x["id"] for x in letters if x["project_id"] == about_a_date["project_id"]]
    project = f"projects/{about_a_date['project_id']}"
    made = await void(office, "projects", project, "误立项目")
    found = await resting(office)
    assert sorted(found) == of_project
    assert found[about_a_date["id"]] == {
        "id": made["id"],
        "kind": "projects",
        "reason": "误立项目",
        "voided_at": made["voided_at"],
    }
    assert await all_items(office, f"{NOTIFIER}/letters") == letters
    preview = await office.post(f"{NOTIFIER}/preview", params={"on": "2022-12-26"})
    assert preview.is_success, preview.text
    swept = await office.post(
        f"{NOTIFIER}/sweeps", json={"from_on": "2022-12-26", "to_on": "2022-12-26"}
    )
    assert swept.is_success, swept.text
    await take_back(office, made)
    assert await resting(office) == {}
    unit = house("unit", unit_id=about_a_date["unit_id"])
    refused = await unit.get(f"{NOTIFIER}/letters", params={"rests_on_void": "true"})
    assert refused.status_code == 403


async def test_a_letter_rests_on_its_date_and_on_reports_of_its_year(
    office: httpx.AsyncClient,
) -> None:
    letters = await all_items(office, f"{NOTIFIER}/letters")
    late = next(each for each in letters if each["about"] == "progress")
    project = f"projects/{late['project_id']}"
    reports = await all_items(office, f"{REGISTRY}/{project}/progress")
    before = [each for each in reports if each["as_of"] <= late["counted_from"]]
    after = [each for each in reports if each["as_of"] > late["trigger_on"]]
    one = await void(office, "progress", f"{project}/progress/{before[-1]['as_of']}")
    assert late["id"] in await resting(office)
    await take_back(office, one)
    for each in after[-1:]:
        other = await void(office, "progress", f"{project}/progress/{each['as_of']}")
        assert late["id"] not in await resting(office)
        await take_back(office, other)


async def test_history_events_and_the_chain_of_the_trail_are_whole(
    house: As, office: httpx.AsyncClient
) -> None:
    made, inspector = await void(office, "projects", "projects/P018"), house("inspector")
    await take_back(office, made)
    for each in made["records"]:
        if each["kind"] in ("projects", "plans", "progress"):
            _, *place = each["subject"].split("/")
            below = f"/{each['kind']}/{place[1]}" if len(place) > 1 else ""
            path = f"{REGISTRY}/projects/P018{below}/history"
            latest, was = (await answer(office, "GET", path))[:2]
            assert was["void"]["id"] == made["id"]
            assert (latest["superseded_at"], latest["void"]) == (None, None)
        asked = {"subject": each["subject"]}
        trail = (await answer(inspector, "GET", f"{REGISTRY}/audit", params=asked))["items"]
        assert [row["action"].partition(".")[2] for row in trail][-2:] == ["voided", "recorded"]
        assert trail[-2]["before"] is not None


async def test_runs_lights_and_campaigns_go_on_without_a_unit_that_was_voided(
    office: httpx.AsyncClient,
) -> None:
    """Its targets and commitments name it still, in what was entered by hand."""
    target = {"unit_id": "U02", "metric": "investment_completion", "value": "0.9"}
    entries = {"day": DAY, "targets": [{**target, "reason": "年初下达"}]}
    await answer(office, "POST", f"{SCORING}/entries", json=entries)
    campaign = {
        "name": "百日攻坚",
        "scheme": "lanxian-2022",
        "from_on": "2022-09-15",
        "to_on": "2022-12-25",
        "targets": [{"unit_id": "U02", "metric": "starts", "value": "3", "due_on": "2022-12-25"}],
    }
    number = (await answer(office, "POST", f"{SCORING}/campaigns", json=campaign))["id"]
    run_of_before = await run(office)
    made = await void(office, "units", "units/U02", "并入住建局")
    asked = {"as_of": DAY, "campaign_id": number}
    for body in ({"as_of": DAY}, asked):
        await answer(office, "POST", f"{SCORING}/runs", json=body)
    progress = f"{SCORING}/campaigns/{number}/progress"
    await answer(office, "GET", progress, params={"on": "2022-10-20"})
    lights = f"{SCORING}/lights"
    await answer(office, "GET", lights, params={"as_of": DAY})
    await answer(office, "GET", f"{SCORING}/portfolio", params={"as_of": DAY, "by": "level"})
    movement = f"{SCORING}/runs/{run_of_before['made']['id'] + 1}/movement"
    since = {"since": run_of_before["made"]["id"]}
    await answer(office, "GET", movement, params=since)
    await take_back(office, made)
