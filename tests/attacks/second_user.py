"""A second user's reads, and the memory of the process that answers them."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import httpx

from tests.faults.processes import House, children

BETWEEN_READS = 0.025  # seconds
PATHS = (
    "/registry/v1/projects?limit=20",
    "/registry/v1/projects/P001",
    "/scoring/v1/runs/1/ranking",
)
LONGEST_READ = 20  # seconds, after which a read counts as not answered
LONGEST_READING = 60  # seconds of all reads beside one attack
MAX_FAILED = 3  # reads, after which no more are tried
KIB = 1024


@dataclass
class Reads:
    """How long reads took, in seconds, and which were not answered, and why."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        if not self.seconds:
            return float("inf")
        return sorted(self.seconds)[min(int(share * len(self.seconds)), len(self.seconds) - 1)]


@dataclass
class Memory:
    """Resident bytes: of the process, and of the children that work for it, at their most."""

    before: int = 0
    after: int = 0
    peak: int = 0
    of_children: int = 0


@asynccontextmanager
async def open_user(house: House) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {house.token}"}
    async with httpx.AsyncClient(
        base_url=house.address, headers=headers, timeout=LONGEST_READ
    ) as user:
        yield user


async def measure_reads(house: House, count: int, memory: Memory) -> Reads:
    """Reads one after another, until there are enough, the service is gone, or time is over."""
    reads, began = Reads(), perf_counter()
    async with open_user(house) as user:
        for n in range(count):
            await read_once(user, PATHS[n % len(PATHS)], reads)
            process = house.process
            if process is None or process.returncode is not None or len(reads.failed) > MAX_FAILED:
                break
            if perf_counter() - began > LONGEST_READING:
                reads.failed.append(f"only {len(reads.seconds)} in {LONGEST_READING} s")
                break
            memory.of_children = max(memory.of_children, resident_of_children(process.pid))
            await asyncio.sleep(BETWEEN_READS)
    return reads


async def read_once(user: httpx.AsyncClient, path: str, reads: Reads) -> None:
    began = perf_counter()
    try:
        answer = await user.get(path)
    except httpx.TransportError as error:
        reads.failed.append(type(error).__name__)
        return
    if answer.is_success:
        reads.seconds.append(perf_counter() - began)
    else:
        reads.failed.append(str(answer.status_code))


# --- memory ---------------------------------------------------------------------------------------


def forget_peak(process: int) -> None:
    Path(f"/proc/{process}/clear_refs").write_text("5")


def resident(process: int, line: str = "VmRSS") -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = [row for row in status.splitlines() if row.startswith(f"{line}:")]
    return int(found[0].split()[1]) * KIB if found else 0


def resident_of_children(process: int) -> int:
    """The memory of all below a process that run its program."""
    try:
        below = children(process)
    except OSError:
        return 0
    own = program(process)
    return sum(
        resident_of_children(child) + (resident(child) if program(child) == own else 0)
        for child in below
    )


def program(process: int) -> str:
    """What a process runs; nothing where it has ended meanwhile."""
    try:
        return os.path.realpath(f"/proc/{process}/exe")
    except OSError:
        return ""
