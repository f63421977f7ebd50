"""The whole house on a database of its own, as `bairi up` builds it, and what one does in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from services.cli.server.all_in_one import run_services
from services.notifier.settings import IssuingOffice
from shared.http.tokens import Issuer
from tests.registry.clients import As, speaking

OFFICE = IssuingOffice(any_day=True)
LETTERHEAD = {"name": "岚县重点项目建设领导小组办公室", "agency_words": {"default": "岚重办"}}
LOOKS, BETWEEN_LOOKS = 600, 0.05  # seconds


@asynccontextmanager
async def opened(url: str, issuer: Issuer) -> AsyncIterator[As]:
    """Clients of the house: `as_("office")`; paths begin with a service's name."""
    async with run_services(url, issuer, OFFICE) as app:
        yield speaking(app, issuer)


async def answer(client: httpx.AsyncClient, method: str, path: str, **given: Any) -> Any:
    response = await client.request(method, path, **given)
    assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
    return response.json()


async def taken_over(office: httpx.AsyncClient, content: bytes, **asked: str) -> Any:
    """A ledger uploaded and applied, in the request itself or after it; the import at its end."""
    path = "/registry/v1/imports"
    files = {"file": ("ledger.zip", content)}
    found = await answer(office, "POST", path, files=files, params=asked)
    path = f"{path}/{found['id']}"
    await answer(office, "POST", f"{path}/apply")
    for _ in range(LOOKS):
        found = await answer(office, "GET", path)
        if found["state"] not in ("checked", "applying"):
            break
        await asyncio.sleep(BETWEEN_LOOKS)
    assert found["state"] == "applied", found
    return found


async def printed_letters(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The letters once all of them have their documents, which come after their numbers."""
    for _ in range(LOOKS):
        letters = await all_items(client, "/notifier/v1/letters")
        if all(letter["printed"] for letter in letters):
            return letters
        await asyncio.sleep(BETWEEN_LOOKS)
    raise AssertionError("letters that are not printed")


async def all_items(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    items: list[dict[str, Any]] = []
    after: str | None = "0"
    while after is not None:
        page = await answer(client, "GET", path, params={"after": after, "limit": 50})
        items += page["items"]
        after = page["next"]
    return items
