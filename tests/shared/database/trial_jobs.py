"""Work for the tests of jobs: every job writes down that it ran, and whose it was.

As a program, a worker to be killed: it begins its first job and never ends it.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import text

from shared.database import jobs
from shared.database.jobs import Job, WorkerConfig
from shared.database.sessions import Sessions, create_sessions

RAN = "CREATE TABLE {schema}.ran (name text, pid int DEFAULT 0, at timestamptz DEFAULT now())"
SOON = timedelta(seconds=1)
After = Callable[[Job], Awaitable[None]]


async def nothing(_: Job) -> None:
    pass


async def never(_: Job) -> None:
    await asyncio.Event().wait()


def trial(sessions: Sessions, schema: str, after: After = nothing) -> WorkerConfig:
    """One kind of job: it is written down at once, and `after` goes on."""

    async def note(job: Job) -> None:
        async with sessions.begin() as session:
            written = text(f"INSERT INTO {schema}.ran VALUES (:name, :pid)")
            values = {"name": str(job.payload.get("name", "")), "pid": os.getpid()}
            await (await session.connection()).execute(written, values)
        await after(job)

    return WorkerConfig(sessions, schema, {"note": note})


async def main(url: str, schema: str) -> None:
    sessions = create_sessions(url)
    await jobs.run_worker(trial(sessions, schema, never), asyncio.Event(), heartbeat=SOON)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
