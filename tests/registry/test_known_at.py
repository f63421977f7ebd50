"""Facts as known then and as known now differ exactly where something was corrected."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from shared.database.sessions import Sessions
from shared.facts.tables import FACT_KINDS
from shared.http.tokens import Issuer
from tests.paths import GOLDEN
from tests.registry.clients import (
    REGION,
    As,
    facts_of,
    imported,
    ledger,
    rows,
    speaking,
    table_of,
    zipped,
)


async def test_a_late_correction_changes_what_is_known_now_and_not_what_was(
    office: httpx.AsyncClient,
) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    then = (await office.get("/v1/facts")).json()["known_at"]
    before = await facts_of(office, known_at=then)

    path = "/v1/projects/P024/progress/2022-06-30"
    etag = (await office.get(path)).headers["etag"]
    corrected = {"invested_ytd_yuan": 23_000_000, "why": "统计局核减"}
    answer = await office.put(path, json=corrected, headers={"if-match": etag})
    assert answer.status_code == 200, answer.text

    now = (await office.get("/v1/facts")).json()["known_at"]
    as_then, as_now = await facts_of(office, known_at=then), await facts_of(office, known_at=now)
    assert all(as_then.tables[name].equals(before.tables[name]) for name in FACT_KINDS)
    changed = [name for name in FACT_KINDS if rows(as_then, name) != rows(as_now, name)]
    assert changed == ["progress"]
    one = set(rows(as_then, "progress")) - set(rows(as_now, "progress"))
    other = set(rows(as_now, "progress")) - set(rows(as_then, "progress"))
    assert (len(one), len(other)) == (1, 1)
    assert "24000000" in one.pop()
    assert "23000000" in other.pop()


async def test_before_the_first_import_nothing_was_known(office: httpx.AsyncClient) -> None:
    then = (await office.get("/v1/facts")).json()["known_at"]
    await imported(office, zipped(GOLDEN / "small"))
    assert (await table_of(office, "projects", known_at=then)).num_rows == 0
    assert (await table_of(office, "projects")).num_rows == 30


async def test_the_future_is_not_known(office: httpx.AsyncClient) -> None:
    asked = {"known_at": "2199-01-01T00:00:00Z"}
    answer = await office.get("/v1/facts/units", params=asked)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-yet")
    naive = await office.get("/v1/facts/units", params={"known_at": "2022-01-01T00:00:00"})
    assert naive.status_code == 422
    before_all = await office.get(
        "/v1/facts/units", params={"known_at": "0551-03-26T07:54:19+19:14"}
    )
    assert before_all.status_code == 422


async def test_a_region_has_its_own_facts_and_nobody_elses(as_: As) -> None:
    await imported(as_("office"), zipped(GOLDEN / "county"))
    country = as_("inspector", "")
    for table in FACT_KINDS:
        own = await table_of(as_("office"), table)
        assert own.equals(ledger("county").tables[table])
        assert own.equals(await table_of(country, table, office=REGION))
        everything = await table_of(country, table, region="")
        assert everything.num_rows == own.num_rows
        assert everything.equals(await table_of(country, table, region="9901"))
        assert everything.equals(await table_of(as_("inspector", "9901"), table, region="9901"))
        assert everything.equals(await table_of(as_("office"), table, region="99"))
        assert (await table_of(country, table)).num_rows == 0
        for nobody in ({"region": "990102"}, {"office": "990102"}):
            assert (await table_of(country, table, **nobody)).num_rows == 0
        assert (await table_of(as_("office", "990102"), table)).num_rows == 0
    foreign = await as_("office", "990102").get("/v1/facts/units", params={"region": "990101"})
    assert foreign.status_code == 404


async def test_a_unit_has_the_facts_of_its_own_projects(as_: As) -> None:
    await imported(as_("office"), zipped(GOLDEN / "county"))
    unit = as_("unit", unit_id="U06")
    projects = (await table_of(unit, "projects")).to_pylist()
    assert {row["unit_id"] for row in projects} == {"U06"}
    own = {row["project_id"] for row in projects}
    for table in ("plans", "milestones", "progress", "permits", "pauses"):
        assert {row["project_id"] for row in (await table_of(unit, table)).to_pylist()} <= own
    assert (await table_of(unit, "units")).num_rows == 1
    assert (await table_of(as_("unit"), "projects")).num_rows == 0  # a unit without a number


async def test_where_the_clock_is_set_back_moments_still_follow_each_other(
    committing: Callable[[], FastAPI], issuer: Issuer
) -> None:
    """As if the clock had been an hour ahead until now."""
    app = committing()
    office, sessions = speaking(app, issuer)("office"), app.state.sessions
    await imported(office, zipped(GOLDEN / "small"))
    ahead = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251
    await set_last_moment(sessions, ahead)

    known = []
    for name in ("甲", "乙", "丙"):
        known.append((await office.get("/v1/facts")).json()["known_at"])
        unit = {"name": name, "kind": "zone", "group": "g", "region_code": "990101"}
        answer = await office.put(f"/v1/units/X{len(known)}", json=unit)
        assert answer.status_code == 201, answer.text

    events = (await office.get("/v1/events")).json()["items"][-3:]
    moments = [
        both for pair in zip(known, events, strict=True) for both in (pair[0], pair[1]["at"])
    ]
    instants = [datetime.fromisoformat(moment) for moment in moments]
    assert instants[0] > ahead
    assert all(earlier < later for earlier, later in pairwise(instants))
    units = [(await table_of(office, "units", known_at=moment)).num_rows for moment in known]
    assert units == [units[0], units[0] + 1, units[0] + 2]


async def set_last_moment(sessions: Sessions, moment: datetime) -> None:
    async with sessions.begin() as session:
        setting = text("UPDATE registry.turns SET at = :at WHERE office = :office")
        values = {"at": moment, "office": REGION}
        assert (await (await session.connection()).execute(setting, values)).rowcount == 1
