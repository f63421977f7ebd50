"""Passwords: hashed by scrypt off the event loop, a few at a time, each as long as any other."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.registry.sessions.rules import SignInBusy, address_group, normalize_password

COST, BLOCK, PARALLEL = 2**15, 8, 1  # of scrypt: 32 MiB, some 80 ms of a processor
MEMORY = 64 * 1024 * 1024
KEY_BYTES = 32
AT_ONCE = 2  # hashed, whatever comes
WAITING, WAITING_OF_ONE = 20, 5  # for their turn, in all and from one address
SCHEME = "scrypt"


class HashingTurns:
    """Turns of hashing: who waits is bounded, also by where it comes from."""

    def __init__(self) -> None:
        self.running = asyncio.Semaphore(AT_ONCE)
        self.waiting = Counter[str]()

    @contextmanager
    def queue(self, address: str) -> Iterator[None]:
        """A place in the queue. Raises SignInBusy."""
        group = address_group(address)
        if self.waiting.total() >= WAITING or self.waiting[group] >= WAITING_OF_ONE:
            raise SignInBusy("请过几秒再试", "Try again in some seconds.")
        self.waiting[group] += 1
        try:
            yield
        finally:
            self.waiting[group] -= 1
            self.waiting += Counter()  # forgets those of whom nobody waits

    async def run(self, function: Callable[[], bytes]) -> bytes:
        """What a function returns, when it is its turn; for who has a place in the queue."""
        async with self.running:
            return await asyncio.to_thread(function)


TURNS = HashingTurns()


async def hash_password(password: str, address: str) -> str:
    """The text that is stored of a password. Raises SignInBusy."""
    salt = secrets.token_bytes(16)
    with TURNS.queue(address):
        key = await TURNS.run(lambda: derive_key(password, salt, COST, BLOCK, PARALLEL))
    parts = (SCHEME, str(COST), str(BLOCK), str(PARALLEL), encode(salt), encode(key))
    return "$".join(parts)


async def is_password(password: str, stored: str | None) -> bool:
    """Whether it is the password; without a stored one it takes as long to say no.

    For who has a place in the queue.
    """
    cost, block, parallel, salt, key = parse_stored(stored or NOBODY)
    derived = await TURNS.run(lambda: derive_key(password, salt, cost, block, parallel))
    return hmac.compare_digest(derived, key) and stored is not None


def derive_key(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    content = normalize_password(password).encode()
    return hashlib.scrypt(
        content, salt=salt, n=cost, r=block, p=parallel, maxmem=MEMORY, dklen=KEY_BYTES
    )


def parse_stored(stored: str) -> tuple[int, int, int, bytes, bytes]:
    _, cost, block, parallel, salt, key = stored.split("$")
    return int(cost), int(block), int(parallel), decode(salt), decode(key)


def encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


def decode(text: str) -> bytes:
    return base64.b64decode(text)


NOBODY = "$".join((SCHEME, str(COST), str(BLOCK), str(PARALLEL), encode(b"0" * 16), encode(b"0")))
