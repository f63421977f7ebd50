"""One record at a time: append, supersede what was seen, tell the history, keep the trail."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database.sessions import Sessions
from tests.paths import GOLDEN
from tests.registry.clients import As, imported, zipped


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    return office


async def put(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], **headers: str
) -> httpx.Response:
    return await client.put(path, json=body, headers=headers)


async def test_a_report_is_appended_then_superseded_by_who_has_seen_it(
    county: httpx.AsyncClient,
) -> None:
    path = "/v1/projects/P024/progress/2022-10-30"
    first = await put(county, path, {"invested_ytd_yuan": 40_000_000, "why": "月报"})
    assert first.status_code == 201, first.text
    assert first.json()["recorded_by"] == "the office"

    unseen = await put(county, path, {"invested_ytd_yuan": 41_000_000})
    assert unseen.status_code == 412
    assert unseen.json()["type"] == "/problems/stale"
    assert unseen.json()["current"] == first.json()["version"]

    etag = first.headers["etag"]
    second = await put(county, path, {"invested_ytd_yuan": 41_000_000}, **{"if-match": etag})
    assert second.status_code == 200, second.text
    stale = await put(county, path, {"invested_ytd_yuan": 42_000_000}, **{"if-match": etag})
    assert stale.status_code == 412

    history = (await county.get(path + "/history")).json()
    assert [row["invested_ytd_yuan"] for row in history] == [41_000_000, 40_000_000]
    assert history[1]["superseded_at"] == history[0]["recorded_at"]
    read = await county.get(path)
    assert (read.json(), read.headers["etag"]) == (second.json(), second.headers["etag"])


async def test_what_is_recorded_already_may_be_sent_again(county: httpx.AsyncClient) -> None:
    path = "/v1/projects/P024/milestones/at_capacity"
    first = await put(county, path, {"planned_on": "2023-05-01"})
    again = await put(county, path, {"planned_on": "2023-05-01"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_a_revision_stands_beside_the_original(county: httpx.AsyncClient) -> None:
    path = "/v1/projects/P024/milestones/at_capacity"
    await put(county, path, {"planned_on": "2023-05-01"})
    moved = {"planned_on": "2023-08-01", "reason": "汛期"}
    answer = await put(county, path + "/revisions/2022-12-01", moved)
    assert answer.status_code == 201, answer.text
    listed = (await county.get(path + "/revisions")).json()["items"]
    assert [row["planned_on"] for row in listed] == ["2023-08-01"]
    asked = {"kind": "at_capacity", "totals": "true"}
    originals = (await county.get("/v1/projects/P024/milestones", params=asked)).json()
    assert [row["planned_on"] for row in originals["items"]] == ["2023-05-01"]
    assert originals["totals"] == {"count": 1}


async def test_a_permit_in_parts_is_named_by_its_stage(county: httpx.AsyncClient) -> None:
    path = "/v1/projects/P024/permits/construction_permit"
    for stage in ("一期", "二期"):
        answer = await county.put(path, params={"stage": stage}, json={"needed": True})
        assert answer.status_code == 201, answer.text
    assert (await county.get(path, params={"stage": "二期"})).json()["stage"] == "二期"
    assert (await county.get(path, params={"stage": "三期"})).status_code == 404


async def test_facts_without_a_key_are_posted_and_corrected_by_version(
    county: httpx.AsyncClient,
) -> None:
    path = "/v1/projects/P024/pauses"
    first = await county.post(path, json={"from_on": "2022-11-01", "reason": "冬季停工"})
    assert first.status_code == 201, first.text
    place = f"{path}/{first.json()['version']}"
    ended = {"from_on": "2022-11-01", "to_on": "2022-11-20", "reason": "冬季停工"}
    assert (await county.put(place, json=ended)).status_code == 200
    ended["to_on"] = "2022-11-21"
    assert (await county.put(place, json=ended)).status_code == 412
    assert (await county.get(place)).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/projects/P024/plans/2022", {"m01": 5}, "curve_with_holes"),
        ("/v1/projects/P024/progress/2022-10-01", {"invested_ytd_yuan": -1}, "negative_money"),
        ("/v1/projects/P024/progress/2022-10-01", {"invested_ytd_yuan": 10**14}, "money_too_large"),
        ("/v1/projects/P024/progress/2022-10-01", {"physical_pct": "1e9"}, "bad_percent"),
        ("/v1/problems/Q9", {"project_id": "P999"}, "unknown_reference"),
        ("/v1/projects/P024/permits/eia", {"authority_unit_id": "U99"}, "unknown_reference"),
        ("/v1/projects/P024/progress/2022-10-01", {"spent": 1}, "extra_forbidden"),
    ],
)
async def test_rules_are_those_of_the_ledger(
    county: httpx.AsyncClient, path: str, body: dict[str, Any], code: str
) -> None:
    answer = await put(county, path, body)
    assert answer.status_code == 422, answer.text
    assert code in [error["code"] for error in answer.json()["errors"]]


async def test_a_secret_project_may_not_enter(county: httpx.AsyncClient) -> None:
    secret = {"name": "甲", "unit_id": "U01", "nature": "new", "is_secret": True}
    answer = await put(county, "/v1/projects/P900", secret)
    assert [error["code"] for error in answer.json()["errors"]] == ["secret_project"]


async def test_only_the_office_closes_a_problem(county: httpx.AsyncClient, as_: As) -> None:
    unit = as_("unit", unit_id="U06")
    raised = {"project_id": "P007", "category": "land", "raised_on": "2022-10-01"}
    answer = await put(unit, "/v1/problems/Q900", raised)
    assert answer.status_code == 201, answer.text
    closed = raised | {"closed_on": "2022-10-09"}
    etag = {"if-match": answer.headers["etag"]}
    assert (await put(unit, "/v1/problems/Q900", closed, **etag)).status_code == 403
    assert (await put(county, "/v1/problems/Q900", closed, **etag)).status_code == 200


async def test_pages_follow_the_cursor(county: httpx.AsyncClient) -> None:
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = (await county.get("/v1/projects", params={"after": after, "limit": 17})).json()
        seen += [row["project_id"] for row in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 60
    ours = (await county.get("/v1/projects", params={"unit_id": "U06", "limit": 200})).json()
    assert {row["unit_id"] for row in ours["items"]} == {"U06"}


@pytest.mark.parametrize("path", ["/v1/projects", "/v1/funds", "/v1/imports", "/v1/offices"])
async def test_a_cursor_is_a_text_and_nothing_else_than_one_is_taken(
    county: httpx.AsyncClient, path: str
) -> None:
    whole = (await county.get(path)).json()
    for beginning in ("", "0"):
        assert (await county.get(path, params={"after": beginning})).json() == whole
    first = (await county.get(path, params={"limit": 1})).json()
    assert first["next"] is None or isinstance(first["next"], str)
    for wrong in ("-1", "1.5", "x", "9" * 19, "１"):
        answer = await county.get(path, params={"after": wrong})
        assert answer.status_code == 422, (wrong, answer.text)


async def test_every_write_leaves_an_audit_row(county: httpx.AsyncClient) -> None:
    path = "/v1/projects/P024/progress/2022-10-30"
    first = await put(county, path, {"invested_ytd_yuan": 1}, **{"x-request-id": "r-1"})
    await put(county, path, {"invested_ytd_yuan": 2}, **{"if-match": first.headers["etag"]})
    found = await county.get("/v1/audit", params={"subject": "progress/P024/2022-10-30"})
    one, two = found.json()["items"]
    assert (one["action"], one["who"], one["role"]) == ("progress.recorded", "the office", "office")
    assert (one["request_id"], one["address"], one["before"]) == ("r-1", "127.0.0.1", None)
    assert (two["action"], two["before"]["invested_ytd_yuan"]) == ("progress.corrected", 1)
    assert two["after"]["invested_ytd_yuan"] == 2
    whole = (await county.get("/v1/audit")).json()["items"]
    assert whole[0]["action"] == "ledger.imported"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry.audit SET who = 'nobody'",
        "DELETE FROM registry.audit",
        "TRUNCATE registry.audit",
        "DELETE FROM registry.events",
        "DELETE FROM registry.progress",
        "UPDATE registry.progress SET invested_ytd_yuan = 0",
        "UPDATE registry.projects SET superseded_at = NULL WHERE superseded_at IS NOT NULL",
    ],
)
async def test_the_database_keeps_what_was_recorded(
    county: httpx.AsyncClient, sessions: Sessions, statement: str
) -> None:
    change = {"name": "甲", "unit_id": "U01", "nature": "new"}
    for name in ("甲", "乙"):
        read = await county.get("/v1/projects/P024")
        etag = {"if-match": read.headers["etag"]}
        answer = await put(county, "/v1/projects/P024", change | {"name": name}, **etag)
        assert answer.status_code == 200
    async with sessions() as session:
        connection = await session.connection()
        await connection.execute(text("RESET ROLE"))  # the owner may not, either
        with pytest.raises(DBAPIError, match="what was recorded stays"):
            await connection.execute(text(statement))
