"""Background jobs: queued in the caller's own transaction, done by workers, at least once.

A job exists if and only if the write that queued it was committed. A worker that is killed
leaves its jobs to the next one, so whatever a job does must be safe to do again. Schedules only
ask for jobs: of several workers one asks at each tick. The queue is pgqueuer's, in the service's
schema.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pgqueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.domain import models
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.sessions import (
    OF_WORKERS,
    Sessions,
    begin_driver_transaction,
    create_sessions,
)
from shared.logs import REQUEST_ID

HEARTBEAT = timedelta(seconds=20)  # a worker that is silent for so long has lost its jobs
MAX_CONCURRENT_JOBS = 4  # jobs of a worker
WORKER_CONNECTIONS = (
    1 + 2 * MAX_CONCURRENT_JOBS
)  # one to listen; a job may write, and meanwhile report its progress
POLL_INTERVAL = timedelta(seconds=5)  # between looks for jobs without a notification
MAX_RETRIES = 7  # after the first, 1, 2, 4 … seconds apart
STOP_GRACE_SECONDS = 20.0  # seconds that running jobs have left when the worker is to stop
FIRST_RETRY_DELAY, MAX_RETRY_DELAY = (
    1.0,
    30.0,
)  # seconds between losing the database and asking for it
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A job that runs. `is_last`: if this attempt fails, there will be no other."""

    payload: Mapping[str, Any]
    is_last: bool = False


JobHandler = Callable[[Job], Awaitable[None]]


@dataclass(frozen=True)
class WorkerConfig:
    """The work of a schema's workers: handlers by the name of their job.

    `schedules` are the times at which a job is queued, as cron in UTC: 0:30 there is 8:30 in China.
    `at_start` names the jobs that every worker queues when it begins.
    """

    sessions: Sessions
    schema: str
    handlers: Mapping[str, JobHandler]
    schedules: Mapping[str, str] = field(default_factory=dict)
    at_start: tuple[str, ...] = ()


def queue_settings(schema: str) -> DBSettings:
    """The queue's names, all of them, as a missing one might come from the environment."""
    return DBSettings(
        prefix="",
        db_schema=schema,
        channel=Channel(f"{schema}_jobs"),
        queue_table="jobs",
        queue_table_log="jobs_log",
        statistics_table="jobs_statistics",
        schedules_table="schedules",
        queue_status_type="job_status",
        function="tell_jobs_changed",
        trigger="tell_jobs_changed",
    )


def build_queue(driver: AsyncpgDriver, schema: str) -> Queries:
    names = queue_settings(schema)
    return Queries(
        driver,
        QueryBuilderEnvironment(names),
        QueryQueueBuilder(names),
        QuerySchedulerBuilder(names),
    )


def validate_cron(text: str) -> str:
    """The cron text itself. Raises ValueError where it is none."""
    pgqueuer.PgQueuer.in_memory().schedule("checked", text)
    return text


# --- queueing


async def enqueue_job(
    session: AsyncSession, schema: str, name: str, payload: Mapping[str, Any], *, key: str
) -> None:
    """Queue a job in the session's transaction, unless one with the same key waits or runs.

    Its logs will carry the id of the request.
    """
    opened = await begin_driver_transaction(session)
    await push_job(build_queue(AsyncpgDriver(opened), schema), name, payload, key=key)


async def push_job(
    queue: Queries, name: str, payload: Mapping[str, Any] | None = None, *, key: str
) -> None:
    await queue.enqueue(
        name,
        json.dumps(payload or {}).encode(),
        dedupe_key=key,
        headers={"request_id": REQUEST_ID.get()},
        on_conflict="skip",
    )


# --- working


@asynccontextmanager
async def open_worker_sessions(url: str) -> AsyncIterator[Sessions]:
    """Sessions for a worker, separate from those that answer requests."""
    sessions = create_sessions(url, connections=WORKER_CONNECTIONS, patience=OF_WORKERS)
    try:
        yield sessions
    finally:
        await sessions.kw["bind"].dispose()


@asynccontextmanager
async def run_workers(configs: Iterable[WorkerConfig]) -> AsyncIterator[None]:
    """Run workers while the block runs; at its end they are stopped and waited for."""
    stopped = asyncio.Event()
    workers = [asyncio.create_task(run_worker(config, stopped)) for config in configs]
    try:
        yield
    finally:
        stopped.set()
        await asyncio.gather(*workers)


async def run_worker(
    config: WorkerConfig, stopped: asyncio.Event, *, heartbeat: timedelta = HEARTBEAT
) -> None:
    """Do jobs until `stopped`; a running job then has STOP_GRACE_SECONDS, or returns to the queue.

    When the database goes away, or its tables are not there yet, the worker tries again, at growing
    intervals.
    """
    pause, elapsed = FIRST_RETRY_DELAY, asyncio.get_running_loop().time
    while not stopped.is_set():
        began = elapsed()
        try:
            async with open_listener(config.sessions) as driver:
                await process_queue(driver, config, stopped, heartbeat)
        except Exception as error:
            if elapsed() - began > MAX_RETRY_DELAY:  # it had been there
                pause = FIRST_RETRY_DELAY
            data = {"schema": config.schema, "again_in": pause}
            log.warning("worker interrupted", exc_info=error, extra={"data": data})
            await pause_unless_stopped(stopped, pause)
            pause = min(2 * pause, MAX_RETRY_DELAY)


@asynccontextmanager
async def open_listener(sessions: Sessions) -> AsyncIterator[AsyncpgDriver]:
    """A connection that listens for new jobs, closed in the end, as no other use shall listen."""
    async with sessions.kw["bind"].connect() as connection:
        opened = (await connection.get_raw_connection()).driver_connection
        try:
            yield AsyncpgDriver(opened)
        finally:
            await connection.invalidate()


async def process_queue(
    driver: AsyncpgDriver, config: WorkerConfig, stopped: asyncio.Event, heartbeat: timedelta
) -> None:
    """Work over one connection, until stopped or until it raises."""
    queue = build_queue(driver, config.schema)
    worker = pgqueuer.PgQueuer(driver, queue_settings(config.schema).channel, queries=queue)
    executor_factory = partial(
        DatabaseRetryEntrypointExecutor,
        max_attempts=MAX_RETRIES,
        initial_delay=timedelta(seconds=1),
    )
    for name, handler in config.handlers.items():
        register = worker.entrypoint(name, executor_factory=executor_factory)
        register(build_job_entrypoint(handler, stopped))
    for name, cron in config.schedules.items():
        worker.schedule(name, cron)(build_schedule_entrypoint(queue, name))
    for name in config.at_start:
        await push_job(queue, name, key=name)
    # The worker sets its own event when it fails; ours means that the process is to stop.
    stopping = asyncio.create_task(forward_event(stopped, worker.shutdown))
    try:
        await worker.run(
            dequeue_timeout=POLL_INTERVAL,
            batch_size=MAX_CONCURRENT_JOBS // 2,
            max_concurrent_tasks=MAX_CONCURRENT_JOBS,
            shutdown_on_listener_failure=True,
            heartbeat_timeout=heartbeat,
        )
    finally:
        stopping.cancel()


def build_schedule_entrypoint(
    queue: Queries, name: str
) -> Callable[[models.Schedule], Awaitable[None]]:
    """The function of a schedule; by the job's key, several that wait are one."""

    async def tick(_: models.Schedule) -> None:
        await push_job(queue, name, key=name)

    return tick


def build_job_entrypoint(
    handler: JobHandler, stopped: asyncio.Event
) -> Callable[[models.Job], Awaitable[None]]:
    """The function that the queue calls for a job: the handler, with a grace when it stops."""

    async def do(job: models.Job) -> None:
        REQUEST_ID.set(str((job.headers or {}).get("request_id") or f"job-{job.id}"))
        job_request = Job(json.loads(job.payload or b"{}"), job.attempts >= MAX_RETRIES)
        data = {"job": job.entrypoint, "job_id": job.id, "attempt": job.attempts + 1}
        log.info("job begins", extra={"data": data})
        running = asyncio.ensure_future(handler(job_request))
        ending = asyncio.create_task(wait_out_grace(stopped))
        try:
            await asyncio.wait((running, ending), return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                running.cancel()
                await asyncio.wait((running,))
            if running.cancelled():
                raise RetryRequested(reason="the worker stops")
            await running
        finally:
            running.cancel()
            ending.cancel()
        log.info("job done", extra={"data": data})

    return do


async def wait_out_grace(stopped: asyncio.Event) -> None:
    await stopped.wait()
    await asyncio.sleep(STOP_GRACE_SECONDS)


async def forward_event(first: asyncio.Event, then: asyncio.Event) -> None:
    await first.wait()
    then.set()


async def pause_unless_stopped(stopped: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopped.wait(), seconds)
