"""Reports of a project that was withdrawn, registered anew under its id, or given to another."""

from typing import Any

import httpx

from tests.registry.clients import As, items
from tests.registry.reviews.reports import (
    BILLIONS,
    OTHER_UNIT,
    REGION,
    UNIT,
    decide,
    put,
    read,
)

PROJECT, DAY = "P900", "2022-10-30"
PROGRESS = f"/v1/projects/{PROJECT}/progress"
FACT: dict[str, Any] = {"region_code": REGION, "nature": "new", "total_investment_yuan": 64_000_000}


async def register(office: httpx.AsyncClient, name: str, unit_id: str, **more: Any) -> int:
    sent = {**FACT, "name": name, "unit_id": unit_id}
    found = await put(office, f"/v1/projects/{PROJECT}", **more, **sent)
    version: int = found["version"]
    return version


async def void(office: httpx.AsyncClient, version: int) -> dict[str, Any]:
    sent = {"kind": "projects", "version": version, "reason": "重复录入"}
    answer = await office.post("/v1/voids", json=sent)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def wait(unit: httpx.AsyncClient, yuan: int = BILLIONS) -> int:
    sent = {"invested_ytd_yuan": yuan}
    number: int = (await put(unit, f"{PROGRESS}/{DAY}", 202, **sent))["id"]
    return number


async def seen_by(client: httpx.AsyncClient, number: int) -> int:
    return (await client.get(f"/v1/reports/{number}")).status_code


async def test_of_another_project_of_the_id_nothing_is_accepted_or_told_by_mistake(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, as_: As
) -> None:
    other, inspector = as_("unit", unit_id=OTHER_UNIT), as_("inspector")
    version = await register(county, "甲河防洪工程", UNIT, status=201)
    number = await wait(unit)
    await void(county, version)
    # It is told to its reporter and the offices, as there is nothing that it is of.
    for client in (county, inspector, unit):
        found = await read(client, f"/v1/reports/{number}")
        assert (found["is_stale"], found["project_name"]) == (True, "甲河防洪工程")
    assert await seen_by(other, number) == 404
    assert [each["id"] for each in await items(county, "/v1/reports", stale="true")] == [number]

    await register(county, "乙路改造工程", OTHER_UNIT, status=201)

    assert await seen_by(other, number) == 404
    assert await items(other, "/v1/reports") == []
    assert (await read(other, PROGRESS))["waiting"]["count"] == 0
    found = await read(unit, f"/v1/reports/{number}")
    assert (found["is_stale"], found["project_name"]) == (True, "甲河防洪工程")
    await decide(county, number, "accept", 412)
    both = {"decisions": [{"report_id": number, "decision": "accept"}]}
    (refused,) = (await county.post("/v1/reports/decisions", json=both)).json()["items"]
    assert refused["refusal"]["type"] == "/problems/stale"
    assert (await county.get(f"{PROGRESS}/{DAY}")).status_code == 404
    await decide(county, number, "accept", seen=0)  # by whoever has seen that it is another


async def test_a_unit_of_the_same_id_reads_nothing_of_the_one_before(
    county: httpx.AsyncClient, as_: As
) -> None:
    fact: dict[str, Any] = {"name": "旧局", "kind": "department", "group": "departments"}
    version = (await put(county, "/v1/units/U90", 201, **fact))["version"]
    await register(county, "甲河防洪工程", "U90", status=201)
    unit = as_("unit", unit_id="U90")
    number = await wait(unit)
    sent = {"kind": "units", "version": version, "reason": "撤并", "dependants": 1}
    answer = await county.post("/v1/voids", json=sent)
    assert answer.status_code == 201, answer.text
    assert await seen_by(unit, number) == 404
    await put(county, "/v1/units/U90", 201, **{**fact, "name": "新局"})
    assert await seen_by(unit, number) == 404
    assert await seen_by(county, number) == 200


async def test_a_correction_of_the_project_leaves_its_reports_fresh(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    version = await register(county, "甲河防洪工程", UNIT, status=201)
    number = await wait(unit)
    await register(county, "甲河防洪二期工程", UNIT, status=200, seen=version)
    assert not (await read(unit, f"/v1/reports/{number}"))["is_stale"]
    await decide(county, number, "accept")


async def test_the_reporter_of_a_project_that_moved_is_told_what_became_of_it(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, as_: As
) -> None:
    other = as_("unit", unit_id=OTHER_UNIT)
    version = await register(county, "甲河防洪工程", UNIT, status=201)
    first = await wait(unit)
    await register(county, "甲河防洪工程", OTHER_UNIT, status=200, seen=version)
    assert [await seen_by(each, first) for each in (unit, other)] == [200, 200]
    await decide(other, first, "withdraw", 403)
    second = await wait(other, BILLIONS + 1)
    # Its author is told that it was replaced, and nothing of what replaced it.
    (told,) = await items(unit, "/v1/reports")
    assert (told["id"], told["state"]) == (first, "replaced")
    assert await seen_by(unit, second) == 404


async def test_the_reporter_of_a_project_that_moved_withdraws_its_own(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    version = await register(county, "甲河防洪工程", UNIT, status=201)
    number = await wait(unit)
    await register(county, "甲河防洪工程", OTHER_UNIT, status=200, seen=version)
    withdrawn = await decide(unit, number, "withdraw")
    assert withdrawn["state"] == "withdrawn"
