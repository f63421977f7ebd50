"""Connections that keep others waiting: each is ended, and nobody else notices."""

import asyncio
import select
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from joserfc.jwk import KeySet

from services.cli.server.server import LOOPBACK, run_http_server
from shared.database.sessions import create_sessions
from shared.http.app import create_service_app
from shared.http.auth import AuthenticatedCaller
from shared.http.idempotency import AnswerColumns
from shared.http.json_bodies import Body
from shared.http.limits import CONNECTIONS, MEGABYTE, ConnectionLimits
from shared.http.service_route import ServiceRoute
from shared.http.tokens import Issuer
from tests.openapi.documents import NOWHERE

PATIENCE = 20  # seconds, after which a test has failed
LARGE = 30 * MEGABYTE  # more than sockets keep
HALF_A_HEAD = b"GET /quick HTTP/1.1\r\nhost: shell\r\nx-a: "
QUICK = b"GET /quick HTTP/1.1\r\nhost: shell\r\n\r\n"
HALF_A_BODY = (
    b"POST /notes HTTP/1.1\r\nhost: shell\r\ncontent-type: application/json\r\n"
    b'content-length: 50\r\n\r\n{"text": "'
)
UPLOAD = (
    b"POST /closed HTTP/1.1\r\nhost: shell\r\ncontent-type: application/json\r\n"
    b"content-length: 400000000\r\n\r\n"
)


class Note(Body):
    text: str = ""


@dataclass
class Shell:
    """A served application whose work at `/slow` goes on until it may end."""

    issuer: Issuer
    started: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def served(self, limits: ConnectionLimits) -> AsyncIterator[int]:
        router = APIRouter(route_class=ServiceRoute)

        @router.get("/quick")
        async def quick() -> str:
            return "quick"

        @router.get("/large")
        async def large() -> PlainTextResponse:
            return PlainTextResponse(b"x" * LARGE)

        @router.get("/slow")
        async def slow() -> str:
            self.started.set()
            await self.may_end.wait()
            return "slow"

        @router.post("/notes")
        async def send(note: Note) -> str:
            return note.text

        @router.post("/closed")
        async def close(note: Note, who: AuthenticatedCaller) -> str:
            return note.text + who.name

        app = create_service_app(
            "Shell",
            router,
            sessions=create_sessions(NOWHERE),
            keys=KeySet([self.issuer.key]),
            answers=AnswerColumns,
        )
        async with run_http_server(app, LOOPBACK, 0, asyncio.Event(), limits) as address:
            yield int(address.rpartition(":")[2])


@pytest.fixture
def shell(issuer: Issuer) -> Shell:
    return Shell(issuer)


@dataclass
class Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, content: bytes) -> None:
        self.writer.write(content)
        await self.writer.drain()

    async def read_all(self) -> bytes:
        """What comes until the server closes; it must, and soon."""
        return await asyncio.wait_for(self.reader.read(), PATIENCE)

    async def read_head(self) -> bytes:
        return await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)


async def connect(port: int, content: bytes = b"") -> Client:
    client = Client(*await asyncio.open_connection(LOOPBACK, port))
    await client.send(content)
    return client


@pytest.mark.parametrize("sent", [b"", b"G", HALF_A_HEAD], ids=["nothing", "a byte", "half"])
async def test_a_head_that_does_not_come_is_waited_for_no_longer(shell: Shell, sent: bytes) -> None:
    async with shell.served(ConnectionLimits(headers=0.1)) as port:
        client = await connect(port, sent)
        assert await is_ended(client)
        client.writer.close()


async def test_a_second_head_that_does_not_come_is_not_waited_for_either(shell: Shell) -> None:
    async with shell.served(ConnectionLimits(headers=0.1)) as port:
        client = await connect(port, QUICK)
        assert b"200 OK" in await client.read_head()
        await client.send(HALF_A_HEAD)
        assert await is_ended(client)
        client.writer.close()


async def test_a_body_that_does_not_come_is_told_so(shell: Shell) -> None:
    async with shell.served(ConnectionLimits(patience=0.1)) as port:
        client = await connect(port, HALF_A_BODY)
        answer = await client.read_all()
        client.writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/body-late" in answer
    assert b"\r\nconnection: close\r\n" in answer


async def test_an_answer_that_is_not_read_is_thrown_away(shell: Shell) -> None:
    async with shell.served(ConnectionLimits(patience=0.1)) as port:
        with socket.create_connection((LOOPBACK, port)) as client:
            client.sendall(b"GET /large HTTP/1.1\r\nhost: shell\r\n\r\n")
            ended = select.poll()
            ended.register(client, 0)  # errors and the end are always told
            assert await asyncio.to_thread(ended.poll, PATIENCE * 1000)


async def test_a_large_answer_that_is_read_is_there(shell: Shell) -> None:
    async with shell.served(ConnectionLimits(patience=5)) as port:
        client = await connect(port, b"GET /large HTTP/1.1\r\nhost: shell\r\n\r\n")
        await client.read_head()
        assert len(await client.reader.readexactly(LARGE)) == LARGE
        client.writer.close()


async def test_who_waited_longest_gives_way(shell: Shell) -> None:
    async with shell.served(ConnectionLimits(most=10)) as port:
        half = [await connect(port, HALF_A_HEAD) for _ in range(20)]
        half += [await connect(port, HALF_A_BODY) for _ in range(20)]
        asking = await connect(port, QUICK)
        assert b"200 OK" in await asking.read_head()
        ended = [await is_ended(each) for each in half[:31]]
        assert all(ended)
        await half[-1].send(b" " * 38 + b'"}')
        assert b"200 OK" in await half[-1].read_head()
        for each in (*half, asking):
            each.writer.close()


async def test_who_is_worked_for_does_not_give_way(shell: Shell) -> None:
    async with shell.served(ConnectionLimits(most=5)) as port:
        working = await connect(port, b"GET /slow HTTP/1.1\r\nhost: shell\r\n\r\n")
        await shell.started.wait()
        half = [await connect(port, HALF_A_HEAD) for _ in range(20)]
        assert await is_ended(half[0])
        shell.may_end.set()
        assert b"200 OK" in await working.read_head()
        for each in (*half, working):
            each.writer.close()


async def is_ended(client: Client) -> bool:
    try:
        return await client.read_all() == b""
    except ConnectionResetError:
        return True


async def test_without_a_token_an_upload_is_refused_and_not_read(shell: Shell) -> None:
    """The answer is there before the body; what is sent nevertheless comes to an end soon."""
    sent, part = 0, b"x" * MEGABYTE
    async with shell.served(CONNECTIONS) as port:
        client = await connect(port, UPLOAD)
        head = await client.read_head()
        with suppress(ConnectionError):
            for sent in range(400):  # noqa: B007
                await asyncio.wait_for(client.send(part), PATIENCE)
        client.writer.close()
    assert head.startswith(b"HTTP/1.1 401 ")
    assert b"\r\nconnection: close\r\n" in head
    assert sent < 50


def test_an_upload_has_as_long_as_it_moves() -> None:
    limits = ConnectionLimits(patience=30, least_rate=20_000)
    assert limits.spared_until(100.0, 0) == 130.0
    assert limits.spared_until(100.0, 200 * MEGABYTE) == 10_130.0
