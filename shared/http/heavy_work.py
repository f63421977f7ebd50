"""Heavy work of a request, done in a child process; with the request goes the child."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from shared.child_processes.errors import ChildKilled, QueueFull, TooManyRequests
from shared.child_processes.limits import Limits
from shared.child_processes.queue import CHILDREN
from shared.http.tokens import Caller
from shared.problems import raises

LOOK_SECONDS = 0.25  # between two looks whether the caller is still there
Result = TypeVar("Result")


class HeavyWork(Protocol):
    """What a function of a module returns or raises for a caller, in a child within limits.

    Raises ChildKilled, QueueFull, TooManyRequests.
    """

    def __call__(
        self, who: Caller, limits: Limits, function: Callable[..., Result], *arguments: Any
    ) -> Awaitable[Result]: ...


async def work_in_child(
    who: Caller, limits: Limits, function: Callable[..., Result], *arguments: Any
) -> Result:
    """Heavy work that no request waits for."""
    return await CHILDREN.run(f"{who.office} {who.name}", limits, function, *arguments)


@dataclass(frozen=True)
class RequestedWork:
    """Heavy work of a request."""

    request: Request

    async def __call__(
        self, who: Caller, limits: Limits, function: Callable[..., Result], *arguments: Any
    ) -> Result:
        work = asyncio.ensure_future(work_in_child(who, limits, function, *arguments))
        try:
            while not work.done():
                await asyncio.wait([work], timeout=LOOK_SECONDS)
                if not work.done() and await self.request.is_disconnected():
                    raise ClientDisconnect
            return work.result()
        finally:
            work.cancel()


@raises(ChildKilled, QueueFull, TooManyRequests)
async def get_heavy_work(request: Request) -> HeavyWork:
    return RequestedWork(request)


HeavyWorkParam = Annotated[HeavyWork, Depends(get_heavy_work)]
