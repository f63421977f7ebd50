"""The sweep of the day by itself: when the worker starts, and at its time."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.notifier.letters.schemas import LetterDue
from services.notifier.letters.service import PRINT_JOB
from services.notifier.worker import SWEEP, build_worker_config
from shared import clock
from shared.database import jobs
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from shared.retention import CLEAN_JOB
from tests.notifier.letters.conftest import OFFICE, NotifierWith
from tests.polling import until
from tests.registry.clients import REGION, speaking

TODAY_ONLY = replace(OFFICE, any_day=False, region=REGION)
Others = tuple[httpx.AsyncClient, httpx.AsyncClient]


async def logged(sessions: Sessions) -> list[Any]:
    async with sessions.begin() as session:
        query = text(
            "SELECT 1 FROM notifier.jobs_log WHERE entrypoint = 'sweep' AND status = 'successful'"
        )
        return list(await (await session.connection()).execute(query))


async def test_what_is_due_today_goes_out_when_the_worker_starts(
    sessions: Sessions, notifier_with: NotifierWith, issuer: Issuer, others: Others
) -> None:
    office = speaking(notifier_with(TODAY_ONLY), issuer)("office")
    today = clock.today().isoformat()
    due = (await office.post("/v1/preview", params={"on": today})).json()["letters"]

    async with jobs.run_workers([build_worker_config(sessions, *others, TODAY_ONLY)]):
        await until(lambda: logged(sessions))

    letters = (await office.get("/v1/letters", params={"limit": 200})).json()["items"]
    assert [{name: letter[name] for name in LetterDue.model_fields} for letter in letters] == due


async def test_the_day_is_swept_at_its_time_and_again_adds_nothing(
    sessions: Sessions, notifier_with: NotifierWith, issuer: Issuer, others: Others
) -> None:
    each_second = build_worker_config(
        sessions, *others, replace(TODAY_ONLY, sweep_cron="* * * * * *")
    )

    async def thrice() -> bool:
        return len(await logged(sessions)) >= 3

    async with jobs.run_workers([each_second]):
        await until(thrice)
    office = speaking(notifier_with(TODAY_ONLY), issuer)("office")
    letters = (await office.get("/v1/letters", params={"limit": 200})).json()["items"]
    identities = {(each["kind"], each["project_id"], each["about"]) for each in letters}
    assert len(identities) == len(letters)


def test_where_other_days_may_be_swept_nothing_goes_out_by_itself(
    sessions: Sessions, others: Others
) -> None:
    shown = build_worker_config(sessions, *others, OFFICE)
    assert set(shown.handlers) == set(shown.schedules) == {CLEAN_JOB, PRINT_JOB}
    assert shown.at_start == (PRINT_JOB,)
    real = build_worker_config(sessions, *others, TODAY_ONLY)
    assert (real.schedules[SWEEP], real.at_start) == ("30 0 * * *", (PRINT_JOB, SWEEP))


@pytest.mark.parametrize("wrong", ["soon", "61 * * * *", ""])
def test_a_time_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="cron"):
        jobs.validate_cron(wrong)
