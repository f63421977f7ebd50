"""«What if» over HTTP: who moves, every mistake with its place, and nothing left behind."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scoring.tables import METADATA
from tests.cli.runner import bairi
from tests.paths import GOLDEN
from tests.scoring.service.conftest import As
from tests.scoring.service.test_runs import begun, part_asked

DAY = "2022-09-30"
PATH = "/v1/what-if"
MORE_DONE = {
    "change": "set",
    "table": "progress",
    "where": {"project_id": "P007", "as_of": DAY},
    "to": {"invested_ytd_yuan": "5亿元"},
}
STARTED = {
    "change": "add",
    "table": "milestones",
    "row": {"project_id": "P055", "kind": "开工", "decided_on": DAY, "actual_on": DAY},
}
HEAVIER = {"path": "pillars.speed.weight", "value": 40}
STRICTER = {"path": "lights.axes.progress.red", "value": "figure > 15"}


async def asked(who: httpx.AsyncClient, **ask: Any) -> dict[str, Any]:
    answer = await who.post(PATH, json=ask)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def rows_kept(connection: AsyncConnection) -> dict[str, int]:
    counts = {}
    for table in METADATA.sorted_tables:
        query = text(f"SELECT count(*) FROM {table.schema}.{table.name}")
        counts[table.name] = int((await connection.execute(query)).scalar_one())
    return counts


async def test_facts_and_weights_and_thresholds_change_and_nothing_is_kept(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    run = await begun(office, as_of=DAY)
    path = f"/v1/runs/{run['id']}"
    document = (await office.get(f"{path}/document")).json()
    before = await rows_kept(connection)
    changes = {"facts": [MORE_DONE, STARTED], "scheme": [HEAVIER, STRICTER]}

    found = await asked(office, run_id=run["id"], changes=changes)

    assert part_asked(found["before"], document["groups"]) == document["groups"]
    assert found["after"] != found["before"]
    moved = {unit["unit_id"]: unit for unit in found["movement"]["units"]}
    after = {unit["unit_id"]: unit for group in found["after"] for unit in group["units"]}
    assert moved
    for unit_id, unit in moved.items():
        assert unit["total"] is None or unit["total"][1] == after[unit_id]["total"]
    assert any(light.get("overall") == ["yellow", "red"] for light in found["movement"]["lights"])
    assert after["U01"]["pillars"]["speed"]["weight"] == "40.0000"
    assert await rows_kept(connection) == before
    assert (await office.get(f"{path}/document")).json() == document


async def test_it_is_what_the_command_line_says(office: httpx.AsyncClient) -> None:
    run = await begun(office, as_of=DAY)
    found = await asked(office, run_id=run["id"], changes={"facts": [MORE_DONE]})
    cell = f"progress[project_id=P007,as_of={DAY}].invested_ytd_yuan=5亿元"
    arguments = (GOLDEN / "county", "--as-of", DAY, "--set", cell, "--format", "json")
    said = bairi("what-if", *arguments).document

    for ranking in ("before", "after"):
        assert part_asked(found[ranking], said[ranking]) == said[ranking]
    same = [unit["unit_id"] for unit in said["movement"]["units"]]
    assert [unit["unit_id"] for unit in found["movement"]["units"]] == same


async def test_todays_facts_are_asked_without_a_run(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    before = await rows_kept(connection)
    assert (await asked(office))["movement"]["units"] == []
    found = await asked(
        office, as_of=DAY, scheme="heilongjiang-2021", changes={"facts": [MORE_DONE]}
    )
    assert (found["as_of"], found["scheme"]) == (DAY, "heilongjiang-2021")
    assert await rows_kept(connection) == before


async def test_every_bad_change_is_told_with_its_place(office: httpx.AsyncClient) -> None:
    facts = [
        {**MORE_DONE, "where": {"project_id": "P007", "as_of": "2022-09-31"}},
        {**MORE_DONE, "to": {"invested_ytd_yuan": "许多", "invested": 1}},
        {"change": "remove", "table": "plans", "where": {"project_id": "P007", "year": 1999}},
        {"change": "add", "table": "milestones", "row": {"project_id": "P007"}},
    ]
    changes = {"facts": facts, "scheme": [{"path": "decimals", "value": -1}]}
    answer = await office.post(PATH, json={"as_of": DAY, "changes": changes})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/change-mistake"
    told = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert told == [
        ("#/changes/facts/0/where/as_of", "no_such_date"),
        ("#/changes/facts/1/to/invested_ytd_yuan", "bad_money"),
        ("#/changes/facts/1/to/invested", "unknown_column"),
        ("#/changes/facts/2/where", "no_such_row"),
        ("#/changes/facts/3/row/kind", "missing_value"),
        ("#/changes/scheme/0/value", "scheme"),
    ]


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        (
            {"scheme": [{"path": "pillars.speed.weight", "value": -1}]},
            "#/changes/scheme/0/value",
            "pillars.speed.weight：应大于 0，写的是“-1”",
        ),
        (
            {"scheme": [{"path": "pillars.spee.weight", "value": 1}]},
            "#/changes/scheme/0/path",
            "pillars 里没有“spee”，有：speed、planning、reserve、attraction、environment",
        ),
        (
            {"facts": [{"change": "remove", "table": "units", "where": {"unit_id": "U12"}}]},
            "#/changes/facts/0",
            "“单位”表中没有这个编号",
        ),
        (
            {"scheme": [{"path": "groups", "value": ["others"]}]},
            "#/changes/scheme",
            "台账里有方案没有的组别",
        ),
        ({"facts": [{"change": "set", "table": "plans"}]}, "#/changes/facts/0", "where 和 to"),
        ({"facts": [{**MORE_DONE, "table": "people"}]}, "#/changes/facts/0/table", "应为"),
    ],
)
async def test_what_was_expected_is_said(
    changes: dict[str, Any], pointer: str, said: str, office: httpx.AsyncClient
) -> None:
    answer = await office.post(PATH, json={"as_of": DAY, "changes": changes})

    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["pointer"] == pointer
    assert said in error["detail"]


async def test_a_run_says_all_by_itself(office: httpx.AsyncClient) -> None:
    run = await begun(office, as_of=DAY)
    both = await office.post(PATH, json={"run_id": run["id"], "as_of": DAY})
    assert both.status_code == 422
    assert (await office.post(PATH, json={"run_id": 999_999})).status_code == 404


async def test_what_would_move_a_unit_is_told_to_the_office_and_to_the_unit(
    as_: As, office: httpx.AsyncClient
) -> None:
    path = f"/v1/runs/{(await begun(office, as_of=DAY))['id']}"
    whole = (await office.get(f"{path}/sensitivity")).json()
    said = bairi("sensitivity", GOLDEN / "county", "--as-of", DAY, "--format", "json").document
    assert whole == said

    (u05,) = [unit for unit in whole["units"] if unit["unit_id"] == "U03"]
    answers = {kind["kind"]: kind for kind in u05["kinds"]}
    change = answers["in_production"]["change"]
    found = await asked(office, as_of=DAY, changes={"facts": [change]})
    moved = {unit["unit_id"]: unit for unit in found["movement"]["units"]}
    assert moved["U03"]["rank"] == [u05["rank"], answers["in_production"]["rank"]]

    own = as_("unit", unit_id="U03")
    assert (await own.get(f"{path}/sensitivity")).status_code == 404  # it is a draft
    await office.post(f"{path}/publish")
    mine = (await own.get(f"{path}/sensitivity")).json()
    assert mine["units"] == [u05]
    assert {m["unit_id"] for w in mine["weights"] for m in w["moved"]} <= {"U03"}
    foreign = await own.get(f"{path}/sensitivity", params={"unit_id": "U02"})
    assert foreign.status_code == 404
    assert (await office.get(f"{path}/sensitivity?unit_id=U99")).status_code == 404
