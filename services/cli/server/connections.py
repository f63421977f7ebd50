"""Connections that keep nobody else waiting: uvicorn's own, with bounds of time and number.

A connection waits for a request's head, or for its body, or for its answer to be read, each a
bounded time. Where there are too many, those give way that have waited longest for a request.
"""

import asyncio
import resource
import socket
import struct
from collections.abc import Collection, Iterable
from dataclasses import replace
from heapq import nsmallest
from typing import Any

import h11
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from shared.http.limits import CONNECTIONS, ConnectionLimits
from shared.http.service_route import BodyLate

RECEIVED_BYTES = 64 * 1024  # taken from a socket at once, so that a flood of one gives others turns
FORGET = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time
CHECK_SECONDS = 0.5
RESERVED_FILES = 200  # of the files that a process may open: the database's, documents' and so on


class GentleTransport:
    """A transport that counts what it writes, and closes so that an early answer arrives.

    A socket that is closed while more comes in resets the connection, and its answer may be lost.
    """

    def __init__(self, transport: Any, connection: "BoundedConnection") -> None:
        self.transport, self.connection, self.written = transport, connection, 0
        transport.max_size = RECEIVED_BYTES

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)

    def write(self, data: bytes) -> None:
        self.written += len(data)
        self.transport.write(data)

    @property
    def read_by_client(self) -> int:
        """The bytes that left us."""
        return self.written - int(self.transport.get_write_buffer_size())

    def is_closing(self) -> bool:
        return self.connection.thrown_away is not None or self.transport.is_closing()

    def abort(self) -> None:
        """Forget the other side, and what the system still keeps for it."""
        peer = self.transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, FORGET)
        self.transport.abort()

    def close(self) -> None:
        connection = self.connection
        if self.is_closing():
            return
        if not connection.is_body_coming():
            self.transport.close()
            return
        connection.flow.resume_reading()
        self.transport.write_eof()
        connection.thrown_away = 0
        connection.loop.call_later(connection.limits.closing, self.transport.abort)


class BoundedConnection(H11Protocol):
    """A connection, and since when it waits for what."""

    limits: ConnectionLimits = CONNECTIONS

    def __init__(self, config: Any, server_state: ServerState, *more: Any, **named: Any) -> None:
        super().__init__(config, server_state, *more, **named)
        self.app = self.run_app
        self.since = self.loop.time()  # a head, a body, or an answer's end is waited for
        self.received = 0  # bytes of the body
        self.written_before = 0  # when the answer began to wait for its reader
        self.blocked_since: float | None = None
        self.thrown_away: int | None = None  # bytes, once an early answer closes the connection
        self.is_late = False

    # --- what is waited for ------------------------------------------------------------------

    def is_body_coming(self) -> bool:
        return self.conn.their_state is h11.SEND_BODY

    def is_working(self) -> bool:
        """Whether a request is here as a whole, and it is for us to answer it."""
        cycle = self.cycle
        at_work = cycle is not None and not cycle.response_complete and not cycle.more_body
        return at_work and self.blocked_since is None

    def is_dropped(self) -> bool:
        return bool(self.transport.transport.is_closing())  # type: ignore[attr-defined]

    def is_over(self, now: float) -> bool:
        """Whether the other side has kept us waiting for too long."""
        if self.blocked_since is not None:
            read = self.transport.read_by_client - self.written_before  # type: ignore[attr-defined]
            return now >= self.limits.spared_until(self.blocked_since, read)
        if self.is_working() or self.transport.is_closing() or self.timeout_keep_alive_task:
            return False  # that ends by itself
        if self.is_body_coming():
            return now >= self.limits.spared_until(self.since, self.received)
        return now >= self.since + self.limits.headers

    def check(self, now: float) -> None:
        """End what has kept us waiting for too long; a body that is late is answered."""
        if self.flow.read_paused and self.is_body_coming():
            self.since = now  # we are who does not read
        if not self.is_over(now):
            return
        answers = self.blocked_since is None and self.is_body_coming()
        if not answers or self.is_late or self.cycle.response_started:
            self.transport.abort()
            return
        self.is_late = True
        self.since, self.received = now, 0  # so long the answer has
        self.cycle.message_event.set()

    # --- uvicorn's events ----------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        super().connection_made(GentleTransport(transport, self))  # type: ignore[arg-type]
        if len(self.connections) > self.limits.most:
            give_way(self.connections, max(self.limits.most // 20, 1))

    def data_received(self, data: bytes) -> None:
        if self.thrown_away is not None:
            self.thrown_away += len(data)
            if self.thrown_away > self.limits.closing_bytes:
                self.transport.abort()
            return
        now = self.loop.time()
        if self.timeout_keep_alive_task is not None:
            self.since = now  # the first bytes of a further request
        was_coming = self.is_body_coming()
        super().data_received(data)
        if self.is_body_coming() and not was_coming:
            self.since, self.received = now, 0
        elif was_coming:
            self.received += len(data)

    def on_response_complete(self) -> None:
        self.since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.blocked_since = self.since = self.loop.time()
        self.written_before = self.transport.read_by_client  # type: ignore[attr-defined]

    def resume_writing(self) -> None:
        super().resume_writing()
        self.blocked_since = None

    async def run_app(self, scope: Any, receive: Any, send: Any) -> None:
        """The application; an answer before the request's end is the connection's last."""
        cycle = self.cycle

        async def receive_in_time() -> Any:
            message = await receive()
            if self.is_late and cycle.more_body:
                raise BodyLate("请求太慢，请重发", "The request is too slow; send it again.")
            return message

        async def send_last(message: Any) -> None:
            if message["type"] == "http.response.start" and cycle.more_body:
                message = {**message, "headers": [*message.get("headers", ()), CLOSE_HEADER]}
            await send(message)

        await self.config.loaded_app(scope, receive_in_time, send_last)


def give_way(connections: Iterable[Any], count: int) -> None:
    """Drop the connections that have waited longest for a request; those at work stay.

    Some at once: to look through all for each that comes would cost more than the flood does.
    """
    waiting = [each for each in connections if not each.is_working() and not each.is_dropped()]
    for each in nsmallest(count, waiting, key=lambda each: each.since):
        each.transport.abort()


async def check_connections(connections: Collection[Any]) -> None:
    """Check all again and again, as long as a server has some."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        for connection in [*connections]:
            connection.check(loop.time())


def bounded_connection(limits: ConnectionLimits) -> type[BoundedConnection]:
    """The kind of connection of a process, which from now on may open all files that it can."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    files = hard if hard != resource.RLIM_INFINITY else RESERVED_FILES + limits.most
    limits = replace(limits, most=min(limits.most, max(files // 2, files - RESERVED_FILES)))
    return type("Connection", (BoundedConnection,), {"limits": limits})
