"""Tokens in files that only their owner may read; nothing prints one."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.server.issuer import UnfitTokenFile, write_private_file
from shared import clock
from shared.http.jwks import RenewableKeySet
from shared.http.tokens import Caller, Role, verify_token
from tests.cli.server.processes import ADDRESS, TOKEN, bairi
from tests.paths import ROOT

COUNTY, CITY = "350521", "350500"
LETTERS = "/notifier/v1/letters?limit=3"


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the server's own user may reach, which those of pytest are not for root."""
    with TemporaryDirectory(prefix="bairi-tokens-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def caller_of(data: Path, token: str) -> Caller:
    return verify_token(token, RenewableKeySet(str(data / "jwks.json")), now=clock.now())


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


# --- bairi token --------------------------------------------------------------------------------


def test_a_token_speaks_for_whom_it_was_asked_for(data: Path) -> None:
    asked = ("--role", "unit", "--region", COUNTY, "--unit", "U06", "--name", "王芳", "--days", "1")
    done = CliRunner().invoke(app, ["token", "--data", str(data), *asked])
    assert done.exit_code == 0, done.output
    file = data / f"token-unit-{COUNTY}"
    assert done.stdout == f"{file}\n"
    assert "到期" in done.stderr
    assert not TOKEN.search(done.output)
    assert mode(file) == mode(data / "issuer.json") == 0o600
    assert caller_of(data, file.read_text()) == Caller("王芳", Role.unit, COUNTY, "U06")
    assert "d" not in json.loads((data / "jwks.json").read_text())["keys"][0]


@pytest.mark.parametrize(
    ("asked", "region"),
    [
        (("--region", CITY), "3505"),
        (("--region", "35"), "35"),
        (("--region", "350521100000"), "350521100000"),
        (("--whole-country",), ""),
    ],
)
def test_a_city_s_code_is_all_in_it_and_the_whole_country_is_asked_for(
    data: Path, asked: tuple[str, ...], region: str
) -> None:
    file = data / "asked-for"
    options = ("--role", "office", "--data", data, "--out", file, *asked)
    done = CliRunner().invoke(app, ["token", *map(str, options)])
    assert done.exit_code == 0, done.output
    assert caller_of(data, file.read_text()).region == region


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--role", "king", "--region", COUNTY), "--role"),
        (("--role", "unit", "--region", COUNTY), "--unit"),
        (("--role", "office", "--region", "岚县"), "--region"),
        (("--role", "office", "--region", "3" * 13), "--region"),
        (("--role", "office"), "--whole-country"),
        (("--role", "office", "--region", ""), "--whole-country"),
        (("--role", "office", "--region", "000000"), "--whole-country"),
        (("--role", "office", "--region", COUNTY, "--whole-country"), "--whole-country"),
        (("--role", "office", "--region", COUNTY, "--name", "a\nb"), "--name"),
        (("--role", "unit", "--region", COUNTY, "--unit", "U" * 201), "--unit"),
    ],
)
def test_a_token_that_nobody_could_use_is_not_made(
    data: Path, asked: tuple[str, ...], said: str
) -> None:
    done = CliRunner().invoke(app, ["token", "--data", str(data), *asked])
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert [*data.iterdir()] == []


@pytest.mark.parametrize("on_terminal", [True, False])
def test_a_token_goes_into_a_pipe_and_never_onto_a_terminal(data: Path, on_terminal: bool) -> None:
    ours, theirs = os.openpty() if on_terminal else os.pipe()
    asked = ("--role", "viewer", "--region", COUNTY, "--data", str(data), "--out", "-")
    done = subprocess.run(
        [sys.executable, "-m", "services.cli.main", "token", *asked],
        cwd=ROOT,
        stdout=theirs,
        stderr=subprocess.PIPE,
        check=False,
    )
    # A terminal that nobody holds any more cannot be read: a mark shows that nothing came before.
    os.write(theirs, b"end")
    os.close(theirs)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    if on_terminal:
        assert (done.returncode, said) == (2, "end")
        assert "--out" in done.stderr.decode()
        assert not TOKEN.search(done.stderr.decode())
    else:
        assert done.returncode == 0, done.stderr.decode()
        token = said.removesuffix("end").strip()
        assert caller_of(data, token).role is Role.viewer


# --- the file -----------------------------------------------------------------------------------


def test_an_old_file_that_others_could_read_is_replaced_not_filled(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("old")
    file.chmod(0o644)
    with file.open() as somebody:
        write_private_file(file, "new")
        assert somebody.read() == "old"
    assert (mode(file), file.read_text()) == (0o600, "new")
    assert [*tmp_path.iterdir()] == [file]


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    folder, link, pipe = tmp_path / "folder", tmp_path / "link", tmp_path / "pipe"
    folder.mkdir()
    link.symlink_to(tmp_path / "elsewhere")
    os.mkfifo(pipe)
    before = sorted(tmp_path.iterdir())
    for path in (folder, link, pipe, tmp_path / "nowhere" / "token"):
        with pytest.raises(UnfitTokenFile, match=path.name):
            write_private_file(path, "new")
    assert sorted(tmp_path.iterdir()) == before


# --- bairi up -----------------------------------------------------------------------------------


async def test_all_in_one_process_writes_the_token_of_its_office(data: Path) -> None:
    """It works, is of the office's own region, is printed nowhere, and is stopped in order."""
    said: list[str] = []
    options = ("--port", "0", "--data", str(data), "--office", CITY)
    async with bairi("up", *options, said=said) as line:
        found = ADDRESS.search(line)
        assert found, line
        token = (data / "token").read_text()
        async with httpx.AsyncClient(base_url=found[1]) as client:
            bearer = {"authorization": f"Bearer {token}"}
            assert (await client.get("/registry/health/ready")).status_code == 200
            assert (await client.get(LETTERS)).status_code == 401
            assert (await client.get(LETTERS, headers=bearer)).status_code == 200
            wrong = {"authorization": f"Bearer {token[:-8]}AAAAAAAA"}
            assert (await client.get(LETTERS, headers=wrong)).status_code == 401
    assert mode(data / "token") == 0o600
    office = caller_of(data, token)
    assert (office.role, office.region, office.office) == (Role.office, "3505", CITY)
    everything = "".join(said)
    assert f'"Authorization: Bearer $(cat {data / "token"})"' in everything
    assert "到期" in everything
    assert not TOKEN.search(everything), everything
    link = (data / "invitation").read_text()
    assert mode(data / "invitation") == 0o600
    port = found[1].rpartition(":")[2]
    assert re.fullmatch(rf"http://localhost:{port}/#/invitation/[A-Za-z0-9_-]{{43}}", link)
    assert str(data / "invitation") in everything
    assert link not in everything


async def test_without_an_office_no_token_is_made_and_it_is_said_how(data: Path) -> None:
    said: list[str] = []
    async with bairi("up", "--port", "0", "--data", str(data), said=said) as line:
        assert ADDRESS.search(line), line
    assert f"bairi token --role office --region 六位区划代码 --data {data}" in "".join(said)
    assert not {*os.listdir(data)} - {"issuer.json", "jwks.json", "postgres"}
    assert not TOKEN.search("".join(said))


@pytest.mark.parametrize("office", ["350599", "000000", "3505", "350521 ", "惠安县"])
def test_an_office_is_of_a_region_that_there_is(data: Path, office: str) -> None:
    done = CliRunner().invoke(app, ["up", "--data", str(data), "--office", office])
    assert done.exit_code == 2
    assert "--office" in done.stderr
    assert [*data.iterdir()] == []
