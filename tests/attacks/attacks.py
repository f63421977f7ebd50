"""The attacks: what each sends over and over, over how many connections, and with whose token."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.attacks import files, scheme_texts

PATIENCE = 120  # seconds that an attacker waits for an answer
BROKEN = "closed"
UPLOAD_PART = b"x" * 1_000_000
SLOW_READERS, HALF_SENT = 100, 300


@dataclass
class Attacker:
    """Where an attack goes, with the token of somebody who may, and what it got."""

    address: str
    token: str
    got: Counter[str] = field(default_factory=Counter)

    async def send(self, method: str, path: str, **sent: Any) -> None:
        headers = {"authorization": f"Bearer {self.token}"}
        try:
            async with httpx.AsyncClient(base_url=self.address, timeout=PATIENCE) as client:
                answer = await client.request(method, path, headers=headers, **sent)
            self.got[str(answer.status_code)] += 1
        except httpx.TransportError:
            self.got[BROKEN] += 1

    async def open(self, request: bytes) -> "RawConnection":
        parts = urlsplit(self.address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(request)
        await writer.drain()
        return RawConnection(reader, writer)


@dataclass
class RawConnection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def read_status(self) -> str:
        """The status of what is answered, or that nothing is."""
        try:
            line = await asyncio.wait_for(self.reader.readline(), PATIENCE)
            return line.split()[1].decode() if line else BROKEN
        except (ConnectionError, TimeoutError):
            return BROKEN
        finally:
            self.writer.close()


Deed = Callable[[Attacker], Awaitable[None]]


@dataclass(frozen=True)
class Attack:
    """Deeds done over and over by so many at once."""

    deed: Callable[[], Deed]  # made when it begins, since files take their time
    at_once: int = 4


def upload(content: Callable[[], bytes]) -> Attack:
    def prepare() -> Deed:
        file = {"file": ("ledger.xlsx", content())}

        async def send(attacker: Attacker) -> None:
            await attacker.send("POST", "/registry/v1/imports", files=file)

        return send

    return Attack(prepare)


def validate(texts: Callable[[], Sequence[str]], at_once: int = 4) -> Attack:
    def prepare() -> Deed:
        made = texts()

        async def send(attacker: Attacker) -> None:
            for text in made:
                path = "/scoring/v1/schemes/validate"
                await attacker.send("POST", path, json={"text": text})

        return send

    return Attack(prepare, at_once)


async def upload_without_token(attacker: Attacker) -> None:
    head = b"POST /registry/v1/imports HTTP/1.1\r\nhost: a\r\ncontent-length: 400000000\r\n"
    head += b"content-type: multipart/form-data; boundary=x\r\n\r\n"
    connection = await attacker.open(head)
    reading = asyncio.create_task(connection.read_status())
    try:
        for _ in range(400):
            connection.writer.write(UPLOAD_PART)
            await connection.writer.drain()
    except ConnectionError:
        pass
    attacker.got[await reading] += 1


async def send_halves(request: bytes, attacker: Attacker) -> None:
    """Hundreds of requests of which the rest never comes."""
    request = request.replace(b"TOKEN", attacker.token.encode())
    opened = await asyncio.gather(*(attacker.open(request) for _ in range(HALF_SENT)))
    attacker.got.update(await asyncio.gather(*(each.read_status() for each in opened)))


async def read_slowly(attacker: Attacker) -> None:
    """Answers of which nobody takes more than the first line."""
    request = b"GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n" * 20
    opened = await asyncio.gather(*(attacker.open(request) for _ in range(SLOW_READERS)))
    lines = await asyncio.gather(*(each.reader.readline() for each in opened))
    attacker.got.update(line.split()[1].decode() if line else BROKEN for line in lines)
    await asyncio.gather(*(wait_until_dropped(each) for each in opened))


async def wait_until_dropped(connection: RawConnection) -> None:
    connection.reader._transport.pause_reading()  # type: ignore[attr-defined]
    try:
        await asyncio.wait_for(connection.writer.wait_closed(), PATIENCE)
    except (ConnectionError, TimeoutError):
        connection.writer.transport.abort()


async def ask_what_if(attacker: Attacker) -> None:
    await attacker.send("POST", "/scoring/v1/what-if", json={"run_id": 1})
    await attacker.send("GET", "/scoring/v1/runs/1/sensitivity")


def always(deed: Deed, at_once: int = 4) -> Attack:
    return Attack(lambda: deed, at_once)


HALF_A_HEAD = b"GET /registry/v1/projects HTTP/1.1\r\nhost: a\r\nx-a: "
HALF_A_BODY = (
    b"POST /scoring/v1/schemes/validate HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n"
    b'authorization: Bearer TOKEN\r\ncontent-type: application/json\r\n\r\n{"text": "'
)
NO_TOKEN = "400 MB without a token"
HALF_HEADS, HALF_BODIES = "half-sent heads", "half-sent bodies"
ATTACKS: Mapping[str, Attack] = {
    "space in the last cell": upload(files.aborting_workbook),
    "two cells far apart": upload(files.dense_range),
    "sparse sheet": upload(files.sparse_sheet),
    "error cells without end": upload(files.error_cells),
    "two million rows": upload(files.two_million_rows),
    "archives in archives": upload(files.deep_archive),
    "a gigabyte in a megabyte": upload(files.swelling_archive),
    "18,000 unknown keys": validate(lambda: [scheme_texts.unknown_keys()], at_once=8),
    "formula bombs": validate(lambda: [*scheme_texts.formula_bombs()]),
    "deep and laughing YAML": validate(
        lambda: [scheme_texts.nested_lists(), scheme_texts.laughing_aliases()]
    ),
    "what-ifs, sensitivities": always(ask_what_if, at_once=50),
    NO_TOKEN: always(upload_without_token),
    HALF_HEADS: always(partial(send_halves, HALF_A_HEAD), at_once=1),
    HALF_BODIES: always(partial(send_halves, HALF_A_BODY), at_once=1),
    "3,000 half-sent heads": always(partial(send_halves, HALF_A_HEAD), at_once=10),
    "slow readers": always(read_slowly, at_once=1),
}
