"""The services as a real process on a data folder, to be killed and started again."""

import asyncio
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import httpx

from services.cli.server.issuer import TOKEN_FILE
from shared.database.embedded_postgres import socket_folder, wait_until_unused
from tests.paths import ROOT
from tests.polling import until
from tests.registry.clients import REGION

ADDRESS = re.compile(r"(http://[\d.]+:\d+)/docs")
SERVICES = ("registry", "scoring", "notifier")
STARTS_WITHIN, STOPS_WITHIN = 180, 90  # seconds, on a busy machine


class Victim(StrEnum):
    """What is killed: the services, the database's server, or every process of both."""

    service = "service"
    database = "database"
    everything = "everything"


class House:
    """One data folder, and the process that serves it now; `token` is of the region's office.

    `starts` is how often one came up: each has a link for whoever signs in first.
    """

    def __init__(self, data: Path, region: str = REGION) -> None:
        self.data, self.region = data, region
        self.address = self.token = ""
        self.starts = 0
        self.open = asyncio.Event()  # clear, while clients have nobody to ask
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Raises AssertionError, with what the process said last, where it does not come up."""
        with (self.data / "services.log").open("ab") as said:
            self.process = await asyncio.create_subprocess_exec(
                *(
                    sys.executable,
                    "-m",
                    "tests.faults.server",
                    str(self.data / "bairi"),
                    self.region,
                ),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
                stderr=said,
                start_new_session=True,
            )
        assert self.process.stdout
        async with asyncio.timeout(STARTS_WITHIN):
            line = (await self.process.stdout.readline()).decode()
        found = ADDRESS.search(line)
        assert found, (line, self.last_said())
        self.address, self.starts = found[1], self.starts + 1
        self.token = self.token or self.token_file.read_text()
        await self.ready()
        self.open.set()

    async def ready(self) -> None:
        """Until every service and the database under it answer."""
        async with httpx.AsyncClient(base_url=self.address, timeout=STARTS_WITHIN) as client:

            async def answered() -> bool:
                with suppress(httpx.TransportError):
                    asked = [client.get(f"/{name}/health/ready") for name in SERVICES]
                    return all(found.is_success for found in await asyncio.gather(*asked))
                return False

            await until(answered, within=STARTS_WITHIN)

    async def kill(self, victim: Victim) -> None:
        """As the kernel or an operator would; of a database that is killed, no process is left."""
        assert self.process
        self.open.clear()
        server = self.postmaster()
        if victim is not Victim.database:
            os.killpg(self.process.pid, signal.SIGKILL)
        if victim is Victim.database:
            os.kill(server, signal.SIGKILL)
        if victim is Victim.everything:
            for process in [server, *children(server)]:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        if victim is not Victim.database:
            await self.process.wait()

    async def come_back(self, victim: Victim) -> None:
        """Started again by whoever looks after services; the database is the services' own care."""
        if victim is Victim.database:
            await self.ready()
        else:
            await self.start()

    async def stop(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(STOPS_WITHIN):
                await self.process.communicate()
            assert self.process.returncode == 0, self.last_said()

    def postmaster(self) -> int:
        file = self.data / "bairi" / "postgres" / "data" / "postmaster.pid"
        return int(file.read_text().splitlines()[0])

    @property
    def token_file(self) -> Path:
        return self.data / "bairi" / TOKEN_FILE

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection]:
        """Beside the services, as nobody may ask them for all rows at one moment."""
        socket = socket_folder(self.data / "bairi" / "postgres")
        connection = await asyncpg.connect(host=str(socket), user="postgres", database="postgres")
        try:
            yield connection
        finally:
            await connection.close()

    def last_said(self) -> str:
        return "\n".join((self.data / "services.log").read_text().splitlines()[-20:])


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in found.read_text().split()]


def new_folder() -> Path:
    """Everybody may enter it, as root's server runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="bairi-faults-"))
    folder.chmod(0o711)
    return folder


@asynccontextmanager
async def house(region: str = REGION) -> AsyncIterator[House]:
    """Services on a new folder, stopped at the end."""
    made = House(new_folder(), region)
    try:
        await made.start()
        yield made
        await made.stop()
    finally:
        if made.process and made.process.returncode is None:
            made.process.kill()
            await made.process.wait()
        wait_until_unused(made.data / "bairi" / "postgres" / "data")
        shutil.rmtree(made.data)
