"""Linters and generators as a front-end engineer calls them, installed by `make clients`."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.paths import ROOT

PROJECT = ROOT / "tests" / "clients"
DOCUMENT = ROOT / "deploy" / "openapi" / "bairi.json"
PROGRAMS = ROOT / ".venv-clients" / "bin"
PYTHON = PROGRAMS / "python"
NODE_MODULES = PROJECT / "node_modules"
ENVIRONMENT = {
    **os.environ,
    "PATH": os.pathsep.join((str(PROGRAMS), str(NODE_MODULES / ".bin"), os.environ["PATH"])),
    "NO_COLOR": "1",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "REDOCLY_TELEMETRY": "off",
}
needs_tools = pytest.mark.skipif(
    not (PROGRAMS.parent / ".ready").exists(), reason="the tools are not installed: make clients"
)


def run_tool(*words: str | Path, folder: Path) -> str:
    """What a program says on both streams. Raises AssertionError with it where it fails."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@dataclass(frozen=True)
class Generator:
    """A generator: how it is called in a folder, and the operations of what it makes there."""

    command: tuple[str | Path, ...]
    operations: Callable[[Path], set[str]]
    spell: Callable[[str], str] = str  # the name that it gives to an operation
    relaxed: tuple[str, ...] = ()  # options of the compiler that its code does not bear


def names_in(file: str, pattern: str) -> Callable[[Path], set[str]]:
    def find(folder: Path) -> set[str]:
        return {*re.findall(pattern, (folder / file).read_text("utf-8"), re.MULTILINE)}

    return find


def modules_of_python(folder: Path) -> set[str]:
    """Operations whose module has all four ways to call one."""
    ways = re.compile(r"^(?:async )?def (sync|asyncio)(_detailed)?\($", re.MULTILINE)
    modules = folder.glob("bairi_client/api/*/*.py")
    return {path.stem for path in modules if len(ways.findall(path.read_text("utf-8"))) == 4}


def camel_case(operation: str) -> str:
    first, *others = operation.split("_")
    return first + "".join(map(str.title, others))


TYPESCRIPT: Mapping[str, Generator] = {
    "openapi-typescript": Generator(
        ("openapi-typescript", DOCUMENT, "--output", "bairi.d.ts"),
        names_in("bairi.d.ts", r"^    (\w+): \{$"),
    ),
    "hey-api": Generator(
        ("openapi-ts", "--input", DOCUMENT, "--output", "bairi"),
        names_in("bairi/sdk.gen.ts", r"^export const (\w+) = "),
        camel_case,
        relaxed=("--exactOptionalPropertyTypes", "false"),
    ),
    "orval": Generator(
        ("orval", "--input", DOCUMENT, "--output", "bairi.ts", "--client", "fetch"),
        names_in("bairi.ts", r"^export const (\w+) = async "),
        camel_case,
    ),
}
OPENAPI_PYTHON_CLIENT = Generator(
    (
        *("openapi-python-client", "generate", "--fail-on-warning", "--path", DOCUMENT),
        *("--config", PROJECT / "openapi-python-client.yaml"),
        *("--meta", "none", "--output-path", "bairi_client"),
    ),
    modules_of_python,
)


def compile_typescript(folder: Path, *options: str) -> None:
    """Compile strictly what lies in the folder, in place."""
    (folder / "node_modules").symlink_to(NODE_MODULES)
    for name in ("package.json", "tsconfig.json"):
        shutil.copy(PROJECT / name, folder)
    run_tool("tsc", *options, folder=folder)
