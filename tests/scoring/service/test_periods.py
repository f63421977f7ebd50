"""Quarters and years from stored runs of month ends: which are missing, and who sees which."""

from pathlib import Path
from typing import Any

import httpx

from shared.facts.projects import Unit
from tests.cli.commands.test_entries_of_days import BOOK
from tests.cli.runner import COUNTY, bairi
from tests.registry.clients import REGION
from tests.scoring.service.conftest import As, ledger
from tests.scoring.service.test_runs import begun

THIRD = {"year": 2022, "quarter": 3}
ENDS = ("2022-07-31", "2022-08-31", "2022-09-30")


async def period(client: httpx.AsyncClient, **asked: Any) -> Any:
    answer = await client.get("/v1/periods", params={**THIRD, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_quarter_is_what_the_command_line_says(office: httpx.AsyncClient) -> None:
    made = [await begun(office, as_of=end) for end in (*ENDS, "2022-09-15", "2022-10-31")]
    found = await period(office)
    printed = bairi("periods", COUNTY, "--year", "2022", "--quarter", "3", "--format", "json")

    assert [run["run_id"] for run in found.pop("runs")] == [run["id"] for run in made[:3]]
    not_used = {"as_of": "2022-09-15", "run_id": made[3]["id"], "reason": "not_month_end"}
    assert found.pop("not_used") == [not_used]
    assert found.pop("unmarked") == []
    assert found == printed.document
    assert found["missing"] == []
    assert len(found["groups"][0]["units"][0]["parts"]) == 3


async def test_months_that_were_not_scored_are_told(office: httpx.AsyncClient) -> None:
    await begun(office, as_of=ENDS[1])
    whole = (await office.get("/v1/periods", params={"year": 2022})).json()
    found = await period(office)
    other = await period(office, scheme="yanan-2017")

    assert (found["scored"], found["missing"]) == ([8], [7, 9])
    assert (whole["scored"], len(whole["missing"])) == ([8], 11)
    assert (other["groups"], other["missing"]) == ([], [7, 8, 9])


async def test_months_that_lack_marks_by_hand_are_told(
    office: httpx.AsyncClient, tmp_path: Path
) -> None:
    """With marks of August alone July and September lack them, as the command line says."""
    assert (await office.post("/v1/schemes", json={"text": BOOK})).status_code == 201
    units = [unit.unit_id for unit in ledger("county").rows(Unit)]
    marks = [{"unit_id": unit, "metric": "tour", "value": 50, "reason": "观摩"} for unit in units]
    asked = {"scheme": "own", "day": ENDS[1], "marks": marks}
    assert (await office.post("/v1/entries", json=asked)).status_code == 201
    for end in ENDS:
        await begun(office, as_of=end, scheme="own")
    book, entered = tmp_path / "book.yaml", tmp_path / "entered.csv"
    book.write_text(BOOK, encoding="utf-8")
    rows = "".join(f"mark,{unit},tour,50,观摩,{ENDS[1]}\n" for unit in units)
    entered.write_text(f"kind,unit,metric,value,reason,day\n{rows}", encoding="utf-8")
    given = ("--scheme", book, "--entered", entered, "--format", "json")
    printed = bairi("periods", COUNTY, "--year", "2022", "--quarter", "3", *given)

    found = await period(office, scheme="own")
    assert (found.pop("not_used"), len(found.pop("runs"))) == ([], 3)
    assert found == printed.document
    assert {(lacking["month"], lacking["metric"]) for lacking in found["unmarked"]} == {
        (7, "tour"),
        (9, "tour"),
    }


async def test_most_see_published_runs_only_and_nobody_those_of_others(
    as_: As, office: httpx.AsyncClient
) -> None:
    runs = [await begun(office, as_of=end) for end in ENDS]
    await office.post(f"/v1/runs/{runs[0]['id']}/publish")

    seen = {role: await period(as_(role)) for role in ("inspector", "unit", "viewer")}
    above = await period(as_("office", region=""), office=REGION)
    own = await period(as_("office", region=""))
    beside = as_("office", region="990102")
    refused = await beside.get("/v1/periods", params={**THIRD, "office": REGION})

    assert {role: found["missing"] for role, found in seen.items()} == {
        "inspector": [],
        "unit": [8, 9],
        "viewer": [8, 9],
    }
    assert (above["missing"], own["missing"]) == ([], [7, 8, 9])
    assert refused.status_code == 404


async def test_what_cannot_be_asked_is_told(office: httpx.AsyncClient) -> None:
    async def status(**asked: Any) -> int:
        return (await office.get("/v1/periods", params=asked)).status_code

    assert await status() == 422
    assert await status(year=2022, quarter=5) == 422
    assert await status(year=1949) == 422
    assert await status(year=2022, scheme="nobodys-2022") == 404
