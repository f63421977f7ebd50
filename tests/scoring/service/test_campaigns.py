"""Campaigns over HTTP: written by the office in versions, published, followed, summed up."""

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scoring.campaigns import service
from services.scoring.engine.campaigns.campaign import Campaign
from services.scoring.engine.campaigns.population import restrict_to_population
from services.scoring.execution.campaigns import CampaignInput, compute_progress, compute_summary
from services.scoring.schemes.scheme_files import built_in_schemes, resolve_lights
from shared.database.sessions import Sessions
from shared.http.questions import Question
from shared.http.tokens import Caller, Role
from shared.problems import NotFound
from shared.reference import load_calendar
from tests.registry.clients import REGION
from tests.scoring.service.conftest import ledger
from tests.scoring.service.test_runs import all_items, part_asked

HEAD = {
    "name": "百日攻坚",
    "scheme": "lanxian-2022",
    "from_on": "2022-09-15",
    "to_on": "2022-12-25",
    "population": {"natures": ["new", "continuing"], "least_investment_yuan": 5_000_000},
}
TARGETS: list[dict[str, Any]] = [
    {"unit_id": "U01", "metric": "start_rate", "value": "0.9", "due_on": "2022-10-31"},
    {"unit_id": "U02", "metric": "starts", "value": "4", "due_on": "2022-12-25"},
    {"unit_id": None, "metric": "investment_completion", "value": "1", "due_on": "2022-12-25"},
]
PROMISES: list[dict[str, Any]] = [
    {
        "unit_id": "U02",
        "text": "年底前开工四个",
        "made_by": "局长",
        "due_on": "2022-12-25",
        "metric": "starts",
    },
    {"unit_id": "U01", "text": "每周现场办公", "made_by": "主任", "due_on": "2022-12-25"},
]
WHOLE = {**HEAD, "targets": TARGETS, "commitments": PROMISES}


async def made(office: httpx.AsyncClient, **given: Any) -> dict[str, Any]:
    answer = await office.post("/v1/campaigns", json={**WHOLE, **given})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def published(office: httpx.AsyncClient, **given: Any) -> str:
    path = f"/v1/campaigns/{(await made(office, **given))['id']}"
    assert (await office.post(f"{path}/publish")).status_code == 200
    return path


def computed() -> CampaignInput:
    scheme, campaign = built_in_schemes()["lanxian-2022"], Campaign.model_validate(WHOLE)
    return CampaignInput(campaign, scheme, resolve_lights(scheme), ledger("county"))


async def test_what_was_recorded_is_read_back(office: httpx.AsyncClient) -> None:
    found = await made(office)
    path = f"/v1/campaigns/{found['id']}"

    read = await office.get(path)
    listed = await all_items(office, "/v1/campaigns")

    assert read.json() == found == listed[-1]
    assert read.headers["etag"] == '"1"'
    assert (found["region"], found["recorded_by"], found["published_at"]) == (
        REGION,
        "the office",
        None,
    )
    assert found["population_in_words"] == "项目须：新建、续建；总投资 5,000,000 元及以上"
    assert await all_items(office, f"{path}/targets") == TARGETS
    assert await all_items(office, f"{path}/commitments") == [
        PROMISES[0],
        {**PROMISES[1], "metric": None},
    ]
    of_unit = await office.get(f"{path}/targets", params={"unit_id": "U02"})
    assert of_unit.json() == {"items": [TARGETS[1]], "next": None}


async def test_a_change_supersedes_the_version_that_was_seen(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    path = f"/v1/campaigns/{(await made(office))['id']}"
    lower = {"items": [{**TARGETS[0], "value": 0.8}], "why": "汛期影响"}

    unseen = await office.put(f"{path}/targets", json=lower)
    refused = await office.put(f"{path}/targets", json=lower, headers={"if-match": '"2"'})
    promised = {"items": [PROMISES[1]]}
    first = await office.put(f"{path}/commitments", json=promised, headers={"if-match": '"1"'})
    second = await office.put(f"{path}/targets", json=lower, headers={"if-match": '"2"'})
    again = await office.put(f"{path}/targets", json=lower, headers={"if-match": '"2"'})
    longer = {**HEAD, "to_on": "2022-12-31", "why": "延长"}
    third = await office.put(path, json=longer, headers={"if-match": "3"})

    assert (unseen.status_code, refused.status_code) == (412, 412)
    assert [answer.json()["version"] for answer in (first, second, again, third)] == [2, 3, 3, 4]
    assert third.json()["to_on"] == "2022-12-31"
    targets = (await office.get(f"{path}/targets")).json()["items"]
    assert targets == [{**TARGETS[0], "value": "0.8"}]
    kept = await connection.execute(
        text("SELECT number, why, document->'targets' FROM scoring.campaign_versions ORDER BY 1")
    )
    versions = [(number, why, len(targets)) for number, why, targets in kept]
    assert versions == [(1, "", 3), (2, "", 3), (3, "汛期影响", 1), (4, "延长", 1)]


async def test_every_write_leaves_its_row_in_the_trail(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    path = await published(office)
    await office.post(f"{path}/publish")
    await office.put(path, json={**HEAD, "name": "百日会战"}, headers={"if-match": "1"})

    rows = await connection.execute(
        text("SELECT action, who, region_code, before FROM scoring.audit WHERE subject = :of"),
        {"of": path.removeprefix("/v1/")},
    )
    by = ("the office", REGION)
    assert rows.all() == [
        ("campaign.recorded", *by, None),
        ("campaign.published", *by, None),
        ("campaign.corrected", *by, {"name": "百日攻坚"}),
    ]


@pytest.mark.parametrize("table", ["campaigns", "campaign_versions", "campaign_publications"])
@pytest.mark.parametrize("change", ["DELETE FROM scoring.{}", "UPDATE scoring.{} SET {} = {}"])
async def test_what_was_stored_stays(
    table: str, change: str, connection: AsyncConnection, office: httpx.AsyncClient
) -> None:
    await published(office)
    column = "region" if table == "campaigns" else "campaign_id"
    await connection.execute(text("RESET ROLE"))  # the owner may not, either
    with pytest.raises(IntegrityError, match="is refused"):
        await connection.execute(text(change.format(table, column, column)))


async def test_progress_is_what_the_command_line_says(office: httpx.AsyncClient) -> None:
    path = f"/v1/campaigns/{(await made(office))['id']}"
    asking = computed()

    one = (await office.get(f"{path}/progress", params={"on": "2022-10-31"})).json()
    days = {"from": "2022-12-24", "to": "2022-12-25"}
    two = (await office.get(f"{path}/progress", params=days)).json()
    to_end = (await office.get(f"{path}/progress", params={"from": "2022-12-20"})).json()
    today = (await office.get(f"{path}/progress")).json()

    wanted = [one["days"][0]["on"], *(day["on"] for day in two["days"])]
    assert wanted == ["2022-10-31", "2022-12-24", "2022-12-25"]
    on = [*map(date.fromisoformat, wanted)]
    expected = compute_progress(asking, on, load_calendar())
    assert part_asked([*one["days"], *two["days"]], expected) == expected
    named = {line["metric"]: line for line in one["days"][0]["targets"]}
    rate = named["start_rate"]
    names = {u["unit_id"]: u["name"] for u in ledger("county").tables["units"].to_pylist()}
    assert (rate["unit_name"], rate["metric_name"]) == (names["U01"], "开（复）工率")
    assert (rate["unit"], rate["target_text"]) == ("%", "90.00%")
    assert (named["starts"]["unit"], named["starts"]["target_text"]) == (None, "4")
    assert named["investment_completion"]["unit_name"] is None
    assert named["investment_completion"]["when_due_text"] == "—"
    assert len(to_end["days"]) == 6
    assert [(day["day"], day["days_left"]) for day in today["days"]] == [(None, 0)]


async def test_the_summary_is_what_the_command_line_says(office: httpx.AsyncClient) -> None:
    path = f"/v1/campaigns/{(await made(office))['id']}"
    found = (await office.get(f"{path}/summary")).json()

    expected = compute_summary(computed())
    assert part_asked(found, expected) == expected
    projects = {p["project_id"]: p["name"] for p in ledger("county").tables["projects"].to_pylist()}
    assert all(move["project_name"] == projects[move["project_id"]] for move in found["projects"])
    assert all(move["unit_name"] for move in found["projects"])
    assert all(line["metric_name"] and line["change_text"] for line in found["metrics"])
    assert [line["metric_name"] for line in found["commitments"]].count(None) == 1
    assert found["met"] + found["missed"] + found["not_applicable"] == 3
    assert {move["kind"] for move in found["projects"]} == {"started", "pooled"}


async def test_a_campaign_that_runs_has_no_summary_yet(office: httpx.AsyncClient) -> None:
    far = await made(office, to_on="2032-01-01", targets=[], commitments=[])
    answer = await office.get(f"/v1/campaigns/{far['id']}/summary")
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/campaign-not-over"


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"to_on": "2022-09-14", "targets": [], "commitments": []}, "#/to_on"),
        ({"targets": [{**TARGETS[0], "unit_id": "U99"}]}, "#/targets/0/unit_id"),
        ({"targets": [{**TARGETS[0], "metric": "nothing"}]}, "#/targets/0/metric"),
        ({"targets": TARGETS[:1]}, "#/commitments/0/metric"),
        ({"targets": [{**TARGETS[0], "value": "much"}]}, "#/targets/0/value"),
        ({"population": {"natures": ["old"]}}, "#/population/natures/0"),
        ({"population": {"least_investment_yuan": 0}}, "#/population/least_investment_yuan"),
        ({"colour": "red"}, "#/colour"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(
    given: dict[str, Any], pointer: str, office: httpx.AsyncClient
) -> None:
    answers = [
        await office.post("/v1/campaigns", json={**WHOLE, **given}, headers={"accept-language": of})
        for of in ("zh", "en")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    zh, en = [answer.json()["errors"][0] for answer in answers]
    assert zh["pointer"] == en["pointer"] == pointer
    assert zh["detail"] != en["detail"]


async def test_a_change_that_contradicts_the_rest_is_refused(office: httpx.AsyncClient) -> None:
    path = f"/v1/campaigns/{(await made(office))['id']}"
    shorter = await office.put(
        path, json={**HEAD, "to_on": "2022-12-24"}, headers={"if-match": "1"}
    )
    unknown = await office.post("/v1/campaigns", json={**WHOLE, "scheme": "nobodys-2022"})
    many = await office.get(f"{path}/progress", params={"from": "2020-01-01"})
    backwards = await office.get(
        f"{path}/progress", params={"from": "2022-12-01", "to": "2022-11-01"}
    )

    assert shorter.status_code == 422
    assert unknown.status_code == 404
    assert (many.status_code, backwards.status_code) == (422, 422)
    assert (await office.get(path)).json()["version"] == 1


# --- who sees what


async def test_a_run_may_ask_for_scheme_population_and_targets(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    campaign = await made(office)
    who = Caller("the office", Role.office, REGION)
    first = Campaign.model_validate(WHOLE).from_on
    async with sessions() as session:
        found = await service.campaign_run_scope(session, campaign["id"], who, as_of=first)
        with pytest.raises(NotFound):
            await service.campaign_run_scope(session, campaign["id"] + 1, who, as_of=first)

    assert (found.scheme, found.question) == ("lanxian-2022", Question(REGION, REGION))
    assert found.entered.target_values.keys() == {"U01", "U02"}
    projects = restrict_to_population(ledger("county"), found.population).tables["projects"]
    assert {*projects["nature"].to_pylist()} == {"new", "continuing"}
