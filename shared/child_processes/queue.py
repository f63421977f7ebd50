"""The queue for child processes: two at once, each caller in turn, and no long wait."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from shared.child_processes.child import Child
from shared.child_processes.errors import QueueFull, TooManyRequests
from shared.child_processes.limits import MOST_CHILDREN, MOST_OF_CALLER, MOST_WAITING, Limits

Result = TypeVar("Result")


class ChildQueue:
    """Places of a process for heavy work. Raises TooManyRequests and QueueFull, never waits long.

    Its threads only wait for children.
    """

    def __init__(self) -> None:
        self.running: list[str] = []  # callers, each with one child at once
        self.asked = Counter[str]()  # of each caller, running and waiting
        self.waiting: dict[str, deque[asyncio.Future[None]]] = {}  # the next caller comes first
        self.threads = ThreadPoolExecutor(MOST_CHILDREN, "child")

    async def run(
        self, caller: str, limits: Limits, function: Callable[..., Result], *arguments: Any
    ) -> Result:
        """What a function of a module returns or raises in a child; killed with its question."""
        async with self.place(caller):
            child = Child(limits, function, arguments)
            work = asyncio.get_running_loop().run_in_executor(self.threads, child.run)
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                child.abandon()
                await asyncio.wait([work])
                work.exception()
                raise

    @asynccontextmanager
    async def place(self, caller: str) -> AsyncIterator[None]:
        """A place for a child of a caller, as long as it needs it."""
        if self.asked[caller] >= MOST_OF_CALLER:
            most = MOST_OF_CALLER
            raise TooManyRequests(f"最多同时 {most} 个", f"At most {most} at once.")
        if self.count_waiting() >= MOST_WAITING:
            raise QueueFull("请稍后再试", "Try again in a moment.")
        self.asked[caller] += 1
        try:
            await self.enter(caller)
            try:
                yield
            finally:
                self.leave(caller)
        finally:
            self.asked[caller] -= 1
            self.asked += Counter()  # without those at zero

    async def enter(self, caller: str) -> None:
        turn = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(caller, deque()).append(turn)
        self.give_places()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given a place meanwhile
                self.leave(caller)
            raise

    def leave(self, caller: str) -> None:
        self.running.remove(caller)
        self.give_places()

    def give_places(self) -> None:
        """Give free places to callers who have none; the others of a caller wait behind all."""
        served = list[str]()
        for caller, turns in self.waiting.items():
            while turns and turns[0].done():  # given up
                turns.popleft()
            if turns and len(self.running) < MOST_CHILDREN and caller not in self.running:
                self.running.append(caller)
                turns.popleft().set_result(None)
                served.append(caller)
        for caller in served:
            self.waiting[caller] = self.waiting.pop(caller)
        self.waiting = {caller: turns for caller, turns in self.waiting.items() if turns}

    def count_waiting(self) -> int:
        return sum(not turn.done() for turns in self.waiting.values() for turn in turns)


CHILDREN = ChildQueue()  # of this process
