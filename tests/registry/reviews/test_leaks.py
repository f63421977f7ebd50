"""What waits is told where reports are, to whom the records are for, and nowhere else."""

from collections.abc import Mapping

import httpx
import pytest

from shared.facts.tables import FACT_KINDS
from tests.registry.clients import As, items
from tests.registry.reviews.reports import (
    OF_PROJECT,
    OTHER_UNIT,
    PROJECT,
    UNIT,
    decide,
    put,
    read,
    report,
)

DAY, IMPORTED = "2022-10-30", "2022-10-31"
SECRET_YUAN, SECRET_DAY, SECRET_WORDS = 9_123_456_789, "2150-03-04", "秘而不宣"
SECRETS = (str(SECRET_YUAN), SECRET_DAY, SECRET_WORDS)
# What is answered and is no report: records, lists with totals, filters and orders, search, cards,
# bulk facts, the whole ledger, the feed.
ANSWERS = (
    f"/v1/projects/{PROJECT}",
    f"/v1/projects/{PROJECT}?view=card&today=2022-12-31",
    f"{OF_PROJECT}/{IMPORTED}",
    f"{OF_PROJECT}/{IMPORTED}/history",
    "/v1/funds?totals=true",
    f"/v1/funds?totals=true&project_id={PROJECT}&source=central_budget",
    f"/v1/projects/{PROJECT}/milestones?kind=completed",
    "/v1/problems?limit=200&totals=true",
    "/v1/projects?limit=200&totals=true&overdue=true&today=2022-12-31",
    "/v1/projects?search=饮水",
    "/v1/units",
    *(f"/v1/facts/{name}" for name in FACT_KINDS),
    "/v1/exports/ledger.xlsx",
)


async def answers(client: httpx.AsyncClient) -> Mapping[str, tuple[int, str | None, object]]:
    """What is answered, but for what waits beside a list, and the tag of what has a version."""
    found = {}
    for path in ANSWERS:
        answer = await client.get(path, headers={"accept": "application/x-ndjson"})
        content: object = answer.content
        if answer.headers["content-type"] == "application/json":
            content = answer.json()
        tag = None
        if isinstance(content, dict) and "waiting" in content:
            content = {**content, "waiting": None}
        elif "/facts/" not in path and "/exports/" not in path:
            tag = answer.headers.get("etag")
        found[path] = (answer.status_code, tag, content)
    return found


async def report_all(unit: httpx.AsyncClient, seen: int) -> list[int]:
    """Report of every kind something that waits; the numbers of the reports."""
    of_project = f"/v1/projects/{PROJECT}"
    sent = [
        await report(unit, DAY, SECRET_YUAN, 202),
        await report(unit, IMPORTED, SECRET_YUAN, 202, seen=seen),
        await put(unit, f"{of_project}/milestones/completed", 202, actual_on=SECRET_DAY),
        await put(
            unit,
            f"{of_project}/permits/eia",
            202,
            needed=True,
            granted_on=SECRET_DAY,
            document_no=SECRET_WORDS,
        ),
        await put(
            unit,
            "/v1/problems/Q9900",
            202,
            project_id=PROJECT,
            summary=SECRET_WORDS,
            raised_on=SECRET_DAY,
        ),
    ]
    fund = {
        "project_id": PROJECT,
        "source": "central_budget",
        "event": "approved",
        "amount_yuan": SECRET_YUAN,
        "on": SECRET_DAY,
    }
    posted = await unit.post("/v1/funds", json=fund)
    assert posted.status_code == 202, posted.text
    return [*(each["id"] for each in sent), posted.json()["id"]]


@pytest.mark.parametrize("end", ["waiting", "returned", "withdrawn", "replaced"])
async def test_no_value_of_what_does_not_count_is_told_elsewhere(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, as_: As, end: str
) -> None:
    callers = [county, unit, as_("inspector")]
    before = [await answers(client) for client in callers]
    seen = (await read(county, f"{OF_PROJECT}/{IMPORTED}"))["version"]
    numbers = await report_all(unit, seen)
    for number in numbers:
        if end == "returned":
            await decide(county, number, "return", reason=f"{SECRET_WORDS}，请核对")
        if end == "withdrawn":
            await decide(unit, number, "withdraw")
    if end == "replaced":
        await report(unit, DAY, SECRET_YUAN + 1, 202)
        await report(unit, IMPORTED, SECRET_YUAN + 1, 202, seen=seen)
    assert [await answers(client) for client in callers] == before
    for event in await items(county, "/v1/events"):
        assert not [each for each in SECRETS if each in str(event)], event


async def test_who_sees_the_record_sees_the_report_and_nobody_else(
    county: httpx.AsyncClient, unit: httpx.AsyncClient, as_: As
) -> None:
    seen = (await read(county, f"{OF_PROJECT}/{IMPORTED}"))["version"]
    numbers = await report_all(unit, seen)
    leader, inspector = as_("leader", unit_id=UNIT), as_("inspector")
    for client in (county, unit, leader, inspector, as_("field", unit_id=UNIT)):
        assert [each["id"] for each in await items(client, "/v1/reports")] == numbers
    page = await read(leader, OF_PROJECT)
    assert [each["id"] for each in page["waiting"]["items"]] == numbers[:2]
    strangers = [
        as_("unit", unit_id=OTHER_UNIT),
        as_("leader", unit_id=OTHER_UNIT),
        as_("office", "990102"),
        as_("unit", "990102", UNIT),
        as_("inspector", "990102"),
    ]
    for client in strangers:
        assert await items(client, "/v1/reports") == []
        assert await items(client, "/v1/reports", office="990101") == []
        for number in numbers:
            assert (await client.get(f"/v1/reports/{number}")).status_code == 404
    for client in (as_("viewer"), as_("approval", unit_id="U06")):
        assert (await client.get("/v1/reports")).status_code == 403
    # Offices and inspectors above may see the records: they read what waits, its values included.
    for client in (
        *(as_("office", "9901"), as_("office", "")),
        *(as_("inspector", "9901"), as_("inspector", "")),
    ):
        read_above = await items(client, "/v1/reports", region="990101")
        assert [each["id"] for each in read_above] == numbers
        assert SECRET_YUAN in [each["record"].get("invested_ytd_yuan") for each in read_above]
    # With ids qualified; and they decide nothing of it.
    city = as_("office", "9901")
    (first, *_) = await items(city, "/v1/reports", region="9901")
    assert first["project_id"] == f"990101:{PROJECT}"
    await decide(city, numbers[0], "accept", 403)
    await decide(city, numbers[0], "return", 403, reason="请核对")


async def test_the_trail_has_each_step_with_its_values_for_those_who_read_it(
    county: httpx.AsyncClient, unit: httpx.AsyncClient
) -> None:
    first = await report(unit, DAY, SECRET_YUAN, 202)
    second = await report(unit, DAY, SECRET_YUAN + 1, 202)
    await decide(county, second["id"], "return", reason="多写了三个零")
    third = await report(unit, DAY, 25_000_000, 202)
    await decide(county, third["id"], "accept")
    subject = f"progress/{PROJECT}/{DAY}"
    trail = await items(county, "/v1/audit", subject=subject)
    steps = [(row["action"], row["who"], (row["after"] or {}).get("report")) for row in trail]
    assert steps == [
        ("report.waiting", "the unit", first["id"]),
        ("report.replaced", "the unit", first["id"]),
        ("report.waiting", "the unit", second["id"]),
        ("report.returned", "the office", second["id"]),
        ("report.waiting", "the unit", third["id"]),
        ("progress.recorded", "the office", None),
        ("report.accepted", "the office", third["id"]),
    ]
    assert trail[0]["after"]["fact"]["invested_ytd_yuan"] == SECRET_YUAN
    assert trail[3]["after"]["decision_why"] == "多写了三个零"
    events = await items(county, "/v1/events")
    told = [each for each in events if each["subject"] == subject]
    assert [each["kind"] for each in told] == [step for step, *_ in steps]
    assert told[0]["data"] == {
        "report": first["id"],
        "kind": "progress",
        "project_id": PROJECT,
        "day": DAY,
        "reported_by": "the unit",
    }
