"""Reporting periods over HTTP: who owes a report, who has reported, and who late."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.registry.periods import router
from shared import clock
from shared.database.sessions import Sessions
from tests.paths import GOLDEN
from tests.registry.clients import (
    REGION,
    As,
    apply,
    imported,
    items,
    put,
    upload,
    zipped,
    zipped_files,
)

SETTINGS = {"name": "某县重点项目办", "agency_words": {"default": "某重办"}}
LIMITS = {"month": {"due_days": 5, "closes_days": 20}, "half_month": None}
PERIODS = "/v1/reporting-periods"
SEPTEMBER = "2022-09-30"
DAY = date(2022, 9, 30)
REPORTED = text(
    "INSERT INTO registry.progress (office, project_id, as_of, invested_ytd_yuan, recorded_at,"
    " recorded_by, recorded_for, why) VALUES (:office, :name, :day, 1, :at, '某人', :office, '')"
)
LATE = datetime(2022, 10, 6, 1, tzinfo=UTC)  # in China it is the 6th, too


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    await put(office, f"offices/{REGION}", **SETTINGS, periods=LIMITS)
    return office


async def period(client: httpx.AsyncClient, day: str = SEPTEMBER, **asked: str) -> dict[str, Any]:
    answer = await client.get(PERIODS, params={"from": day, "to": day, **asked})
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["items"]
    return dict(found)


async def projects(client: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    return await items(client, f"{PERIODS}/month/{SEPTEMBER}/projects", **asked)


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setattr(clock, "today", lambda: date.fromisoformat(day))


async def test_what_is_set_and_who_has_reported(
    county: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, "2022-10-05")
    found = await period(county)
    assert (found["open_until"], found["closes_on"], found["state"]) == (
        "2022-10-05",
        "2022-10-20",
        "open",
    )
    progress = {
        row["project_id"]
        for row in (await items(county, "/v1/projects/P018/progress"))
        if row["as_of"] == SEPTEMBER
    }
    assert progress == {"P018"}
    listed = await projects(county)
    assert len(listed) == found["owed"] > 30
    counted = {name: sum(p["state"] == name for p in listed) for name in ("unreported", "late")}
    assert counted == {"unreported": found["unreported"], "late": found["late"]}
    assert found["owed"] == found["reported"] + found["unreported"] + found["waiting"]
    on(monkeypatch, "2022-10-06")
    assert (await period(county))["state"] == "late"
    on(monkeypatch, "2022-10-21")
    assert (await period(county))["state"] == "closed"


async def test_a_reserve_an_ended_and_a_paused_project_owe_nothing(
    county: httpx.AsyncClient,
) -> None:
    owed = {each["project_id"] for each in await projects(county)}
    project = {"name": "某项目", "unit_id": "U06", "nature": "new"}
    for name, nature in (("P901", "reserve"), ("P902", "new"), ("P903", "new"), ("P904", "new")):
        await put(county, f"projects/{name}", **project | {"nature": nature})
    ended = {"planned_on": SEPTEMBER, "actual_on": SEPTEMBER}
    await put(county, "projects/P902/milestones/completed", **ended)
    pause = {"from_on": "2022-09-01", "reason": "汛期", "approved": True}
    answer = await county.post("/v1/projects/P903/pauses", json=pause)
    assert answer.status_code == 201
    assert {each["project_id"] for each in await projects(county)} - owed == {"P904"}


async def test_the_first_report_decides_whether_it_is_late(
    county: httpx.AsyncClient, sessions: Sessions
) -> None:
    for name in ("P901", "P902"):
        await put(county, f"projects/{name}", name=name, unit_id="U06", nature="new")
    early = LATE.replace(day=5)
    async with sessions.begin() as session:
        connection = await session.connection()
        for name, moment in (("P901", early), ("P902", LATE)):
            row = {"name": name, "at": moment, "office": REGION, "day": DAY}
            await connection.execute(REPORTED, row)
    # Corrected since, and reported in time all the same.
    path = f"/v1/projects/P901/progress/{SEPTEMBER}"
    seen = {"if-match": (await county.get(path)).headers["etag"]}
    corrected = await county.put(path, json={"invested_ytd_yuan": 2}, headers=seen)
    assert corrected.status_code == 200
    listed = {each["project_id"]: each["state"] for each in await projects(county)}
    assert (listed["P901"], listed["P902"]) == ("reported", "late")


async def test_who_is_to_be_chased_is_listed_by_unit(as_: As, county: httpx.AsyncClient) -> None:
    chased = await projects(county, state="unreported")
    assert chased == sorted(chased, key=lambda each: (each["unit_id"], each["project_id"]))
    assert chased[0]["unit_name"]
    seen, after = [], ""
    while after is not None:
        path = f"{PERIODS}/month/{SEPTEMBER}/projects"
        asked = {"state": "unreported", "limit": "3", "after": after}
        page = (await county.get(path, params=asked)).json()
        seen += page["items"]
        after = page["next"]
    assert seen == chased
    unit = as_("unit", unit_id="U06")
    own = [each for each in chased if each["unit_id"] == "U06"]
    assert await projects(unit, state="unreported") == own
    assert (await period(unit))["unreported"] == len(own)


async def test_without_settings_a_period_is_open_for_ever(office: httpx.AsyncClient) -> None:
    found = await period(office, "2019-05-31", kind="half_month")
    assert (found["last_day"], found["state"], found["open_until"], found["owed"]) == (
        "2019-05-31",
        "open",
        None,
        0,
    )


@pytest.mark.parametrize(
    ("periods", "code"),
    [
        ({"month": {"due_days": 9, "closes_days": 3}, "half_month": None}, "closes_first"),
        ({"month": {"due_days": -1, "closes_days": 3}, "half_month": None}, "greater_than_equal"),
        ({"month": None, "half_month": None, "week": None}, "extra_forbidden"),
    ],
)
async def test_wrong_settings_are_refused(
    office: httpx.AsyncClient, periods: Any, code: str
) -> None:
    answer = await office.put(f"/v1/offices/{REGION}", json={**SETTINGS, "periods": periods})
    assert answer.status_code == 422
    assert code in [each["code"] for each in answer.json()["errors"]]


async def test_what_is_no_period_is_told(county: httpx.AsyncClient) -> None:
    wrong = await county.get(f"{PERIODS}/month/2022-09-15/projects")
    assert wrong.status_code == 404
    many = await county.get(PERIODS, params={"from": "2000-01-01", "to": "2022-01-01"})
    assert many.status_code == 422
    cursor = await county.get(f"{PERIODS}/month/{SEPTEMBER}/projects", params={"after": "zzz"})
    assert cursor.status_code == 422


async def test_an_import_after_closing_is_told_as_a_warning(county: httpx.AsyncClient) -> None:
    head = "project_id,as_of,invested_ytd_yuan\n"
    told = await upload(
        county, zipped_files({"progress.csv": f"{head}P018,2022-02-25,5\nP018,2022-02-26,6\n"})
    )
    (found,) = [each for each in told["findings"] if each["code"] == "period_closed"]
    assert (found["level"], found["count"], found["row"]) == ("warning", 2, 2)
    assert "2022-03-20" in found["expected"]
    again = await upload(county, zipped(GOLDEN / "county"))
    assert [each for each in again["findings"] if each["code"] == "period_closed"] == []


async def test_after_closing_a_unit_gives_a_reason_and_the_office_writes(
    as_: As, county: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, "2022-10-21")
    project = (await items(county, "/v1/projects", unit_id="U06"))[0]["project_id"]
    path = f"/v1/projects/{project}/progress"
    unit, field = as_("unit", unit_id="U06"), as_("field", unit_id="U06")
    sent = {"physical_pct": "10"}
    for client in (unit, field):
        refused = await client.put(f"{path}/2022-09-28", json=sent)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/period-closed")
        assert "2022-10-20" in refused.json()["detail"]
        for blank in ("  ", "\u3164"):  # a letter that prints nothing
            answer = await client.put(f"{path}/2022-09-28", json=sent | {"why": blank})
            assert answer.status_code == 409
        for hidden in ("\u200b", "\u2060\u200d"):
            answer = await client.put(f"{path}/2022-09-28", json=sent | {"why": hidden})
            assert answer.status_code == 422
    late = await unit.put(f"{path}/2022-09-28", json=sent | {"why": "资料补交"})
    assert late.status_code == 201, late.text
    assert (await county.put(f"{path}/2022-09-27", json=sent)).status_code == 201
    assert (await unit.put(f"{path}/2022-10-10", json=sent)).status_code == 201
    on(monkeypatch, "2022-10-20")
    assert (await unit.put(f"{path}/2022-09-26", json=sent)).status_code == 201


@pytest.mark.parametrize("day", ["0001-01-01", "1949-12-31", "2200-01-01", "9999-12-31"])
@pytest.mark.parametrize("kind", ["month", "half_month"])
async def test_days_out_of_a_ledgers_years_are_refused(
    county: httpx.AsyncClient, day: str, kind: str
) -> None:
    for asked in ({"to": day}, {"from": day}, {"from": day, "to": day}):
        answer = await county.get(PERIODS, params={"kind": kind, **asked})
        assert answer.status_code == 422, (asked, answer.text)
    answer = await county.get(f"{PERIODS}/{kind}/{day}/projects")
    assert answer.status_code == 422, answer.text


async def test_the_first_and_the_last_period_of_a_ledgers_years(county: httpx.AsyncClient) -> None:
    for asked, last_days in (
        ({"to": "1950-01-01"}, ["1949-10-31", "1949-11-30", "1949-12-31", "1950-01-31"]),
        ({"from": "2199-11-30", "to": "2199-12-31"}, ["2199-11-30", "2199-12-31"]),
    ):
        listed = await county.get(PERIODS, params=asked)
        assert [each["last_day"] for each in listed.json()["items"]] == last_days
    found = await county.get(f"{PERIODS}/month/2199-12-31/projects")
    assert found.status_code == 200


async def test_no_more_periods_are_counted_than_are_answered(
    county: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def list_most(*_: Any) -> Iterator[date]:
        yield from [DAY] * (router.MAX_PERIODS + 1)
        pytest.fail("counted on")

    monkeypatch.setattr(router, "list_last_days", list_most)
    answer = await county.get(PERIODS)
    assert (answer.status_code, "60" in answer.json()["detail"]) == (422, True)


async def test_what_an_undone_import_brought_and_a_note_that_waits_are_no_figures(
    as_: As, county: httpx.AsyncClient
) -> None:
    await put(county, "projects/P901", name="某项目", unit_id="U06", nature="new")
    await put(county, "projects/P902", name="另一项目", unit_id="U06", nature="new")
    head = "project_id,as_of,invested_ytd_yuan\n"
    file = zipped_files({"progress.csv": f"{head}P901,{SEPTEMBER},5\n"})
    brought = await apply(county, (await upload(county, file))["id"])
    undone = await county.post(f"/v1/imports/{brought['id']}/undo", json={"why": "传错了"})
    assert undone.status_code == 200, undone.text
    undone_at = undone.json()["undone_at"]
    await put(county, f"projects/P901/progress/{SEPTEMBER}", invested_ytd_yuan=6)
    listed = {each["project_id"]: each for each in await projects(county)}
    assert listed["P901"]["reported_at"] > undone_at
    office = f"/v1/offices/{REGION}"
    seen = {"if-match": (await county.get(office)).headers["etag"]}
    form = {**SETTINGS, "periods": LIMITS, "review": {"progress": "everything"}}
    assert (await county.put(office, json=form, headers=seen)).status_code == 200
    unit = as_("unit", unit_id="U06")
    path = f"/v1/projects/P902/progress/{SEPTEMBER}"
    waits = await unit.put(path, json={"note": "正在招标", "why": "补报"})
    assert waits.status_code == 202
    listed = {each["project_id"]: each for each in await projects(county)}
    assert listed["P902"]["state"] == "unreported"
