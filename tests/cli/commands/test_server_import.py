"""An own sheet into the services from the command line: asked, previewed, applied, taken back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from services.cli.server.all_in_one import SERVICE_NAMES, run_services
from services.cli.server.server import LOOPBACK, run_http_server
from services.notifier.settings import IssuingOffice
from shared.clock import now
from shared.http.tokens import Caller, Issuer, Role
from tests.cli.runner import Outcome, bairi
from tests.databases import database
from tests.registry.mappings.sheets import NEW_UNITS, OCTOBER, PROJECTS, SEPTEMBER, build_sheet

COUNTY = "990101"
Call = Callable[..., Awaitable[Outcome]]


@pytest.fixture
async def call(server: str, issuer: Issuer, tmp_path: Path) -> AsyncIterator[Call]:
    """`bairi import` as the office of a county, whose services have a worker."""
    caller = Caller("王芳", Role.office, COUNTY)
    token = tmp_path / "token"
    token.write_text(issuer.issue(caller, now=now(), lasts=timedelta(hours=1)))
    async with (
        database(server, "imported_on_the_command_line", *SERVICE_NAMES) as url,
        run_services(url, issuer, IssuingOffice(any_day=True)) as app,
        run_http_server(app, LOOPBACK, 0, asyncio.Event()) as address,
    ):
        options = ("--server", address, "--token-file", token)  # as `bairi up` prints it

        async def run(*arguments: object) -> Outcome:
            return await asyncio.to_thread(bairi, "import", *arguments, *options)

        yield run


async def test_a_sheet_goes_to_the_services_and_back(call: Call, tmp_path: Path) -> None:
    first, second = tmp_path / "九月.xlsx", tmp_path / "十月.xlsx"
    first.write_bytes(build_sheet(SEPTEMBER))
    second.write_bytes(build_sheet(OCTOBER[:2], month=10, projects=PROJECTS[:2]))
    mapping = tmp_path / "月报.yaml"
    bairi("mapping", first, "--out", mapping)

    asked = await call(first, "--mapping", mapping)
    assert asked.code == 1
    assert "还有 3 件要问" in asked.out
    checked = await call(first, "--mapping", mapping, "--answer", f"unit:*={NEW_UNITS}")
    assert (checked.code, "没有要问的" in checked.out) == (0, True), checked.said
    assert "住建局" in mapping.read_text("utf-8")  # the answers came back into the file
    applied = await call(first, "--mapping", mapping, "--yes", "--format", "json")
    assert (applied.code, applied.document["import"]["state"]) == (0, "applied"), applied.said

    name = applied.document["import"]["mapping"]["name"]
    next_month = await call(second, "--mapping", name, "--yes")
    assert next_month.code == 0, next_month.said
    assert "未提及 1 个项目：滨河公路（P003）" in next_month.out
    undone = await call("--undo")
    assert (undone.code, "十月.xlsx" in undone.out) == (0, True), undone.said
    again = await call(second, "--mapping", name, "--format", "json")
    changes = again.document["changes"]
    assert {table: each["new"] for table, each in changes.items() if each["new"]} == {"progress": 2}


async def test_the_servers_part_is_asked_for_whole(call: Call, tmp_path: Path) -> None:
    sheet = tmp_path / "九月.xlsx"
    sheet.write_bytes(build_sheet(SEPTEMBER))
    unknown = await call(sheet, "--mapping", "没有这份")
    assert (unknown.code, "没有“没有这份”这份映射" in unknown.err) == (2, True)
    odd = tmp_path / "台账#1.yaml"
    bairi("mapping", sheet, "--out", odd)
    odd.write_text(odd.read_text("utf-8").replace("name: 九月", "name: 台账#1"), "utf-8")
    refused = [await call(sheet, "--mapping", name) for name in (odd, "台账#1")]
    assert [each.code for each in refused] == [2, 2]
    assert all("映射名称至多100个字" in each.said for each in refused), refused[0].said
    nothing = await call("--undo")
    assert (nothing.code, "没有可以撤销的导入" in nothing.err) == (1, True)
    both = await call(sheet, "--mapping", "x", "--into", tmp_path)
    neither = await asyncio.to_thread(bairi, "import", sheet, "--mapping", "x")
    without = ("--server", "http://127.0.0.1:1")
    without_token = await asyncio.to_thread(bairi, "import", sheet, "--mapping", "x", *without)
    assert [each.code for each in (both, neither, without_token)] == [2, 2, 2]
