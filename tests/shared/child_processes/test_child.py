"""A child ends at each of its limits, is told why, and never outlives who asked."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest

from shared.child_processes.child import Child
from shared.child_processes.errors import Bound, ChildKilled
from shared.child_processes.limits import (
    LARGE_UPLOAD,
    LARGEST_UPLOAD,
    MB,
    NICENESS,
    UPLOAD,
    Limits,
    upload_limits,
)
from shared.child_processes.outcome import UnknownError
from shared.child_processes.queue import ChildQueue
from shared.ledger.findings import LedgerRejected
from shared.problems import NotFound
from tests.shared.child_processes import pieces_of_work as pieces
from tests.shared.child_processes.pieces_of_work import is_there, wait_for_file, wait_until_gone

AMPLE = Limits(500 * MB, 60, 120)
PARENT = """
import sys
from pathlib import Path
from shared.child_processes.child import Child
from shared.child_processes.limits import MB, Limits
from tests.shared.child_processes.pieces_of_work import note_and_spin

if __name__ == "__main__":
    Child(Limits(500 * MB, 60, 120), note_and_spin, (Path(sys.argv[1]),)).run()
"""


def in_child(work: Callable[..., Any], *arguments: Any, limits: Limits = AMPLE) -> Any:
    return Child(limits, work, arguments).run()


def noted_process(file: Path) -> int:
    return int(wait_for_file(file).read_text())


def test_a_child_answers_from_a_process_of_its_own_that_stands_back() -> None:
    assert in_child(pieces.add, 1, 2) == 3
    told = in_child(pieces.tell_process)
    assert told["pid"] != os.getpid()
    assert told["niceness"] == os.nice(0) + NICENESS
    assert not is_there(told["pid"])


@pytest.mark.parametrize(
    ("work", "limits", "bound"),
    [
        (pieces.hoard, Limits(300 * MB, 60, 60), Bound.memory),
        (pieces.hoard_at_once, Limits(300 * MB, 60, 60), Bound.memory),
        (pieces.spin, Limits(300 * MB, 1, 60), Bound.processor),
        (pieces.spin, Limits(300 * MB, 60, 1), Bound.wall),
        (pieces.sleep, Limits(300 * MB, 60, 1), Bound.wall),
        (pieces.abort, AMPLE, Bound.crash),
    ],
)
def test_what_stopped_a_child_is_told(
    work: Callable[[], Any], limits: Limits, bound: Bound
) -> None:
    with pytest.raises(ChildKilled) as killed:
        in_child(work, limits=limits)
    assert killed.value.bound is bound


def test_errors_come_back_as_they_were_raised() -> None:
    with pytest.raises(NotFound) as refused:
        in_child(pieces.refuse)
    assert refused.value.body("/")["errors"] == [1]
    assert refused.value.en == "None."
    with pytest.raises(LedgerRejected) as rejected:
        in_child(pieces.reject)
    assert rejected.value.findings[0].row == 3
    with pytest.raises(ValueError, match="wrong") as failed:
        in_child(pieces.fail)
    assert "pieces_of_work.py" in failed.value.__notes__[0]


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (pieces.fail_to_validate, ("ValidationError", "valid integer")),
        (pieces.fail_with_a_lock, ("ValueError", "held")),
    ],
)
def test_an_error_that_cannot_be_rebuilt_comes_by_its_name(
    work: Callable[[], Any], told: tuple[str, str]
) -> None:
    with pytest.raises(UnknownError) as failed:
        in_child(work)
    name, text = failed.value.args
    assert (name, told[1] in text) == (told[0], True)
    assert "pieces_of_work.py" in failed.value.__notes__[0]


def test_a_server_that_was_killed_is_replaced() -> None:
    in_child(pieces.add, 1, 2)
    killed = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    os.kill(killed, signal.SIGKILL)
    os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)
    assert in_child(pieces.add, 1, 2) == 3


async def test_a_child_goes_with_its_question(tmp_path: Path) -> None:
    queue = ChildQueue()
    asked = asyncio.create_task(queue.run("a", AMPLE, pieces.note_and_spin, tmp_path / "pid"))
    process = await asyncio.to_thread(noted_process, tmp_path / "pid")
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not is_there(process)
    assert await queue.run("a", AMPLE, pieces.add, 1, 2) == 3


def test_a_child_goes_with_the_service(tmp_path: Path) -> None:
    program = tmp_path / "service.py"
    program.write_text(PARENT)
    paths = {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path])}
    with subprocess.Popen(
        [sys.executable, program, tmp_path / "pid"], env={**os.environ, **paths}
    ) as service:
        process = noted_process(tmp_path / "pid")
        service.kill()
    wait_until_gone(process)


def test_limits_grow_with_the_upload() -> None:
    assert upload_limits(0) == upload_limits(5 * MB) == UPLOAD
    assert upload_limits(LARGEST_UPLOAD) == LARGE_UPLOAD
    sizes = [upload_limits(size * MB) for size in range(5, 200, 5)]
    assert sizes == sorted(sizes, key=lambda limits: limits.memory)
