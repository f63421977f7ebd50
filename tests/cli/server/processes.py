"""`bairi` as real processes, which tell where they are, and are told to stop."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from tests.paths import ROOT

TOKEN = re.compile(r"\bey[\w-]{8,}")  # as every token begins
ADDRESS = re.compile(r"(http://[\d.]+:\d+)/docs")


@asynccontextmanager
async def bairi(
    *arguments: str, settings: Mapping[str, str] = {}, said: list[str] | None = None
) -> AsyncIterator[str]:
    """The first line it prints. In the end it is asked to stop, and does so in order.

    `said` receives all that it prints, to both streams.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli.main", *arguments),
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "error", **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(120):
            line = (await process.stdout.readline()).decode()
        assert line, (await process.communicate())[1].decode()
        yield line
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            out, err = (text.decode() for text in await process.communicate())
        if said is not None:
            said += [line, out, err]
        assert process.returncode == 0, err
        assert "Traceback" not in err, err
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@asynccontextmanager
async def served(name: str, settings: Mapping[str, str]) -> AsyncIterator[str]:
    """The address of a service."""
    async with bairi("serve", name, "--port", "0", settings=settings) as line:
        found = ADDRESS.search(line)
        assert found, line
        yield found[1]
