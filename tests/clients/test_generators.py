"""Four generators take the merged document whole, and their clients are typed to the last bit."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.clients.toolbox import (
    DOCUMENT,
    OPENAPI_PYTHON_CLIENT,
    PROJECT,
    PYTHON,
    TYPESCRIPT,
    Generator,
    compile_typescript,
    needs_tools,
    run_tool,
)
from tests.openapi.documents import operations

pytestmark = needs_tools
COMPLAINT = re.compile(r"warn|error|fail|unable|skip|unsupported|deprecated", re.IGNORECASE)
GENERATORS = {**TYPESCRIPT, "openapi-python-client": OPENAPI_PYTHON_CLIENT}


@pytest.mark.parametrize("generator", GENERATORS.values(), ids=GENERATORS)
def test_a_generator_complains_of_nothing_and_loses_no_operation(
    generator: Generator, tmp_path: Path
) -> None:
    said = run_tool(*generator.command, folder=tmp_path)
    assert not COMPLAINT.search(said), said
    promised = operations(json.loads(DOCUMENT.read_text("utf-8")))
    assert len(promised) > 100
    assert {generator.spell(name) for name in promised} - generator.operations(tmp_path) == set()


@pytest.mark.parametrize("generator", TYPESCRIPT.values(), ids=TYPESCRIPT)
def test_a_client_of_typescript_compiles_strictly(generator: Generator, tmp_path: Path) -> None:
    run_tool(*generator.command, folder=tmp_path)
    compile_typescript(tmp_path, *generator.relaxed)


def test_the_client_of_python_is_typed_strictly_and_so_is_what_uses_it(tmp_path: Path) -> None:
    run_tool(*OPENAPI_PYTHON_CLIENT.command, folder=tmp_path)
    shutil.copy(PROJECT / "main_job.py", tmp_path)
    mypy = (sys.executable, "-m", "mypy", "--strict", "--python-executable", PYTHON)
    cache = ("--cache-dir", tmp_path / "cache")
    said = run_tool(*mypy, *cache, "bairi_client", "main_job.py", folder=tmp_path)
    assert said.startswith("Success"), said
