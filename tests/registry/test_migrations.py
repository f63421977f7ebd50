"""The migrations make exactly the tables that the code declares, and can be run again."""

import asyncio
import subprocess
import sys
from collections.abc import Callable

from fastapi import FastAPI
from sqlalchemy import text

from shared.database.migrations import migrate_schema
from tests.databases import database, owner_of
from tests.paths import ROOT
from tests.scoring.service.registry import connected


async def test_alembic_finds_no_difference(url: str, committing: Callable[[], FastAPI]) -> None:
    lasting = owner_of(url).replace("@/postgres", "@/lasting")
    await migrate_schema(lasting, "registry")
    for command in (["check"], ["downgrade", "base"], ["upgrade", "head"], ["check"]):
        asked = [sys.executable, "-m", "alembic", "-c", "deploy/alembic.ini", "-n", "registry"]
        done = subprocess.run(  # noqa: ASYNC221
            [*asked, *command],
            cwd=ROOT,
            env={"BAIRI_MIGRATE": lasting, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


PROGRAM = f"import asyncio, sys; from {migrate_schema.__module__} import migrate_schema; "
PROGRAM += "asyncio.run(migrate_schema(sys.argv[1], 'registry', sys.argv[2]))"


async def test_programs_that_start_at_once_do_not_collide(server: str) -> None:
    async with database(server, "started_at_once") as url:
        command = (sys.executable, "-c", PROGRAM, url, owner_of(url))
        started = [asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(3)]
        programs = await asyncio.gather(*started)
        assert [await program.wait() for program in programs] == [0, 0, 0]
        async with connected(url) as sessions, sessions.begin() as session:
            query = text("SELECT version_num FROM registry.alembic_version")
            found = list(await (await session.connection()).execute(query))
    assert len(found) == 1
