"""The main job, by a client of TypeScript and by one of Python, gives the figures of the sample."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.cli.showcase.sample.county import sample_county
from services.cli.showcase.sample.names import SAMPLE_REGION
from shared.ledger.writer import write_ledger
from tests.clients.toolbox import (
    OPENAPI_PYTHON_CLIENT,
    PROJECT,
    PYTHON,
    TYPESCRIPT,
    compile_typescript,
    needs_tools,
    run_tool,
)
from tests.faults.processes import House, house

pytestmark = [pytest.mark.whole_system, needs_tools]
FIGURES = """\
检查：4089 行，错误 0，提醒 314
预览：将新增 4089 行
导入：新增 4089 行
乡镇组：1 样县例东镇 82.66，2 样县例北镇 67.67，3 样县样岭乡 61.92
县直部门组：1 样县工业和信息化局 78.26，2 样县交通运输局 65.74，3 样县商务局 63.07
开发区组：1 样县例湾工业园 76.33，2 样县经济开发区 75.71
红黄绿灯：green 72，none 1，paused 1，red 25，yellow 6
2022-09-15 应发函：22 件
2022-09-15 至 2022-12-25 新发函：73 件
重办〔2022〕1号 关于样县样楼农贸市场改造项目「样例」逾期未开工的交办函（issued）
"""


@pytest.fixture
async def county() -> AsyncIterator[House]:
    """The services without data, for the office of the sample county."""
    async with house(SAMPLE_REGION) as made:
        yield made


async def do_main_job(*program: str | Path, county: House, folder: Path) -> str:
    """What the program prints; the letter that it saves has to be one."""
    ledger, letter = folder / "ledger.xlsx", folder / "letter.pdf"
    write_ledger(sample_county(), ledger)
    asked = (county.address, county.token_file, ledger, letter)
    said = await asyncio.to_thread(run_tool, *program, *asked, folder=folder)
    assert letter.read_bytes().startswith(b"%PDF-")
    return said


async def test_the_main_job_by_a_client_of_typescript(county: House, tmp_path: Path) -> None:
    run_tool(*TYPESCRIPT["openapi-typescript"].command, folder=tmp_path)
    shutil.copy(PROJECT / "main_job.ts", tmp_path)
    compile_typescript(tmp_path)
    assert await do_main_job("node", "main_job.js", county=county, folder=tmp_path) == FIGURES


async def test_the_main_job_by_a_client_of_python(county: House, tmp_path: Path) -> None:
    run_tool(*OPENAPI_PYTHON_CLIENT.command, folder=tmp_path)
    shutil.copy(PROJECT / "main_job.py", tmp_path)
    assert await do_main_job(PYTHON, "main_job.py", county=county, folder=tmp_path) == FIGURES
