"""A wheel carries the page as it is built, and nothing of what it is built from."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.paths import ROOT

BOARD = "services/board"
DERIVED = shutil.ignore_patterns("dist", "generated", "node_modules", "__pycache__")
# What a build leaves in the folder, to be carried or not.
BUILT = ("dist/index.html", "dist/stamp", "dist/assets/index-A.js", "dist/assets/index-A.js.gz")
LEFT = ("node_modules/vue/index.js", "node_modules/vue/vue.py", "src/api/generated/labels.ts")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project with nothing but the board in it, built."""
    for name in (".gitignore", "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / BOARD, tmp_path / BOARD, ignore=DERIVED)
    (tmp_path / "shared").mkdir()
    for name in (*BUILT, *LEFT):
        path = tmp_path / BOARD / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.processes
def test_a_wheel_has_the_built_page_and_no_sources_of_it(project: Path, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "wheels")
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (wheel,) = (tmp_path / "wheels").iterdir()
    names = ZipFile(wheel).namelist()
    found = {name.removeprefix(f"{BOARD}/") for name in names if name.startswith(BOARD)}
    assert found == {"__init__.py", "build.py", "site.py", *BUILT}
