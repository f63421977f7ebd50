"""Commands as programs of their own on consoles that cannot show what they print."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.cli.runner import SMALL, bairi, without_spaces
from tests.paths import ROOT

pytestmark = pytest.mark.processes

PROGRAM = [sys.executable, "-m", "services.cli.main"]
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")

DAY = ("--as-of", "2022-09-30")
DAYS = ("--from", "2022-09-15", "--to", "2022-12-25")
CALLS = {
    "check": ("check", str(SMALL)),
    "score": ("score", str(SMALL), *DAY),
    "letters": ("letters", str(SMALL), *DAYS),
    "periods": ("periods", str(SMALL), "--year", "2022", "--quarter", "3"),
    "schemes": ("schemes",),
    "help": ("score", "--help"),
    "wrong": ("score", "没有", *DAY),
}
WITH_JSON = ("check", "score", "letters", "periods")


def environment(encoding: str) -> dict[str, str]:
    """The environment of a console of an encoding; nothing helps it to UTF-8."""
    of_language = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    return {**os.environ, **of_language, "PYTHONIOENCODING": encoding}


def run(encoding: str, *arguments: str, into: Path | None = None) -> tuple[int, bytes, str]:
    """The exit code, what is printed into a pipe or a file, and what standard error says."""
    with into.open("wb") if into else nullcontext(subprocess.PIPE) as out:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            cwd=ROOT,
            env=environment(encoding),
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
        )
    printed = into.read_bytes() if into and into.is_file() else done.stdout
    return done.returncode, printed, done.stderr.decode(encoding)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_no_console_ends_a_command(name: str, encoding: str, tmp_path: Path) -> None:
    into = tmp_path / "out.txt" if encoding == "latin-1" else None
    code, out, err = run(encoding, *CALLS[name], into=into)
    assert code == (2 if name == "wrong" else 0), err
    assert "Traceback" not in err
    said = out.decode(encoding) + err
    assert any("一" <= sign <= "龥" for sign in said) if encoding == "gbk" else "?" in said


@pytest.mark.parametrize("name", WITH_JSON)
@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_json_is_utf_8_on_every_console(name: str, encoding: str, tmp_path: Path) -> None:
    into = tmp_path / "out.json" if encoding == "gbk" else None
    code, out, err = run(encoding, *CALLS[name], "--format", "json", into=into)
    assert code == 0, err
    assert out.decode("utf-8") == bairi(*CALLS[name], "--format", "json").out
    assert json.loads(out)


def test_a_name_that_is_no_utf_8_is_printed_as_far_as_it_is_one(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"\xcc\xa8\xd5\xcb")
    folder.mkdir()
    (folder / "units.csv").write_text("unit_id,name,kind,group\nU1,n,zone,z\n", encoding="utf-8")
    for more in ((), ("--format", "json")):
        code, _, err = run("utf-8", "check", os.fspath(folder), *more)
        assert "Traceback" not in err
        assert code in (0, 1)


@pytest.mark.parametrize("more", [(), ("--format", "json")])
def test_a_reader_that_has_ended_ends_a_command_quietly(more: tuple[str, ...]) -> None:
    """Nobody reads what is printed."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*PROGRAM, *CALLS["letters"], *more],
        cwd=ROOT,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    said = done.stderr.decode()
    assert done.returncode == 141
    assert "Traceback" not in said
    assert "Broken" not in said


@needs_full
@pytest.mark.parametrize("more", [(), ("--format", "json")])
def test_a_full_disk_is_told(more: tuple[str, ...]) -> None:
    code, _, err = run("utf-8", *CALLS["score"], *more, into=FULL)
    assert (code, err.count("No space left on device")) == (2, 1)
    assert "Traceback" not in err


@needs_full
@pytest.mark.parametrize(
    ("command", "name", "arguments"),
    [("bulletin", "out.xlsx", DAY), ("bulletin", "out.docx", DAY), ("convert", "out.xlsx", ())],
)
def test_a_full_disk_for_a_file_is_told(
    tmp_path: Path, command: str, name: str, arguments: tuple[str, ...]
) -> None:
    out = tmp_path / name
    out.symlink_to(FULL)
    code, _, err = run("utf-8", command, str(SMALL), str(out), *arguments)
    assert code == 2, err
    assert f"写不了{out}：Nospaceleftondevice" in without_spaces(err)
