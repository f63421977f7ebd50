"""The sample county behind the board: the services on a port, as `make run` leaves them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from rich.console import Console

from services.cli.server.all_in_one import SERVICE_NAMES, run_services
from services.cli.server.demo import REQUEST_TIMEOUT, run_demo, send_request
from services.cli.server.server import LOOPBACK, run_http_server
from services.cli.showcase.sample.names import DEPARTMENTS, SAMPLE_REGION, TRANSPORT
from services.notifier.settings import IssuingOffice
from shared.http.tokens import REGION_WIDE, Caller, Issuer, Role
from tests.databases import database

UNIT_ID, UNIT_NAME = TRANSPORT, f"样县{DEPARTMENTS[TRANSPORT]}"
OFFICE_NAME = "样县重点项目建设领导小组办公室"
NAMES = {
    "office": "王主任",
    "unit": "李局长",
    "leader": "张县长",
    "field": "赵专员",
    "inspector": "纪检员",
    "viewer": "公众",
    "approval": "审批窗口",
}
SESSION = timedelta(hours=2)
CAMPAIGN = {
    "name": "百日攻坚",
    "scheme": "lanxian-2022",
    "from_on": "2022-09-15",
    "to_on": "2022-12-25",
    "targets": [{"unit_id": UNIT_ID, "metric": "starts", "value": "3", "due_on": "2022-12-25"}],
}


@dataclass(frozen=True)
class County:
    """The address of the services, whose database holds the sample county."""

    address: str
    issuer: Issuer

    def session(self, role: str) -> dict[str, Any]:
        """What the exchange of a device's cookie answers for somebody of this role."""
        who = Role(role)
        unit = None if who in REGION_WIDE or who is Role.viewer else UNIT_ID
        caller = Caller(NAMES[role], who, SAMPLE_REGION, unit)
        now = datetime.now(UTC)  # noqa: TID251
        return {
            "token": self.issuer.issue(caller, now=now, lasts=SESSION),
            "expires_at": (now + SESSION).isoformat(),
            "name": caller.name,
            "sign_in_name": caller.name,
            "role": role,
            "region": SAMPLE_REGION,
            "unit_id": unit,
            "unit_name": unit and UNIT_NAME,
            "office_name": OFFICE_NAME,
        }

    def client(self, role: str) -> httpx.AsyncClient:
        """Somebody of this role with a program, to compare the page with."""
        headers = {"authorization": f"Bearer {self.session(role)['token']}"}
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=REQUEST_TIMEOUT)

    async def read(self, path: str, role: str = "office", **asked: Any) -> Any:
        """The answer to a question of this role."""
        async with self.client(role) as client:
            return (await client.get(path, params=asked)).raise_for_status().json()


@asynccontextmanager
async def run_county(server: str, issuer: Issuer, name: str = "board") -> AsyncIterator[County]:
    """The services over a database of their own on this server, furnished."""
    async with (
        database(server, name, *SERVICE_NAMES) as url,
        run_services(url, issuer, IssuingOffice(any_day=True)) as app,
        run_http_server(app, LOOPBACK, 0, asyncio.Event()) as address,
    ):
        county = County(address, issuer)
        await furnish(county)
        yield county


async def furnish(county: County) -> None:
    """Do the main job, then publish its last run, and a campaign."""
    with TemporaryDirectory() as folder:
        token = county.session("office")["token"]
        await run_demo(Console(quiet=True), county.address, token, Path(folder))
    async with county.client("office") as office:
        runs = (await send_request(office, "GET", "/scoring/v1/runs"))["items"]
        last = max(run["id"] for run in runs)
        await send_request(office, "POST", f"/scoring/v1/runs/{last}/publish")
        campaign = await send_request(office, "POST", "/scoring/v1/campaigns", json=CAMPAIGN)
        await send_request(office, "POST", f"/scoring/v1/campaigns/{campaign['id']}/publish")
