"""Commands as a person runs them, and what comes of it."""

import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any
from unittest.mock import patch

from services.cli.main import main
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


def bairi(*arguments: object) -> Outcome:
    out, err, code = StringIO(), StringIO(), 0
    argv = patch.object(sys, "argv", ["bairi", *map(str, arguments)])
    with argv, redirect_stdout(out), redirect_stderr(err):
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
