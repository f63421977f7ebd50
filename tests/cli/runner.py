"""Commands as a person runs them, and what comes of it."""

import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services.cli.console import ledger_input
from services.cli.main import main
from shared.ledger.reader import LedgerReading, read_ledger
from tests.paths import ROOT

COUNTY, SMALL = ROOT / "tests/golden/county", ROOT / "tests/golden/small"


@dataclass(frozen=True)
class Outcome:
    """The exit code and both streams; `said` is everything for people, without the typesetting."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return re.sub(r"[\s│╭╮╰╯─]", "", self.out + self.err)

    @property
    def document(self) -> Any:
        """Standard output as one JSON document and nothing else."""
        return json.loads(self.out)


@cache
def golden(path: Path, regions: frozenset[str]) -> LedgerReading:
    return read_ledger(path, regions)


def read(path: Path, regions: frozenset[str]) -> LedgerReading:
    """As every command does; but a golden ledger, which nobody changes, is read only once."""
    return (golden if path in (COUNTY, SMALL) else read_ledger)(path, regions)


def bairi(*arguments: object) -> Outcome:
    out, err, code = StringIO(), StringIO(), 0
    argv = patch.object(sys, "argv", ["bairi", *map(str, arguments)])
    reading = patch.object(ledger_input, "read_ledger", read)
    with argv, reading, redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return Outcome(code, out.getvalue(), err.getvalue())


@cache
def county(command: str, *arguments: object) -> Outcome:
    """A command on the county's ledger, once for all tests that look at it."""
    return bairi(command, COUNTY, *arguments)


def without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)
