"""Where a report waits: at a key, over a version of a record without one, or anew at none."""

from typing import Any

import httpx

from tests.registry.clients import As, items, put, table_of
from tests.registry.reviews.reports import (
    BILLIONS,
    OF_PROJECT,
    OTHER_UNIT,
    PROJECT,
    decide,
    read,
    report,
)
from tests.registry.reviews.reports import put as send

FUND: dict[str, Any] = {
    "project_id": PROJECT,
    "source": "central_budget",
    "event": "approved",
    "on": "2022-07-01",
}
LATER, SUMMARY = "2150-03-04", "征地未完成"


async def post_fund(unit: httpx.AsyncClient, yuan: int, status: int) -> dict[str, Any]:
    answer = await unit.post("/v1/funds", json={**FUND, "amount_yuan": yuan})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def approved(office: httpx.AsyncClient) -> list[int]:
    rows = (await table_of(office, "funds")).to_pylist()
    return sorted(
        row["amount_yuan"]
        for row in rows
        if row["project_id"] == PROJECT and str(row["on"]) == FUND["on"]
    )


async def test_new_records_without_a_key_wait_beside_each_other(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    first = await post_fund(unit, BILLIONS, 202)
    second = await post_fund(unit, BILLIONS + 1, 202)
    assert [doubt["code"] for doubt in first["findings"]] == ["approved_above_total"]
    assert (first["corrects"], first["is_stale"]) == (None, False)
    waiting = (await read(unit, "/v1/funds", project_id=PROJECT))["waiting"]
    assert [each["id"] for each in waiting["items"]] == [first["id"], second["id"]]
    assert await approved(county) == []
    accepted = await decide(county, first["id"], "accept")
    assert await approved(county) == [BILLIONS]
    assert (await read(unit, f"/v1/funds/{accepted['version']}"))["reported_by"] == "the unit"


async def test_a_version_of_a_record_without_a_key_is_corrected_or_gone(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    fund = await post_fund(unit, 1_000_000, 201)
    path = f"/v1/funds/{fund['version']}"
    waiting = await send(unit, path, 202, **FUND, amount_yuan=BILLIONS)
    replacing = await send(unit, path, 202, **FUND, amount_yuan=BILLIONS + 1)
    assert replacing["corrects"] == replacing["present_version"] == fund["version"]
    assert (await read(unit, f"/v1/reports/{waiting['id']}"))["state"] == "replaced"
    accepted = await decide(county, replacing["id"], "accept")
    assert await approved(county) == [BILLIONS + 1]

    path = f"/v1/funds/{accepted['version']}"
    late = await send(unit, path, 202, **FUND, amount_yuan=BILLIONS + 2)
    await put(county, f"funds/{accepted['version']}", **FUND, amount_yuan=2_000_000)
    # By what it was superseded, nobody can tell: accepted, it would count beside that.
    gone = await decide(county, late["id"], "accept", 412, seen=0)
    assert gone["current"] is None
    await decide(county, late["id"], "return", reason="请另报")
    assert await approved(county) == [2_000_000]


async def test_a_planned_date_and_its_actual_one_are_one_record(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    path = f"/v1/projects/{PROJECT}/milestones/completed"
    waiting = await send(unit, path, 202, actual_on=LATER)
    assert waiting["subject"] == f"milestones/{PROJECT}/completed"
    assert [doubt["code"] for doubt in waiting["findings"]] == ["date_in_future"]
    listed = await read(unit, f"/v1/projects/{PROJECT}/milestones", kind="started")
    assert listed["waiting"]["count"] == 0
    listed = await read(unit, f"/v1/projects/{PROJECT}/milestones", kind="completed")
    assert listed["waiting"]["count"] == 1
    revisions = await read(unit, f"/v1/projects/{PROJECT}/milestones/completed/revisions")
    assert "waiting" not in revisions
    found = await read(unit, f"/v1/reports/{waiting['id']}")
    texts = {each["column"]: each["reported"] for each in found["fields"]}
    assert (texts["kind"], texts["actual_on"], found["kind_title"]) == ("竣工", LATER, "节点")


async def test_what_waits_at_a_place_for_another_unit_is_not_there(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, as_: As
) -> None:
    """A problem's number is the office's: two units may choose the same."""
    path = "/v1/problems/Q9001"
    raised: dict[str, Any] = {"summary": SUMMARY, "raised_on": LATER}
    waiting = await send(unit, path, 202, project_id=PROJECT, **raised)
    other = as_("unit", unit_id=OTHER_UNIT)
    answer = await other.put(path, json={"project_id": "P001", **raised})
    assert answer.status_code == 404
    assert (await read(unit, f"/v1/reports/{waiting['id']}"))["state"] == "waiting"
    assert await items(other, "/v1/reports") == []


async def test_an_answer_that_was_lost_is_given_again(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    key = {"idempotency-key": "reported-once"}
    path, sent = f"{OF_PROJECT}/2022-10-30", {"invested_ytd_yuan": BILLIONS}
    first = await unit.put(path, json=sent, headers=key)
    await decide(county, first.json()["id"], "return", reason="请核对")
    again = await unit.put(path, json=sent, headers=key)
    assert first.status_code == again.status_code == 202
    assert (again.text, again.headers["location"]) == (first.text, first.headers["location"])
    assert len(await items(unit, "/v1/reports")) == 1
    key = {"idempotency-key": "accepted-once"}
    second = await report(unit, "2022-10-30", BILLIONS, 202)
    path = f"/v1/reports/{second['id']}/accept"
    answers = [await county.post(path, headers=key) for _ in range(2)]
    assert answers[0].text == answers[1].text
    assert len((await county.get(f"{OF_PROJECT}/2022-10-30/history")).json()) == 1


async def test_of_many_decisions_each_is_done_or_refused_by_itself(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    waiting = await report(unit, "2022-10-30", BILLIONS, 202)
    both = {
        "decisions": [
            {"report_id": waiting["id"], "decision": "return", "reason": "日期不对"},
            {"report_id": waiting["id"], "decision": "accept"},
            {"report_id": 999_999, "decision": "accept"},
        ]
    }
    answer = await county.post("/v1/reports/decisions", json=both)
    found = answer.json()
    assert [each["result"] for each in found["items"]] == ["returned", "refused", "refused"]
    assert [each["refusal"] and each["refusal"]["type"] for each in found["items"]] == [
        None,
        "/problems/report-decided",
        "/problems/not-found",
    ]
    assert (found["accepted"], found["returned"], found["refused"]) == (0, 1, 2)
    english = await county.post(
        "/v1/reports/decisions", json=both, headers={"accept-language": "en"}
    )
    assert english.json()["items"][1]["refusal"]["title"] == "The report has been decided already."


async def test_a_return_without_a_reason_is_none(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    waiting = await report(unit, "2022-10-30", BILLIONS, 202)
    for body in ({}, {"reason": ""}, {"reason": "  "}):
        answer = await county.post(f"/v1/reports/{waiting['id']}/return", json=body)
        assert answer.status_code == 422
    one = {"report_id": waiting["id"], "decision": "return"}
    answer = await county.post("/v1/reports/decisions", json={"decisions": [one]})
    assert [error["detail"] for error in answer.json()["errors"]] == ["退回应写明理由"]
    assert (await read(county, f"/v1/reports/{waiting['id']}"))["state"] == "waiting"
