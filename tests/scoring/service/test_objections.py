"""A draft open for comment: to whom, until when; objections, and their one answer."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from shared import clock
from tests.scoring.service.conftest import As
from tests.scoring.service.test_runs import begun

TODAY, UNTIL = date(2026, 12, 1), date(2026, 12, 11)
OWN, OTHER = "U01", "U02"
ABOVE, BESIDE = "9901", "990102"
# What is read of a run by its units, but for explanations and objections of their own.
VIEWS = (
    "",
    "/ranking",
    "/pillars/speed",
    "/metrics/start_rate",
    "/boards",
    "/streaks",
    "/awards",
    "/lights",
    "/wall",
    "/unit-lights",
    "/sensitivity",
    f"/units/{OWN}",
    f"/units/{OTHER}/standing",
    "/bulletin.pdf",
    "/corrections",
    "/counties",
)
OFFICE_VIEWS = ("/document", "/left-out")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, TODAY)


def set_today(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "today", lambda: day)


async def opened(office: httpx.AsyncClient, until: date = UNTIL) -> str:
    """The address of a draft that is open for comment."""
    path = f"/v1/runs/{(await begun(office))['id']}"
    answer = await office.post(f"{path}/comment-period", json={"until_on": until.isoformat()})
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "open_for_comment"
    assert answer.json()["comment_until_on"] == until.isoformat()
    return path


async def objected(unit: httpx.AsyncClient, path: str, **form: Any) -> dict[str, Any]:
    body = {"unit_id": OWN, "text": "八月投资少计一笔", **form}
    answer = await unit.post(f"{path}/objections", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def statuses(client: httpx.AsyncClient, path: str) -> set[int]:
    return {(await client.get(f"{path}{view}")).status_code for view in VIEWS}


async def test_its_units_read_an_open_draft_as_a_published_one(
    as_: As, office: httpx.AsyncClient
) -> None:
    path = await opened(office)
    unit = as_("unit", unit_id=OWN)
    open_answers = {view: await unit.get(f"{path}{view}") for view in VIEWS}
    assert {each.status_code for each in open_answers.values()} == {200}
    for view in OFFICE_VIEWS:
        assert (await unit.get(f"{path}{view}")).status_code == 403
    assert (await unit.get(f"{path}/units/{OTHER}")).status_code == 404
    assert (await unit.get(f"{path}/lights", params={"unit_id": OTHER})).status_code == 404
    assert [run["state"] for run in (await unit.get("/v1/runs")).json()["items"]] == [
        "open_for_comment"
    ]

    await office.post(f"{path}/publish")
    of_state = ("", "/counties", "/bulletin.pdf")
    for view in {*VIEWS} - {*of_state}:
        assert (await unit.get(f"{path}{view}")).content == open_answers[view].content, view


async def test_nobody_else_reads_it(as_: As, office: httpx.AsyncClient) -> None:
    path = await opened(office)
    others = (
        as_("viewer"),
        as_("leader", unit_id=OWN),
        as_("field", unit_id=OWN),
        as_("unit"),
        as_("unit", unit_id="U99"),
        as_("unit", region=BESIDE, unit_id=OWN),
        as_("unit", region=ABOVE, unit_id=OWN),
        as_("office", region=BESIDE),
    )
    for other in others:
        assert await statuses(other, path) <= {403, 404}
        assert (await other.get("/v1/runs")).json()["items"] == []
    assert (await as_("inspector").get(path)).json()["state"] == "open_for_comment"


async def test_it_is_open_through_its_last_day_and_no_longer(
    as_: As, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = as_("unit", unit_id=OWN)
    closed = f"/v1/runs/{(await begun(office, as_of='2022-11-30'))['id']}"
    assert await statuses(unit, closed) == {404}
    path = await opened(office)
    set_today(monkeypatch, UNTIL)
    assert await statuses(unit, path) == {200}
    set_today(monkeypatch, UNTIL + timedelta(1))
    assert await statuses(unit, path) == {404}
    assert (await unit.get("/v1/runs")).json()["items"] == []
    body = {"unit_id": OWN, "text": "太晚"}
    assert (await unit.post(f"{path}/objections", json=body)).status_code == 404
    assert (await office.get(path)).json()["state"] == "draft"

    prolonged = {"until_on": (UNTIL + timedelta(7)).isoformat()}
    assert (await office.post(f"{path}/comment-period", json=prolonged)).status_code == 200
    assert await statuses(unit, path) == {200}
    ended = (await office.post(f"{path}/comment-period/end")).json()
    assert (ended["state"], ended["comment_until_on"]) == ("draft", None)
    assert await statuses(unit, path) == {404}


async def test_a_draft_that_is_open_is_counted_nowhere_else(
    as_: As, office: httpx.AsyncClient
) -> None:
    path = await opened(office)
    unit, period = as_("unit", unit_id=OWN), "/v1/periods?scheme=lanxian-2022&year=2022&quarter=4"
    day = "/v1/counties?scheme=lanxian-2022&as_of=2022-12-25"

    async def counted(client: httpx.AsyncClient) -> tuple[int, int]:
        months = (await client.get(period)).json()
        used = len(months["runs"]) + len(months.get("not_used", []))
        return used, len((await client.get(day)).json()["runs"])

    assert (await counted(unit), await counted(office)) == ((0, 0), (0, 0))
    await office.post(f"{path}/comment-period/end")
    assert (await counted(unit), await counted(office)) == ((0, 0), (1, 1))
    await office.post(f"{path}/publish")
    assert (await counted(unit), await counted(office)) == ((1, 1), (1, 1))


async def test_only_its_office_opens_a_draft_and_only_a_draft(
    as_: As, office: httpx.AsyncClient
) -> None:
    path = f"/v1/runs/{(await begun(office))['id']}"
    body = {"until_on": UNTIL.isoformat()}
    for verb, sent in (("comment-period", body), ("comment-period/end", None)):
        beside = await as_("office", region=BESIDE).post(f"{path}/{verb}", json=sent)
        above = await as_("office", region=ABOVE).post(f"{path}/{verb}", json=sent)
        assert (beside.status_code, above.status_code) == (404, 403)
    past = {"until_on": (TODAY - timedelta(1)).isoformat()}
    refused = await office.post(f"{path}/comment-period", json=past)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/day-is-over")
    not_open = await office.post(f"{path}/comment-period/end")
    assert (not_open.status_code, not_open.json()["type"]) == (
        409,
        "/problems/not-open-for-comment",
    )
    await office.post(f"{path}/publish")
    published = await office.post(f"{path}/comment-period", json=body)
    assert published.json()["type"] == "/problems/already-published"


async def test_objections_are_the_units_own_and_the_offices(
    as_: As, office: httpx.AsyncClient
) -> None:
    path = await opened(office)
    own, other = as_("unit", unit_id=OWN), as_("unit", unit_id=OTHER)
    ranking = (await own.get(f"{path}/ranking")).json()
    names = {u["unit_id"]: u["name"] for g in ranking["groups"] for u in g["units"]}
    project = (await own.get(f"{path}/lights")).json()["items"][0]
    total = await objected(own, path)
    metric = await objected(own, path, unit_id=OTHER, metric="start_rate")
    of_project = await objected(own, path, project_id=project["project_id"])
    foreign = await objected(other, path, unit_id=OTHER)

    assert (total["by_unit_name"], total["unit_name"]) == (names[OWN], names[OWN])
    assert (metric["unit_id"], metric["metric_name"]) == (OTHER, "开（复）工率")
    assert of_project["project_name"] == project["project_name"]
    assert {each["state"] for each in (total, metric, of_project, foreign)} == {"open"}

    async def seen(client: httpx.AsyncClient) -> list[int]:
        return [each["id"] for each in (await client.get(f"{path}/objections")).json()["items"]]

    ids = [each["id"] for each in (total, metric, of_project, foreign)]
    assert await seen(office) == await seen(as_("inspector")) == ids
    assert await seen(own) == ids[:3]
    assert await seen(other) == ids[3:]
    assert (await as_("viewer").get(f"{path}/objections")).status_code == 403
    assert (await as_("leader", unit_id=OWN).get(f"{path}/objections")).status_code == 403
    assert (await office.post(f"{path}/objections", json={})).status_code == 403


@pytest.mark.parametrize(
    "figure",
    [
        {"unit_id": "U99"},
        {"unit_id": OWN, "metric": "no_such_metric"},
        {"unit_id": OWN, "project_id": "P999"},
        {"unit_id": OTHER, "project_id": "{foreign}"},
        {"unit_id": OWN, "project_id": "{foreign}"},
        {"unit_id": OWN, "metric": "start_rate", "project_id": "P001"},
        {"unit_id": OWN, "text": "   "},
    ],
)
async def test_a_figure_that_is_not_there_is_refused(
    as_: As, office: httpx.AsyncClient, figure: dict[str, str]
) -> None:
    path = await opened(office)
    lights = await office.get(f"{path}/lights", params={"unit_id": OTHER})
    foreign = lights.json()["items"][0]["project_id"]
    body = {"text": "不对", **figure}
    if "project_id" in body:
        body["project_id"] = body["project_id"].format(foreign=foreign)
    answer = await as_("unit", unit_id=OWN).post(f"{path}/objections", json=body)
    assert answer.status_code == 422


async def test_an_objection_is_answered_once_and_read_for_ever(
    as_: As, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, unit = await opened(office), as_("unit", unit_id=OWN)
    objection = await objected(unit, path)
    answer = f"{path}/objections/{objection['id']}/answer"
    body = {"outcome": "kept", "text": "回单在九月，八月数不变"}
    assert (await unit.post(answer, json=body)).status_code == 403
    assert (await as_("office", region=ABOVE).post(answer, json=body)).status_code == 403
    assert (await office.post(answer, json=body | {"text": ""})).status_code == 422
    set_today(monkeypatch, UNTIL + timedelta(3))
    answered = (await office.post(answer, json=body)).json()
    assert (answered["state"], answered["outcome"]) == ("answered", "kept")
    again = await office.post(answer, json=body | {"outcome": "facts_changed"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-answered")

    assert (await unit.get(path)).status_code == 404
    items = (await unit.get(f"{path}/objections")).json()["items"]
    assert [(each["answer"], each["answered_by"]) for each in items] == [
        (body["text"], "the office")
    ]
    assert (await as_("unit", unit_id=OTHER).get(f"{path}/objections")).status_code == 404
    for answered_only, count in ((True, 1), (False, 0)):
        asked = await office.get(f"{path}/objections", params={"answered": answered_only})
        assert len(asked.json()["items"]) == count


async def test_what_is_done_is_in_the_audit_trail(as_: As, office: httpx.AsyncClient) -> None:
    path = await opened(office)
    objection = await objected(as_("unit", unit_id=OWN), path, metric="start_rate")
    body = {"outcome": "facts_changed", "text": "已按回单核增"}
    await office.post(f"{path}/objections/{objection['id']}/answer", json=body)
    await office.post(f"{path}/comment-period/end")
    rows = (await office.get("/v1/audit")).json()["items"]
    found = [(row["action"], row["who"], row["before"], row["after"]) for row in rows[1:]]
    until = {"until_on": UNTIL.isoformat()}
    run_id = objection["run_id"]
    figure = {"unit_id": OWN, "metric": "start_rate", "project_id": None}
    recorded = {"run_id": run_id, "by_unit_id": OWN, **figure, "text": objection["text"]}
    assert found == [
        ("comment_period.recorded", "the office", {"until_on": None}, until),
        ("objection.recorded", "the unit", None, recorded),
        ("objection.answered", "the office", None, body),
        ("comment_period.recorded", "the office", until, {"until_on": None}),
    ]
