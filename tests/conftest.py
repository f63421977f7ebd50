"""What the tests of the services share: one real PostgreSQL, and an issuer of tokens."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, async_sessionmaker, create_async_engine
from sqlalchemy.pool import StaticPool
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.embedded_postgres import run_embedded_server
from shared.database.sessions import Sessions
from shared.http.tokens import Issuer


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Not under pytest's own folder, which only we may enter, and the server is somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="bairi-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server(server_folder: Path) -> Iterator[str]:
    with run_embedded_server(server_folder) as url:
        yield url


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(tmp_path_factory.mktemp("keys") / "key.json")


@pytest.fixture
async def sessions(url: str) -> AsyncIterator[Sessions]:
    """Real commits and rollbacks, as savepoints inside the one transaction of a test.

    All connections of the pool are one, and asyncpg makes a savepoint of what begins within a
    transaction; `url` is where a folder's own tables are.
    """
    one = await asyncpg.connect(url.replace("+asyncpg", ""))
    outer = one.transaction()
    await outer.start()

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
