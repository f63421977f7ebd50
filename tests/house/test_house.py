"""The rules of the house that no linter knows."""

import ast
import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from services.cli.main import app
from shared.facts.tables import FACT_KINDS
from shared.reference import load_calendar
from tests.paths import ROOT

FOLDERS = ("services", "shared", "tests", "deploy")
DERIVED = {"__pycache__", "node_modules", "dist", "generated"}
LONGEST_MODULE = 300  # lines: what a reader holds in mind
NAME_SAYS_IT_ALL = 20  # lines up to which a function may do with its name alone
FIRST_YEAR = 2012  # of the calendar


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FILES = sorted(
    path
    for path in [*ROOT.iterdir(), *(path for top in FOLDERS for path in (ROOT / top).rglob("*"))]
    if not DERIVED & {*path.parts} and path.is_file()
)
MODULES = [path for path in FILES if path.suffix == ".py"]
SOURCES = [path for path in MODULES if path.relative_to(ROOT).parts[0] in ("services", "shared")]
DATA = [path for path in FILES if path.parent.name == "data" and path.name != "README.md"]
READMES = ("README.md", "README.zh-CN.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


# --- modules


def test_no_module_outgrows_a_screenful_or_five() -> None:
    lines = {named(path): len(text(named(path)).splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}


def test_no_table_is_named_in_the_room_of_all_records() -> None:
    """What is particular to a kind is in its declaration: no code there knows one by name."""
    named_there = [
        f"{named(path)}:{node.lineno} {node.value}"
        for path in SOURCES
        if path.relative_to(ROOT).parts[:3] == ("services", "registry", "records")
        for node in ast.walk(trees()[path])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if any(re.search(rf"[.\"/]{name}\b|^{name}$", node.value) for name in FACT_KINDS)
    ]
    assert named_there == []


def test_nothing_is_printed_past_the_console() -> None:
    assert [
        f"{named(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(trees()[path])
        if isinstance(node, ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id == "print"
    ] == []


def test_every_module_says_what_it_is() -> None:
    said = {path: not tree.body or ast.get_docstring(tree) for path, tree in trees().items()}
    assert [named(path) for path in MODULES if not said[path]] == []


def test_what_others_import_says_what_it_is_where_its_name_does_not() -> None:
    imported = {
        (node.module, alias.name)
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert [
        f"{named(path)}: {node.name}"
        for path in SOURCES
        for node in trees()[path].body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        if (node.end_lineno or 0) - node.lineno >= NAME_SAYS_IT_ALL
        if (named(path).removesuffix(".py").replace("/", "."), node.name) in imported
        if not ast.get_docstring(node)
    ] == []


# --- data


def test_the_calendar_has_every_year_from_the_first_to_the_last_announced() -> None:
    announced = load_calendar().announced
    assert sorted(announced) == [*range(FIRST_YEAR, max(announced) + 1)]


def test_every_announced_year_has_its_days_off_and_no_other_year_does() -> None:
    known = load_calendar()
    assert {day.year for day in known.off} == known.announced
    assert not known.off & known.work


def test_data_lies_beside_a_readme_that_names_its_source() -> None:
    def is_named(path: Path) -> bool:
        rows = (path.parent / "README.md").read_text(encoding="utf-8").splitlines()
        found = [row.strip("|").split("|") for row in rows if row.startswith(f"| `{path.name}` |")]
        return len(found) == 1 and len(found[0]) >= 3 and all(cell.strip() for cell in found[0])

    assert DATA
    assert [named(path) for path in DATA if not is_named(path)] == []


# --- what is documented is there, and what is there is documented

COMMANDS = [
    made.name or made.callback.__name__ for made in app.registered_commands if made.callback
]
TARGET = re.compile(r"^([a-z][\w-]*):(?!=)(.*)$", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]+`|^ {4}[^\n]*$", re.MULTILINE | re.DOTALL)


def targets() -> dict[str, str]:
    """Each target of the Makefile, with what follows it on its line."""
    return dict(TARGET.findall(text("Makefile")))


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_in_the_readme(readme: str) -> None:
    there = text(readme)
    absent = [each for each in COMMANDS if not re.search(rf"\bbairi {each}\b", there)]
    assert absent == []


@pytest.mark.parametrize("readme", READMES)
def test_no_readme_names_a_target_or_a_command_that_is_not_there(readme: str) -> None:
    code = "\n".join(CODE.findall(text(readme)))
    assert {*re.findall(r"\bmake ([a-z][\w-]*)", code)} <= {*targets()}
    assert {*re.findall(r"\bbairi ([a-z][\w-]*)", code)} <= {*COMMANDS}


PAGES = [path for path in FILES if path.suffix == ".md"]
LINK = re.compile(r"\]\((?![a-z]+://|#)([^)#]+)")
PLACE = re.compile(r"`((?:services|shared|tests|deploy)/[\w./-]+\.[a-z]+)`")


def test_every_link_of_a_page_leads_to_a_file() -> None:
    links = [(path, link) for path in PAGES for link in LINK.findall(text(named(path)))]
    assert links
    assert [(named(p), link) for p, link in links if not (p.parent / link).exists()] == []


def test_every_file_that_a_page_names_is_there() -> None:
    names = [(path, name) for path in PAGES for name in PLACE.findall(text(named(path)))]
    assert names
    assert [(named(path), name) for path, name in names if not (ROOT / name).exists()] == []


def test_the_index_of_decisions_has_every_decision_and_what_superseded_it() -> None:
    page = text("DECISIONS.md")
    titles = re.findall(r"^## (\d+)\. (.+?)(?: \(supersedes ([\d, ]+)\))?$", page, re.MULTILINE)
    newer = {old: number for number, _, olds in titles for old in olds.split(", ")}
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (?:superseded by (\d+))? ?\|$", page, re.MULTILINE)
    assert rows == [(number, title, newer.get(number, "")) for number, title, _ in titles]


def test_every_target_of_the_makefile_says_what_it_does() -> None:
    assert targets()
    assert [name for name, rest in targets().items() if "## " not in rest] == []


# --- dependencies

PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==(?P<version>[^\s;\\]+)(?P<rest>.*)$"
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


LOCKS = tuple(f"requirements{of}.lock" for of in ("", "-spark", "-node", "-clients"))
OF_ONE_ENVIRONMENT = LOCKS[:2]


def pins(lock: str) -> dict[str, str]:
    """Each pinned project with its whole entry, continuation lines included."""
    entries = text(lock).replace("\\\n", " ").splitlines()
    found = {}
    for entry in entries:
        if entry.strip() and not entry.lstrip().startswith("#"):
            pin = PIN.match(entry)
            assert pin, entry
            found[as_registered(pin["name"])] = entry
    return found


def as_registered(name: str) -> str:
    """Dots, underscores and capitals make no difference in a project's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes_and_no_address(lock: str) -> None:
    assert pins(lock)
    assert [name for name, entry in pins(lock).items() if not HASH.search(entry)] == []
    assert "://" not in text(lock)


def test_what_both_locks_of_the_services_pin_they_pin_alike() -> None:
    one, other = map(pins, OF_ONE_ENVIRONMENT)
    assert {name: one[name] for name in one.keys() & other.keys()} == {
        name: other[name] for name in one.keys() & other.keys()
    }


def test_every_dependency_is_pinned() -> None:
    given = tomllib.loads(text("pyproject.toml"))
    asked = [*given["project"]["dependencies"], *given["build-system"]["requires"]]
    asked += [
        name for names in given["project"]["optional-dependencies"].values() for name in names
    ]
    names = {as_registered(re.split(r"[\s\[<>=!~;]", one)[0]) for one in asked}
    assert names - set().union(*map(pins, LOCKS)) == set()


NPM_LOCKS = [path for path in FILES if path.name == "package-lock.json"]


def test_every_package_of_node_has_its_hash_and_no_address() -> None:
    assert NPM_LOCKS
    for path in NPM_LOCKS:
        packages = json.loads(text(named(path)))["packages"]
        del packages[""]  # the project itself
        assert [name for name, entry in packages.items() if "integrity" not in entry] == []
        assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_every_package_of_node_is_asked_for_by_its_exact_version() -> None:
    for path in NPM_LOCKS:
        asked = json.loads((path.parent / "package.json").read_text(encoding="utf-8"))
        versions = {**asked.get("dependencies", {}), **asked.get("devDependencies", {})}
        assert versions
        assert [v for v in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []


# --- what does not belong into a repository

# The brackets keep this list from finding itself.
REGISTRIES = re.compile(
    r"py[p]i\.org|python[h]osted\.org|/py[p]i/simple|npm[j]s\.(org|com)|yarn[p]kg\.com|crates[.]io|"
    r"ruby[g]ems\.org|proxy\.golang[.]org|repo\d?\.maven[.]",
    re.IGNORECASE,
)


def test_no_file_names_the_host_of_a_package_registry() -> None:
    texts = {named(path): path.read_bytes().decode("utf-8", "ignore") for path in FILES}
    found = {name: REGISTRIES.search(content) for name, content in texts.items()}
    assert {name: match[0] for name, match in found.items() if match} == {}
