"""The issuer's keys (JWKS) at an address or in a file, looked up again when it has new ones."""

import asyncio
import json
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.http.tokens import parse_key_id

RENEWAL_INTERVAL = timedelta(minutes=1)  # at most so often, whatever tokens come
ISSUER_TIMEOUT = 5.0  # seconds for the issuer to answer
log = logging.getLogger(__name__)


class RenewableKeySet(KeySet):
    """A key set that can be renewed from its source, an address or a file.

    A token may name a key that is not among them: the issuer has begun to use another. Then the
    keys are looked up again. A key that the issuer takes back is trusted until that happens.
    """

    def __init__(self, source: str) -> None:
        content = (
            httpx.get(source).raise_for_status().text
            if is_remote(source)
            else read_key_file(source)
        )
        super().__init__(parse_keys(content))
        self.source = source
        self.looked_up_at: datetime | None = None  # again, not at the start
        self.looking = asyncio.Lock()

    async def renew_for(self, token: str, *, now: datetime) -> bool:
        """Look up a token's key where it is missing; True where it is there now."""
        kid = parse_key_id(token)
        if kid is None or self.has(kid):
            return False
        async with self.looking:  # who comes meanwhile waits for that answer
            if not self.has(kid) and self.may_look_up(now):
                self.looked_up_at = now
                await self.look_up()
        return self.has(kid)

    def has(self, kid: str) -> bool:
        return any(key.kid == kid for key in self.keys)

    def may_look_up(self, now: datetime) -> bool:
        return self.looked_up_at is None or abs(now - self.looked_up_at) >= RENEWAL_INTERVAL

    async def look_up(self) -> None:
        """Replace the keys; the present ones stay when the issuer gives no usable answer."""
        try:
            self.keys = parse_keys(await self.content())
        except (httpx.HTTPError, OSError, JoseError, ValueError, KeyError, TypeError) as error:
            log.warning("keys", extra={"data": {"place": self.source, "error": repr(error)}})

    async def content(self) -> str:
        if not is_remote(self.source):
            return await asyncio.to_thread(read_key_file, self.source)
        async with httpx.AsyncClient(timeout=ISSUER_TIMEOUT) as client:
            return (await client.get(self.source)).raise_for_status().text


def is_remote(source: str) -> bool:
    return source.startswith(("https://", "http://"))


def read_key_file(source: str) -> str:
    return Path(source).read_text("utf-8")


def parse_keys(content: str) -> list[Any]:
    return KeySet.import_key_set(json.loads(content)).keys
