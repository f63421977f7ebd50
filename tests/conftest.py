"""What the tests of the services share: one real PostgreSQL, and an issuer of tokens."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.db import Sessions
from shared.postgres import embedded
from shared.tokens import Issuer


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Not under pytest's own folder, which only we may enter, and the server is somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="bairi-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server(server_folder: Path) -> Iterator[str]:
    with embedded(server_folder) as url:
        yield url


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(tmp_path_factory.mktemp("keys") / "key.json")


@pytest.fixture
async def connection(url: str) -> AsyncIterator[AsyncConnection]:
    """The outer transaction of one test; `url` is where a folder's own tables are."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        outer = await connection.begin()
        yield connection
        await outer.rollback()
    await engine.dispose()


@pytest.fixture
def sessions(connection: AsyncConnection) -> Sessions:
    """Real commits and rollbacks, as savepoints inside the test's transaction."""
    return async_sessionmaker(
        connection,
        class_=AsyncSession,
        expire_on_commit=False,
        join_transaction_mode="create_savepoint",
    )
