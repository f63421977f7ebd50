"""Schemathesis over every operation: cases from the document, and answers checked by it.

The house answers on loopback in a thread with a loop of its own, on a throw-away database.
"""

import asyncio
import os
import secrets
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

import httpx
import schemathesis
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine.events import (
    EngineEvent,
    FatalError,
    NonFatalError,
    ScenarioFinished,
)

from services.cli.server.all_in_one import run_services
from services.cli.server.server import LOOPBACK, run_http_server
from shared.http.tokens import Issuer
from tests.openapi.documents import close
from tests.together.system import OFFICE

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
NOT_COVERED = {"coverage": {"enabled": False}, "stateful": {"enabled": False}}
Known = Mapping[str, Sequence[str | int]]
# Who answers only after computing a whole run or printing it; a few random cases are enough.
SLOW = [
    "print_bulletin",
    "edit_bulletin",
    "export_bulletin",
    "preview_run",
    "preview_what_if",
    "read_sensitivity",
    "repeat_run",
]
KNOWN_VALUES = 0.7  # of the values for what an address names; the others are made up
SLOWEST = 60  # seconds that an answer may take on a busy machine
# The same cases on every machine, but for `make fuzz`, which tells its seed where it fails.
FREE = os.environ.get("BAIRI_EXAMPLES") == "other"
SEED = secrets.randbelow(2**32) if FREE else int(os.environ.get("BAIRI_SEED", "100"))


@dataclass
class Found:
    """Cases that were sent, by status of their answer, and what was wrong, by what and where."""

    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)

    def add(self, event: EngineEvent) -> None:
        """Take over what the engine tells."""
        if isinstance(event, NonFatalError):
            self.wrong[f"{event.label} {type(event.value).__name__}"] = str(event.value)
        if isinstance(event, FatalError):
            raise event.exception
        if not isinstance(event, ScenarioFinished):
            return
        for sent in event.recorder.interactions.values():
            if sent.response is not None:
                self.statuses[sent.response.status_code] += 1
        for case_id, checks in event.recorder.checks.items():
            operation = event.recorder.cases[case_id].value.operation.label
            self.operations.add(operation)
            for check in checks:
                if check.failure_info is not None:
                    failure = check.failure_info
                    text = f"{failure.failure.message}\n{failure.code_sample}"
                    self.wrong[f"{operation} {check.name}: {failure.failure.title}"] = text

    @property
    def cases(self) -> int:
        return self.statuses.total()


@contextmanager
def answering(url: str, issuer: Issuer) -> Iterator[str]:
    """The address of a house that answers over real HTTP."""
    told, stop = Queue[str | BaseException](), threading.Event()

    async def answer() -> None:
        async with (
            run_services(url, issuer, OFFICE) as app,
            run_http_server(app, LOOPBACK, 0, asyncio.Event()) as address,
        ):
            told.put(address)
            await asyncio.to_thread(stop.wait)

    def run() -> None:
        try:
            asyncio.run(answer())
        except BaseException as error:
            told.put(error)
            raise

    thread = threading.Thread(target=run)
    thread.start()
    try:
        address = told.get()
        if isinstance(address, BaseException):
            raise address
        yield address
    finally:
        stop.set()
        thread.join()


def fuzzed(
    address: str, token: str, known: Known, examples: int, *, thorough: bool = False
) -> Found:
    """Coverage of boundaries, so many random cases an operation, right and wrong, then sequences.

    `known` has values that are there, by the name that addresses have for them. `thorough` covers
    what is just beyond each boundary, too, and the slow ones, which makes many times as many cases.
    """
    modes = "all" if thorough else "positive"
    made = configured(address, token, known, examples, modes)
    if not thorough:
        made["operations"] = [{"include-operation-id": SLOW, "phases": NOT_COVERED}]
    config = SchemathesisConfig.from_dict(made)
    document = httpx.get(f"{address}/openapi.json", timeout=SLOWEST)
    closed = close(document.raise_for_status().json())  # no property that it does not tell
    schema = schemathesis.openapi.from_dict(closed, config=config)
    found = Found()
    for event in engine.from_schema(schema).execute():
        found.add(event)
    return found


def configured(
    address: str, token: str, known: Known, examples: int, covered: str
) -> dict[str, Any]:
    """Schemathesis's own configuration, as it would stand in its file."""
    checks = {"enabled": False} | {name: {"enabled": True} for name in CHECKS}
    bound = {"probability": KNOWN_VALUES}
    return {
        "seed": SEED,
        "base-url": address,
        "request-timeout": SLOWEST,
        "headers": {"authorization": f"Bearer {token}"},
        "checks": checks,
        "continue-on-failure": True,
        "dictionaries": {name: {"values": [*values]} for name, values in known.items()},
        "parameters": {f"path.{name}": {"dictionary": name, **bound} for name in known},
        "generation": {"deterministic": not FREE, "max-examples": examples, "no-shrink": True},
        "phases": {
            "coverage": {"unexpected-methods": [], "generation": {"mode": covered}},
            "stateful": {"max-steps": 4, "generation": {"max-examples": examples}},
        },
        "warnings": False,
        "cache": {"enabled": False},
    }
