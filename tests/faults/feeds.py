"""Readers of the feed miss nothing while PostgreSQL is killed.

    python -m tests.faults.feeds [MINUTES]

Sixteen offices write at the same time; one reader follows all of the region by a cursor, one each
follows an office. PostgreSQL is killed (-9) at random moments; the embedded launcher starts it
again. In the end all that is in the table must have been read, once, and nothing else.
"""

import asyncio
import os
import random
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import httpx
from fastapi import FastAPI
from joserfc.jwk import KeySet
from rich.console import Console
from sqlalchemy import text

from services.registry.main import build_app
from shared import clock
from shared.database.embedded_postgres import run_embedded_server
from shared.database.migrations import migrate_schema
from shared.database.sessions import CONNECTION_ERRORS, Sessions, create_sessions
from shared.http.tokens import Caller, Issuer, Role
from shared.offices import region_prefix
from tests.polling import until

OFFICES = [f"35{number:04}" for number in range(1, 17)]
REGION = "35"
SECONDS_BETWEEN_KILLS = (2.0, 8.0)
UNIT = {"name": "甲", "kind": "zone", "group": "g"}
PAGE = "50"


class House:
    """The registry over a server that may be killed, and whoever calls it."""

    def __init__(self, sessions: Sessions, issuer: Issuer) -> None:
        self.app: FastAPI = build_app(sessions, KeySet([issuer.key]))
        self.issuer, self.written, self.kills = issuer, 0, 0
        self.ended = self.is_quiet = False  # killed for the last time; all writers are done

    def client(self, region: str) -> httpx.AsyncClient:
        who = Caller("the office", Role.office, region)
        token = self.issuer.issue(who, now=clock.now(), lasts=timedelta(days=1))
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://registry",
            headers={"authorization": f"Bearer {token}"},
        )

    async def write(self, office: str) -> None:
        """Record units, one after the other; what got no answer may have been recorded or not."""
        async with self.client(office) as client:
            number = 0
            while not self.ended:
                number += 1
                with suppress(*CONNECTION_ERRORS):
                    answer = await client.put(f"/v1/units/U{number}", json=UNIT)
                    self.written += answer.status_code == 201

    async def follow(self, region: str, asked: dict[str, str]) -> list[int]:
        """Read the feed from its beginning until the writers have ended and nothing more comes."""
        found, after = list[int](), "0"
        async with self.client(region) as client:
            while True:
                over = self.is_quiet
                params = {**asked, "after": after, "limit": PAGE}
                answer = await client.get("/v1/events", params=params)
                if answer.status_code != 200:
                    await asyncio.sleep(0.05)
                    continue
                page = answer.json()
                found += [item["id"] for item in page["items"]]
                after = page["cursor"]
                if not page["items"]:
                    if over:
                        return found
                    await asyncio.sleep(0.01)

    async def kill(self, folder: Path, end: float) -> None:
        """Kill the server at random moments, and let it come back before the end."""
        while perf_counter() < end:
            await asyncio.sleep(random.uniform(*SECONDS_BETWEEN_KILLS))
            with suppress(OSError, ValueError):
                pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
                os.kill(pid, signal.SIGKILL)
                self.kills += 1
        async with self.client(REGION) as client:

            async def is_ready() -> bool:
                return (await client.get("/health/ready")).status_code == 200

            await until(is_ready)
        self.ended = True


async def run(url: str, folder: Path, issuer: Issuer, minutes: float) -> tuple[House, list[str]]:
    sessions = create_sessions(url, connections=40)
    house = House(sessions, issuer)
    everything, *followed = (
        asyncio.create_task(house.follow(region, asked))
        for region, asked in (
            (REGION, {"region": REGION}),
            *((region_prefix(office), {}) for office in OFFICES),
        )
    )
    writers = (house.write(office) for office in OFFICES)
    await asyncio.gather(house.kill(folder, perf_counter() + 60 * minutes), *writers)
    house.is_quiet = True
    async with sessions.begin() as session:
        rows = (
            await (await session.connection()).execute(
                text("SELECT id, office FROM registry.events")
            )
        ).all()
    await sessions.kw["bind"].dispose()
    there = [row.id for row in rows]
    faults = compare("the region", await everything, there)
    for office, read in zip(OFFICES, followed, strict=True):
        faults += compare(office, await read, [row.id for row in rows if row.office == office])
    return house, [f"{len(there)} events", *faults]


def compare(name: str, read: Sequence[int], there: Sequence[int]) -> list[str]:
    doubled = [number for number, times in Counter(read).items() if times > 1]
    missed, invented = set(there) - set(read), set(read) - set(there)
    wrong = {"doubled": doubled, "missed": missed, "invented": invented}
    return [f"{name}: {len(found)} {what}" for what, found in wrong.items() if found]


def main(minutes: float) -> int:
    console = Console(width=110)
    with tempfile.TemporaryDirectory(prefix="bairi-feeds-") as made:
        Path(made).chmod(0o755)  # for the database's own user
        folder, keys = Path(made) / "postgres", Path(made) / "key.json"
        issuer = Issuer(keys)
        with run_embedded_server(folder) as url:
            asyncio.run(migrate_schema(url, "registry"))
            house, (count, *faults) = asyncio.run(run(url, folder, issuer, minutes))
    counted = f"{house.kills} kills, {house.written} writes answered, {count}"
    console.print(f"{counted}: {faults or 'all read once'}")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if sys.argv[1:] else 10))
