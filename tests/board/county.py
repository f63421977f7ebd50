"""The sample county behind the board: the services on a port, as `make run` leaves them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from rich.console import Console

from services.cli.server.all_in_one import SERVICE_NAMES, run_services
from services.cli.server.demo import REQUEST_TIMEOUT, run_demo, send_request
from services.cli.server.server import LOOPBACK, run_http_server
from services.cli.showcase.sample.names import SAMPLE_REGION, TRANSPORT
from services.notifier.settings import IssuingOffice
from services.registry.sessions.browsers import COOKIE
from shared.http.tokens import REGION_WIDE, Caller, Issuer, Role
from tests.databases import database, execute

UNIT_ID = TRANSPORT
NAMES = {
    "office": "王主任",
    "unit": "李局长",
    "leader": "张县长",
    "field": "赵专员",
    "inspector": "纪检员",
    "viewer": "公众",
    "approval": "审批窗口",
}
PASSWORD = "岚县-百日-攻坚-2022"
LASTS = timedelta(hours=2)  # of a token
CAMPAIGN = {
    "name": "百日攻坚",
    "scheme": "lanxian-2022",
    "from_on": "2022-09-15",
    "to_on": "2022-12-25",
    "targets": [{"unit_id": UNIT_ID, "metric": "starts", "value": "3", "due_on": "2022-12-25"}],
}


@dataclass(frozen=True)
class County:
    """The address of the services, whose database holds a county, and the people who sign in.

    `cookies` are those of their devices, by role. A role is of `UNIT_ID`, or says of which unit it
    is: `unit@U03`.
    """

    address: str
    issuer: Issuer
    cookies: dict[str, str] = field(default_factory=dict)

    def token(self, role: str) -> str:
        caller = Caller(name_of(role), role_of(role), SAMPLE_REGION, unit_of(role))
        return self.issuer.issue(caller, now=datetime.now(UTC), lasts=LASTS)  # noqa: TID251

    def client(self, role: str) -> httpx.AsyncClient:
        """Somebody of this role with a program, to compare the page with."""
        headers = {"authorization": f"Bearer {self.token(role)}"}
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=REQUEST_TIMEOUT)

    async def read(self, path: str, role: str = "office", **asked: Any) -> Any:
        """The answer to a question of this role."""
        async with self.client(role) as client:
            return (await client.get(path, params=asked)).raise_for_status().json()

    async def invite(self, role: str, name: str) -> Any:
        """A new invitation by the office."""
        body = {"name": name, "role": role_of(role), "unit_id": unit_of(role)}
        async with self.client("office") as office:
            return await send_request(office, "POST", "/registry/v1/invitations", json=body)

    async def cookie(self, role: str) -> str:
        """The cookie of a device of somebody of this role, who is invited the first time."""
        if role not in self.cookies:
            invitation = await self.invite(role, name_of(role))
            body = {"code": invitation["code"], "password": PASSWORD}
            headers = {"origin": self.address}
            async with httpx.AsyncClient(base_url=self.address, headers=headers) as device:
                await send_request(device, "POST", "/registry/v1/session/accept", json=body)
                self.cookies[role] = device.cookies[COOKIE]
        return self.cookies[role]


def role_of(role: str) -> Role:
    return Role(role.partition("@")[0])


def name_of(role: str) -> str:
    return NAMES[role_of(role)] + role.partition("@")[2]


def unit_of(role: str) -> str | None:
    """The unit of whoever is of one."""
    unit = role.partition("@")[2] or UNIT_ID
    return None if role_of(role) in REGION_WIDE or role_of(role) is Role.viewer else unit


async def furnish_sample(county: County) -> None:
    """Do the main job, then publish its last run, and a campaign."""
    with TemporaryDirectory() as folder:
        await run_demo(Console(quiet=True), county.address, county.token("office"), Path(folder))
    async with county.client("office") as office:
        runs = (await send_request(office, "GET", "/scoring/v1/runs"))["items"]
        last = max(run["id"] for run in runs)
        await send_request(office, "POST", f"/scoring/v1/runs/{last}/publish")
        campaign = await send_request(office, "POST", "/scoring/v1/campaigns", json=CAMPAIGN)
        await send_request(office, "POST", f"/scoring/v1/campaigns/{campaign['id']}/publish")


Furnish = Callable[[County], Awaitable[None]]
SAMPLE = "board_sample"  # a database to copy, furnished the first time that it is wanted
FURNISHED: set[str] = set()  # servers that have it


@asynccontextmanager
async def run_county(
    server: str, issuer: Issuer, name: str, furnish: Furnish | None = None
) -> AsyncIterator[County]:
    """The services over a database of their own: the sample county, or as it is furnished."""
    if furnish is None:
        await furnish_once(server, issuer)
        async with (
            database(server, name, copied_from=SAMPLE) as url,
            open_services(url, issuer) as county,
        ):
            yield county
        return
    async with (
        database(server, name, *SERVICE_NAMES) as url,
        open_services(url, issuer) as county,
    ):
        await furnish(county)
        yield county


async def furnish_once(server: str, issuer: Issuer) -> None:
    """Make the database of the sample county; nobody stays connected to it."""
    if server not in FURNISHED:
        name = f"{SAMPLE}_made"
        async with database(server, name, *SERVICE_NAMES) as url:
            async with open_services(url, issuer) as made:
                await furnish_sample(made)
            await execute(server, f"CREATE DATABASE {SAMPLE} TEMPLATE {name}")
        FURNISHED.add(server)


@asynccontextmanager
async def open_services(url: str, issuer: Issuer) -> AsyncIterator[County]:
    async with (
        run_services(url, issuer, IssuingOffice(any_day=True)) as app,
        run_http_server(app, LOOPBACK, 0, asyncio.Event()) as address,
    ):
        yield County(address, issuer)
