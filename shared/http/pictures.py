"""Drawing pictures for requests: one after the other in a thread, and not too many waiting."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from shared.child_processes.errors import QueueFull

MOST_WAITING = 64  # pictures; one takes about a fifth of a second
Result = TypeVar("Result")


class DrawingThread:
    """The thread in which all is drawn, as what draws is not to be used by two."""

    def __init__(self) -> None:
        self.executor = ThreadPoolExecutor(1, "drawing")
        self.waiting = 0

    async def run(self, function: Callable[..., Result], *arguments: object) -> Result:
        """What a function returns. Raises QueueFull."""
        if self.waiting >= MOST_WAITING:
            raise QueueFull("请稍后再试", "Try again in a moment.")
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.executor, function, *arguments)
        finally:
            self.waiting -= 1


DRAWING = DrawingThread()
