"""A county joins a house in which another county with the same ids, and their city, are at work.

The first county and the city have a project in common: the city leads it, and it lies there.
"""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import Issuer
from shared.offices import office_code
from tests.databases import database
from tests.paths import GOLDEN
from tests.registry.clients import As, zipped
from tests.scoring.engine.results.test_golden import asked_for, golden
from tests.together.ledgers import csv_rows, neighbours, restrict_ledger, zipped_rows
from tests.together.operations import names_in, operations
from tests.together.regions import BESIDE, CITY, CITY_OFFICE, OWN
from tests.together.system import all_items, answer, opened, printed_letters, taken_over

UNIT, PROJECT = "U05", "P018"  # the city's, and the ids of a unit and its project in both counties
QUALIFIED = f"{CITY_OFFICE}:{PROJECT}"
DAY = "2022-09-30"
SWEPT = {"from_on": "2022-09-15", "to_on": "2022-12-25"}
ALREADY_THERE = (BESIDE, CITY)
# Lists of what may be read of a whole region; of each the office's own is compared.
OF_THE_REGION = {"list_runs", "list_campaigns"}
OF_OTHERS = {"list_offices", "list_imports"}  # of a region, too: one more is told of
NUMBER = re.compile(r"(.+〔\d{4}〕)(\d+)号")
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Joined:
    """The house after the first county has joined, and what the others were told before it."""

    as_: As
    before: Mapping[str, Told]
    works: Mapping[str, "Work"]


@dataclass(frozen=True)
class Work:
    """What an office has done: the id of its import, and its run."""

    import_id: int
    run: Mapping[str, Any]


@pytest.fixture(scope="module")
async def joined(server: str, issuer: Issuer) -> AsyncIterator[Joined]:
    ledgers = {
        BESIDE: neighbours(GOLDEN / "small"),
        CITY: city_ledger(),
        OWN: zipped(GOLDEN / "small"),
    }
    async with database(server, "joined", *SERVICE_NAMES) as url, opened(url, issuer) as as_:
        works = {}
        for region in ALREADY_THERE:
            works[region] = await work(as_("office", region), ledgers[region])
        before = {
            region: await told(as_("office", region), region, works[region])
            for region in ALREADY_THERE
        }
        works[OWN] = await work(as_("office"), ledgers[OWN])
        yield Joined(as_, before, works)


def city_ledger() -> bytes:
    """A unit of the city's, and its project, which lies in the first county."""
    tables = restrict_ledger(csv_rows(GOLDEN / "small"), UNIT, PROJECT)
    for unit in tables["units"]:
        unit["region_code"] = CITY_OFFICE
    return zipped_rows(tables)


async def work(office: httpx.AsyncClient, ledger: bytes) -> Work:
    """Import a ledger, compute and publish a run, issue letters."""
    imported = await taken_over(office, ledger)
    run = await answer(office, "POST", "/scoring/v1/runs", json={"as_of": DAY})
    await answer(office, "POST", f"/scoring/v1/runs/{run['id']}/publish")
    await answer(office, "POST", "/notifier/v1/sweeps", json=SWEPT)
    await printed_letters(office)
    return Work(imported["id"], run)


# --- what an office is told -----------------------------------------------------------------------


async def told(office: httpx.AsyncClient, region: str, done: Work) -> Told:
    """All that an office is told about itself: lists, facts, documents, exports."""
    lists = await all_lists(office, office_code(region))
    runs, letters = lists["list_runs"], lists["list_letters"]
    files = {
        (place := f"{path}/{document}".rstrip("/")): digest(await office.get(place))
        for paths, documents in (
            ([f"/scoring/v1/runs/{run['id']}" for run in runs], RUN_DOCUMENTS),
            ([f"/notifier/v1/letters/{each['id']}" for each in letters], ["document.pdf"]),
            (["/registry/v1/facts"], FACT_KINDS),
            (["/registry/v1/exports"], ["ledger.xlsx"]),
            ([f"/registry/v1/imports/{done.import_id}"], ["", "changes"]),
        )
        for path in paths
        for document in documents
    }
    return {**lists, **files}


RUN_DOCUMENTS = ["document", "ranking", "bulletin.pdf", "bulletin.xlsx", "left-out"]


async def all_lists(office: httpx.AsyncClient, code: str) -> dict[str, list[dict[str, Any]]]:
    """The items of every list that there is, and of each project's."""
    assert isinstance(office._transport, httpx.ASGITransport)
    app = office._transport.app
    assert isinstance(app, FastAPI)
    found: dict[str, list[dict[str, Any]]] = {}
    for each in operations(app.openapi()):
        needed = {*names_in(each.path)}
        if "limit" not in each.query or needed - {"project_id"} or each.name in OF_OTHERS:
            continue
        if each.required:  # of a kind that is to be named; the lists of voids have it all
            continue
        projects = [p["project_id"] for p in found["list_projects"]] if needed else [""]
        items = [
            item
            for project in projects
            for item in await all_items(office, each.path.format(project_id=project))
        ]
        if each.name in OF_THE_REGION:
            items = [item for item in items if item["office"] == code]
        found[each.name] = items
    return found


def digest(response: httpx.Response) -> str:
    assert response.is_success, f"{response.url}: {response.text}"
    return hashlib.sha256(response.content).hexdigest()


@pytest.mark.parametrize("region", ALREADY_THERE)
async def test_an_office_is_told_the_same_when_a_county_joins(joined: Joined, region: str) -> None:
    before, after = (
        joined.before[region],
        await told(joined.as_("office", region), region, joined.works[region]),
    )
    assert {name for name in before if before[name] != after.get(name)} == set()
    assert before.keys() == after.keys()
    for name in (
        "list_projects",
        "list_runs",
        "list_letters",
        "list_events",
        "list_registry_audit",
    ):
        assert before[name] != []


@pytest.mark.parametrize("region", ALREADY_THERE)
async def test_a_question_asked_again_has_the_same_run_and_no_letter(
    joined: Joined, region: str
) -> None:
    office = joined.as_("office", region)
    again = await answer(office, "POST", "/scoring/v1/runs", json={"as_of": DAY})
    assert again["id"] == joined.works[region].run["id"]
    swept = await answer(office, "POST", "/notifier/v1/sweeps", json=SWEPT)
    assert (swept["issued"], swept["settled"]) == ([], [])


# --- the county that joined -----------------------------------------------------------------------


async def test_a_county_that_joins_has_what_it_would_have_alone(joined: Joined) -> None:
    """The golden documents; of the other county, which has the same ledger, the same ones."""
    own, beside = joined.as_("office"), joined.as_("office", BESIDE)
    document = await run_document(own, joined.works[OWN].run)
    expected = golden(GOLDEN / f"small.score-{DAY}.json")
    assert asked_for(json.loads(document), expected) == expected
    assert await run_document(beside, joined.works[BESIDE].run) == document
    assert joined.works[BESIDE].run["facts_digest"] != joined.works[OWN].run["facts_digest"]

    expected = golden(GOLDEN / f"small.letters-{SWEPT['from_on']}--{SWEPT['to_on']}.json")
    for office in (own, beside):
        letters = await all_items(office, "/notifier/v1/letters")
        of_expected = [{name: each[name] for name in expected["letters"][0]} for each in letters]
        assert of_expected == expected["letters"]


async def run_document(office: httpx.AsyncClient, run: Mapping[str, Any]) -> bytes:
    found = await office.get(f"/scoring/v1/runs/{run['id']}/document")
    assert found.is_success, found.text
    return found.content


@pytest.mark.parametrize("region", [OWN, *ALREADY_THERE])
async def test_every_office_numbers_its_letters_from_one(joined: Joined, region: str) -> None:
    letters = await all_items(joined.as_("office", region), "/notifier/v1/letters")
    found: dict[str, list[int]] = {}
    for letter in letters:
        word_and_year, sequence = NUMBER.fullmatch(letter["number"]).groups()  # type: ignore[union-attr]
        found.setdefault(word_and_year, []).append(int(sequence))
    assert letters != []
    assert all(each == [*range(1, len(each) + 1)] for each in found.values()), found


async def test_what_the_city_has_in_a_county_is_shown_there_and_not_to_be_written(
    joined: Joined,
) -> None:
    own, beside = joined.as_("office"), joined.as_("office", BESIDE)
    path = "/registry/v1/projects"

    async def projects(client: httpx.AsyncClient, **asked: str) -> list[str]:
        page = await answer(client, "GET", path, params={"limit": "200", **asked})
        return [each["project_id"] for each in page["items"]]

    plain = [each["project_id"] for each in csv_rows(GOLDEN / "small")["projects"]]
    assert sorted(await projects(own)) == sorted(plain)
    of_region = [QUALIFIED, *(f"{OWN}:{each}" for each in plain)]
    assert sorted(await projects(own, region=OWN)) == sorted(of_region)
    assert QUALIFIED not in await projects(beside, region=BESIDE)

    for address, params in ((QUALIFIED, {}), (PROJECT, {"office": CITY_OFFICE})):
        there = await own.get(f"{path}/{address}", params=params)
        assert there.is_success, there.text
        progress = await answer(own, "GET", f"{path}/{address}/progress", params=params)
        assert progress["items"] != []
        report = f"{path}/{address}/progress/{progress['items'][0]['as_of']}"
        form = {"name": "改名", "unit_id": UNIT, "nature": "new"}
        for client, status in ((own, 403), (beside, 404)):
            for place, body in ((f"{path}/{address}", form), (report, {"physical_pct": "1"})):
                refused = await client.put(place, params=params, json=body)
                assert refused.status_code == status, refused.text


# --- all of it together ---------------------------------------------------------------------------


async def test_a_run_over_all_offices_has_each_national_code_once(joined: Joined) -> None:
    city = joined.as_("office", CITY)
    asked = {"as_of": DAY, "region": CITY}
    run = await answer(city, "POST", "/scoring/v1/runs", json=asked)
    path = f"/scoring/v1/runs/{run['id']}"
    lights = [each["project_id"] for each in await all_items(city, f"{path}/lights")]
    of_counties = [
        f"{region}:{each['project_id']}"
        for region in (OWN, BESIDE)
        for each in await all_items(
            city, f"/scoring/v1/runs/{joined.works[region].run['id']}/lights"
        )
    ]
    assert sorted(lights) == sorted(of_counties)

    (left_out,) = (await answer(city, "GET", f"{path}/left-out"))["items"]
    kept = {"office": CITY_OFFICE, "project_id": QUALIFIED, "kept_project_id": f"{OWN}:{PROJECT}"}
    assert {name: left_out[name] for name in kept} == kept
    assert left_out["reason"] != ""
    ranking = await answer(city, "GET", f"{path}/ranking")
    units = [unit["unit_id"] for group in ranking["groups"] for unit in group["units"]]
    assert {unit.partition(":")[0] for unit in units} <= {OWN, BESIDE, CITY_OFFICE}
    assert len(set(units)) == len(units) > 0
