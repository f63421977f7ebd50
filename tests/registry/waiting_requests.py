"""Requests that wait in the database for what another transaction holds."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

POLLS = 3000  # nobody but the database knows who waits in it
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
Running = list[asyncio.Task[httpx.Response]]


async def send_waiting(
    session: AsyncSession, *requests: Coroutine[Any, Any, httpx.Response]
) -> Running:
    """Send requests that all come to wait for what the session holds until it commits."""
    running = [asyncio.create_task(each) for each in requests]
    connection = await session.connection()
    for _ in range(POLLS):
        if await connection.scalar(WAITING) == len(running):
            break
        await asyncio.sleep(0.01)
    assert await connection.scalar(WAITING) == len(running)
    return running
