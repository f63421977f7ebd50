"""The services on one port of this machine, on the embedded database or another."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from services.cli.opening import OUT
from services.cli.running.house import house
from services.notifier.settings import Office
from shared import clock
from shared.postgres import embedded
from shared.problems import Problem
from shared.tokens import Caller, Issuer, Role

OFFICE = Caller("重点项目办", Role.office)
LASTS = timedelta(days=30)
Task = asyncio.Task[None]
Meanwhile = Callable[[str, str, Task], Awaitable[None]]


class PortTaken(Problem):
    """端口被占用

    The port is taken.
    """


class Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, lifespan="off"))
        self.answers = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()


async def until_stopped(address: str, token: str, stopped: Task) -> None:
    """Tells where the services are, and waits."""
    OUT.print(f"百日：{address}/docs　接口文档 {address}/openapi.json")
    OUT.print(f"重点项目办的令牌（{LASTS.days} 天）：", token, sep="\n", soft_wrap=True)
    await stopped


def serve(
    data: Path, database_url: str, port: int, meanwhile: Meanwhile, *, any_day: bool = False
) -> None:
    """The services while something goes on, which is told the address and an office's token.

    `any_day` lets sweeps run for other days than today: for demonstrations only.
    """
    data.mkdir(parents=True, exist_ok=True)
    issuer = Issuer(data / "issuer.json")
    office = Office("重点项目建设领导小组办公室", "重办", any_day=any_day)
    token = issuer.issue(OFFICE, now=clock.now(), lasts=LASTS)

    async def run(url: str) -> None:
        async with house(url, issuer, office) as app, listening(app, port) as (address, stopped):
            await meanwhile(address, token, stopped)

    with database(data, database_url) as url:
        asyncio.run(run(url))


@contextmanager
def database(data: Path, url: str) -> Iterator[str]:
    """The database that was named, or the embedded one."""
    if url:
        yield url.replace("postgresql://", "postgresql+asyncpg://", 1)
        return
    with embedded(data / "postgres") as own:
        yield own


@asynccontextmanager
async def listening(app: FastAPI, port: int) -> AsyncIterator[tuple[str, Task]]:
    """A server on loopback that answers when this begins, and has stopped when it ends."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(("127.0.0.1", port))
    except OSError:
        raise PortTaken(f"端口 {port} 已被占用，请用 --port 换一个") from None
    server = Server(app)
    stopped = asyncio.create_task(server.serve(sockets=[opened]))
    await server.answers.wait()
    try:
        yield f"http://127.0.0.1:{opened.getsockname()[1]}", stopped
    finally:
        server.should_exit = True
        await stopped
