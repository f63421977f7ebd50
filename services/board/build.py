"""`python -m services.board.build`: builds the page, where its sources or Node have changed.

A stamp in the built page tells of what it was built. The page is replaced whole, once it is built:
where that fails, the one before stays. Without Node, or where its packages cannot be fetched, there
is a sentence about it and no page, and the services go on without.
"""

import gzip
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOARD = Path(__file__).parent
PROGRAMS = ROOT / ".venv-clients" / "bin"  # of Node, as the Makefile installs it
DOCUMENT = ROOT / "deploy" / "openapi" / "bairi.json"
LOCK, STAMP = "package-lock.json", "stamp"
# Made of the sources, or no sources of the page.
DERIVED = frozenset({"dist", "dist.new", "dist.old", "node_modules", "generated", "__pycache__"})
PACKED = frozenset({".css", ".js"})
PACKED_LEAST_BYTES = 1000
# Where the registry is out of reach, that is known in seconds, not in minutes.
IMPATIENT = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000")
# What npm says of a lock or a package that is not as it should be, however near the registry is.
MISTAKES = frozenset({"EBADENGINE", "EINTEGRITY", "EJSONPARSE", "EUSAGE"})
WARNING = (
    "网页没有生成：{reason}。服务照常运行，只是没有网页。\n"
    "The board is not built: {reason_en}. The services run without it.\n"
)


class BuildFailed(Exception):
    """The page cannot be built of its sources; what npm said of it."""


@dataclass(frozen=True)
class PackagesAway(Exception):
    """What the page is built with is not here and cannot be fetched."""

    reason: str
    reason_en: str


@dataclass(frozen=True)
class Workshop:
    """The folder of the sources, the programs of Node, and the OpenAPI document of the types."""

    folder: Path = BOARD
    programs: Path = PROGRAMS
    document: Path = DOCUMENT

    def build(self) -> bool:
        """Build the page where it is not of these sources; whether it was built.

        Raises PackagesAway, BuildFailed.
        """
        if not (self.folder / LOCK).exists():
            raise PackagesAway("这里没有它的源文件", "its sources are not here")
        dist, version = self.folder / "dist", self.node_version()
        stamp = self.stamp(version)
        if read_text(dist / STAMP) == stamp:
            return False
        self.install_packages(version)
        new, old = self.folder / "dist.new", self.folder / "dist.old"
        shutil.rmtree(new, ignore_errors=True)
        self.run("npm", "run", "build", "--", "--outDir", new.name)
        for path in sorted((new / "assets").iterdir()):
            pack(path)
        (new / STAMP).write_text(stamp, encoding="ascii")
        shutil.rmtree(old, ignore_errors=True)
        if dist.exists():
            dist.rename(old)
        new.rename(dist)
        shutil.rmtree(old, ignore_errors=True)
        return True

    def stamp(self, node_version: str) -> str:
        """A digest of all that makes the page what it is."""
        digest = sha256(f"node {node_version}\n".encode())
        for path in (*self.sources(), self.document):
            content = path.read_bytes()
            name = path.relative_to(self.folder) if path != self.document else Path(path.name)
            digest.update(f"{name.as_posix()} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()

    def sources(self) -> Iterator[Path]:
        """The files of which the page is made, in one order everywhere."""
        for folder, names, files in os.walk(self.folder):
            names[:] = sorted(set(names) - DERIVED)
            for file in sorted(files):
                if not file.endswith(".py") or file == "build.py":
                    yield Path(folder, file)

    def install_packages(self, node_version: str) -> None:
        """Fetch the packages of the lock, where they are not here yet. Raises PackagesAway."""
        lock = (self.folder / LOCK).read_bytes()
        stamp = sha256(f"node {node_version}\n".encode() + lock).hexdigest()
        mark = self.folder / "node_modules" / f".{STAMP}"
        if read_text(mark) == stamp:
            return
        try:
            self.run("npm", "ci", "--ignore-scripts", "--loglevel", "error", *IMPATIENT)
        except BuildFailed as failure:
            code = code_of(str(failure))
            if code in MISTAKES:
                raise
            raise PackagesAway(
                f"npm 的软件包取不来（{code}）", f"npm could not fetch its packages ({code})"
            ) from failure
        mark.write_text(stamp, encoding="ascii")

    def node_version(self) -> str:
        """Raises PackagesAway."""
        try:
            return self.run("node", "--version").strip()
        except FileNotFoundError:
            raise PackagesAway("没有 Node", "there is no Node") from None

    def run(self, program: str, *words: str) -> str:
        """What a program says on its streams. Raises BuildFailed where it fails."""
        path = os.pathsep.join((str(self.programs), os.environ.get("PATH", "")))
        done = subprocess.run(
            (self.programs / program, *words),
            cwd=self.folder,
            env={**os.environ, "PATH": path, "FORCE_COLOR": "0", "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise BuildFailed(done.stdout)
        return done.stdout


def code_of(said: str) -> str:
    """The code of npm's error."""
    found = re.search(r"^npm error code (\w+)", said, re.MULTILINE)
    return found[1] if found else "?"


def pack(path: Path) -> None:
    """Lay a compressed file beside one that is worth it: the same bytes each time."""
    content = path.read_bytes()
    if path.suffix in PACKED and len(content) >= PACKED_LEAST_BYTES:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, mtime=0))


def read_text(path: Path) -> str:
    """A file's text, blank where it is not there."""
    return path.read_text(encoding="ascii") if path.exists() else ""


def main() -> int:
    """Build, and say in a sentence what hinders it; a mistake in the sources is an error."""
    try:
        if Workshop().build():
            sys.stdout.write("网页已生成。The board is built.\n")
    except PackagesAway as away:
        sys.stderr.write(WARNING.format(reason=away.reason, reason_en=away.reason_en))
    except BuildFailed as failure:
        sys.stderr.write(f"{failure}\n网页生成不了，原来的还在。The board cannot be built.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
