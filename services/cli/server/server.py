"""Services on a port of this machine, until a signal stops them."""

import asyncio
import shlex
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from services.cli.console.terminal import OUT
from services.cli.server.all_in_one import run_services
from services.cli.server.connections import bounded_connection, check_connections
from services.cli.server.invitations import write_first_link
from services.cli.server.issuer import TokenFile, open_issuer
from services.notifier.settings import IssuingOffice
from shared.database.accounts import create_embedded_account
from shared.database.embedded_postgres import run_embedded_server
from shared.http.limits import CONNECTIONS, ConnectionLimits
from shared.problems import Problem

LOOPBACK = "127.0.0.1"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
STOP_GRACE_SECONDS = 20  # seconds that requests have left when the service is to stop
ACCEPTED_AT_ONCE = 64  # connections, before others have their turn
WAITING_CONNECTIONS = 2048  # for being accepted: beyond, a client tries again only after a second
StopEvent = asyncio.Event
ForegroundTask = Callable[[str, StopEvent], Awaitable[None]]


class PortTaken(Problem):
    """端口被占用

    The port is taken.
    """


class HttpServer(uvicorn.Server):
    """Server that sets `ready` when it answers, and leaves signals to `run_until_signal`."""

    def __init__(self, app: FastAPI, limits: ConnectionLimits) -> None:
        config = uvicorn.Config(
            app,
            http=bounded_connection(limits),
            ws="none",
            log_config=None,
            lifespan="off",
            backlog=ACCEPTED_AT_ONCE,
            timeout_keep_alive=limits.idle,
            timeout_graceful_shutdown=STOP_GRACE_SECONDS,
        )
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(WAITING_CONNECTIONS)  # asyncio knows one number for both
        self.checking = asyncio.create_task(check_connections(self.server_state.connections))
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        self.checking.cancel()


def run_until_signal(main: Callable[[StopEvent], Awaitable[None]]) -> None:
    """Run until done; the first SIGTERM or Ctrl-C sets the event, a second one ends at once."""

    async def run() -> None:
        stopped, loop = asyncio.Event(), asyncio.get_running_loop()

        def stop() -> None:
            for number in STOP_SIGNALS:
                loop.remove_signal_handler(number)
            stopped.set()

        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, stop)
        await main(stopped)

    asyncio.run(run())


async def wait_until_stopped(
    address: str,
    stopped: StopEvent,
    *,
    data: Path,
    token: TokenFile | None,
    link: str = "",
) -> None:
    """Print the addresses, where a token is or how one is made, and who may sign in; then wait.

    Without a link one is written to a file, while the office of the token has no account.
    """
    advice: tuple[str, ...]
    if token:
        advice = (
            f"重点项目办的令牌在 {token.path}，只有所有者能读，{token.expires_on} 到期。试一试：",
            f'  curl -H {token.shell_header} "{address}/notifier/v1/letters?limit=3"',
        )
    else:
        folder = shlex.quote(str(data))
        advice = (
            "没有签发令牌。要用接口，先签发一个（或启动时写 --office 六位区划代码）：",
            f"  bairi token --role office --region 六位区划代码 --data {folder}",
        )
    if link:
        advice = (*advice, "登录用的一次性链接，七天有效，只能用一次：", f"  {link}")
    elif token and (path := await write_first_link(data, address, token)):
        advice = (*advice, f"第一个人登录用的一次性链接在 {path}，只有所有者能读")
    OUT.print(
        f"百日：{address}/docs　接口文档 {address}/openapi.json",
        *advice,
        "按 Ctrl-C 停止。",
        sep="\n",
        soft_wrap=True,
        highlight=False,
        markup=False,
    )
    await stopped.wait()


def serve_all_services(
    data: Path,
    database_url: str,
    port: int,
    task: ForegroundTask,
    *,
    owner_url: str = "",
    any_day: bool = False,
    origins: Sequence[str] = (),
) -> None:
    """Serve while a task runs, which receives the address.

    `any_day` lets sweeps run for other days than today: for demonstrations only.
    """
    issuer = open_issuer(data)
    office = IssuingOffice(any_day=any_day)

    with open_service_database(data, database_url, owner_url) as (url, owner_url):

        async def run(stopped: StopEvent) -> None:
            async with (
                run_services(url, issuer, office, owner_url=owner_url, origins=origins) as app,
                run_http_server(app, LOOPBACK, port, stopped) as address,
            ):
                await run_or_stop(task(address, stopped), stopped)

        run_until_signal(run)


@contextmanager
def open_service_database(data: Path, url: str, owner_url: str) -> Iterator[tuple[str, str]]:
    """The URLs of the named database, or of the embedded one while it runs.

    The first is of the services' account, the second of the owner's, blank where there is none.
    """
    if url:
        yield use_asyncpg(url), use_asyncpg(owner_url)
        return
    with run_embedded_server(data / "postgres") as embedded_url:
        yield asyncio.run(create_embedded_account(embedded_url)), embedded_url


def use_asyncpg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


async def run_or_stop(work: Awaitable[None], stopped: StopEvent) -> None:
    """Wait until the work is done, or cancel it when the event comes first."""
    task, stop = asyncio.ensure_future(work), asyncio.create_task(stopped.wait())
    await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait((task,))
        return
    await task


@asynccontextmanager
async def run_http_server(
    app: FastAPI,
    host: str,
    port: int,
    stopped: StopEvent,
    limits: ConnectionLimits = CONNECTIONS,
) -> AsyncIterator[str]:
    """The address of a server that answers when this begins, and has stopped when it ends.

    Raises PortTaken.
    """
    # Named as TCP: else asyncio leaves Nagle's algorithm on, and the body of an answer on a kept
    # connection waits some 40 ms until the client has acknowledged its head.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise PortTaken(f"{host} 的端口 {port} 不能用（{error.strerror}），请换一个") from None
    await asyncio.to_thread(app.openapi)  # takes a second, in which nobody would be answered later
    server = HttpServer(app, limits)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    serving.add_done_callback(lambda _: stopped.set())
    starting = asyncio.create_task(server.ready.wait())
    await asyncio.wait((serving, starting), return_when=asyncio.FIRST_COMPLETED)
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        starting.cancel()
        server.should_exit = True
        await serving
