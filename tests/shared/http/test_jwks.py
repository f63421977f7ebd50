"""An issuer that changes its keys: services notice, once a minute at most, and nobody waits."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import KeySet

from shared.http.auth import resolve_caller
from shared.http.jwks import RENEWAL_INTERVAL, RenewableKeySet
from shared.http.tokens import Caller, Issuer, Role, parse_key_id
from shared.problems import Unauthorized

NOW = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
OFFICE = Caller("王芳", Role.office, "990101")


def token(issuer: Issuer) -> str:
    return issuer.issue(OFFICE, now=NOW, lasts=timedelta(hours=1))


@pytest.fixture
def old(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path / "old.json")


@pytest.fixture
def new(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path / "new.json")


@pytest.fixture
def file(tmp_path: Path, old: Issuer) -> Path:
    place = tmp_path / "jwks.json"
    place.write_text(json.dumps(old.public))
    return place


def both(*issuers: Issuer) -> Any:
    return KeySet([issuer.key for issuer in issuers]).as_dict(private=False)


def write(file: Path, content: str) -> None:
    file.write_text(content)


async def test_a_new_key_is_found_when_a_token_names_it(
    file: Path, old: Issuer, new: Issuer
) -> None:
    keys = RenewableKeySet(str(file))
    assert await resolve_caller(token(old), keys, now=NOW) == OFFICE
    write(file, json.dumps(both(old, new)))
    assert await resolve_caller(token(new), keys, now=NOW) == OFFICE
    assert await resolve_caller(token(old), keys, now=NOW) == OFFICE


async def test_keys_are_looked_up_once_a_minute_at_most(
    file: Path, old: Issuer, new: Issuer
) -> None:
    keys = RenewableKeySet(str(file))
    with pytest.raises(Unauthorized):
        await resolve_caller(token(new), keys, now=NOW)
    write(file, json.dumps(both(old, new)))
    with pytest.raises(Unauthorized):
        await resolve_caller(token(new), keys, now=NOW + RENEWAL_INTERVAL - timedelta(seconds=1))
    assert await resolve_caller(token(new), keys, now=NOW + RENEWAL_INTERVAL) == OFFICE


@pytest.mark.parametrize("broken", ["", "{}", '{"keys": []}', '{"keys": [{"kty": "?"}]}', "[1]"])
async def test_an_answer_of_no_use_changes_nothing(
    file: Path, old: Issuer, new: Issuer, broken: str
) -> None:
    keys = RenewableKeySet(str(file))
    write(file, broken)
    with pytest.raises(Unauthorized):
        await resolve_caller(token(new), keys, now=NOW)
    assert await resolve_caller(token(old), keys, now=NOW) == OFFICE


@pytest.mark.parametrize("text", ["", "nonsense", "e30.x.y", "W10.x.y", "eyJraWQiOjF9.x.y", "é.x"])
def test_a_token_that_names_no_key_asks_nobody(text: str) -> None:
    assert parse_key_id(text) is None


def test_a_token_names_its_key(old: Issuer) -> None:
    assert parse_key_id(token(old)) == old.key.kid


# --- over HTTP


@dataclass
class Published:
    """An issuer's address that answers when it is let, and counts how often it was asked."""

    body: Any
    asked: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        self.reached.set()
        await self.let.wait()
        content = json.dumps(self.body).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + content)
        await writer.drain()
        writer.close()


@pytest.fixture
async def published(old: Issuer) -> AsyncIterator[tuple[Published, str]]:
    found = Published(old.public)
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    async with server:
        yield found, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"


async def test_nobody_else_waits_while_the_issuer_is_asked(
    published: tuple[Published, str], old: Issuer, new: Issuer
) -> None:
    """Of four with a new key one asks; whoever has a known key goes on meanwhile."""
    found, address = published
    found.let.set()
    keys = await asyncio.to_thread(RenewableKeySet, address)
    found.body, found.asked = both(old, new), 0
    found.let.clear()
    found.reached.clear()

    waiting = [asyncio.create_task(resolve_caller(token(new), keys, now=NOW)) for _ in range(4)]
    await asyncio.wait_for(found.reached.wait(), 30)
    assert await resolve_caller(token(old), keys, now=NOW) == OFFICE
    assert not any(task.done() for task in waiting)
    found.let.set()

    assert await asyncio.gather(*waiting) == [OFFICE] * 4
    assert found.asked == 1
