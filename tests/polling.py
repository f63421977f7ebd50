"""To wait for what another process or task does: on a condition, never for a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(found: Callable[[], Awaitable[T | None]], within: float = 60) -> T:
    """What is found, as soon as it is true. Raises TimeoutError after so many seconds."""
    async with asyncio.timeout(within):
        while not (it := await found()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return it
