"""The embedded server after something was killed: it comes back, whatever was left behind."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest

from shared.database.embedded_postgres import (
    processes_in_folder,
    run_embedded_server,
    socket_folder,
)
from shared.database.postgres_programs import subprocess_options
from tests.polling import until

pytestmark = pytest.mark.database


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not under pytest's own, which the server's user may not enter."""
    made = Path(tempfile.mkdtemp(prefix="bairi-test-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def somebody() -> Iterator[int]:
    """Another process of the server's user."""
    with subprocess.Popen(["cat"], **{**subprocess_options(), "stdin": subprocess.PIPE}) as process:
        yield process.pid
        process.kill()


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


async def answer(folder: Path) -> int | None:
    """A committed row's number, from the server that runs now."""
    try:
        db = await asyncpg.connect(host=str(socket_folder(folder)), user="postgres")
    except (OSError, asyncpg.PostgresError):
        return None
    try:
        found: int = await db.fetchval("SELECT n FROM kept")
        return found
    finally:
        await db.close()


async def keep_a_row(folder: Path) -> None:
    db = await asyncpg.connect(host=str(socket_folder(folder)), user="postgres")
    await db.execute("CREATE TABLE kept AS SELECT 7 AS n")
    await db.close()


async def test_a_server_that_is_killed_comes_back_with_what_was_committed(folder: Path) -> None:
    with run_embedded_server(folder):
        await keep_a_row(folder)
        first = postmaster(folder)
        os.kill(first, signal.SIGKILL)

        async def another() -> bool:
            return await answer(folder) == 7 and postmaster(folder) != first

        await until(another)
    assert processes_in_folder(folder / "data") == []


async def test_a_lock_left_behind_whose_process_is_somebody_else_by_now(
    folder: Path, somebody: int
) -> None:
    """As after a restart of a container, where the same numbers are given again."""
    with run_embedded_server(folder):
        await keep_a_row(folder)
    lock = folder / "data" / "postmaster.pid"
    lock.write_text(f"{somebody}\n{folder / 'data'}\n1\n5432\n\n\n")
    with run_embedded_server(folder):
        assert await answer(folder) == 7


def test_half_a_cluster_that_was_left_is_made_anew(folder: Path) -> None:
    left = folder / "new-left"
    left.mkdir()
    (left / "PG_VERSION").write_text("18\n")
    with run_embedded_server(folder):
        assert (folder / "data" / "PG_VERSION").exists()
    assert not left.exists()
