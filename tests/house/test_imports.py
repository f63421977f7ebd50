"""Commands import only what they need: a check does not wait for a web server."""

import inspect
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from services.cli.main import COMMANDS, find_function
from tests.paths import ROOT

# Packages that take long to import. Arrow imports pandas wherever it is installed, so pandas is
# not among them.
HEAVY = frozenset(
    {
        *("alembic", "asyncpg", "docx", "duckdb", "fastapi", "gmpy2", "httpx", "joserfc"),
        *("pgqueuer", "pyarrow", "pydantic", "python_calamine", "rich.progress", "rjieba"),
        *("sqlalchemy", "sqlmodel", "starlette", "typst", "uvicorn", "xlsxwriter", "yaml"),
    }
)
ARGUMENTS = frozenset({"pydantic"})  # typer parses with it
LEDGER = ARGUMENTS | {"python_calamine"}
QUERIES = LEDGER | {"pyarrow", "gmpy2", "duckdb"}
RUN = QUERIES | {"yaml"}  # by a scheme
# Each call with the packages that it may import.
CALLS: Mapping[str, frozenset[str]] = {
    "--help": frozenset(),
    "check LEDGER": LEDGER,
    "check LEDGER --format json": LEDGER,
    "convert LEDGER OUT/ledger": LEDGER | {"pyarrow"},
    "convert LEDGER OUT/ledger.xlsx": LEDGER | {"pyarrow", "xlsxwriter"},
    "mapping --help": LEDGER | {"pyarrow", "yaml"},
    "import --help": LEDGER | {"pyarrow", "yaml"},
    "export --help": LEDGER | {"pyarrow", "yaml"},
    "schemes": ARGUMENTS | {"gmpy2", "yaml"},
    "score LEDGER --as-of 2022-12-25": RUN,
    "explain LEDGER --as-of 2022-12-25 --unit U01": RUN,
    "sensitivity LEDGER --as-of 2022-12-25": RUN,
    "counties LEDGER --as-of 2022-12-25": RUN,
    "periods LEDGER --year 2022": RUN,
    "letters LEDGER --from 2022-09-15 --to 2022-12-25": RUN,
    "what-if LEDGER --as-of 2022-12-25 --set pillars.speed.weight=30": RUN,
    "portfolio LEDGER --as-of 2022-12-25": QUERIES,
    "indicators LEDGER --as-of 2022-12-25": QUERIES,
    "bulletin LEDGER OUT/bulletin.pdf --as-of 2022-12-25": RUN | {"rjieba", "typst"},
    "bulletin LEDGER OUT/bulletin.xlsx --as-of 2022-12-25": RUN | {"rjieba", "xlsxwriter"},
    "campaign --help": RUN,
    "up --help": ARGUMENTS,
    "serve --help": ARGUMENTS,
    "worker --help": ARGUMENTS,
    "office --help": ARGUMENTS | {"httpx", "rich.progress"},  # httpx has a command line of its own
    "invite --help": ARGUMENTS | {"httpx", "rich.progress"},
    "demo --help": ARGUMENTS,
    "audit --help": ARGUMENTS,
    "token --role office --region 990101 --data OUT": ARGUMENTS
    | {"fastapi", "joserfc", "starlette"},
}
LEDGER_FOLDER = "tests/golden/small"
PROGRAM = """
import sys
from services.cli.main import main
try:
    main()
finally:
    sys.stderr.write("\\nimported " + " ".join(sys.modules))
"""


def test_every_command_is_held_to_its_imports() -> None:
    assert {call.split()[0] for call in CALLS} == {"--help", *COMMANDS}


@pytest.mark.processes
@pytest.mark.parametrize("call", CALLS)
def test_a_command_imports_no_package_that_it_does_not_need(call: str, tmp_path: Path) -> None:
    filled = call.replace("LEDGER", LEDGER_FOLDER).replace("OUT", str(tmp_path)).split()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *filled],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    imported = done.stderr.rpartition("\nimported ")[2].split()
    assert HEAVY.intersection(imported) - CALLS[call] == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_their_docstrings_say(name: str) -> None:
    _, text = COMMANDS[name]
    assert (inspect.getdoc(find_function(name)) or "").split("\n\n")[0] == text
