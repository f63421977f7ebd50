"""Invitations on the command line, of a real registry."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet

from services.cli.server.invitations import LINK_FILE, write_first_link
from services.cli.server.issuer import TokenFile
from services.cli.server.server import LOOPBACK, run_http_server
from services.registry.main import build_app
from shared.clock import now
from shared.http.tokens import Caller, Issuer, Role
from tests.cli.runner import Outcome, bairi
from tests.databases import database
from tests.registry.clients import speaking
from tests.registry.sessions.browsers import accept, open_browser
from tests.scoring.service.registry import connected

COUNTY = "350521"


@pytest.fixture
async def registry(server: str, issuer: Issuer) -> AsyncIterator[FastAPI]:
    async with (
        database(server, "invited_on_the_command_line", "registry") as url,
        connected(url) as sessions,
    ):
        yield build_app(sessions, KeySet([issuer.key]), issuer)


@pytest.fixture
async def address(registry: FastAPI) -> AsyncIterator[str]:
    """The origin below which the registry is, as in `bairi up`."""
    root = FastAPI()
    root.mount("/registry", registry)
    async with run_http_server(root, LOOPBACK, 0, asyncio.Event()) as address:
        yield address


@pytest.fixture
def token(issuer: Issuer) -> str:
    caller = Caller("重点项目办", Role.office, COUNTY)
    return issuer.issue(caller, now=now(), lasts=timedelta(hours=1))


def hold(folder: Path, token: str) -> TokenFile:
    file = folder / "token"
    file.write_text(token)
    return TokenFile(file, now().date(), COUNTY)


async def account_of(registry: FastAPI, issuer: Issuer, office: str, role: str) -> None:
    """Somebody of an office who may sign in."""
    client = speaking(registry, issuer)("office", office)
    form = {"name": f"{office} {role}", "role": role}
    invited = (await client.post("/v1/invitations", json=form)).json()
    await accept(open_browser(registry), invited["code"])


async def invite(address: str, file: Path, *arguments: str) -> Outcome:
    options = ("--server", f"{address}/registry", "--token-file", str(file))
    return await asyncio.to_thread(bairi, "invite", *arguments, *options)


async def test_the_link_is_printed_alone_and_its_picture_beside(
    address: str, token: str, registry: FastAPI, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(token)
    done = await invite(address, file, "王芳", "--role", "inspector")
    assert done.code == 0, done.err
    link = done.out.strip()
    origin, _, code = link.partition("/#/invitation/")
    assert origin == address
    assert "只能用一次" in done.err
    assert {"█", "▀", "▄"} & {*done.err}
    begun = await accept(open_browser(registry), code)
    assert (begun["account"]["name"], begun["account"]["role"]) == ("王芳", "inspector")
    assert token not in done.out + done.err


async def test_what_the_registry_refuses_is_told(address: str, token: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(token)
    done = await invite(address, file, "王芳", "--role", "unit")
    assert (done.code, done.out) == (2, "")
    assert "#/unit_id" in done.err


async def test_an_office_without_an_account_has_a_link_in_a_file_that_only_we_may_read(
    address: str, token: str, registry: FastAPI, issuer: Issuer, tmp_path: Path
) -> None:
    for office, role in (("350524", "office"), (COUNTY, "viewer")):  # are no office of it
        await account_of(registry, issuer, office, role)
    held = hold(tmp_path, token)
    path = await write_first_link(tmp_path, address, held)
    assert path == tmp_path / LINK_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    link = path.read_text()
    port = address.rpartition(":")[2]
    assert link.startswith(f"http://localhost:{port}/#/invitation/")
    again = await write_first_link(tmp_path, address, held)
    assert again == path
    assert path.read_text() != link
    code = path.read_text().rpartition("/")[2]
    begun = await accept(open_browser(registry), code)
    assert (begun["account"]["role"], begun["account"]["region_code"]) == ("office", COUNTY)
    assert await write_first_link(tmp_path, address, held) is None
    assert not path.exists()
