"""A client that does the main job, and asks again until it is answered, under the same key."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx

from tests.faults.processes import House
from tests.paths import GOLDEN
from tests.registry.clients import REGION, zipped

RUNS = ("2022-09-30", "2022-11-30", "2022-12-25")
FIRST, EACH, SWEEPS = date(2022, 9, 15), timedelta(days=26), 4  # to the end of the campaign
OWN_UNIT, OWN_PROJECT = "U90", "P900"  # of nobody's ledger: what is reported while one comes in
REPORTS = 20
BOUNDARY = "b3a1c5"  # a request that is repeated is the same to the byte
FORM = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
BETWEEN_LOOKS = 0.05  # seconds
PATIENCE = 240  # seconds until a client that is not answered gives up


@dataclass
class Client:
    """`acknowledged` is what it was told is done: the answer to each key.

    `sweeps` is how much of the campaign it goes through, in periods of 26 days.
    """

    house: House
    http: httpx.AsyncClient
    sweeps: int = SWEEPS
    acknowledged: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    asked_again: int = 0

    async def ask(
        self, method: str, path: str, *, key: str = "", headers: Mapping[str, str] = {}, **it: Any
    ) -> httpx.Response:
        """The answer, however often it takes; raises AssertionError where it is a refusal."""
        sent = {**headers, **({"idempotency-key": key} if key else {})}
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.house.open.wait()
                sent["authorization"] = f"Bearer {self.house.token}"
                url = self.house.address + path
                try:
                    found = await self.http.request(method, url, headers=sent, **it)
                except httpx.TransportError:
                    found = None
                if found is not None and found.is_success:
                    if key:
                        self.acknowledged[key] = found.json()
                    return found
                if found is not None and found.status_code < 500:
                    assert "still-running" in found.text, found.text
                self.asked_again += 1
                await asyncio.sleep(BETWEEN_LOOKS)

    async def json(self, method: str, path: str, **it: Any) -> Any:
        return (await self.ask(method, path, **it)).json()

    # --- the phases -----------------------------------------------------------------------------

    async def prepare(self) -> None:
        """Somebody to report about before the ledger is there."""
        unit = {"name": "交通运输局二", "kind": "department", "group": "departments"}
        path, unit["region_code"] = "/registry/v1", REGION
        await self.ask("PUT", f"{path}/units/{OWN_UNIT}", key="prepare-unit", json=unit)
        project = {"name": "岚河大桥", "unit_id": OWN_UNIT, "nature": "continuing"}
        project["region_code"] = REGION
        await self.ask("PUT", f"{path}/projects/{OWN_PROJECT}", key="prepare-project", json=project)

    async def bring_in(self) -> None:
        """The golden county, uploaded and applied, while progress is being reported."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self.take_over())
            both.create_task(self.report())

    async def take_over(self) -> None:
        path, file = "/registry/v1/imports", {"file": ("county.zip", zipped(GOLDEN / "county"))}
        found = await self.json("POST", path, key="the-upload", headers=FORM, files=file)
        place = f"{path}/{found['id']}"
        found = await self.json("POST", f"{place}/apply", key="the-apply")
        async with asyncio.timeout(PATIENCE):
            while found["state"] == "applying":
                await asyncio.sleep(BETWEEN_LOOKS)
                found = await self.json("GET", place)
        assert found["state"] == "applied", found

    async def report(self) -> None:
        for n in range(REPORTS):
            day = date(2022, 1, 1) + timedelta(days=n)
            path = f"/registry/v1/projects/{OWN_PROJECT}/progress/{day}"
            body = {"invested_ytd_yuan": n * 10_000}
            await self.ask("PUT", path, key=report_key(day), json=body)

    async def score(self) -> None:
        for day in RUNS:
            ask = {"scheme": "lanxian-2022", "as_of": day}
            await self.ask("POST", "/scoring/v1/runs", key=f"the-run-{day}", json=ask)

    async def sweep(self) -> None:
        """Period by period: each numbers its letters in its own transaction; prints follow."""
        for n in range(self.sweeps):
            first, last = FIRST + n * EACH, FIRST + (n + 1) * EACH - timedelta(days=1)
            days = {"from_on": f"{first}", "to_on": f"{last}"}
            await self.ask("POST", "/notifier/v1/sweeps", key=f"the-sweep-{n}", json=days)

    async def render(self) -> None:
        """Every letter as PDF; every tenth as DOCX, made when it is asked for; the runs."""
        async with asyncio.timeout(PATIENCE):
            page = await self.json("GET", "/notifier/v1/letters", params={"limit": 200})
            while not all(letter["printed"] for letter in page["items"]):
                await asyncio.sleep(BETWEEN_LOOKS)
                page = await self.json("GET", "/notifier/v1/letters", params={"limit": 200})
        for n, letter in enumerate(page["items"]):
            place = f"/notifier/v1/letters/{letter['id']}"
            pdf = await self.ask("GET", f"{place}/document.pdf")
            self.documents[f"{letter['number']}.pdf"] = pdf.content
            if n % 10 == 0:
                docx = await self.ask("GET", f"{place}/document.docx")
                assert docx.content.startswith(b"PK")
        for day in RUNS:
            run = self.acknowledged[f"the-run-{day}"]["id"]
            found = await self.ask("GET", f"/scoring/v1/runs/{run}/document")
            ranking = await self.ask("GET", f"/scoring/v1/runs/{run}/ranking")
            self.documents |= {f"{day}.json": found.content, f"{day}.ranking": ranking.content}

    @property
    def phases(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        return {
            "import": self.bring_in,
            "run": self.score,
            "sweep": self.sweep,
            "render": self.render,
        }


@asynccontextmanager
async def client_of(house: House, sweeps: int) -> AsyncIterator[Client]:
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        yield Client(house, http, sweeps)


def report_key(day: date) -> str:
    return f"report-{day}"
