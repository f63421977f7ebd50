"""What a unit reports of itself: nobody's figures know it until the office accepts it.

Nine billion, a sum that falls, a date of next year, a start before its permit.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from unittest.mock import patch

import httpx

from services.cli.server.all_in_one import SERVICE_NAMES
from shared import clock
from shared.http.tokens import Issuer
from tests.databases import database
from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, zipped
from tests.together.system import LETTERHEAD, all_items, answer, opened, taken_over

TODAY, DAY, SWEEP_DAY = date(2022, 10, 8), "2022-09-30", "2022-10-17"
UNIT, DOUBTED, STARTED = "U12", "P024", "P031"
BILLIONS, IMPORTED, BEFORE_IT = 9_000_000_000, 24_960_000, 7_200_000
Report = tuple[str, dict[str, Any], list[str]]
# Where, what, and the doubts; P018 has reported 7,200,000 for the end of August.
REPORTS: tuple[Report, ...] = (
    (
        f"projects/{DOUBTED}/progress/{DAY}",
        {"invested_ytd_yuan": BILLIONS},
        ["ytd_above_total", "ytd_above_plan", "above_later"],
    ),
    (f"projects/P018/progress/{DAY}", {"invested_ytd_yuan": 1_000_000}, ["below_earlier"]),
    (
        f"projects/{STARTED}/progress/2023-09-30",
        {"invested_ytd_yuan": 1_000_000},
        ["date_in_future"],
    ),
    (
        f"projects/{STARTED}/milestones/started",
        {"planned_on": "2022-03-31", "actual_on": "2022-09-20"},
        ["started_without_permit"],
    ),
)


@dataclass(frozen=True)
class Figures:
    """What the services say: the facts, a new run, its explanation and lights, letters due."""

    facts: Mapping[str, str]
    digest: str
    ranking: Any
    explained: Any
    lights: Any
    letters: Any

    @property
    def invested(self) -> int:
        numerator: int = self.explained["metrics"]["investment_completion"]["numerator"]
        return numerator


@asynccontextmanager
async def county(server: str, issuer: Issuer) -> AsyncIterator[As]:
    """A house with the golden county on a day of October 2022; one project lacks its permit."""
    async with (
        database(server, "reported", *SERVICE_NAMES) as url,
        opened(url, issuer) as as_,
    ):
        office = as_("office")
        await taken_over(office, zipped(GOLDEN / "county"))
        await answer(office, "PUT", f"/registry/v1/offices/{REGION}", json=LETTERHEAD)
        permit = f"/registry/v1/projects/{STARTED}/permits/construction_permit"
        await answer(office, "PUT", permit, json={"needed": True})
        with patch.object(clock, "today", return_value=TODAY):
            yield as_


async def facts_known(office: httpx.AsyncClient, known_at: str) -> dict[str, str]:
    """The tables of facts as known at a moment."""
    asked = {"params": {"known_at": known_at}, "headers": {"accept": "application/x-ndjson"}}
    tables = (await answer(office, "GET", "/registry/v1/facts"))["tables"]
    return {
        name: (await office.get(f"/registry/v1/facts/{name}", **asked)).text  # type: ignore[arg-type]
        for name in tables
    }


async def settled(office: httpx.AsyncClient) -> str:
    moment: str = (await answer(office, "GET", "/registry/v1/facts"))["known_at"]
    return moment


async def figures(office: httpx.AsyncClient) -> Figures:
    run = await answer(office, "POST", "/scoring/v1/runs", json={"as_of": DAY})
    path = f"/scoring/v1/runs/{run['id']}"
    due = await answer(office, "POST", "/notifier/v1/preview", params={"on": SWEEP_DAY})
    explained = await answer(office, "GET", f"{path}/units/{UNIT}")
    return Figures(
        await facts_known(office, await settled(office)),
        run["facts_digest"],
        (await answer(office, "GET", f"{path}/ranking"))["groups"],
        {name: explained[name] for name in ("rank", "total", "pillars", "metrics")},
        [{**each, "run_id": None} for each in await all_items(office, f"{path}/lights")],
        due["letters"],
    )


def light_of(said: Figures, project: str) -> Any:
    (light,) = [each for each in said.lights if each["project_id"] == project]
    return light


async def report(unit: httpx.AsyncClient, path: str, fact: dict[str, Any]) -> dict[str, Any]:
    """Send a figure over the record that is there, if any; the report that waits."""
    tag = (await unit.get(f"/registry/v1/{path}")).headers.get("etag")
    headers = {"if-match": tag} if tag else {}
    sent = await unit.put(f"/registry/v1/{path}", json=fact, headers=headers)
    assert sent.status_code == 202, sent.text
    found: dict[str, Any] = sent.json()
    return found


async def test_nothing_counts_before_it_is_accepted_and_from_then_on_it_does(
    server: str, issuer: Issuer
) -> None:
    async with county(server, issuer) as as_:
        office, unit = as_("office"), as_("unit", unit_id=UNIT)
        before, moment = await figures(office), await settled(office)

        waiting = [await report(unit, path, fact) for path, fact, _ in REPORTS]

        doubts = [[doubt["code"] for doubt in each["findings"]] for each in waiting]
        assert doubts == [expected for *_, expected in REPORTS]
        assert await figures(office) == before

        decisions = [{"report_id": each["id"], "decision": "accept"} for each in waiting]
        form = {"decisions": decisions}
        path = "/registry/v1/reports/decisions"
        assert (await answer(office, "POST", path, json=form))["accepted"] == len(REPORTS)

        after = await figures(office)
        assert after.digest != before.digest
        assert after.invested == before.invested + BILLIONS - IMPORTED + 1_000_000 - BEFORE_IT
        assert after.ranking != before.ranking
        # A start moves what is counted from it: the project's pooling is not late any more.
        assert [light_of(said, STARTED)["overall"] for said in (before, after)] == ["red", "yellow"]
        # What was known before stays what it was.
        assert await facts_known(office, moment) == before.facts
