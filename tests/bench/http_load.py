"""A client that asks much and costs little: raw HTTP/1.1 over connections that stay open."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass(frozen=True)
class Took:
    """Seconds of all requests together, and of each."""

    seconds: float
    each: list[float]

    @property
    def per_second(self) -> float:
        return len(self.each) / self.seconds


class Refused(Exception):
    """An answer that is not the one that was to be measured."""


async def knock(port: int, requests: Iterator[bytes], status: int, *, at_once: int) -> Took:
    """Send all requests over so many connections, each waiting for its answer."""
    each: list[float] = []
    begun = perf_counter()
    await asyncio.gather(*(keep_asking(port, requests, status, each) for _ in range(at_once)))
    return Took(perf_counter() - begun, each)


async def keep_asking(port: int, requests: Iterator[bytes], status: int, each: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    expected = str(status).encode()
    for request in requests:
        begun = perf_counter()
        writer.write(request)
        head = await reader.readuntil(END)
        body = await reader.readexactly(length_of(head))
        each.append(perf_counter() - begun)
        if head.split(b" ", 2)[1] != expected:
            raise Refused((head + body).decode())
    writer.close()
    await writer.wait_closed()


def length_of(head: bytes) -> int:
    at = head.lower().index(LENGTH) + len(LENGTH)
    return int(head[at : head.index(b"\r", at)])


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "host: localhost",
        f"authorization: Bearer {token}",
        "accept: application/json",
        *(("content-type: application/json", f"content-length: {len(body)}") if body else ()),
    ]
    return "\r\n".join(lines).encode() + END + body
