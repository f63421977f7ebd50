"""bairi audit verify: what it prints of chains that are whole and of broken ones, and its exit."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from services.cli.main import app
from shared.database.accounts import create_embedded_account
from shared.database.embedded_postgres import run_embedded_server
from shared.database.migrations import migrate_schema
from shared.database.sessions import Sessions
from tests.databases import database, owner_of
from tests.scoring.service.registry import connected
from tests.shared.database.test_audit_chain import OFFICES, write

SERVICES = ("registry", "scoring", "notifier")
LAST_HASH = re.compile(r"scoring 350521：完整，共 3 行，末行编号 3，末行校验值 ([0-9a-f]{64})")


async def fill(sessions: Sessions) -> None:
    await write(sessions, OFFICES[0], "甲", "乙", "丙")


@pytest.fixture
async def url(server: str) -> AsyncIterator[str]:
    async with database(server, "audited", *SERVICES) as made:
        async with connected(made) as sessions:
            await fill(sessions)
        yield made


@pytest.fixture
async def broken(url: str) -> str:
    async with connected(owner_of(url)) as sessions, sessions.begin() as session:
        for statement in (
            "ALTER TABLE scoring.audit DISABLE TRIGGER refuse",
            "DELETE FROM scoring.audit WHERE number = 2",
        ):
            await (await session.connection()).execute(text(statement))
    return url


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", "verify", *arguments])


def test_chains_that_are_whole_are_said_to_be_with_their_last_hash(url: str) -> None:
    done = verify("--database-url", url)
    assert done.exit_code == 0, done.output
    assert "registry：没有审计记录" in done.stdout
    assert LAST_HASH.search(done.stdout)
    assert "末尾被整段删去" in done.stdout


def test_a_hash_that_was_noted_is_looked_for(url: str) -> None:
    found = LAST_HASH.search(verify("scoring", "--database-url", url).stdout)
    assert found
    there = verify("scoring", "--database-url", url, "--expect", f"350521={found[1]}")
    assert (there.exit_code, "是第 3 行" in there.stdout) == (0, True)
    for wrong in (f"350500={found[1]}", f"350521={'0' * 64}"):
        done = verify("scoring", "--database-url", url, "--expect", wrong)
        assert (done.exit_code, "不在链中" in done.stdout) == (1, True)


def test_a_chain_that_is_broken_is_said_to_be_where_it_is(broken: str) -> None:
    done = verify("--database-url", broken)
    assert done.exit_code == 1
    assert "scoring 350521：断裂，第一处在编号 3（第 3 行）之前：第 2 至 2 行被删去" in done.stdout


@pytest.mark.parametrize("wrong", ["350521", "3505=00", f"350521={'g' * 64}"])
def test_what_is_no_noted_hash_is_refused(wrong: str) -> None:
    done = verify("--expect", wrong)
    assert (done.exit_code, "--expect" in done.stderr) == (2, True)


def test_a_folder_without_a_database_is_refused(tmp_path: Path) -> None:
    done = verify("--data", str(tmp_path))
    assert (done.exit_code, "--data" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the server's own user may reach, which those of pytest are not for root."""
    with TemporaryDirectory(prefix="bairi-audit-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.mark.processes
def test_the_database_of_a_folder_is_verified_while_it_runs_and_when_it_does_not(
    data: Path,
) -> None:
    async def prepare(owner_url: str) -> None:
        account_url = await create_embedded_account(owner_url)
        for service in SERVICES:
            await migrate_schema(account_url, service, owner_url)
        async with connected(account_url) as sessions:
            await fill(sessions)

    with run_embedded_server(data / "postgres") as owner_url:
        asyncio.run(prepare(owner_url))
        running = verify("--data", str(data))
    stopped = verify("--data", str(data))
    for done in (running, stopped):
        assert done.exit_code == 0, done.output
        assert LAST_HASH.search(done.stdout)
