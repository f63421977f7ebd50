"""Months are run by themselves, once each, and those that were missed are made up for."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.scoring.registry_client import RegistryClient
from services.scoring.runs.rules import RunDates, month_ends_due
from services.scoring.runs.service import RunSources
from services.scoring.runs.worker import run_months
from services.scoring.settings import MonthlyRuns, Settings
from services.scoring.worker import RUN_MONTHS, build_worker_config
from shared import clock
from shared.calendar import ONE_DAY, last_month_end
from shared.database.jobs import Job
from shared.database.sessions import Sessions
from shared.http.facts_client import RegistryAway
from tests.registry.clients import REGION
from tests.scoring.service.registry import Registry
from tests.scoring.service.test_facts import unreachable

THURSDAY = date(2022, 12, 1)
JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (
    date(2022, 6, 30),
    date(2022, 7, 31),
    date(2022, 8, 31),
    date(2022, 9, 30),
    date(2022, 10, 31),
    date(2022, 11, 30),
)


@pytest.mark.parametrize(
    ("today", "ran", "due"),
    [
        (THURSDAY, [], [NOVEMBER]),
        (NOVEMBER, [], [OCTOBER]),  # the day itself is not over
        (THURSDAY, [(NOVEMBER, THURSDAY)], []),
        (THURSDAY, [(NOVEMBER, NOVEMBER)], [NOVEMBER]),  # reports were still to come
        (THURSDAY, [(AUGUST, SEPTEMBER)], [SEPTEMBER, OCTOBER, NOVEMBER]),
        (
            THURSDAY,
            [(JULY, AUGUST), (OCTOBER, NOVEMBER), (date(2022, 11, 15), THURSDAY)],
            [AUGUST, SEPTEMBER, NOVEMBER],
        ),
        (date(2023, 7, 3), [(JUNE, JULY)], [date(2023, 6, 30)]),  # a year ago is not made up for
    ],
)
def test_the_month_ends_that_wait(today: date, ran: list[RunDates], due: list[date]) -> None:
    assert month_ends_due(today, ran) == due


async def runs_of(office: httpx.AsyncClient) -> list[tuple[Any, ...]]:
    items = (await office.get("/v1/runs")).json()["items"]
    return [(run["as_of"], run["region"], run["created_by"]) for run in items]


async def test_the_last_month_is_run_once_however_often_it_is_asked_for(
    office: httpx.AsyncClient, sessions: Sessions, registry: Registry
) -> None:
    """A region without units has nobody to rank."""
    monthly = MonthlyRuns(regions=("990199", REGION))
    async with registry.reader() as http:
        for _ in range(2):
            await run_months(
                sessions, RunSources(sessions.begin, RegistryClient(http)), monthly, Job({})
            )
    day = last_month_end(clock.today() - ONE_DAY)

    assert await runs_of(office) == [(day.isoformat(), REGION, "scoring")]
    trail = (await office.get("/v1/audit")).json()["items"]
    assert [(row["action"], row["who"]) for row in trail] == [("run.stored", "scoring")]


async def test_months_since_the_first_are_made_up_for(
    office: httpx.AsyncClient, sessions: Sessions, registry: Registry
) -> None:
    last = last_month_end(clock.today() - ONE_DAY)
    middle = last_month_end(last - ONE_DAY)
    first = last_month_end(middle - timedelta(days=1))
    await office.post("/v1/runs", json={"as_of": first.isoformat()})
    async with registry.reader() as http:
        monthly = MonthlyRuns(regions=(REGION,))
        await run_months(
            sessions, RunSources(sessions.begin, RegistryClient(http)), monthly, Job({})
        )

    assert [day for day, _, _ in await runs_of(office)] == [
        day.isoformat() for day in (first, middle, last)
    ]


async def test_a_registry_that_is_away_leaves_the_job_to_be_tried_again(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    silent = httpx.MockTransport(unreachable)
    async with httpx.AsyncClient(transport=silent, base_url="http://registry") as http:
        with pytest.raises(RegistryAway):
            await run_months(
                sessions, RunSources(sessions.begin, RegistryClient(http)), MonthlyRuns(), Job({})
            )
    assert await runs_of(office) == []


def settings(**also: str) -> Settings:
    usual = {"database_url": "-", "jwks": "-", "registry_url": "http://r", "registry_token": "-"}
    return Settings.model_validate({**usual, **also})


async def test_the_settings_say_of_which_regions_by_what_and_when(sessions: Sessions) -> None:
    usual = settings()
    chosen = settings(
        monthly_regions="990101,990102", monthly_scheme="yanan-2017", monthly_cron="0 3 5 * *"
    )
    assert usual.months == MonthlyRuns()
    assert chosen.months == MonthlyRuns(("990101", "990102"), "yanan-2017", "0 3 5 * *")
    assert settings(monthly="false").months is None
    for wrong in ({"monthly_regions": "990101;990102"}, {"monthly_cron": "monthly"}):
        with pytest.raises(ValueError, match="monthly_"):
            settings(**wrong)

    async with httpx.AsyncClient() as http:
        by_day, never = (
            build_worker_config(sessions, http, chosen.months),
            build_worker_config(sessions, http, None),
        )
    assert by_day.schedules[RUN_MONTHS] == "0 3 5 * *"
    assert by_day.at_start == (RUN_MONTHS,)
    assert RUN_MONTHS not in {**never.handlers, **never.schedules}
