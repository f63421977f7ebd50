"""The ten golden documents, reproduced through the real command line: exactly what it prints."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from tests.paths import GOLDEN, ROOT

DOCUMENTS = sorted(GOLDEN.glob("*.json"))
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def command(document: Path, ledger: Path) -> list[str]:
    """The command line that prints a document: `county.score-2022-12-25.json` says which."""
    days = DATE.findall(document.name)
    if ".score-" in document.name:
        return ["score", str(ledger), "--as-of", *days, "--format", "json"]
    return ["letters", str(ledger), "--from", days[0], "--to", days[1], "--format", "json"]


def golden(document: Path) -> Any:
    return json.loads(document.read_text(encoding="utf-8"))


def asked_for(printed: Any, expected: Any) -> Any:
    """What is printed, without keys that the golden document knows nothing of."""
    if isinstance(printed, dict) and isinstance(expected, dict):
        return {key: asked_for(printed[key], expected[key]) for key in expected if key in printed}
    if isinstance(printed, list) and isinstance(expected, list):
        # A row too many or too few keeps its keys, and so shows.
        rows = [asked_for(row, other) for row, other in zip(printed, expected, strict=False)]
        return rows + printed[len(expected) :]
    return printed


@cache
def printed(*arguments: str) -> Any:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden ledgers as workbooks, converted by `bairi convert`."""
    folder = tmp_path_factory.mktemp("workbooks")
    for name in ("small", "county"):
        done = CliRunner().invoke(
            app, ["convert", str(GOLDEN / name), str(folder / f"{name}.xlsx")]
        )
        assert done.exit_code == 0, done.output
    return folder


def test_there_are_ten_documents() -> None:
    assert len(DOCUMENTS) == 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_a_csv_folder_gives_the_golden_document(document: Path) -> None:
    ledger = GOLDEN / document.name.split(".")[0]
    expected = golden(document)
    assert asked_for(printed(*command(document, ledger)), expected) == expected


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_a_workbook_made_of_it_gives_the_same(document: Path, workbooks: Path) -> None:
    ledger = workbooks / f"{document.name.split('.')[0]}.xlsx"
    expected = golden(document)
    assert asked_for(printed(*command(document, ledger)), expected) == expected


@pytest.mark.processes
def test_the_program_itself_prints_one_document_and_nothing_else() -> None:
    document = GOLDEN / "county.score-2022-12-25.json"
    done = subprocess.run(
        [sys.executable, "-m", "services.cli.main", *command(document, GOLDEN / "county")],
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    expected = golden(document)
    assert asked_for(json.loads(done.stdout), expected) == expected
