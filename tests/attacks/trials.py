"""A trial: one attack beside a second user's reads, and what became of both."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from tests.attacks.second_user import (
    PATHS,
    Memory,
    Reads,
    forget_peak,
    measure_reads,
    open_user,
    read_once,
    resident,
)
from tests.faults.processes import House, Victim, house
from tests.paths import GOLDEN, ROOT
from tests.polling import until
from tests.registry.clients import zipped

READS = 200
MOST_P95, MOST_WORST = 0.050, 0.500  # seconds
PREPARED_WITHIN, ENDED_WITHIN = 120, 30  # seconds


@dataclass
class Trial:
    """`wrong` says what should not have happened."""

    name: str
    reads: Reads = field(default_factory=Reads)
    got: dict[str, int] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    answered_after: float = 0.0  # seconds from the attack's end to an answer
    wrong: list[str] = field(default_factory=list)


@asynccontextmanager
async def open_county() -> AsyncIterator[House]:
    """The services with a small county in them, scored once."""
    async with house() as served, open_user(served) as user:
        user.timeout = 120
        file = {"file": ("county.zip", zipped(GOLDEN / "county"))}
        found = (await user.post("/registry/v1/imports", files=file)).json()
        path = f"/registry/v1/imports/{found['id']}"
        (await user.post(f"{path}/apply")).raise_for_status()

        async def applied() -> bool:
            return bool((await user.get(path)).json()["state"] == "applied")

        await until(applied, within=120)
        run = {"scheme": "lanxian-2022", "as_of": "2022-12-25"}
        (await user.post("/scoring/v1/runs", json=run)).raise_for_status()
        for each in PATHS:
            (await user.get(each)).raise_for_status()
        yield served


async def measure_alone(served: House, count: int = READS) -> Trial:
    """The same reads without an attack."""
    trial = Trial("no attack")
    trial.reads = await measure_reads(served, count, trial.memory)
    return trial


async def try_attack(served: House, name: str, count: int = READS) -> Trial:
    """The reads beside an attack; services that it ends are started again."""
    trial = Trial(name)
    assert served.process is not None
    pid = served.process.pid
    attacker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.attacks.attacker", name, served.address),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await say(attacker, served.token)
        assert await hear(attacker, PREPARED_WITHIN) == "ready"
        trial.memory.before = resident(pid)
        forget_peak(pid)
        await say(attacker, "go")
        trial.reads = await measure_reads(served, count, trial.memory)
        assert attacker.stdin is not None
        attacker.stdin.close()
        trial.got = json.loads(await hear(attacker, ENDED_WITHIN))
    except TimeoutError:
        trial.wrong.append("the attacker came to no end")
    finally:
        if attacker.returncode is None:
            attacker.kill()
        await attacker.wait()
    trial.memory.after, trial.memory.peak = resident(pid), resident(pid, "VmHWM")
    await judge(served, trial)
    return trial


async def say(attacker: asyncio.subprocess.Process, line: str) -> None:
    assert attacker.stdin is not None
    attacker.stdin.write(f"{line}\n".encode())
    await attacker.stdin.drain()


async def hear(attacker: asyncio.subprocess.Process, within: float) -> Any:
    assert attacker.stdout is not None
    return (await asyncio.wait_for(attacker.stdout.readline(), within)).decode().strip()


async def judge(served: House, trial: Trial) -> None:
    """Whether the service lives and answers at once when the attack is over."""
    process, after = served.process, Reads()
    assert process is not None
    began = perf_counter()
    async with open_user(served) as user:
        await read_once(user, PATHS[0], after)
    trial.answered_after = perf_counter() - began
    if trial.reads.failed:
        trial.wrong.append(f"reads failed: {', '.join(sorted(set(trial.reads.failed)))}")
    if process.returncode is not None:
        trial.wrong.append(f"the services ended ({process.returncode})")
        await served.come_back(Victim.service)
    elif after.failed:
        trial.wrong.append(f"no answer afterwards: {after.failed[0]}")
        await served.kill(Victim.service)
        await served.come_back(Victim.service)


def judge_times(trial: Trial) -> None:
    """Add to what is wrong the times beyond their limits."""
    worst = max(trial.reads.seconds, default=float("inf"))
    for what, seconds, most in (
        ("p95", trial.reads.quantile(0.95), MOST_P95),
        ("worst", worst, MOST_WORST),
        ("afterwards", trial.answered_after, MOST_WORST),
    ):
        if seconds > most:
            trial.wrong.append(f"{what} {seconds * 1000:.0f} ms > {most * 1000:.0f} ms")
