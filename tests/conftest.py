"""What the tests of the services share: one real PostgreSQL, and an issuer of tokens."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.postgres import embedded
from shared.tokens import Issuer


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="bairi-test-"))
    with embedded(folder) as url:
        yield url
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(tmp_path_factory.mktemp("keys") / "key.json")
