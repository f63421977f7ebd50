"""The card of a project: what it shows on a day, to whom, how large it is."""

import gzip
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import httpx
import pytest

from services.registry.projects.card import (
    MAX_PERMITS,
    MAX_PROBLEMS,
    NOTE_LENGTH,
    TEXT_LENGTH,
)
from services.registry.projects.schemas import ProjectCard
from services.scoring.engine.figures import format_decimal
from shared import clock
from tests.paths import GOLDEN
from tests.registry.clients import card, imported, items, put, zipped

TODAY = date(2022, 9, 15)
MOST_BYTES = 3000  # of a card, compressed


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
async def county(office: httpx.AsyncClient) -> httpx.AsyncClient:
    await imported(office, zipped(GOLDEN / "county"))
    return office


# --- what it shows


def planned_on(rows: list[dict[str, Any]]) -> str | None:
    decided = [
        (row["decided_on"] or "", row["planned_on"])
        for row in rows
        if row["planned_on"] and (row["decided_on"] or "") <= str(TODAY)
    ]
    return max(decided, default=(None, None))[1]


def actual_on(rows: list[dict[str, Any]]) -> str | None:
    dates = [row["actual_on"] for row in rows if row["actual_on"]]
    return max((on for on in dates if on <= str(TODAY)), default=None)


def permit_state(row: dict[str, Any]) -> str:
    today = str(TODAY)
    if row["granted_on"] and row["granted_on"] <= today:
        return "granted"
    if row["needed"] is not True:
        return "not_needed"
    if row["due_on"] and row["due_on"] < today:
        return "overdue"
    return "applied" if row["applied_on"] and row["applied_on"] <= today else "not_applied"


def curve(plan: dict[str, Any]) -> list[Fraction]:
    """The plan up to the beginning of the year and to the end of each month."""
    written = [plan[f"m{month:02}"] for month in range(1, 13)]
    even = [Fraction(plan["planned_yuan"] * month, 12) for month in range(1, 13)]
    return [Fraction(0), *(even if None in written else map(Fraction, written))]


def due_yuan(plan: dict[str, Any]) -> int:
    before, after = curve(plan)[TODAY.month - 1 : TODAY.month + 1]
    return int(format_decimal(before + (after - before) * Fraction(TODAY.day, 30), 0) or 0)


def months(plans: list[dict[str, Any]], reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for month in range(1, 13):
        own = [row for row in reports if row["as_of"][:7] == f"2022-{month:02}"]
        last = max(own, key=lambda row: row["as_of"], default={})
        planned = format_decimal(curve(plans[0])[month], 0) if plans else None
        found.append(
            {
                "month": month,
                "planned_yuan": planned and int(planned),
                "as_of": last.get("as_of"),
                "invested_ytd_yuan": last.get("invested_ytd_yuan"),
            }
        )
    return found if plans else [each for each in found if each["as_of"]]


def known(amounts: Iterable[int | None]) -> int | None:
    found = [amount for amount in amounts if amount is not None]
    return sum(found) if found else None


async def milestones_of(client: httpx.AsyncClient, project: str) -> list[dict[str, Any]]:
    path, rows = f"/v1/projects/{project}/milestones", list[dict[str, Any]]()
    for row in await items(client, path):
        if row["decided_on"] is None:
            rows += [row, *await items(client, f"{path}/{row['kind']}/revisions")]
    return rows


@pytest.mark.parametrize("project", [f"P{number:03}" for number in range(1, 61, 6)])
async def test_a_card_says_what_eleven_answers_say(county: httpx.AsyncClient, project: str) -> None:
    """Each of its parts is worked out here from the lists of records."""
    found = await card(county, project)
    base, today = f"/v1/projects/{project}", str(TODAY)
    full = (await county.get(base)).json()
    head = {name: full[name] for name in found.keys() & full.keys()}
    assert len(head) == 13
    assert head == {name: found[name] for name in head}
    assert (found["view"], found["today"]) == ("card", today)
    unit = (await county.get(f"/v1/units/{full['unit_id']}")).json()
    assert found["unit_name"] == unit["name"]

    plans = [row for row in await items(county, f"{base}/plans") if row["year"] == 2022]
    assert (found["plan"] is None) == (plans == [])
    if plans:
        assert found["plan"]["year"] == 2022
        assert found["plan"]["planned_yuan"] == plans[0]["planned_yuan"]
        assert found["plan"]["prior_invested_yuan"] == plans[0]["prior_invested_yuan"]
        assert found["plan"]["due_yuan"] == due_yuan(plans[0])

    reports = [row for row in await items(county, f"{base}/progress") if row["as_of"] <= today]
    latest = max(reports, key=lambda row: row["as_of"], default=None)
    shown = ("as_of", "invested_ytd_yuan", "physical_pct", "note")
    report = found["progress"] and dict(found["progress"])
    completion = report and report.pop("completion")
    assert report == (latest and {name: latest[name] for name in shown})
    planned = plans[0]["planned_yuan"] if plans else None
    if latest and planned and latest["as_of"][:4] == "2022" and latest["invested_ytd_yuan"]:
        rate = Fraction(latest["invested_ytd_yuan"], planned)
        assert completion == format_decimal(rate, 4)
    assert found["months"] == months(plans, reports)

    rows = await milestones_of(county, project)
    kinds = {row["kind"] for row in rows}
    assert {each["kind"] for each in found["milestones"]} == kinds
    for each in found["milestones"]:
        own = [row for row in rows if row["kind"] == each["kind"]]
        assert (each["planned_on"], each["actual_on"]) == (planned_on(own), actual_on(own))
        first = sorted(
            (row["decided_on"] or "", row["planned_on"]) for row in own if row["planned_on"]
        )
        assert each["original_on"] == (first[0][1] if first else None)

    permits = await items(county, f"{base}/permits")
    assert {(each["kind"], each["stage"], each["state"]) for each in found["permits"]} == {
        (row["kind"], row["stage"], permit_state(row)) for row in permits
    }

    funds = await items(county, "/v1/funds", project_id=project)
    assert found["funds"] == [
        {
            "source": source,
            **{
                f"{event}_yuan": known(
                    row["amount_yuan"]
                    for row in funds
                    if (row["source"], row["event"]) == (source, event)
                )
                for event in ("applied", "approved", "arrived", "paid")
            },
        }
        for source in sorted({row["source"] for row in funds})
    ]

    problems = [
        row
        for row in await items(county, "/v1/problems", project_id=project)
        if row["closed_on"] is None or row["closed_on"] > today
    ]
    assert found["open_problems"] == len(problems)
    assert {each["problem_id"] for each in found["problems"]} == {
        row["problem_id"] for row in problems
    }

    pauses = [
        row
        for row in await items(county, f"{base}/pauses")
        if row["from_on"] <= today and (row["to_on"] or today) >= today
    ]
    assert (found["pause"] is not None) == bool(pauses)


async def test_all_parts_are_among_the_cards_of_the_county(county: httpx.AsyncClient) -> None:
    """So that none of the comparisons above is of nothing."""
    await post_pause(county, "P001", from_on="2022-09-01")
    cards = await items(county, "/v1/projects", view="card")
    assert len(cards) == 60
    for part in ("plan", "progress", "milestones", "permits", "funds", "problems", "pause"):
        assert any(each[part] for each in cards), part
    states = {permit["state"] for each in cards for permit in each["permits"]}
    assert len(states) >= 4


async def post_pause(client: httpx.AsyncClient, project: str, **fact: Any) -> None:
    answer = await client.post(f"/v1/projects/{project}/pauses", json=fact)
    assert answer.status_code == 201, answer.text


async def test_the_card_in_a_list_is_the_card_of_one(county: httpx.AsyncClient) -> None:
    cards = await items(county, "/v1/projects", view="card", search="项目", order="name")
    assert cards
    for each in cards[:5]:
        assert await card(county, each["project_id"]) == each


async def test_a_card_is_as_its_model_says_and_the_record_the_default(
    county: httpx.AsyncClient,
) -> None:
    for each in await items(county, "/v1/projects", view="card"):
        assert list(each) == list(ProjectCard.model_fields)
        assert ProjectCard.model_validate(each).model_dump(mode="json") == each
    plain = await county.get("/v1/projects/P001")
    assert (await county.get("/v1/projects/P001", params={"view": "full"})).json() == plain.json()
    assert (await county.get("/v1/projects/P001", params={"view": "x"})).status_code == 422


async def test_a_card_is_small(county: httpx.AsyncClient) -> None:
    for project in ("P001", "P007", "P024"):
        answer = await county.get(f"/v1/projects/{project}", params={"view": "card"})
        assert len(gzip.compress(answer.content)) < MOST_BYTES / 2


async def test_a_full_card_is_small_too(county: httpx.AsyncClient) -> None:
    text = "".join(chr(0x4E00 + number * 7) for number in range(500))
    for number in range(MAX_PROBLEMS + 2):
        fact = {
            "project_id": "P001",
            "summary": text[number:],
            "raised_on": f"2022-08-{number + 1:02}",
        }
        await put(county, f"problems/X{number:02}", **fact)
    for number in range(MAX_PERMITS):
        answer = await county.put(
            "/v1/projects/P001/permits/construction_permit",
            params={"stage": f"第{number}期"},
            json={"needed": True, "due_on": "2022-12-01"},
        )
        assert answer.status_code == 201, answer.text
    await put(county, "projects/P001/progress/2022-09-14", note=text)
    answer = await county.get("/v1/projects/P001", params={"view": "card"})
    found = answer.json()
    assert len(gzip.compress(answer.content)) < MOST_BYTES
    assert (len(found["permits"]), len(found["problems"])) == (MAX_PERMITS, MAX_PROBLEMS)
    assert found["open_problems"] >= MAX_PROBLEMS + 2
    assert len(found["progress"]["note"]) == NOTE_LENGTH
    assert {len(each["summary"]) for each in found["problems"] if each["problem_id"] > "X"} == {
        TEXT_LENGTH
    }


async def test_a_card_changes_with_what_hangs_on_it_and_its_tag_with_it(
    county: httpx.AsyncClient,
) -> None:
    path, asked = "/v1/projects/P001", {"view": "card"}
    first = await county.get(path, params=asked)
    tag = {"if-none-match": first.headers["etag"]}
    assert (await county.get(path, params=asked, headers=tag)).status_code == 304
    await put(county, "problems/X1", project_id="P001", summary="征地")
    second = await county.get(path, params=asked, headers=tag)
    assert (second.status_code, second.json()["open_problems"]) == (200, 1)
    assert (await county.get(path)).headers["etag"] == f'"{second.json()["version"]}"'
