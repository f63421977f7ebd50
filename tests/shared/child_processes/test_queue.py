"""Two children at once, each caller in turn, nobody waits long, and the loop answers meanwhile."""

import asyncio
from pathlib import Path

import pytest

from shared.child_processes.errors import QueueFull, TooManyRequests
from shared.child_processes.limits import (
    MB,
    MOST_CHILDREN,
    MOST_OF_CALLER,
    MOST_WAITING,
    Limits,
)
from shared.child_processes.queue import ChildQueue
from tests.shared.child_processes.pieces_of_work import add, note_and_spin, wait_for_file

AMPLE = Limits(500 * MB, 60, 120)


async def test_each_caller_has_its_turn() -> None:
    queue, order, ends = ChildQueue(), list[str](), list[asyncio.Event]()

    async def work(caller: str, end: asyncio.Event) -> None:
        async with queue.place(caller):
            order.append(caller)
            await end.wait()

    tasks = []
    for caller in ("a", "a", "a", "b", "c", "b"):
        ends.append(asyncio.Event())
        tasks.append(asyncio.create_task(work(caller, ends[-1])))
        await asyncio.sleep(0)
    assert order == ["a", "b"]  # a second child of a caller waits
    for end in ends:
        end.set()
    await asyncio.gather(*tasks)
    assert order[2:] == ["a", "c", "b", "a"]
    assert queue.running == []
    assert not queue.asked


async def test_a_caller_who_waits_for_more_waits_behind_the_others() -> None:
    queue, order, end = ChildQueue(), list[str](), asyncio.Event()

    async def work(caller: str) -> None:
        async with queue.place(caller):
            order.append(caller)
            await end.wait()

    tasks = []
    for caller in ("x", "y", "a", "a", "b"):
        tasks.append(asyncio.create_task(work(caller)))
        await asyncio.sleep(0)
    end.set()
    await asyncio.gather(*tasks)
    assert order == ["x", "y", "a", "b", "a"]


async def test_too_many_are_told_to_come_again() -> None:
    queue, end = ChildQueue(), asyncio.Event()

    async def work(caller: str) -> None:
        async with queue.place(caller):
            await end.wait()

    tasks = [asyncio.create_task(work("a")) for _ in range(MOST_OF_CALLER)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests):
        await work("a")
    others = range(MOST_CHILDREN - 1 + MOST_WAITING - (MOST_OF_CALLER - 1))
    tasks += [asyncio.create_task(work(str(other))) for other in others]
    await asyncio.sleep(0)
    with pytest.raises(QueueFull):
        await work("z")
    end.set()
    await asyncio.gather(*tasks)
    async with queue.place("a"):
        assert queue.running == ["a"]


@pytest.mark.parametrize("is_let_in", [False, True])
async def test_who_goes_while_waiting_keeps_no_place(is_let_in: bool) -> None:
    queue, end = ChildQueue(), asyncio.Event()

    async def work(caller: str) -> None:
        async with queue.place(caller):
            await end.wait()

    inside = [asyncio.create_task(work(caller)) for caller in "ab"]
    await asyncio.sleep(0)
    waiting = asyncio.create_task(work("c"))
    await asyncio.sleep(0)
    if is_let_in:
        queue.waiting["c"][0].set_result(None)
        queue.waiting.clear()
        queue.running.append("c")
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    end.set()
    await asyncio.gather(*inside)
    assert queue.running == []
    assert not queue.asked


async def test_the_loop_answers_while_children_work_their_hardest(tmp_path: Path) -> None:
    queue = ChildQueue()
    files = [tmp_path / "one", tmp_path / "other"]
    hogs = [asyncio.create_task(queue.run(file.name, AMPLE, note_and_spin, file)) for file in files]
    for file in files:
        await asyncio.to_thread(wait_for_file, file)
    reads = 0
    for _ in range(100):
        await asyncio.to_thread((tmp_path / "one").read_text)
        reads += 1
    assert reads == 100
    assert not any(hog.done() for hog in hogs)
    asked = asyncio.create_task(queue.run("other", AMPLE, add, 1, 2))
    await asyncio.sleep(0)
    assert not asked.done()  # it waits for a place
    for hog in hogs:
        hog.cancel()
    assert await asked == 3
    await asyncio.wait(hogs)


async def test_two_work_side_by_side(tmp_path: Path) -> None:
    queue = ChildQueue()
    file = tmp_path / "there"
    waits = asyncio.create_task(queue.run("a", AMPLE, wait_for_file, file))
    assert await queue.run("b", AMPLE, add, 1, 2) == 3
    await asyncio.to_thread(file.touch)
    assert await waits == file
