"""Quarters and years from stored runs of month ends: which are missing, and who sees which."""

from typing import Any

import httpx

from tests.cli.runner import COUNTY, bairi
from tests.registry.clients import REGION
from tests.scoring.service.conftest import As
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
