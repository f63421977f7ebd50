"""When facts changed last: told to who reads runs, of what is its, by an index."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, imported, zipped

PATH = "/v1/events/latest"
PROGRESS = "/v1/projects/P024/progress/2022-06-30"
SETTINGS = {"name": "县重点办", "agency_words": {"default": "重办"}, "why": ""}


async def changed_at(client: httpx.AsyncClient, **asked: str) -> str | None:
    answer = await client.get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    found: str | None = answer.json()["changed_at"]
    return found


async def correct(office: httpx.AsyncClient, amount: int) -> str:
    etag = (await office.get(PROGRESS)).headers["etag"]
    body = {"invested_ytd_yuan": amount, "why": "统计局核减"}
    answer = await office.put(PROGRESS, json=body, headers={"if-match": etag})
    assert answer.status_code == 200, answer.text
    moment: str = answer.json()["recorded_at"]
    return moment


async def test_it_is_the_moment_of_the_last_record(office: httpx.AsyncClient) -> None:
    assert await changed_at(office) is None
    await imported(office, zipped(GOLDEN / "county"))
    first = await changed_at(office)
    known_at = (await office.get("/v1/facts")).json()["known_at"]
    assert first is not None
    assert first < known_at
    assert await changed_at(office) == first  # who reads changes nothing
    corrected = await correct(office, 23_000_000)
    assert await changed_at(office) == corrected > known_at
    await correct(office, 23_000_000)  # the same again is no change
    assert await changed_at(office) == corrected


async def test_settings_are_no_facts(office: httpx.AsyncClient) -> None:
    answer = await office.put(f"/v1/offices/{REGION}", json=SETTINGS)
    assert answer.status_code == 201, answer.text
    assert await changed_at(office) is None


@pytest.mark.parametrize("role", ["viewer", "unit", "leader", "field", "inspector", "office"])
async def test_who_reads_runs_is_told_of_its_own_region(as_: As, role: str) -> None:
    await imported(as_("office"), zipped(GOLDEN / "county"))
    moment = await changed_at(as_("office"))
    assert moment is not None
    assert await changed_at(as_(role, unit_id="U01")) == moment
    assert await changed_at(as_(role, unit_id="U01"), office=REGION) == moment
    assert await changed_at(as_(role, "99"), region=REGION) == moment
    assert await changed_at(as_(role, "99"), office=REGION) == moment
    assert await changed_at(as_(role, "990102")) is None
    for asked in ({"office": REGION}, {"region": REGION}):
        assert (await as_(role, "990102").get(PATH, params=asked)).status_code == 404


async def test_a_part_of_an_office_is_told_of_its_part(as_: As, office: httpx.AsyncClient) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    before = await changed_at(office)
    township = f"{REGION}101"
    unit = {"name": "东镇", "kind": "township", "group": "乡镇组", "region_code": township}
    answer = await office.put("/v1/units/U77", json={**unit, "why": ""})
    assert answer.status_code == 201, answer.text
    moment = answer.json()["recorded_at"]
    assert await changed_at(as_("viewer", township)) == moment
    assert await changed_at(as_("viewer", f"{REGION}102")) in (None, before)
    assert await changed_at(office) == moment


async def test_a_bureau_is_not(as_: As) -> None:
    assert (await as_("approval", unit_id="U90").get(PATH)).status_code == 403


async def test_it_is_found_by_the_index_of_an_office(connection: AsyncConnection) -> None:
    fill = """
        INSERT INTO registry.events (kind, subject, region_code, office, data, at)
        SELECT 'projects.recorded', 'projects/P' || n, '990101',
            '99' || lpad((n % 50)::text, 4, '0'), '{}', now() FROM generate_series(1, 20000) n"""
    await connection.execute(text(fill))
    query = """
        EXPLAIN SELECT at FROM registry.events WHERE office = '990007'
            AND split_part(kind, '.', 1) IN ('projects', 'ledger') ORDER BY id DESC LIMIT 1"""
    plan = "\n".join(row[0] for row in await connection.execute(text(query)))
    assert "ix_events_office_id" in plan
    assert "Seq Scan" not in plan
