"""Jobs: there if and only if the write was committed, done once, and again where a worker died."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from sqlalchemy import text

from shared.database import jobs
from shared.database.jobs import Job, WorkerConfig
from shared.database.jobs_tables import create_statements
from shared.database.migrations import migrate_schema
from shared.database.sessions import Sessions, create_sessions
from shared.logs import REQUEST_ID
from tests.paths import ROOT
from tests.polling import until
from tests.shared.database.trial_jobs import RAN, SOON, After, never, nothing, trial


@dataclass(frozen=True)
class Place:
    """A schema with a queue and a table of what ran."""

    url: str
    schema: str
    sessions: Sessions

    async def enqueue(self, *names: str) -> None:
        async with self.sessions.begin() as session:
            for name in names:
                await jobs.enqueue_job(session, self.schema, "note", {"name": name}, key=name)

    async def ask(self, query: str) -> list[Any]:
        async with self.sessions.begin() as session:
            asked = text(query.format(schema=self.schema))
            return [*map(tuple, await (await session.connection()).execute(asked))]

    async def ran(self) -> list[str]:
        return [name for (name,) in await self.ask("SELECT name FROM {schema}.ran ORDER BY at")]

    async def is_idle(self) -> bool:
        return await self.ask("SELECT count(*) FROM {schema}.jobs") == [(0,)]

    @asynccontextmanager
    async def worker(self, after: After = nothing, **changed: Any) -> AsyncIterator[asyncio.Event]:
        """A worker with connections of its own; it is stopped in the end, and waited for."""
        stopped = asyncio.Event()
        async with jobs.open_worker_sessions(self.url) as sessions:
            work: WorkerConfig = replace(trial(sessions, self.schema, after), **changed)
            running = asyncio.create_task(jobs.run_worker(work, stopped, heartbeat=SOON))
            try:
                yield stopped
            finally:
                stopped.set()
                await running


@pytest.fixture
async def place(server: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(jobs, "POLL_INTERVAL", SOON)
    made = Place(server, f"trial_{uuid4().hex[:12]}", create_sessions(server))
    created = ["CREATE SCHEMA {schema}", RAN]
    async with made.sessions.begin() as session:
        for statement in [each.format(schema=made.schema) for each in created]:
            await (await session.connection()).execute(text(statement))
        for statement in create_statements(made.schema):
            await (await session.connection()).execute(text(statement))
    yield made
    await made.sessions.kw["bind"].dispose()


async def test_a_job_whose_write_was_rolled_back_never_runs(place: Place) -> None:
    class Undone(Exception):
        pass

    async def ask_and_fail() -> None:
        async with place.sessions.begin() as session:
            await jobs.enqueue_job(session, place.schema, "note", {"name": "undone"}, key="undone")
            raise Undone

    with pytest.raises(Undone):
        await ask_and_fail()
    await place.enqueue("done")
    async with place.worker():
        await until(place.is_idle)
    assert await place.ran() == ["done"]
    logged = await place.ask("SELECT status::text FROM {schema}.jobs_log ORDER BY id")
    assert logged == [("queued",), ("picked",), ("successful",)]


async def test_of_two_workers_one_does_each_job(place: Place) -> None:
    names = [f"job {number:02}" for number in range(40)]
    async with place.worker(), place.worker():
        await place.enqueue(*names)
        await until(place.is_idle)
    assert sorted(await place.ran()) == names


async def test_a_job_that_waits_is_not_asked_for_twice(place: Place) -> None:
    await place.enqueue("same", "same")
    await place.enqueue("same", "other")
    async with place.worker():
        await until(place.is_idle)
        await place.enqueue("same")
        await until(place.is_idle)
    assert sorted(await place.ran()) == ["other", "same", "same"]


async def test_what_a_killed_worker_had_begun_the_next_one_does(place: Place) -> None:
    await place.enqueue("begun")
    command = [sys.executable, "-m", "tests.shared.database.trial_jobs", place.url, place.schema]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    await until(place.ran)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with place.worker():
        await until(place.is_idle, within=20)
    by = await place.ask("SELECT pid FROM {schema}.ran ORDER BY at")
    assert by == [(process.pid,), (os.getpid(),)]


async def test_what_runs_when_the_worker_stops_is_finished(place: Place) -> None:
    finish = asyncio.Event()

    async def slow(_: Job) -> None:
        await finish.wait()

    await place.enqueue("slow")
    async with place.worker(slow) as stopped:
        await until(place.ran)
        stopped.set()
        assert not await place.is_idle()
        finish.set()
    assert await place.is_idle()
    assert await place.ran() == ["slow"]


async def test_what_does_not_finish_in_time_is_given_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "STOP_GRACE_SECONDS", 0.05)
    await place.enqueue("endless")
    async with place.worker(never):
        await until(place.ran)
    given_back = await place.ask("SELECT status::text, attempts FROM {schema}.jobs")
    assert given_back == [("queued", 1)]
    async with place.worker():
        await until(place.is_idle)
    assert await place.ran() == ["endless", "endless"]


async def test_a_job_that_fails_is_tried_again(place: Place) -> None:
    seen: list[Job] = []

    async def fail_first(job: Job) -> None:
        seen.append(job)
        if len(seen) == 1:
            raise RuntimeError("the other service is away")

    await place.enqueue("restless")
    async with place.worker(fail_first):
        await until(place.is_idle)
    assert seen == [Job({"name": "restless"})] * 2


async def test_the_last_attempt_knows_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MAX_RETRIES", 0)
    seen: list[bool] = []

    async def fail(job: Job) -> None:
        seen.append(job.is_last)
        raise RuntimeError("for ever")

    await place.enqueue("hopeless")
    async with place.worker(fail):
        await until(place.is_idle)
    assert seen == [True]


async def test_a_worker_comes_back_when_the_database_does(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All connections of the worker are cut; it asks again, and does what came meanwhile."""
    monkeypatch.setattr(jobs, "FIRST_RETRY_DELAY", 0.05)
    cut = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND query LIKE '%{schema}%'"""
    async with place.worker():
        await place.enqueue("before")
        await until(place.is_idle)
        assert await until(lambda: place.ask(cut))
        await place.enqueue("after")
        await until(place.is_idle)
    assert await place.ran() == ["before", "after"]


async def test_a_schedule_is_not_doubled_by_two_workers(place: Place) -> None:
    """Every second; what asked for the jobs is counted, as jobs of one key would hide the rest."""
    each_second: dict[str, Any] = {"schedules": {"note": "* * * * * *"}}
    asked = """
        SELECT count(*), extract(epoch FROM max(created) - min(created))::float
        FROM {schema}.jobs_log WHERE status = 'queued'"""

    async def five() -> list[Any]:
        return [row for row in await place.ask(asked) if row[0] >= 5]

    async with place.worker(**each_second), place.worker(**each_second):
        ((ticks, seconds),) = await until(five)
    assert ticks <= seconds + 2


async def test_what_is_to_be_done_at_the_start_is_asked_for_then(place: Place) -> None:
    async with place.worker(at_start=("note",)):
        await until(place.ran)
    assert len(await place.ran()) == 1


async def test_a_job_carries_the_id_of_the_request_that_asked(place: Place) -> None:
    seen = []

    async def look(_: Job) -> None:
        seen.append(REQUEST_ID.get())

    before = REQUEST_ID.set("request-7")
    await place.enqueue("told")
    REQUEST_ID.reset(before)
    async with place.worker(look):
        await until(place.is_idle)
    assert seen == ["request-7"]


@pytest.mark.parametrize("service", ["registry", "scoring", "notifier"])
async def test_the_queue_is_content_with_the_tables_that_migrations_made(
    service: str, server: str
) -> None:
    await migrate_schema(server, service)
    sessions = create_sessions(server)
    async with sessions.kw["bind"].connect() as connection:
        opened = (await connection.get_raw_connection()).driver_connection
        plan = await jobs.build_queue(AsyncpgDriver(opened), service).plan_upgrade()
    assert plan.statements == ()
    await sessions.kw["bind"].dispose()
