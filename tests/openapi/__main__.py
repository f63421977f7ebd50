"""Write the examples and the documents: `make openapi`; with `--release`, the release's copy too.

Asks the services over the golden county on an embedded database, so the examples are answers.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.database.accounts import create_embedded_account
from shared.database.embedded_postgres import run_embedded_server
from shared.http.app import API_VERSION
from shared.http.tokens import Issuer
from tests.databases import database
from tests.openapi.documents import COMMITTED, RELEASED, documents, text
from tests.openapi.example_recorder import Example, recorded
from tests.paths import ROOT


def record() -> None:
    folder = Path(tempfile.mkdtemp(prefix="bairi-openapi-"))
    folder.chmod(0o711)  # the server may be somebody else
    try:
        with run_embedded_server(folder / "postgres") as url:
            account = asyncio.run(create_embedded_account(url))
            found = asyncio.run(recorded(account, Issuer(folder / "issuer.json")))
    finally:
        shutil.rmtree(folder)
    for name in SERVICE_NAMES:
        (ROOT / "services" / name / "examples.json").write_text(text(found[name]), "utf-8")


async def record_examples(server: str, issuer: Issuer) -> dict[str, dict[str, Example]]:
    """The examples by service, as an account answers that owns nothing."""
    async with database(server, "exemplified", *SERVICE_NAMES) as url:
        return await recorded(url, issuer)


def write() -> None:
    for name, document in documents().items():
        (COMMITTED / f"{name}.json").write_text(text(document), "utf-8")


def release() -> None:
    folder = RELEASED / API_VERSION
    folder.mkdir(parents=True, exist_ok=True)
    for name in SERVICE_NAMES:
        shutil.copy(COMMITTED / f"{name}.json", folder)


if __name__ == "__main__":
    COMMITTED.mkdir(exist_ok=True)
    record()
    write()
    if "--release" in sys.argv:
        release()
