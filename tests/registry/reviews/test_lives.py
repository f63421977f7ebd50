"""The life of a reported figure: each row of its table, by value."""

import httpx
from sqlalchemy import text

from shared.database.sessions import Sessions
from tests.registry.clients import As
from tests.registry.reviews.reports import (
    BILLIONS,
    OF_PROJECT,
    OTHER_UNIT,
    PROJECT,
    UNIT,
    counted,
    decide,
    put,
    read,
    report,
    review,
)

VOID = (
    "UPDATE registry.progress SET superseded_at = clock_timestamp() WHERE version = :version",
    """
    WITH void AS (
        INSERT INTO registry.voids (office, region_code, subject, reason, voided_at, voided_by)
        VALUES ('990101', '990101', 'progress', '填错', clock_timestamp(), 'the office')
        RETURNING id
    ) INSERT INTO registry.voided_records (kind, version, void_id, office, subject)
    SELECT 'progress', :version, id, '990101', 'progress' FROM void""",
)
DAY, IMPORTED = "2022-10-30", "2022-10-31"


async def test_what_is_plausible_counts_at_once_as_the_units(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    recorded = await report(unit, DAY, 25_000_000, 201)
    assert recorded["reported_by"] == recorded["recorded_by"] == "the unit"
    assert recorded["reported_at"] == recorded["recorded_at"]
    assert await counted(county, DAY) == 25_000_000
    corrected = await report(unit, DAY, 25_100_000, 200, seen=recorded["version"])
    assert corrected["reported_at"] == corrected["recorded_at"] > recorded["reported_at"]
    assert (await read(unit, "/v1/reports"))["items"] == []


async def test_what_the_office_writes_counts_at_once_and_is_nobodys_report(
    county: httpx.AsyncClient,
) -> None:
    recorded = await report(county, DAY, BILLIONS, 201)
    assert (recorded["reported_by"], recorded["reported_at"]) == (None, None)
    assert await counted(county, DAY) == BILLIONS


async def test_what_is_in_doubt_waits_and_leaves_the_record_alone(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    first = await report(unit, DAY, 25_000_000, 201)
    before = await county.get(f"{OF_PROJECT}/{DAY}")
    waiting = await report(unit, DAY, BILLIONS, 202, seen=first["version"])
    assert waiting["state"] == "waiting"
    assert waiting["causes"] == ["findings"]
    assert waiting["corrects"] == waiting["present_version"] == first["version"]
    assert waiting["record"] == {
        "project_id": PROJECT,
        "as_of": DAY,
        "invested_ytd_yuan": BILLIONS,
        "physical_pct": None,
        "note": None,
    }
    assert [(each["code"], each["value"], each["limit"]) for each in waiting["findings"]] == [
        ("ytd_above_total", "9000000000", "64000000"),
        ("ytd_above_plan", "9000000000", "144000000"),
        ("above_later", "9000000000", "25440000"),
    ]
    assert (waiting["unit_id"], waiting["role"], waiting["reported_by"]) == (
        UNIT,
        "unit",
        "the unit",
    )
    after = await county.get(f"{OF_PROJECT}/{DAY}")
    assert (after.text, after.headers["etag"]) == (before.text, before.headers["etag"])
    assert len((await county.get(f"{OF_PROJECT}/{DAY}/history")).json()) == 1
    assert await counted(county, DAY) == 25_000_000


async def test_over_a_figure_of_the_office_a_plausible_one_waits(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    imported = await read(unit, f"{OF_PROJECT}/{IMPORTED}")
    assert imported["reported_by"] is None
    unseen = await unit.put(f"{OF_PROJECT}/{IMPORTED}", json={"invested_ytd_yuan": 25_500_000})
    assert (unseen.status_code, unseen.json()["current"]) == (412, imported["version"])
    waiting = await report(unit, IMPORTED, 25_500_000, 202, seen=imported["version"])
    assert (waiting["causes"], waiting["findings"]) == (["office"], [])
    same = await report(unit, IMPORTED, 25_440_000, 200)
    assert same["version"] == imported["version"]


async def test_an_accepted_figure_is_an_ordinary_record_and_stays_the_units(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    waiting = await report(unit, DAY, BILLIONS, 202)
    before = (await read(county, "/v1/facts"))["known_at"]
    accepted = await decide(county, waiting["id"], "accept")
    assert (accepted["state"], accepted["decided_by"]) == ("accepted", "the office")
    record = await read(unit, f"{OF_PROJECT}/{DAY}")
    assert record["version"] == accepted["version"] == accepted["present_version"]
    assert (record["recorded_by"], record["reported_by"]) == ("the office", "the unit")
    assert record["reported_at"] == waiting["reported_at"] < record["recorded_at"]
    assert await counted(county, DAY) == BILLIONS
    assert await counted(county, DAY, known_at=before) is None
    # It is the unit's own: a plausible correction counts at once.
    corrected = await report(unit, DAY, 25_000_000, 200, seen=record["version"])
    assert corrected["reported_by"] == "the unit"


async def test_a_stale_report_is_accepted_alone_and_over_the_version_that_was_seen(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    first = await report(unit, DAY, 25_000_000, 201)
    waiting = await report(unit, DAY, BILLIONS, 202, seen=first["version"])
    now = await report(county, DAY, 25_200_000, 200, seen=first["version"])
    found = await read(unit, f"/v1/reports/{waiting['id']}")
    assert (found["is_stale"], found["present_version"]) == (True, now["version"])
    assert found["corrected"]["invested_ytd_yuan"] == 25_000_000
    assert found["present"]["invested_ytd_yuan"] == 25_200_000
    fields = {each["column"]: each for each in found["fields"]}
    assert fields["invested_ytd_yuan"] == {
        "column": "invested_ytd_yuan",
        "title": "本年完成投资",
        "reported": "9,000,000,000",
        "corrected": "25,000,000",
        "present": "25,200,000",
        "differs": True,
    }
    assert not fields["note"]["differs"]

    both = {"decisions": [{"report_id": waiting["id"], "decision": "accept"}]}
    (refused,) = (await county.post("/v1/reports/decisions", json=both)).json()["items"]
    assert (refused["result"], refused["refusal"]["type"]) == ("refused", "/problems/stale")
    unnamed = await decide(county, waiting["id"], "accept", 412)
    assert unnamed["current"] == now["version"]
    await decide(county, waiting["id"], "accept", 412, seen=first["version"])
    await decide(county, waiting["id"], "accept", seen=now["version"])
    assert await counted(county, DAY) == BILLIONS


async def test_over_a_returned_figure_the_next_waits_until_one_is_accepted(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    waiting = await report(unit, DAY, BILLIONS, 202)
    returned = await decide(county, waiting["id"], "return", reason="多写了三个零")
    assert (returned["state"], returned["decision_why"]) == ("returned", "多写了三个零")
    seen = await read(unit, f"/v1/reports/{waiting['id']}")
    assert seen["decision_why"] == "多写了三个零"
    assert (await unit.get(f"{OF_PROJECT}/{DAY}")).status_code == 404

    second = await report(unit, DAY, 25_000_000, 202)
    assert (second["causes"], second["findings"]) == (["returned"], [])
    await decide(unit, second["id"], "withdraw")
    third = await report(unit, DAY, 25_000_000, 202)
    record = await decide(county, third["id"], "accept")
    await report(unit, DAY, 25_100_000, 200, seen=record["version"])


async def test_its_unit_withdraws_it_until_it_is_decided(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, as_: As
) -> None:
    waiting = await report(unit, DAY, BILLIONS, 202)
    await decide(county, waiting["id"], "withdraw", 403)
    await decide(as_("unit", unit_id=OTHER_UNIT), waiting["id"], "withdraw", 404)
    withdrawn = await decide(as_("field", unit_id=UNIT), waiting["id"], "withdraw")
    assert (withdrawn["state"], withdrawn["decided_by"]) == ("withdrawn", "the field")
    for verb, client in (("withdraw", unit), ("accept", county)):
        late = await decide(client, waiting["id"], verb, 409)
        assert (late["type"], late["state"]) == ("/problems/report-decided", "withdrawn")
    await decide(county, waiting["id"], "return", 409, reason="迟了")
    assert await counted(county, DAY) is None


async def test_of_several_for_one_place_the_last_waits(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, as_: As
) -> None:
    first = await report(unit, DAY, BILLIONS, 202)
    again = await report(unit, DAY, BILLIONS, 202)
    assert again == first
    second = await report(as_("field", unit_id=UNIT), DAY, BILLIONS + 1, 202)
    page = await read(unit, "/v1/reports", totals="true")
    assert [(each["id"], each["state"]) for each in page["items"]] == [
        (first["id"], "replaced"),
        (second["id"], "waiting"),
    ]
    assert page["items"][0]["decided_by"] == "the field"
    assert (page["totals"]["replaced"], page["totals"]["waiting"]) == (1, 1)
    # A plausible one counts, and nothing waits any more.
    await report(unit, DAY, 25_000_000, 201)
    states = [each["state"] for each in (await read(unit, "/v1/reports"))["items"]]
    assert states == ["replaced", "replaced"]
    assert await counted(county, DAY) == 25_000_000


async def test_what_counts_sent_again_takes_back_what_its_unit_has_waiting(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, as_: As
) -> None:
    first = await report(unit, DAY, 25_000_000, 201)
    waiting = await report(unit, DAY, BILLIONS, 202, seen=first["version"])
    again = await report(as_("field", unit_id=UNIT), DAY, 25_000_000, 200)
    assert again["version"] == first["version"]
    found = await read(unit, f"/v1/reports/{waiting['id']}")
    assert (found["state"], found["decided_by"]) == ("replaced", "the field")
    # The office says nothing of what waits by writing what is there.
    waiting = await report(unit, DAY, BILLIONS, 202, seen=first["version"])
    await report(county, DAY, 25_000_000, 200)
    assert (await read(unit, f"/v1/reports/{waiting['id']}"))["state"] == "waiting"


async def test_over_a_void_figure_the_next_waits(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, sessions: Sessions
) -> None:
    """What a void leaves: its row, the withdrawn version, and nothing that is current."""
    first = await report(unit, DAY, 25_000_000, 201)
    waiting = await report(unit, DAY, BILLIONS, 202, seen=first["version"])
    await void(sessions, first["version"])
    found = await read(county, f"/v1/reports/{waiting['id']}")
    assert (found["is_stale"], found["present_version"]) == (True, None)
    await decide(county, waiting["id"], "accept", 412)
    second = await report(unit, DAY, 25_000_000, 202)
    assert second["causes"] == ["voided"]
    # 0 says that whoever accepts has seen that nothing is there.
    again = await report(unit, DAY, BILLIONS, 202)
    assert again["causes"] == ["findings", "voided"]
    await decide(county, again["id"], "accept")
    assert await counted(county, DAY) == BILLIONS


async def test_an_office_reviews_everything_or_nothing_of_a_kind(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    await review(county, progress="everything")
    waiting = await report(unit, DAY, 25_000_000, 202)
    assert waiting["causes"] == ["everything"]
    path = "/v1/problems/Q9001"
    await put(unit, path, 201, project_id=PROJECT, summary="征地未完成", raised_on="2022-07-17")
    # Settings hold for later reports.
    await review(county, progress="nothing")
    assert (await read(county, "/v1/reports", state="waiting"))["items"] != []
    imported = await read(unit, f"{OF_PROJECT}/{IMPORTED}")
    await report(unit, IMPORTED, BILLIONS, 200, seen=imported["version"])


async def void(sessions: Sessions, version: int) -> None:
    """Leave what a void leaves of a progress report."""
    async with sessions.begin() as session:
        connection = await session.connection()
        for statement in VOID:
            await connection.execute(text(statement), {"version": version})
