"""Every operation × every role × own and foreign region and unit: who may, and what exists."""

from collections.abc import Mapping

import httpx
import pytest
from fastapi import FastAPI

from shared.clock import now
from shared.http.tokens import Issuer, Role
from shared.offices import format_id
from tests.together.callers import (
    Asker,
    Asking,
    askers,
    expectation,
    meets,
    strangers,
)
from tests.together.conftest import Tell
from tests.together.house import HouseWithCounty, places_in, sent
from tests.together.operations import Operation, Request, names_in, operations
from tests.together.permissions import MAY, OF_OPEN_RUNS, OF_PUBLISHED_RUNS, OF_SESSIONS
from tests.together.regions import BESIDE, CITY, COUNTRY, OWN, PROJECT, UNIT
from tests.together.shown_ids import may_be_shown, shown, visible

OPEN = {"/health/live", "/health/ready", "/metrics"}  # below each service's name
FEWEST = 14_000  # combinations; there are more


@pytest.fixture(scope="module")
def document_operations(house_with_county: HouseWithCounty) -> list[Operation]:
    return operations(house_with_county.app.openapi())


@pytest.fixture(scope="module")
def guarded(document_operations: list[Operation]) -> list[Operation]:
    """Every operation that needs a token."""
    return [each for each in document_operations if each.guarded]


@pytest.fixture(scope="module")
async def everything(house_with_county: HouseWithCounty, guarded: list[Operation]) -> list[Asking]:
    """A right request for each operation; about runs three, and two where a region can be named."""
    house, asked = house_with_county, list[Asking]()
    office = house.as_("office")
    usual = places_in(house, guarded, house.there.published_run)
    drafts = places_in(house, guarded, house.there.draft_run)
    opened = places_in(house, guarded, house.there.open_run)
    for each in guarded:
        if "run_id" in names_in(each.path) and each.name not in OF_PUBLISHED_RUNS:
            asked.append(Asking(each, await opened.request(each, office), of_open=True))
            if each.name in OF_OPEN_RUNS:
                continue
            asked.append(Asking(each, await drafts.request(each, office), of_draft=True))
        request = await usual.request(each, office)
        asked.append(Asking(each, request))
        if "region" in each.query:
            asked.append(Asking(each, request.also(region=OWN), of_region=True))
    return asked


def unknown(app: FastAPI, headers: Mapping[str, str]) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://house", headers=headers)


# --- the document and the table -----------------------------------------------------------------


def test_every_operation_is_placed_and_every_placed_one_is_there(guarded: list[Operation]) -> None:
    assert {each.name for each in guarded} == frozenset().union(*MAY.values())


def test_only_health_metrics_and_sessions_ask_for_no_token(
    document_operations: list[Operation],
) -> None:
    unguarded = [each for each in document_operations if not each.guarded]
    others = [each for each in unguarded if "/" + each.path.split("/", 2)[2] not in OPEN]
    assert {each.name for each in others} == OF_SESSIONS
    assert {each.path.split("/")[3] for each in others} == {"session"}


async def test_what_is_open_is_open(
    house_with_county: HouseWithCounty, document_operations: list[Operation]
) -> None:
    client = unknown(house_with_county.app, {})
    unguarded = [each for each in document_operations if not each.guarded]
    paths = [each.path for each in unguarded if each.name not in OF_SESSIONS]
    paths += ["/registry/v1/session", "/registry/v1/session/sign-in-methods"]
    paths += ["/openapi.json", "/docs", "/jwks.json"]
    answers = {path: (await client.get(path)).status_code for path in paths}
    assert answers == dict.fromkeys(paths, 200)


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/nowhere", 404, "not-found"),
        ("/registry/nowhere", 404, "not-found"),
        # a line break leads to no service, and is refused as a service refuses it
        ("/notifier/v1/letters/%0A", 422, "invalid-request"),
    ],
)
async def test_what_is_nobodys_is_a_problem_as_well(
    house_with_county: HouseWithCounty, path: str, status: int, problem: str
) -> None:
    answer = await unknown(house_with_county.app, {}).get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{problem}"


# --- every combination --------------------------------------------------------------------------


async def test_whoever_cannot_say_who_it_is_comes_nowhere(
    house_with_county: HouseWithCounty, everything: list[Asking], issuer: Issuer, tell: Tell
) -> None:
    wrong, known = [], strangers(issuer, now())
    for name, headers in known.items():
        client = unknown(house_with_county.app, headers)
        for asking in everything:
            answer = await sent(house_with_county, client, asking.plainly)
            problem = answer.json().get("type")
            if (answer.status_code, problem) != (401, "/problems/unauthorized"):
                wrong.append((name, asking.operation.label, answer.status_code))
    assert wrong == []
    tell(f"roles: {len(known) * len(everything)} combinations without a valid token")


async def test_every_role_may_what_it_may_where_it_may(
    house_with_county: HouseWithCounty, everything: list[Asking], tell: Tell
) -> None:
    """403 for a role that may not, 404 for what is foreign, else success; nothing else is shown."""
    house, count = house_with_county, 0
    wrong: dict[str, list[str]] = {}
    for asker in askers():
        client = house.as_(asker.role, asker.region, asker.unit)
        for asking in everything:
            request = asking.by(asker)
            answer, count = await sent(house, client, request), count + 1
            expected = expectation(asker, asking)
            if not meets(answer, expected, request):
                what = f"{asking}: {expected} expected, not {answer.status_code}"
                wrong.setdefault(what, []).append(f"{asker}: {answer.text[:300]}")
            seen = shown(answer, request, asking.about(asker))
            if hidden := [each for each in seen if not may_be_shown(each, asker)]:
                wrong.setdefault(f"{asking} shows", []).append(f"{asker}: {sorted(hidden)}")
    assert not wrong, "\n".join(f"{what}: {', '.join(who)}" for what, who in wrong.items())
    assert count >= FEWEST
    tell(f"roles: {count} combinations of operation, role, region and unit")


# --- what is in lists, in bulk and in exports ----------------------------------------------------

COLLECTED = {  # and the letters that the ids in it begin with
    "/registry/v1/projects": ("P",),
    "/registry/v1/facts/projects": ("P",),
    "/registry/v1/exports/ledger.xlsx": ("P", "Q"),
}
LISTS = [*COLLECTED][:1]  # that come page by page
OF_REGIONS = [*COLLECTED][:2]  # that may be asked about a region


@pytest.mark.parametrize("asker", [*askers()], ids=str)
async def test_what_is_told_in_bulk_is_all_that_exists_and_no_more(
    house_with_county: HouseWithCounty, asker: Asker
) -> None:
    """Of the own office all that a caller may see of it, of the region what all offices have."""
    client = house_with_county.as_(asker.role, asker.region, asker.unit)
    for path, params in [(path, {}) for path in COLLECTED] + [
        (path, {"region": asker.region}) for path in OF_REGIONS
    ]:
        whole = {"limit": "200"} if path in LISTS else {}
        request = Request("get", path, {"params": {**whole, **params}})
        answer = await sent(house_with_county, client, request)
        if answer.status_code == 403:
            continue
        kinds = COLLECTED[path]
        there = {each for each in visible(asker) if params or each.office == asker.office}
        found = shown(answer, request, asker.office)
        assert {each for each in found if each.id.startswith(kinds)} == {
            each for each in there if each.id.startswith(kinds)
        }, (path, params)


FILTERS = {"unit_id": UNIT, "project_id": PROJECT}


@pytest.mark.parametrize("asker", [each for each in askers() if not each.in_region], ids=str)
async def test_no_filter_finds_what_is_foreign(
    house_with_county: HouseWithCounty, everything: list[Asking], asker: Asker
) -> None:
    client = house_with_county.as_(asker.role, asker.region, asker.unit)
    for asking in everything:
        for name in FILTERS.keys() & asking.operation.query.keys():
            request = asking.addressed.also(**{name: format_id(FILTERS[name], OWN, "")})
            answer = await sent(house_with_county, client, request)
            assert answer.status_code in (403, 404) or answer.json()["items"] == []


async def test_the_audit_trail_tells_each_region_of_its_own_writes(
    house_with_county: HouseWithCounty,
) -> None:
    """Every service has one; the office of one county does not hear of the other's."""
    for service in ("registry", "scoring", "notifier"):
        offices = {}
        for region in (OWN, BESIDE, CITY, COUNTRY):
            auditor = house_with_county.as_(Role.inspector, region)
            path = f"/{service}/v1/audit?limit=200&region={region}"
            rows = (await auditor.get(path)).json()["items"]
            offices[region] = {(row["office"], row["region_code"]) for row in rows}
        assert (OWN, OWN) in offices[OWN]
        assert {region for _, region in offices[OWN]} == {OWN}
        assert offices[BESIDE] == {(BESIDE, BESIDE)}
        assert offices[CITY] == offices[COUNTRY] >= offices[OWN] | offices[BESIDE]
