"""What the tests of the services share: one real PostgreSQL, and an issuer of tokens."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

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
