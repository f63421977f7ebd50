"""What a row belongs to decides who sees it, lists it, has it in bulk, and writes it."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.http.tokens import Issuer
from tests.registry.clients import As, facts_of, imported, rows, speaking, table_of, upload
from tests.registry.clients import zipped_files as zipped
from tests.registry.made_up_kinds import CREATED, registry_with_kinds

OWN, BESIDE, CITY = "990101", "990102", "9901"
LEDGER = {
    "units.csv": "unit_id,name,kind,group\nU01,甲局,部门,一组\nU02,乙局,部门,一组\n",
    "projects.csv": "project_id,name,unit_id,nature\nP1,甲,U01,新建\nP2,乙,U02,新建\n",
    "problems.csv": "problem_id,project_id,handler_unit_id\nQ1,P1,U02\nQ2,P2,\nQ3,,U02\n",
    "steps.csv": "problem_id,step_no,step\nQ1,1,会商\nQ1,2,协议\nQ2,1,会商\nQ3,1,会商\n",
    "gatherings.csv": "gathering_id,on,project_ids\n"
    "G1,2022-03-01,P1、P2\nG2,2022-03-02,P2\nG3,2022-03-03,\n",
    "standards.csv": "category,grade,days,unit_id\n征拆,,30,U01\n征拆,2,20,\n",
    "cases.csv": "case_id,unit_id,basis\nA1,U01,红灯\nA2,U02,红灯\n",
    "case_notes.csv": "case_id,note_no,text\nA1,1,约谈\n",
}
NEEDED = {  # of every ledger
    "plans.csv": "project_id,year\n",
    "milestones.csv": "project_id,kind\n",
    "progress.csv": "project_id,as_of\n",
    "permits.csv": "project_id,kind\n",
    "funds.csv": "unit_id,project_id,source,event\n",
    "pauses.csv": "project_id,from_on\n",
}
NOTHING = dict.fromkeys(CREATED, 0)
ALL = {"steps": 4, "gatherings": 3, "standards": 2, "cases": 2, "case_notes": 1}
FOR_ALL = ALL | {"cases": 0, "case_notes": 0}  # but for the office
OF_U01 = {"steps": 2, "gatherings": 1, "standards": 2, "cases": 0, "case_notes": 0}
OF_U02 = {"steps": 2, "gatherings": 2, "standards": 2, "cases": 0, "case_notes": 0}
# Who asks about the office OWN, and how many rows of each kind there are for it.
SEEN: list[tuple[str, str, str | None, Mapping[str, int]]] = [
    ("office", OWN, None, ALL),
    ("inspector", OWN, None, FOR_ALL),
    ("unit", OWN, "U01", OF_U01),
    ("unit", OWN, "U02", OF_U02),
    ("leader", OWN, "U01", OF_U01),
    ("field", OWN, "U02", OF_U02),
    ("unit", OWN, None, NOTHING | {"standards": 2}),
    ("office", BESIDE, None, NOTHING),
    ("inspector", BESIDE, None, NOTHING),
    ("unit", BESIDE, "U01", NOTHING),
    ("office", CITY, None, ALL),
    ("inspector", CITY, None, FOR_ALL),
    ("unit", CITY, "U01", NOTHING | {"standards": 2}),
    ("office", "", None, ALL),
]


@pytest.fixture(scope="module")
async def registry(server: str, issuer: Issuer) -> AsyncIterator[FastAPI]:
    async with registry_with_kinds(server, issuer) as app:
        yield app


@pytest.fixture(scope="module")
async def as_(registry: FastAPI, issuer: Issuer) -> As:
    """Two counties with the same ledger, and a city that has said but one thing."""
    client = speaking(registry, issuer)
    for county in (OWN, BESIDE):
        changes = await imported(client("office", county), zipped({**LEDGER, **NEEDED}))
        assert {name: changes[name]["added"] for name in CREATED} == ALL
    answer = await client("office", CITY).put("/v1/standards/市级", json={"days": 9})
    assert answer.status_code == 201, answer.text
    return client


async def listed(client: httpx.AsyncClient, name: str, **asked: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/v1/{name}", params=asked)
    if answer.status_code == 403:
        return []
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def place(name: str, row: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The address of a row and its query."""
    paths = {
        "steps": "{problem_id}/{step_no}",
        "gatherings": "{gathering_id}",
        "standards": "{category}",
        "cases": "{case_id}",
        "case_notes": "{case_id}/{note_no}",
    }
    query = {"grade": str(row["grade"])} if row.get("grade") is not None else {}
    return f"/v1/{name}/{paths[name].format(**row)}", query


@pytest.mark.parametrize(("role", "region", "unit", "seen"), SEEN)
async def test_a_caller_sees_what_belongs_to_it(
    as_: As, role: str, region: str, unit: str | None, seen: Mapping[str, int]
) -> None:
    client = as_(role, region, unit)
    for name, number in seen.items():
        items = await listed(client, name, office=OWN)
        assert len(items) == number, name
        assert {item["office"] for item in items} <= {OWN}
        if role in ("office", "unit", "inspector"):
            table = await table_of(client, name, office=OWN)
            assert table.num_rows == number, name


@pytest.mark.parametrize(("role", "region", "unit", "seen"), SEEN)
async def test_each_record_is_there_for_whom_it_is_listed(
    as_: As, role: str, region: str, unit: str | None, seen: Mapping[str, int]
) -> None:
    client = as_(role, region, unit)
    for name in seen:
        there = await listed(client, name, office=OWN)
        for row in await listed(as_("office", OWN), name):
            path, query = place(name, row)
            for end in ("", "/history"):
                answer = await client.get(path + end, params=query | {"office": OWN})
                expected = {200} if row in there else {403, 404}
                assert answer.status_code in expected, (name, path)


@pytest.mark.parametrize("region", [CITY, ""])
async def test_a_question_about_a_region_has_what_its_offices_have(as_: As, region: str) -> None:
    client = as_("office", region)
    for name, number in ALL.items():
        of_county = await listed(client, name, region=OWN)
        assert [item["office"] for item in of_county] == [OWN] * number, name
        of_city = await listed(client, name, region=CITY)
        assert len(of_city) == 2 * number + (name == "standards")
        in_bulk = await table_of(client, name, region=CITY)
        assert in_bulk.num_rows == len(of_city)
    gatherings = await listed(client, "gatherings", region=OWN)
    assert gatherings[0]["project_ids"] == [f"{OWN}:P1", f"{OWN}:P2"]
    assert gatherings[2]["project_ids"] == []
    steps = await table_of(client, "steps", region=OWN)
    assert {*steps["problem_id"].to_pylist()} == {f"{OWN}:Q1", f"{OWN}:Q2", f"{OWN}:Q3"}


async def test_an_office_that_has_said_something_as_a_whole_is_an_office(as_: As) -> None:
    offices = (await as_("inspector", "").get("/v1/facts", params={"region": CITY})).json()
    assert offices["offices"] == ["990100", OWN, BESIDE]


async def test_a_list_is_narrowed_by_what_its_rows_list(as_: As) -> None:
    office = as_("office", OWN)
    for project, found in (("P1", ["G1"]), ("P2", ["G1", "G2"]), ("P3", [])):
        items = await listed(office, "gatherings", project_ids=project)
        assert [item["gathering_id"] for item in items] == found
    of_city = await listed(as_("office", CITY), "gatherings", project_ids=f"{OWN}:P1", office=OWN)
    assert [item["gathering_id"] for item in of_city] == ["G1"]
    foreign = await listed(office, "gatherings", project_ids=f"{BESIDE}:P1")
    assert foreign == []
    steps = await listed(office, "steps", problem_id="Q1")
    assert [item["step_no"] for item in steps] == [1, 2]


async def test_what_is_exported_is_what_is_seen_and_changes_nothing(as_: As) -> None:
    office = as_("office", OWN)
    before = await facts_of(office)
    exported = (await office.get("/v1/exports/ledger.xlsx")).content
    uploaded = await upload(office, exported)
    assert uploaded["errors"] == 0, uploaded["findings"]
    assert {name: uploaded["counts"][name] for name in CREATED} == ALL
    assert (await office.get(f"/v1/imports/{uploaded['id']}/changes")).json() == {}
    again = await imported(office, zipped({**LEDGER, **NEEDED}))
    assert again == {}
    after = await facts_of(office)
    assert all(rows(after, name) == rows(before, name) for name in CREATED)
    of_unit = await as_("unit", OWN, "U01").get("/v1/exports/ledger.xlsx")
    counts = (await upload(office, of_unit.content))["counts"]
    assert {name: counts.get(name, 0) for name in CREATED} == OF_U01


STEP, ON = {"step": "会商"}, {"on": "2022-04-01"}
OF_P1, OF_BOTH = {**ON, "project_ids": ["P1"]}, {**ON, "project_ids": ["P1", "P2"]}
FOREIGN = {**ON, "project_ids": [f"{BESIDE}:P1"]}
Sender = tuple[str, str, str | None]
OFFICE, UNIT = ("office", OWN, None), ("unit", OWN, "U01")
OF_CITY, OF_BESIDE = ("office", CITY, None), ("office", BESIDE, None)
WRITTEN: list[tuple[Sender, str, Mapping[str, Any], int]] = [
    (UNIT, "steps/Q1/9", STEP, 201),
    (UNIT, "steps/Q2/9", STEP, 404),
    (UNIT, "steps/Q8/9", STEP, 404),
    (OFFICE, "steps/Q8/9", STEP, 404),
    (OF_BESIDE, f"steps/{OWN}:Q1/9", STEP, 404),
    (OF_CITY, f"steps/{OWN}:Q1/8", STEP, 403),
    (UNIT, "gatherings/G9", OF_P1, 201),
    (UNIT, "gatherings/G8", OF_BOTH, 422),
    (UNIT, "gatherings/G7", ON, 403),
    (UNIT, "gatherings/G2", OF_P1, 404),
    (OFFICE, "gatherings/G8", FOREIGN, 422),
    (OFFICE, "gatherings/G8", OF_BOTH, 201),
    (OF_CITY, f"gatherings/{OWN}:G1", ON, 403),
    (OF_BESIDE, f"gatherings/{OWN}:G1", ON, 404),
    (OFFICE, "standards/用地", {"days": 5}, 201),
    (OFFICE, "standards/用地?grade=1", {"days": 5}, 201),
    (OFFICE, "standards/环评", {"unit_id": "U99"}, 422),
    (UNIT, "standards/环评", {"days": 5}, 403),
    (OFFICE, "cases/A9", {"unit_id": "U02"}, 201),
    (OFFICE, "case_notes/A8/1", {"text": "约谈"}, 404),
    (("inspector", OWN, None), "cases/A9", {"unit_id": "U02"}, 403),
]


@pytest.mark.parametrize(("sender", "path", "body", "status"), WRITTEN)
async def test_a_caller_writes_what_belongs_to_it(
    as_: As, sender: Sender, path: str, body: Mapping[str, Any], status: int
) -> None:
    answer = await as_(*sender).put(f"/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    if status == 422:
        assert {each["code"] for each in answer.json()["errors"]} == {"unknown_reference"}


async def test_what_was_known_is_known_for_ever(as_: As) -> None:
    office = as_("office", OWN)
    then = (await office.get("/v1/facts")).json()["known_at"]
    before = await table_of(office, "gatherings", known_at=then)
    read = await office.get("/v1/gatherings/G1")
    body = {"on": "2022-03-01", "project_ids": ["P2"]}
    etag = {"if-match": read.headers["etag"]}
    corrected = await office.put("/v1/gatherings/G1", json=body, headers=etag)
    assert corrected.status_code == 200, corrected.text
    assert (await as_("unit", OWN, "U01").get("/v1/gatherings/G1")).status_code == 404
    assert await table_of(office, "gatherings", known_at=then) == before
    history = (await office.get("/v1/gatherings/G1/history")).json()
    assert [each["project_ids"] for each in history] == [["P2"], ["P1", "P2"]]
