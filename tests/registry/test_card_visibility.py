"""The card of a project to each caller: what it may not see is not on it."""

import json
from datetime import date
from typing import Any

import httpx
import pytest

from services.registry.projects.card import PROJECT_CARD
from services.registry.records.addresses import RecordQuestion
from services.registry.records.queries import fetch_records
from services.registry.records.statements import current_record_query
from services.registry.records.visibility import caller_scope
from shared import clock
from shared.database.sessions import ReadConnection, Sessions
from shared.http.tokens import Caller, Role
from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, card, imported, items, put, zipped

TODAY = date(2022, 9, 15)
BESIDE, CITY = "990102", "9901"
PROJECT = {"name": "甲", "unit_id": "U01", "nature": "new"}
LISTS = ("months", "milestones", "permits", "funds", "problems")
EMPTY_LISTS: dict[str, Any] = {name: [] for name in LISTS}
NOTHING_BELOW = {"plan": None, "progress": None, "pause": None, "open_problems": 0, **EMPTY_LISTS}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    return office


async def test_a_card_is_there_for_whom_the_project_is(county: httpx.AsyncClient, as_: As) -> None:
    path, asked = "/v1/projects/P053", {"view": "card", "office": REGION}
    for role, region, unit, status in (
        ("office", REGION, None, 200),
        ("office", CITY, None, 200),
        ("office", BESIDE, None, 404),
        ("inspector", REGION, None, 200),
        ("unit", REGION, "U02", 200),
        ("unit", REGION, "U01", 404),
        ("leader", REGION, "U02", 200),
        ("field", REGION, "U02", 200),
        ("field", REGION, "U03", 404),
        ("unit", BESIDE, "U02", 404),
        ("viewer", REGION, None, 403),
    ):
        client = as_(role, region, unit)
        assert (await client.get(path, params=asked)).status_code == status, (role, region, unit)
        listed = await client.get("/v1/projects", params={**asked, "limit": 200})
        ids = {item["project_id"] for item in listed.json().get("items", ())}
        assert (ids & {"P053", f"{REGION}:P053"} != set()) == (status == 200)


@pytest.mark.parametrize("role", ["unit", "leader", "field"])
async def test_who_is_of_the_unit_sees_its_card_but_not_the_name_of_another_unit(
    county: httpx.AsyncClient, as_: As, role: str
) -> None:
    fact = {**PROJECT, "unit_id": "U02", "competent_unit_id": "U06"}
    await put(county, "projects/T1", **fact)
    await put(county, "problems/X1", project_id="T1", summary="征地", handler_unit_id="U06")
    office, own = await card(county, "T1"), await card(as_(role, unit_id="U02"), "T1")
    assert office["competent_unit_name"] is not None
    assert own == {**office, "competent_unit_name": None}


async def test_a_bureau_would_see_of_a_card_the_permits_that_it_grants(
    county: httpx.AsyncClient, as_: As, sessions: Sessions
) -> None:
    """The statement keeps to that by itself; the route is not for bureaus yet."""
    await put(county, "projects/P053/permits/水保", authority_unit_id="U02", due_on="2022-12-01")
    office, bureau = await card(county, "P053"), as_("approval", unit_id="U02")
    refused = await bureau.get("/v1/projects/P053", params={"view": "card"})
    assert refused.status_code == 403
    statement = current_record_query("projects", ("project_id",), PROJECT_CARD)
    who = Caller("bureau", Role.approval, REGION, "U02")
    question = RecordQuestion(REGION, caller_scope(who))
    key = {"project_id": "P053", "office": REGION, "today": TODAY}
    (line,) = await fetch_records(ReadConnection(sessions), statement, key, question)
    found = json.loads(line["line"])
    assert [each["kind"] for each in found["permits"]] == ["水保"]
    assert len(office["permits"]) > 1
    assert office["plan"]
    assert office["progress"]
    assert office["months"]
    assert found == {**office, **NOTHING_BELOW, "permits": found["permits"]}


async def test_ids_on_a_card_are_as_the_question_has_them(
    county: httpx.AsyncClient, as_: As
) -> None:
    await put(county, "projects/T1", **PROJECT)
    await put(county, "problems/X1", project_id="T1", summary="征地")
    asked = {"region": REGION, "search": "t1", "view": "card"}
    (found,) = await items(as_("office", CITY), "/v1/projects", **asked)
    assert (found["project_id"], found["unit_id"]) == (f"{REGION}:T1", f"{REGION}:U01")
    assert found["problems"][0]["problem_id"] == f"{REGION}:X1"
    assert found["unit_name"] == (await card(county, "T1"))["unit_name"] is not None


async def test_a_unit_of_an_office_above_is_named_to_who_sees_it(
    county: httpx.AsyncClient, as_: As
) -> None:
    city = as_("office", CITY)
    await put(city, "units/V9", name="市发改委", kind="department", group="g")
    await put(county, "projects/T1", **{**PROJECT, "competent_unit_id": f"{CITY}00:V9"})
    assert (await card(county, "T1"))["competent_unit_name"] is None
    seen = await card(city, "T1", office=REGION)
    assert (seen["competent_unit_id"], seen["competent_unit_name"]) == (f"{CITY}00:V9", "市发改委")
