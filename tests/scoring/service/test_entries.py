"""Targets and marks over HTTP: what a run takes, what it keeps of it, and what is refused."""

from datetime import date
from fractions import Fraction
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries, ManualEntry
from services.scoring.entries.service import entries_digest
from services.scoring.execution.run import score_facts
from services.scoring.runs import rules
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from tests.scoring.service.conftest import As, ledger
from tests.scoring.service.test_runs import DAY, begun

YANAN = "yanan-2017"
WHO = "the office"
MARK = {"unit_id": "U01", "metric": "start_ceremonies", "value": "2", "reason": "3月和6月各一次"}
TARGET = {"unit_id": "U02", "metric": "investment_this_month", "value": 0.95}


async def entered(office: httpx.AsyncClient, day: str = DAY, **given: Any) -> Any:
    ask = {"scheme": YANAN, "day": day, **given}
    answer = await office.post("/v1/entries", json=ask)
    assert answer.status_code == 201, answer.text
    return answer.json()["items"]


async def run(office: httpx.AsyncClient, **ask: Any) -> dict[str, Any]:
    return await begun(office, scheme=YANAN, **ask)


async def document(office: httpx.AsyncClient, run: dict[str, Any]) -> str:
    return (await office.get(f"/v1/runs/{run['id']}/document")).text


async def test_what_runs_before_entries_took_is_called_as_nothing_is_now(
    office: httpx.AsyncClient, connection: AsyncConnection
) -> None:
    await run(office)
    rows = await connection.execute(text("SELECT digest FROM scoring.entered"))
    assert rows.all() == [(entries_digest(NO_ENTRIES),)]


async def test_a_run_takes_what_stands_and_is_the_command_lines_to_the_byte(
    office: httpx.AsyncClient,
) -> None:
    without = await run(office)
    await entered(office, marks=[MARK], targets=[TARGET])
    taken = await run(office)

    scheme, facts = find_scheme(YANAN), ledger("county")
    given = ManualEntries(
        {"U02": {"investment_this_month": ManualEntry(Fraction(19, 20), "", WHO)}},
        {"U01": {"start_ceremonies": ManualEntry(Fraction(2), "3月和6月各一次", WHO)}},
    )
    result = score_facts(facts, scheme, resolve_lights(scheme), date.fromisoformat(DAY), given)
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}

    assert taken["id"] != without["id"]
    assert taken["entered_digest"] == entries_digest(given) != without["entered_digest"]
    assert await document(office, taken) == rules.serialize_result(result, names)
    assert await document(office, without) != await document(office, taken)


async def test_a_run_keeps_what_it_took_and_explains_it(office: httpx.AsyncClient) -> None:
    await entered(office, marks=[MARK], targets=[TARGET])
    taken = await run(office)
    await entered(office, marks=[{**MARK, "value": 7}])
    path = f"/v1/runs/{taken['id']}"

    explained = (await office.get(f"{path}/units/U01")).json()
    target = (await office.get(f"{path}/units/U02")).json()["metrics"]["investment_this_month"]

    assert (await office.post(f"{path}/repeat")).json()["same"]
    mark = {"value": "2", "reason": "3月和6月各一次", "who": WHO}
    assert explained["metrics"]["start_ceremonies"]["mark"] == mark
    assert explained["metrics"]["start_ceremonies"]["numerator"] == 2
    assert target["target"] == {"value": "19/20", "reason": "", "who": WHO}
    assert (await run(office))["id"] != taken["id"]


async def test_a_mark_is_for_its_day_and_a_target_from_its_day_on(
    office: httpx.AsyncClient,
) -> None:
    """2022-09-30 and 2022-10-31 are month ends; the mark is of the first alone."""
    days = ["2022-08-31", "2022-09-30", "2022-10-31"]
    await entered(office, "2022-09-30", marks=[MARK], targets=[TARGET])
    await entered(office, "2022-10-31", targets=[{**TARGET, "value": "0.97"}])
    standing = {}
    for day in days:
        asked = {"scheme": YANAN, "standing_on": day}
        items = (await office.get("/v1/entries", params=asked)).json()["items"]
        standing[day] = [(item["kind"], item["value"]) for item in items]

    assert standing == {
        "2022-08-31": [],
        "2022-09-30": [("target", "0.95"), ("mark", "2")],
        "2022-10-31": [("target", "0.97")],
    }


async def test_what_is_taken_back_is_gone_and_the_run_is_the_first_again(
    office: httpx.AsyncClient,
) -> None:
    without = await run(office)
    await entered(office, marks=[MARK])
    taken = await run(office)
    await entered(office, marks=[{**MARK, "value": None, "reason": "重复计入"}])

    assert (await run(office))["id"] == without["id"] != taken["id"]
    items = (await office.get("/v1/entries", params={"scheme": YANAN})).json()["items"]
    assert [(item["value"], item["reason"]) for item in items] == [
        ("2", "3月和6月各一次"),
        (None, "重复计入"),
    ]
    trail = (await office.get("/v1/audit")).json()["items"]
    told = [(row["action"], row["after"]["value"]) for row in trail if "entered" in row["action"]]
    assert told == [("mark.entered", "2"), ("mark.entered", None)]


async def test_other_schemes_do_not_take_it(office: httpx.AsyncClient) -> None:
    usual = await begun(office)
    await entered(office, targets=[TARGET])

    assert (await begun(office))["id"] == usual["id"]


async def test_every_mistake_is_told_at_its_item_and_nothing_is_entered(
    office: httpx.AsyncClient,
) -> None:
    ask = {
        "scheme": YANAN,
        "day": DAY,
        "targets": [TARGET, {"unit_id": "U99", "metric": "start_rat", "value": "much"}],
        "marks": [
            {**MARK, "metric": "investment_completion"},
            {**MARK, "reason": " "},
            MARK,
            MARK,
            {**MARK, "unit_id": "U03", "value": "1e30"},
        ],
    }
    answer = await office.post("/v1/entries", json=ask)
    english = await office.post("/v1/entries", json=ask, headers={"accept-language": "en"})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/entered-mistake"
    assert [(error["pointer"], error["detail"]) for error in answer.json()["errors"]] == [
        ("#/targets/1/unit_id", "台账里没有单位“U99”"),
        ("#/targets/1/metric", "没有名为“start_rat”的指标"),
        ("#/targets/1/value", "应为数，最多 12 位小数"),
        ("#/marks/0/metric", "“investment_completion”按台账计算，不能打分"),
        ("#/marks/1/reason", "打分要写理由"),
        ("#/marks/3", "U01 的“start_ceremonies”写了两次"),
        ("#/marks/4/value", "应为数，最多 12 位小数"),
    ]
    assert english.json()["errors"][0]["detail"] == "expected: a unit of the region"
    everything = await office.get("/v1/entries", params={"scheme": YANAN})
    assert everything.json()["items"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2022-13-01"},
        {"day": DAY, "scheme": "A"},
        {"day": DAY, "marks": [{"unit_id": "U01"}]},
    ],
)
async def test_what_is_no_entry_is_told(wrong: dict[str, Any], office: httpx.AsyncClient) -> None:
    answer = await office.post("/v1/entries", json=wrong)
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)


async def test_a_unit_reads_its_own_and_another_county_none(
    as_: As, office: httpx.AsyncClient
) -> None:
    await entered(office, marks=[MARK], targets=[TARGET])
    asked = {"scheme": YANAN}
    own = await as_("unit", unit_id="U02").get("/v1/entries", params=asked)
    foreign = await as_("office", region="990102").get("/v1/entries", params=asked)
    other = await as_("unit", unit_id="U02").get("/v1/entries", params={**asked, "unit_id": "U01"})
    above = as_("office", region="9901")
    target = {**TARGET, "unit_id": f"990101:{TARGET['unit_id']}", "value": 1}
    ask = {"scheme": YANAN, "day": DAY, "region": "9901", "targets": [target]}
    wider = await above.post("/v1/entries", json=ask)

    assert [item["unit_id"] for item in own.json()["items"]] == ["U02"]
    assert foreign.json()["items"] == []
    assert other.status_code == 404
    assert wider.json()["items"][0]["region"] == "9901"
    assert len((await office.get("/v1/entries", params=asked)).json()["items"]) == 2
