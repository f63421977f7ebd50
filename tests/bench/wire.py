"""Bytes of the ten commonest answers, and of the document: plain, compressed, and known already.

    python -m tests.bench.wire

The sample county as `bairi demo` leaves it. What is counted is all that a service sends, with the
head; a tag that an answer lacks is a dash.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from tests.cli.server.processes import ADDRESS
from tests.paths import ROOT

END = b"\r\n\r\n"
COMMONEST = {
    "projects, 50": "/registry/v1/projects?limit=50",
    "one project": "/registry/v1/projects/P001",
    "units": "/registry/v1/units",
    "progress of a project": "/registry/v1/projects/P001/progress",
    "problems": "/registry/v1/problems",
    "ranking of a run": "/scoring/v1/runs/3/ranking",
    "lights of a run": "/scoring/v1/runs/3/lights?limit=200",
    "boards of a run": "/scoring/v1/runs/3/boards",
    "letters": "/notifier/v1/letters",
    "one letter": "/notifier/v1/letters/1",
    "OpenAPI, all services": "/openapi.json",
}


@contextmanager
def demonstration() -> Iterator[tuple[str, str]]:
    """The address of the services after the demonstration, and the office's token."""
    with tempfile.TemporaryDirectory(prefix="bairi-wire-") as folder:
        data = Path(folder)
        data.chmod(0o711)  # the database's own user goes through it
        command = [sys.executable, "-m", "services.cli.main", "demo", "--stay", "--port", "0"]
        process = subprocess.Popen(
            [*command, "--data", folder],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout
        try:
            found = next(filter(None, map(ADDRESS.search, process.stdout)))
            yield found[1], (data / "token").read_text()
        finally:
            process.terminate()
            process.communicate()


def ask(address: str, path: str, token: str, **headers: str) -> tuple[int, str]:
    """The bytes of an answer, and its tag."""
    parts = urlsplit(address)
    named = {"authorization": f"Bearer {token}", "connection": "close", **headers}
    lines = [f"GET {path} HTTP/1.1", f"host: {parts.netloc}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
    with create_connection((str(parts.hostname), parts.port or 80)) as connection:
        connection.sendall("\r\n".join(lines).encode() + END)
        answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head = answer.partition(END)[0].decode("latin-1")
    status, *sent = head.split("\r\n")
    assert status.split()[1] in ("200", "304"), answer.decode(errors="replace")
    tags = [line.partition(":")[2].strip() for line in sent if line.lower().startswith("etag:")]
    return len(answer), "".join(tags)


def main() -> None:
    table = Table("bytes", "plain", "gzip", "known (304)", title="On the wire")
    with demonstration() as (address, token):
        for name, path in COMMONEST.items():
            plain, tag = ask(address, path, token)
            packed, _ = ask(address, path, token, accept_encoding="gzip")
            known = ask(address, path, token, if_none_match=tag)[0] if tag else None
            table.add_row(name, f"{plain:,}", f"{packed:,}", f"{known:,}" if known else "—")
    Console(width=90).print(table)


if __name__ == "__main__":
    main()
