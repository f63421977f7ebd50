"""Each service and the worker as a process of its own: the main job through all of them."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from tests.cli.server.processes import bairi, served
from tests.databases import database, owner_of
from tests.paths import GOLDEN, ROOT
from tests.polling import until
from tests.registry.clients import REGION, zipped


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the server's own user may reach, which those of pytest are not for root."""
    with TemporaryDirectory(prefix="bairi-apart-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
async def empty(server: str) -> AsyncIterator[str]:
    async with database(server, "apart") as url:
        yield url


def issued(data: Path, *asked: str) -> str:
    done = CliRunner().invoke(app, ["token", "--data", str(data), *asked])
    assert done.exit_code == 0, done.output
    return Path(done.stdout.strip()).read_text()


def test_settings_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SCORING_")]:
        monkeypatch.delenv(name)
    done = CliRunner().invoke(app, ["serve", "scoring", "--port", "0"])
    assert "SCORING_DATABASE_URL" in str(done.exception)
    assert "SCORING_REGISTRY_TOKEN" in str(done.exception)


def test_a_setting_that_is_wrong_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_CORS_ORIGINS", "https://example.gov.cn, *")
    done = CliRunner().invoke(app, ["serve", "registry", "--port", "0"])
    assert "REGISTRY_CORS_ORIGINS（逐个写来源，不能写 *" in str(done.exception)


async def test_the_main_job_goes_through_four_processes(data: Path, empty: str) -> None:
    office = issued(data, "--role", "office", "--region", REGION)
    trusted = issued(data, "--role", "inspector", "--whole-country")
    settings = {
        f"{service}_{name}": value
        for service in ("REGISTRY", "SCORING", "NOTIFIER")
        for name, value in (
            ("DATABASE_URL", empty),
            ("OWNER_URL", owner_of(empty)),
            ("JWKS", str(data / "jwks.json")),
        )
    }
    async with AsyncExitStack() as running:

        async def client(name: str) -> httpx.AsyncClient:
            address = await running.enter_async_context(served(name, settings))
            for asking in ("SCORING", "NOTIFIER"):
                settings[f"{asking}_{name.upper()}_URL"] = address
                settings[f"{asking}_{name.upper()}_TOKEN"] = trusted
            bearer = {"authorization": f"Bearer {office}"}
            made = httpx.AsyncClient(base_url=address, headers=bearer, timeout=60)
            return await running.enter_async_context(made)

        registry, scoring = await client("registry"), await client("scoring")
        assert (await registry.get("/health/ready")).json()["account"] == "service"
        settings["NOTIFIER_ANY_DAY"] = "true"
        notifier = await client("notifier")
        await running.enter_async_context(bairi("worker", settings=settings))

        file = {"file": ("small.zip", zipped(GOLDEN / "small"))}
        uploaded = (await registry.post("/v1/imports", files=file)).json()
        place = f"/v1/imports/{uploaded['id']}"
        assert (await registry.post(f"{place}/apply")).json()["state"] == "applying"

        async def decided() -> dict[str, Any] | None:
            found: dict[str, Any] = (await registry.get(place)).json()
            return None if found["state"] == "applying" else found

        taken = await until(decided)
        assert taken["state"] == "applied", taken
        added = {name: change["added"] for name, change in taken["changes"].items()}
        assert added == {name: rows for name, rows in taken["counts"].items() if rows}

        ask = {"scheme": "lanxian-2022", "as_of": "2022-12-25"}
        run = await scoring.post("/v1/runs", json=ask)
        assert run.status_code == 201, run.text
        days = {"from_on": "2022-09-15", "to_on": "2022-09-30"}
        swept = await notifier.post("/v1/sweeps", json=days)
        assert swept.status_code == 200, swept.text
        letter = swept.json()["issued"][0]

        async def printed() -> httpx.Response | None:
            answer = await notifier.get(f"/v1/letters/{letter['id']}/document.pdf")
            return answer if answer.status_code != 409 else None

        assert (await until(printed)).content.startswith(b"%PDF")


async def test_a_worker_without_a_database_waits_and_can_be_stopped(data: Path) -> None:
    """Ctrl-C, while it asks again and again."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli.main", "worker", "registry"),
        cwd=ROOT,
        env={
            **os.environ,
            "REGISTRY_DATABASE_URL": f"postgresql+asyncpg://nobody@/nowhere?host={data}",
            "REGISTRY_JWKS": "unused",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr
    async with asyncio.timeout(60):
        for _ in range(2):
            line = json.loads(await process.stderr.readline())
            assert line["message"] == "worker interrupted"
        process.send_signal(signal.SIGINT)
        await process.communicate()
    assert process.returncode == 0
