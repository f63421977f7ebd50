"""The page as Node builds it: the same files each time, of types that fit, and small."""

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.board.build import BOARD, DOCUMENT, BuildFailed, Workshop
from tests.paths import ROOT

pytestmark = pytest.mark.processes
PACKAGES, BUILT = BOARD / "node_modules", BOARD / "dist"
DERIVED = shutil.ignore_patterns("dist*", "generated", "node_modules", "__pycache__")
ENTRY, PAGES = "index.html", "src/pages/"
CHARTS = "src/charts/library.ts"
FIRST_VIEWS = (
    "src/pages/today/TodayPage.vue",
    "src/session/SignInPage.vue",
    "src/session/InvitationPage.vue",
)
FIRST_VIEW_BYTES, BYTES_WITH_CHARTS = 60_000, 260_000  # as they are sent
needs_packages = pytest.mark.skipif(
    not PACKAGES.exists(), reason="the packages of the board are not there: make setup"
)
needs_page = pytest.mark.skipif(
    not (BUILT / "index.html").exists(), reason="the board is not built: make setup"
)


def copy_workshop(to: Path) -> Workshop:
    """The sources elsewhere, with the same packages."""
    folder, document = to / BOARD.relative_to(ROOT), to / DOCUMENT.relative_to(ROOT)
    shutil.copytree(BOARD, folder, ignore=DERIVED)
    document.parent.mkdir(parents=True)
    shutil.copy(DOCUMENT, document)
    (folder / "node_modules").symlink_to(PACKAGES)
    return Workshop(folder, document=document)


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@needs_packages
def test_two_builds_are_the_same_files_of_types_that_fit(tmp_path: Path) -> None:
    """Types are made of the OpenAPI document at every build, so none are older than it."""
    one, other = copy_workshop(tmp_path / "one"), copy_workshop(tmp_path / "elsewhere" / "other")
    for workshop in (one, other):
        workshop.make_page(workshop.folder / "dist.new")
    assert contents(one.folder / "dist.new") == contents(other.folder / "dist.new")
    one.run("npm", "run", "check")


RECKONINGS = (
    "project.total_investment_yuan / 10_000",
    "unit.points - other.points",
    "sum += each.amount_yuan",
    "Number(metric.value ?? 0) * 100",
)


@needs_packages
def test_no_source_reckons_with_figures_of_the_api(tmp_path: Path) -> None:
    """All that there are pass with the types; what adds, divides or multiplies one is found."""
    workshop = copy_workshop(tmp_path)
    lines = "".join(f"{reckoning};\n" for reckoning in (*RECKONINGS, "index + 1"))
    (workshop.folder / "src" / "text" / "reckoning.ts").write_text(lines, "utf-8")
    with pytest.raises(BuildFailed) as failure:
        workshop.run("npm", "run", "figures")
    found = re.findall(r"reckoning\.ts: reckons with a figure: (.+)", str(failure.value))
    assert found == [*RECKONINGS]


@cache
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((BUILT / ".vite" / "manifest.json").read_text("utf-8"))
    return found


def files_of(*names: str) -> set[str]:
    """All that a browser fetches for these parts of the page, before it shows them."""
    files, seen, left = set[str](), set[str](), [*names]
    while left:
        if (name := left.pop()) not in seen:
            seen.add(name)
            chunk = manifest()[name]
            files |= {chunk["file"], *chunk.get("css", ())}
            left += chunk.get("imports", ())
    return files


def sent_bytes(files: set[str]) -> int:
    """The bytes of files as they are sent, compressed where that is worth it."""
    packed = [BUILT / f"{file}.gz" for file in files]
    return sum((path if path.exists() else path.with_suffix("")).stat().st_size for path in packed)


def size_of(*names: str) -> int:
    return sent_bytes({"index.html", *files_of(ENTRY, *names)})


@needs_page
def test_the_first_view_is_small() -> None:
    """Whichever it is: who is signed in begins with today, who is not with a link or signing in."""
    sizes = {name: size_of(name) for name in FIRST_VIEWS}
    assert {name: size for name, size in sizes.items() if size > FIRST_VIEW_BYTES} == {}


@needs_page
def test_every_view_with_charts_is_small() -> None:
    pages = [name for name in manifest() if name.startswith(PAGES) and name.endswith("Page.vue")]
    assert len(pages) >= 9
    sizes = {name: size_of(name, CHARTS) for name in pages}
    assert {name: size for name, size in sizes.items() if size > BYTES_WITH_CHARTS} == {}
    assert size_of(PAGES + "today/TodayPage.vue") < sizes[PAGES + "today/TodayPage.vue"]
