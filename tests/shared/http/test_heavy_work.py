"""Work goes with the request that asked for it, and too much at once is told."""

import asyncio
from pathlib import Path

import pytest
from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Message

from shared.child_processes.errors import ChildKilled, QueueFull, TooManyRequests
from shared.child_processes.limits import MB, Limits
from shared.http import heavy_work
from shared.http.app import build_problem_response
from shared.http.heavy_work import RequestedWork, work_in_child
from shared.http.tokens import Caller, Role
from tests.shared.child_processes.pieces_of_work import (
    add,
    note_and_spin,
    wait_for_file,
    wait_until_gone,
)

pytestmark = pytest.mark.processes
AMPLE = Limits(500 * MB, 60, 120)
OFFICE = Caller("office", Role.office, "990101")


async def test_who_goes_takes_the_child_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heavy_work, "LOOK_SECONDS", 0.01)
    gone = asyncio.Event()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    work = RequestedWork(Request({"type": "http", "headers": []}, receive))
    asked = asyncio.create_task(work(OFFICE, AMPLE, note_and_spin, tmp_path / "pid"))
    noted = await asyncio.to_thread(wait_for_file, tmp_path / "pid")
    process = int(await asyncio.to_thread(noted.read_text))
    assert not asked.done()
    gone.set()
    with pytest.raises(ClientDisconnect):
        await asked
    await asyncio.to_thread(wait_until_gone, process)
    assert await work_in_child(OFFICE, AMPLE, add, 1, 2) == 3


@pytest.mark.parametrize("kind", [QueueFull, TooManyRequests])
def test_who_comes_too_early_is_told_when_to_come_again(kind: type[QueueFull]) -> None:
    problem = kind("请稍后再试")
    assert "retry-after" in build_problem_response(problem.body("/"), problem.status).headers
    assert "retry-after" not in build_problem_response({}, ChildKilled.status).headers
