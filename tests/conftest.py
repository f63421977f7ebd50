"""What the tests of the services share: one real PostgreSQL, and an issuer of tokens."""

import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import hypothesis
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, async_sessionmaker, create_async_engine
from sqlalchemy.pool import StaticPool
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.accounts import EMBEDDED_ACCOUNT
from shared.database.embedded_postgres import run_embedded_server
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer
from shared.logs import JsonFormatter
from tests.databases import owner_of
from tests.distribution import ScopeScheduling, start_order
from tests.kinds import ProcessWatch, kinds_of

# The same examples on every machine and in every order, else other ones each time (`make fuzz`).
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("other", deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("BAIRI_EXAMPLES", "same"))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ProcessWatch())
    # Readline, which pytest imports, leaves the size of its terminal in the environment of workers;
    # what the command line prints for people would be cut to it.
    for size in ("COLUMNS", "LINES"):
        os.environ.pop(size, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for kind in kinds_of(item):
            item.add_marker(kind)
    items.sort(key=start_order)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ScopeScheduling:
    return ScopeScheduling(config, log)


# Of a server that is thrown away in the end: it does not wait for the disk.
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Not under pytest's own folder, which only we may enter, and the server is somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="bairi-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server(server_folder: Path) -> Iterator[str]:
    with run_embedded_server(server_folder, THROW_AWAY) as url:
        yield url


@pytest.fixture(autouse=True)
def no_logging_kept() -> Iterator[None]:
    """No command's logging outlives its test, whose streams are closed then."""
    yield
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each.formatter, JsonFormatter)]:
        root.removeHandler(handler)
        root.setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(tmp_path_factory.mktemp("keys") / "key.json")


@pytest.fixture
async def sessions(url: str) -> AsyncIterator[Sessions]:
    """Real commits and rollbacks, as savepoints inside the one transaction of a test.

    All connections of the pool are one, and asyncpg makes a savepoint of what begins within a
    transaction; `url` is where a folder's own tables are. It is the services' account that works,
    until a test takes the owner's part (`RESET ROLE`).
    """
    one = await asyncpg.connect(owner_of(url).replace("+asyncpg", ""))
    outer = one.transaction()
    await outer.start()
    await one.execute(f"SET ROLE {EMBEDDED_ACCOUNT}")

    async def the_one(*_: object, **__: object) -> asyncpg.Connection:
        return one

    engine = create_async_engine(url, async_creator=the_one, poolclass=StaticPool)
    yield async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
    await outer.rollback()
    await engine.dispose()
    await one.close()


@pytest.fixture
async def connection(sessions: Sessions) -> AsyncIterator[AsyncConnection]:
    """The same transaction for statements of a test's own."""
    async with sessions() as session:
        yield await session.connection()
