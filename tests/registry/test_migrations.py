"""The migrations make exactly the tables that the code declares, and can be run again."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI

from shared.migrating import migrate

ROOT = Path(__file__).parents[2]


async def test_alembic_finds_no_difference(url: str, committing: Callable[[], FastAPI]) -> None:
    lasting = url.replace("@/postgres", "@/lasting")
    await migrate(lasting, "registry")
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
