"""`Idempotency-Key`: sent again is answered again, and done once."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from services.registry.worker import build_worker_config
from shared.clock import now
from shared.database.accounts import EMBEDDED_ACCOUNT
from shared.database.jobs import Job
from shared.database.outbox import begin_write
from shared.database.sessions import Sessions, create_sessions
from shared.http.tokens import Caller, Issuer, Role
from shared.retention import ANSWER_RETENTION, CLEAN_JOB
from tests.paths import GOLDEN
from tests.registry.clients import REGION, As, imported, speaking, zipped

PAUSES = "/v1/projects/P024/pauses"
PAUSE = {"from_on": "2022-11-01", "reason": "冬季停工"}
KEY = {"idempotency-key": "0f8fad5b-d9cb-469f"}


async def test_the_kept_answer_is_given_again(office: httpx.AsyncClient, as_: As) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    first = await office.post(PAUSES, json=PAUSE, headers=KEY)
    second = await office.post(PAUSES, json=PAUSE, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    listed = (await office.get(PAUSES)).json()["items"]
    assert sum(row["from_on"] == "2022-11-01" for row in listed) == 1

    other = await office.post(PAUSES, json=PAUSE | {"reason": "雨季"}, headers=KEY)
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/key-used-for-another"
    elsewhere = await office.post("/v1/funds", json={}, headers=KEY)
    assert elsewhere.status_code == 422

    stranger = as_("viewer")
    assert (await stranger.post(PAUSES, json=PAUSE, headers=KEY)).status_code == 403


async def test_an_answer_is_not_kept_for_whoever_has_another_role_now(
    office: httpx.AsyncClient, registry: FastAPI, issuer: Issuer
) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    first = await office.post(PAUSES, json=PAUSE, headers=KEY)
    assert first.status_code == 201
    refusals = [
        (Role.viewer, REGION, "/problems/forbidden"),
        (Role.office, "990102", "/problems/key-used-for-another"),
    ]
    for role, region, refusal in refusals:
        moved = Caller("the office", role, region)  # the same person, with another token
        token = issuer.issue(moved, now=now(), lasts=timedelta(hours=1))
        headers = KEY | {"authorization": f"Bearer {token}"}
        again = await office.post(PAUSES, json=PAUSE, headers=headers)
        assert again.json()["type"] == refusal


async def test_a_request_that_failed_may_be_tried_again(office: httpx.AsyncClient) -> None:
    assert (await office.post(PAUSES, json=PAUSE, headers=KEY)).status_code == 404
    await imported(office, zipped(GOLDEN / "county"))
    assert (await office.post(PAUSES, json=PAUSE, headers=KEY)).status_code == 201


async def test_an_upload_is_kept_by_its_bytes(office: httpx.AsyncClient) -> None:
    body = b'--b\r\ncontent-disposition: form-data; name="file"; filename="l.zip"\r\n\r\nx\r\n--b--'
    headers = KEY | {"content-type": "multipart/form-data; boundary=b"}
    first = await office.post("/v1/imports", content=body, headers=headers)
    second = await office.post("/v1/imports", content=body, headers=headers)
    assert first.status_code == 201, first.text
    assert first.json() == second.json()


async def test_while_it_runs_the_same_request_is_told_so(
    committing: Callable[[], FastAPI], issuer: Issuer, url: str
) -> None:
    """Another connection has the turn of the office, so that the first request still runs."""
    office = speaking(committing(), issuer)("office")
    await imported(office, zipped(GOLDEN / "county"))
    holder = create_sessions(url.replace("@/postgres", "@/lasting"))
    async with holder.begin() as session:
        await begin_write(session, "registry", REGION)
        running = asyncio.create_task(office.post(PAUSES, json=PAUSE, headers=KEY))
        await asyncio.sleep(0.5)
        answer = await office.post(PAUSES, json=PAUSE, headers=KEY)
        assert answer.json()["type"] == "/problems/still-running"
    assert (await running).status_code == 201
    await holder.kw["bind"].dispose()


async def test_kept_answers_are_cleared_after_a_week(
    office: httpx.AsyncClient, sessions: Sessions
) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    assert (await office.post(PAUSES, json=PAUSE, headers=KEY)).status_code == 201
    clean = build_worker_config(sessions).handlers[CLEAN_JOB]

    await clean(Job({}))
    again = await office.post(PAUSES, json=PAUSE | {"reason": "雨季"}, headers=KEY)
    assert again.json()["type"] == "/problems/key-used-for-another"

    async with sessions.begin() as session:
        old = text(f"UPDATE registry.answers SET at = at - interval '{ANSWER_RETENTION.days} days'")
        for statement in (text("RESET ROLE"), old, text(f"SET ROLE {EMBEDDED_ACCOUNT}")):
            await (await session.connection()).execute(statement)
    await clean(Job({}))
    again = await office.post(PAUSES, json=PAUSE | {"reason": "雨季"}, headers=KEY)
    assert again.status_code == 201, again.text
